import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { createPeriodicJob, type PeriodicJob } from '../../ports/periodic-job.ts';
import type { Random } from '../../ports/random.ts';
import type { ExportJob, ExportStore } from '../../ports/store/export-store.ts';
import type { TableFiles } from '../../ports/table-files.ts';
import { type ExportProgress, exportRows, type ExportRowsParts } from './export-rows.ts';
import { inChunks } from './in-chunks.ts';
import { Interrupted } from './interrupted.ts';

export interface ExporterParts extends ExportRowsParts {
  readonly store: ExportRowsParts['store'] & { readonly exports: ExportStore };
  readonly tables: Pick<TableFiles, 'archive'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: Pick<Random, 'uuid'>;
  /** MUSTER_EXPORT_LIFE_SECONDS. */
  readonly lifeMs: number;
}

export type Exporter = Pick<PeriodicJob, 'start' | 'stop'>;

/** Exports that this process writes side by side: a small one need not wait for a big one. */
const lanes = 2;
const everyMs = 1000;
/** A holder that is silent for so long is taken for dead. */
const leaseMs = 15_000;
const reportEveryMs = 1000;
const chunkBytes = 256 * 1024;
const chunksPerStep = 16;
/** Tries at one export, those that a killed process took with it included. */
const runsMax = 10;

/**
 * Writes exports (v5 14), on any node with the engine. What was written by a try that came to nothing is thrown away, and the next one
 * begins anew.
 */
export function createExporter(parts: ExporterParts): Exporter {
  const { clock, log, random } = parts;
  const stopping = new AbortController();
  const holder = random.uuid();
  const jobs = Array.from({ length: lanes }, () =>
    createPeriodicJob({
      what: 'exports are written',
      clock,
      log,
      everyMs,
      step: () => writeNext(parts, { holder, signal: stopping.signal }),
    }),
  );
  return {
    start() {
      for (const job of jobs) job.start();
    },
    async stop() {
      stopping.abort();
      await Promise.all(jobs.map((job) => job.stop()));
    },
  };
}

interface Worker {
  readonly holder: string;
  readonly signal: AbortSignal;
}

/** False: nothing is there to do. */
async function writeNext(parts: ExporterParts, { holder, signal }: Worker): Promise<boolean> {
  const { store, clock, log } = parts;
  const now = clock.now();
  const job = await store.exports.claim({ now, leaseUntil: now + leaseMs, holder });
  if (job === undefined) return false;
  if (job.run > runsMax) {
    log.error({ exportId: job.exportId, tries: runsMax }, 'an export was given up');
    await fail(parts, job);
    return true;
  }
  try {
    await write(parts, job, signal);
  } catch (error) {
    await onError(parts, job, error);
  }
  return true;
}

async function onError(parts: ExporterParts, job: ExportJob, error: unknown): Promise<void> {
  const { store, clock, log } = parts;
  if (!(error instanceof Interrupted)) {
    // Its lease runs out, and then it is tried again, here or elsewhere.
    log.error({ err: error, exportId: job.exportId, run: job.run }, 'an export failed and is tried again');
  } else if (error.why === 'taskGone') {
    await fail(parts, job);
  } else if (error.why === 'stopped') {
    await store.exports.release(job, clock.now());
  }
}

async function fail({ store, clock, lifeMs }: ExporterParts, job: ExportJob): Promise<void> {
  const endedAt = clock.now();
  await store.exports.fail(job, { endedAt, expiresAt: endedAt + lifeMs });
}

async function write(parts: ExporterParts, job: ExportJob, signal: AbortSignal): Promise<void> {
  const { store, tables, clock, lifeMs } = parts;
  const { name, format, createdAt } = job.task;
  while (await store.exports.discardEarlier(job, chunksPerStep));
  const progress: ExportProgress = { rows: 0, total: 0, hasSecrets: false };
  const rows = exportRows(parts, { job, progress, signal, onPage: createReporter(parts, job, progress) });
  let part = 0;
  for await (const bytes of inChunks(tables.archive(rows, { name, format, modifiedAt: createdAt }), chunkBytes)) {
    keep(await store.exports.addChunk(job, { part, bytes }));
    part += 1;
  }
  const endedAt = clock.now();
  const end = { rows: progress.rows, hasSecrets: progress.hasSecrets, endedAt, expiresAt: endedAt + lifeMs };
  keep(await store.exports.succeed(job, end));
}

function keep(isOurs: boolean): void {
  if (!isOurs) throw new Interrupted('lost');
}

/** Says from time to time how far it is, and keeps the lease with it. */
function createReporter(
  { store, clock }: ExporterParts,
  job: ExportJob,
  progress: ExportProgress,
): () => Promise<void> {
  let reportedAt = clock.now();
  return async () => {
    const now = clock.now();
    if (now - reportedAt < reportEveryMs) return;
    reportedAt = now;
    const { rows, total } = progress;
    // 100 is for what is there as a whole; a task may lose its total to nothing but a deletion.
    const percent = Math.min(99, Math.max(1, Math.floor((rows / Math.max(1, total)) * 100)));
    keep(await store.exports.report(job, { rows, progress: percent, leaseUntil: now + leaseMs }));
  };
}
