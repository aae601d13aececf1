import type { NewDevice } from '../../domain/device.ts';
import { type PossibleGateway, problemOfGateway } from '../../domain/gateway-rule.ts';
import type { ProjectId } from '../../domain/ids.ts';
import { causeOfProblem, Problem } from '../../domain/problem.ts';
import type { DryRunStore } from '../../ports/store/dry-run-store.ts';
import type { ReportBuilder } from './dry-run-report.ts';

export interface WantedDevice {
  readonly sample: string;
  readonly device: NewDevice;
}

interface Outlook {
  readonly store: Pick<DryRunStore, 'judgeNew'>;
  readonly projectId: ProjectId;
  readonly builder: ReportBuilder;
}

/**
 * Which new devices of a file could be made now. A gateway may be another row of it, before or behind (v5 13.3): what waits for one is
 * judged at the end. What is kept of a row is its place in its family, and a file has a bounded number of rows.
 */
export class NewDevicesOutlook {
  readonly #outlook: Outlook;
  readonly #nodes = new Set<string>();
  readonly #made = new Map<string, PossibleGateway>();
  readonly #waiting = new Map<string, { sample: string; parentId: string; appId: string }>();

  constructor(outlook: Outlook) {
    this.#outlook = outlook;
  }

  async add(wanted: readonly WantedDevice[]): Promise<void> {
    const { store, projectId } = this.#outlook;
    const facts = await store.judgeNew(
      projectId,
      wanted.map(({ device }) => device),
    );
    for (const [index, { sample, device }] of wanted.entries()) {
      const { problem, gateway } = facts[index] ?? {};
      const { deviceId, parentId, appId } = device;
      if (problem !== undefined) this.#settle(sample, problem);
      else if (this.#isRepeated(device)) this.#settle(sample, new Problem('deviceExists'));
      else if (parentId === undefined) this.#make(deviceId, sample, { appId, depth: 1 });
      else if (gateway === undefined) this.#waiting.set(deviceId, { sample, parentId, appId });
      else this.#hang(deviceId, { sample, appId, gateway });
    }
  }

  /** Each round makes one level, and families have few; what is left then waits for nobody who comes. */
  finish(): void {
    let before = -1;
    while (this.#waiting.size !== before) {
      before = this.#waiting.size;
      for (const [deviceId, { sample, parentId, appId }] of this.#waiting) {
        const gateway = this.#made.get(parentId);
        if (gateway === undefined) continue;
        this.#waiting.delete(deviceId);
        this.#hang(deviceId, { sample, appId, gateway });
      }
    }
    for (const { sample, appId } of this.#waiting.values()) this.#settle(sample, problemOfGateway(undefined, appId));
  }

  #hang(deviceId: string, row: { sample: string; appId: string; gateway: PossibleGateway }): void {
    const problem = problemOfGateway(row.gateway, row.appId);
    if (problem !== undefined) this.#settle(row.sample, problem);
    else this.#make(deviceId, row.sample, { appId: row.appId, depth: row.gateway.depth + 1 });
  }

  #make(deviceId: string, sample: string, made: PossibleGateway): void {
    this.#made.set(deviceId, made);
    this.#settle(sample, undefined);
  }

  #settle(sample: string, problem: Problem | undefined): void {
    this.#outlook.builder.add(sample, problem && { severity: 'error', cause: causeOfProblem(problem) });
  }

  #isRepeated({ appId, productId, nodeId }: NewDevice): boolean {
    const before = this.#nodes.size;
    return this.#nodes.add(`${appId}/${productId}/${nodeId}`).size === before;
  }
}
