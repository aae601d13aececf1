import { createPeriodicJob } from './ports/periodic-job.ts';
import { createQueueDepth } from './engine/queue-depth.ts';
import { createRetention } from './engine/retention.ts';
import type { Platform } from './platform.ts';
import type { Engine } from './engine/engine.ts';
import type { DeviceLink } from './ports/device-link.ts';
import { createCommandUpkeep } from './services/command-upkeep.ts';
import { sweepLapsedDevices } from './services/device-lapse.ts';
import type { DeviceService } from './services/devices.ts';
import { createBatchFileSweeper } from './services/batch-file-sweeper.ts';
import { createTableFiles } from './files/table-files.ts';
import { createExporter } from './services/exports/exporter.ts';
import { createExportSweeper } from './services/exports/export-sweeper.ts';
import { createLegacyTokenSweeper } from './services/legacy-access/legacy-token-sweeper.ts';
import { createMessageUpkeep } from './services/message-upkeep.ts';
import { createPackageSweeper } from './services/package-sweeper.ts';

export interface UpkeepParts {
  readonly devices: DeviceService;
  readonly link: DeviceLink;
  readonly engine: Pick<Engine, 'collect'>;
}

export interface Upkeep {
  start(): void;
  stop(): Promise<void>;
}

const secondMs = 1000;
const lapsedPerStep = 100;
/** A few of the 64, so that writers find others meanwhile. */
const countShardsPerStep = 8;

/** What is done at its own pace beside the work: exports, old rows, tokens, unused files, lapsed devices, messages and commands whose time is over. */
export function createUpkeep(platform: Platform, { devices, link, engine }: UpkeepParts): Upkeep {
  const { store, clock, random, log, metrics, files, config } = platform;
  const { taskRetentionMs } = config.batch;
  const lapse = createPeriodicJob({
    what: 'devices that never connected in their time are deleted',
    clock,
    log,
    everyMs: 10 * secondMs,
    step: async () => (await sweepLapsedDevices({ store, devices, clock, log }, lapsedPerStep)) === lapsedPerStep,
  });
  const counts = createPeriodicJob({
    what: 'counts of devices are brought together',
    clock,
    log,
    everyMs: 60 * secondMs,
    step: () => store.devices.foldCounts(countShardsPerStep),
  });
  const jobs = [
    lapse,
    counts,
    createRetention({ store, clock, log }, { taskRetentionMs, everyMs: secondMs }),
    createQueueDepth({ store, clock, log, metrics }),
    createMessageUpkeep({ store, clock, log }),
    createBatchFileSweeper({ store, clock, log, isAlone: platform.clusterNode === undefined }),
    createExporter({ ...{ store, clock, random, log }, tables: createTableFiles(), lifeMs: config.exports.lifeMs }),
    createExportSweeper({ store, clock, log }),
    createCommandUpkeep({
      ...{ store, clock, log },
      answerMs: config.taskTimers.commandTimeoutMs,
      collect: (ref, from, event) => engine.collect(ref, from, event),
      send: (downlinks) => link.send(downlinks),
    }),
    createLegacyTokenSweeper({ store, clock, log }),
    createPackageSweeper({ store, files, clock, log }),
  ];
  return {
    start() {
      for (const job of jobs) job.start();
    },
    async stop() {
      await Promise.all(jobs.map((job) => job.stop()));
    },
  };
}
