import type { DeviceId, ProjectId } from '../../domain/ids.ts';
import { causeOf } from '../../domain/problem.ts';
import type { DryRunStore } from '../../ports/store/dry-run-store.ts';
import type { ReportBuilder } from './dry-run-report.ts';

export interface Doomed {
  readonly sample: string;
  readonly deviceId: DeviceId;
}

interface Outlook {
  readonly store: Pick<DryRunStore, 'listFamilies'>;
  readonly projectId: ProjectId;
  readonly builder: ReportBuilder;
}

/**
 * Which devices could be deleted now: those whose children all go in the same task, before them (v5 13.3). Children are only counted, so
 * that what is kept grows with the gateways and not with the targets.
 */
export class DeletionsOutlook {
  readonly #outlook: Outlook;
  readonly #gateways = new Map<string, { sample: string; parentId: DeviceId | undefined; children: number }>();
  readonly #goneOf = new Map<string, number>();

  constructor(outlook: Outlook) {
    this.#outlook = outlook;
  }

  async add(doomed: readonly Doomed[]): Promise<void> {
    const { store, projectId, builder } = this.#outlook;
    const found = await store.listFamilies(
      projectId,
      doomed.map(({ deviceId }) => deviceId),
    );
    const families = new Map(found.map((family) => [family.deviceId, family]));
    for (const { sample, deviceId } of doomed) {
      const { parentId, children = 0 } = families.get(deviceId) ?? {};
      if (children > 0) {
        this.#gateways.set(deviceId, { sample, parentId, children });
        continue;
      }
      this.#countGone(parentId);
      builder.add(sample, undefined);
    }
  }

  /** Each round is one level of families, and they have few. */
  finish(): void {
    const { builder } = this.#outlook;
    let before = -1;
    while (this.#gateways.size !== before) {
      before = this.#gateways.size;
      for (const [deviceId, { sample, parentId, children }] of this.#gateways) {
        if ((this.#goneOf.get(deviceId) ?? 0) < children) continue;
        this.#gateways.delete(deviceId);
        this.#countGone(parentId);
        builder.add(sample, undefined);
      }
    }
    const cause = causeOf('deviceHasChildren');
    for (const { sample } of this.#gateways.values()) builder.add(sample, { severity: 'error', cause });
  }

  #countGone(parentId: DeviceId | undefined): void {
    if (parentId !== undefined) this.#goneOf.set(parentId, (this.#goneOf.get(parentId) ?? 0) + 1);
  }
}
