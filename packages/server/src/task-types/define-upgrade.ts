import type { JsonObject } from '../domain/json.ts';
import type { PackageType } from '../domain/package.ts';
import { Problem } from '../domain/problem.ts';
import type { TaskType } from '../ports/task-type.ts';
import { onUpgradeEvent, startUpgrade, type UpgradeKind } from './upgrade-machine.ts';

export interface UpgradeTypeOptions<Name extends 'firmwareUpgrade' | 'softwareUpgrade'> extends UpgradeKind {
  readonly name: Name;
  readonly packageType: PackageType;
}

/** Firmware and software upgrades are one machine (device 7) with another version field, event and package type. */
export function defineUpgrade<const Name extends 'firmwareUpgrade' | 'softwareUpgrade'>(
  options: UpgradeTypeOptions<Name>,
): TaskType<Name> {
  const { name, packageType } = options;
  return {
    name,
    accepts: { devices: true, groups: true, file: false },
    upgradeOptions: true,
    longRunning: true,
    usesModels: false,
    parseDocument(document) {
      packageIdOf(document, name);
      return document;
    },
    packageOf: (document) => ({ packageId: packageIdOf(document, name), packageType }),
    start: (runs, ctx) => runs.map((run) => startUpgrade(options, run, ctx)),
    onEvent: (run, event, ctx) => onUpgradeEvent(options, { run, event }, ctx),
    examples: [{ package_id: '65a1b2c3d4e5f60718293a4b' }, { package_ids: ['65a1b2c3d4e5f60718293a4b'] }],
  };
}

/** v5 11.3: `package_id`, or `package_ids` of exactly one; where both are given they must agree. */
function packageIdOf(document: JsonObject, taskType: string): string {
  const { package_id: one, package_ids: many } = document;
  const listed = many ?? undefined;
  const fromList = Array.isArray(listed) && listed.length === 1 ? (listed as readonly unknown[])[0] : undefined;
  if (listed !== undefined && typeof fromList !== 'string') throw wrong('document.package_ids', taskType);
  const packageId = one ?? fromList;
  // No id has NUL, and not every database can be asked for one that has.
  if (typeof packageId !== 'string' || packageId === '' || packageId.includes('\0')) {
    throw wrong('document.package_id', taskType);
  }
  if (fromList !== undefined && fromList !== packageId) throw wrong('document.package_ids', taskType);
  return packageId;
}

const wrong = (field: string, taskType: string): Problem =>
  new Problem('taskParameter', { field, args: [field, taskType] });
