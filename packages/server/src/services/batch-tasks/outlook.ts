import type { ProjectId } from '../../domain/ids.ts';
import type { DryRunStore } from '../../ports/store/dry-run-store.ts';
import { DeletionsOutlook, type Doomed } from './deletions-outlook.ts';
import type { ReportBuilder } from './dry-run-report.ts';
import type { JudgedTarget } from './judge-targets.ts';
import { NewDevicesOutlook, type WantedDevice } from './new-devices-outlook.ts';

export interface SampledTarget extends JudgedTarget {
  /** What the report names it by. */
  readonly sample: string;
}

/** What a task would meet beyond what its type decides: effects that the store would refuse, given all that the task does. */
export class TaskOutlook {
  readonly #builder: ReportBuilder;
  readonly #newDevices: NewDevicesOutlook;
  readonly #deletions: DeletionsOutlook;

  constructor(store: DryRunStore, projectId: ProjectId, builder: ReportBuilder) {
    this.#builder = builder;
    this.#newDevices = new NewDevicesOutlook({ store, projectId, builder });
    this.#deletions = new DeletionsOutlook({ store, projectId, builder });
  }

  async add(targets: readonly SampledTarget[]): Promise<void> {
    const wanted: WantedDevice[] = [];
    const doomed: Doomed[] = [];
    for (const { sample, finding, effects } of targets) {
      const [effect] = effects;
      if (finding === undefined && effect?.kind === 'createDevice' && effect.traits === undefined) {
        wanted.push({ sample, device: effect.device });
      } else if (finding === undefined && effect?.kind === 'deleteDevice') doomed.push({ sample, ...effect });
      else this.#builder.add(sample, finding);
    }
    if (wanted.length > 0) await this.#newDevices.add(wanted);
    if (doomed.length > 0) await this.#deletions.add(doomed);
  }

  /** After the last target. */
  finish(): void {
    this.#newDevices.finish();
    this.#deletions.finish();
  }
}
