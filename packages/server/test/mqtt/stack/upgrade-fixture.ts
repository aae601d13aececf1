import type { Device } from '../../../src/domain/device.ts';
import type { DeviceId } from '../../../src/domain/ids.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { lastMarker } from '../../../src/domain/paging.ts';
import type { OtaPackage, PackageLocation } from '../../../src/domain/package.ts';
import type { Product } from '../../../src/domain/product.ts';
import type { NewTask, Task } from '../../../src/domain/task.ts';
import type { Subtask } from '../../../src/ports/store/subtask-store.ts';
import { aPackageFile } from '../../builders/catalogue-builders.ts';
import { type DeviceStack, type DeviceStackOptions, startDeviceStack } from '../../support/device-stack.ts';
import type { TestDevice } from '../../support/test-device.ts';

export interface UpgradeFixture {
  readonly stack: DeviceStack;
  readonly product: Product;
  /** Firmware `v2`. */
  readonly pkg: OtaPackage;
  /** Of the package's product; not connected. */
  readonly stored: Device;
  upgrade(targets: readonly DeviceId[], over?: Partial<NewTask>): Promise<Task>;
  subtask(task: Task, target?: DeviceId): Promise<Subtask>;
  /** Resolves when the subtask has left Waitting and Processing. */
  end(task: Task, target?: DeviceId): Promise<Subtask>;
  history(task: Task): Promise<readonly string[]>;
}

export interface UpgradeFixtureOptions extends DeviceStackOptions {
  readonly sourceVersions?: readonly string[];
  /** Of the package; absent: a file. */
  readonly location?: PackageLocation;
}

export async function startUpgrades({
  sourceVersions = [],
  location: wished,
  ...options
}: UpgradeFixtureOptions = {}): Promise<UpgradeFixture> {
  const stack = await startDeviceStack(options);
  const { given, scope, store } = stack;
  const product = await given.product(scope);
  const stored = await given.device(scope, { product });
  const file = aPackageFile({ projectId: scope.projectId });
  if (wished === undefined) await store.packages.insertFile(file);
  const location = wished ?? { kind: 'file', file };
  const pkg = await given.pkg(scope, { productId: stored.productId, version: 'v2', location, sourceVersions });
  return { stack, product, pkg, stored, ...createUpgradeActions(stack, pkg, stored.deviceId) };
}

export function createUpgradeActions(
  { given, scope, store, engine, eventually }: DeviceStack,
  { packageId }: Pick<OtaPackage, 'packageId'>,
  deviceId: DeviceId,
): Pick<UpgradeFixture, 'upgrade' | 'subtask' | 'end' | 'history'> {
  const subtask = async ({ taskId }: Task, target = deviceId): Promise<Subtask> => {
    const task = await store.tasks.find(scope.projectId, taskId);
    if (task === undefined) throw new Error(`Task ${taskId} does not exist.`);
    const { items } = await store.subtasks.list(task, { target }, { limit: 1, marker: lastMarker, offset: 0 });
    return items[0] ?? { recordId: lastMarker, target, state: 'Waitting', output: undefined, cause: undefined };
  };
  return {
    subtask,
    upgrade: async (targets, over = {}) => {
      const document = { package_id: packageId };
      const source = { kind: 'devices', deviceIds: targets } as const;
      const task = await given.task(scope, { type: 'firmwareUpgrade', document, packageId, source, ...over });
      engine.nudge();
      return task;
    },
    end: (task, target) =>
      eventually(async () => {
        const found = await subtask(task, target);
        return found.state === 'Waitting' || found.state === 'Processing' ? undefined : found;
      }),
    history: async ({ taskNo }) => (await store.subtasks.listHistory(taskNo, 0)).map(({ kind }) => kind),
  };
}

export const reportVersion = (device: TestDevice, version: string | null, over: JsonObject = {}): Promise<void> =>
  device.event('$ota', 'version_report', { fw_version: version }, over);

export const reportProgress = (device: TestDevice, paras: JsonObject, over: JsonObject = {}): Promise<void> =>
  device.event('$ota', 'upgrade_progress_report', paras, over);

/** The device is asked for its version, reports `v1` and takes the offer. */
export async function takeOffer(device: TestDevice) {
  await expectQuery(device);
  await reportVersion(device, 'v1');
  return expectOffer(device);
}

export async function expectQuery(device: TestDevice) {
  const event = await device.nextEvent();
  if (event.eventType !== 'version_query') throw new Error(`expected version_query, got ${event.eventType}`);
  return event;
}

export async function expectOffer(device: TestDevice) {
  const event = await device.nextEvent();
  if (event.eventType !== 'firmware_upgrade') throw new Error(`expected firmware_upgrade, got ${event.eventType}`);
  return event;
}
