import type { EngineSettings } from './engine.ts';

type Measured = Omit<EngineSettings, 'timers' | 'retryMinuteMs'>;

/** What the engine works with unless measured otherwise (docs/benchmarks.md). */
const measured = {
  chunkSize: 1000,
  shareMin: 100,
  concurrency: 6,
  pollMs: 1000,
  eventsMax: 100_000,
} as const;

/** A database with one writer settles one chunk after the other; several at once would only keep everybody else waiting longer. */
export const engineDefaults: Record<'oneWriter' | 'manyWriters', Measured> = {
  oneWriter: { ...measured, chunksPerTask: 1 },
  manyWriters: { ...measured, chunksPerTask: 3 },
};
