import type { ReportedVersions } from '../../domain/device.ts';
import type { ProgressReport, RunEvent } from '../../domain/device-event.ts';
import type { Effect } from '../../domain/effect.ts';
import type { DeviceId, ProjectId } from '../../domain/ids.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store/store.ts';

export interface OtaReporter {
  readonly projectId: ProjectId;
  /** A device or, where its gateway named it, a child. */
  readonly deviceId: DeviceId;
}

/** `$ota` reports of devices (device 7.2). They resolve when their effect is durable. */
export interface OtaReports {
  versions(reporter: OtaReporter, versions: Pick<ReportedVersions, 'fwVersion' | 'swVersion'>): Promise<void>;
  progress(reporter: OtaReporter, report: ProgressReport): Promise<void>;
  /** `$sdk_info`: absent versions never clear stored ones. */
  sdkInfo(reporter: OtaReporter, versions: ReportedVersions): Promise<void>;
}

export interface OtaReportsParts {
  readonly store: Pick<Store, 'subtasks' | 'effects'>;
  readonly engine: () => Pick<Engine, 'collectForDevice'>;
  readonly clock: Clock;
}

export function createOtaReports({ store, engine, clock }: OtaReportsParts): OtaReports {
  /** Rule 25: what no run waits for goes to the history of the newest upgrade that names the device. */
  async function historyOf(deviceId: DeviceId, kind: RunEvent['kind'], body: JsonObject): Promise<readonly Effect[]> {
    const latest = await store.subtasks.findLatestUpgrade(deviceId);
    if (latest === undefined) return [];
    return [{ kind: 'recordHistory', entry: { ...latest, at: clock.now(), kind, body } }];
  }

  return {
    async versions({ projectId, deviceId }, versions) {
      const event = { kind: 'version-report', ...versions } as const;
      const isAwaited = await engine().collectForDevice(deviceId, event);
      const history = isAwaited ? [] : await historyOf(deviceId, event.kind, { ...versions });
      // After the run has seen it: should this fail, the device sends both again, and a repeated report is harmless.
      await store.effects.apply(projectId, [{ kind: 'reportVersions', deviceId, versions }, ...history]);
    },
    async progress({ projectId, deviceId }, report) {
      if (await engine().collectForDevice(deviceId, { kind: 'progress-report', report })) return;
      const history = await historyOf(deviceId, 'progress-report', { ...report });
      if (history.length > 0) await store.effects.apply(projectId, history);
    },
    async sdkInfo({ projectId, deviceId }, versions) {
      await store.effects.apply(projectId, [{ kind: 'reportVersions', deviceId, versions }]);
    },
  };
}
