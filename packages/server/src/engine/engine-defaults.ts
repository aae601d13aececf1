import type { EngineSettings } from './engine.ts';

/** What the engine works with unless measured otherwise (docs/benchmarks.md). */
export const engineDefaults = {
  chunkSize: 1000,
  shareMin: 100,
  concurrency: 6,
  pollMs: 1000,
  eventsMax: 100_000,
} as const satisfies Partial<EngineSettings>;
