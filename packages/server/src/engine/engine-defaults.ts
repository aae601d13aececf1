import type { EngineSettings } from './engine.ts';

/** What the engine works with unless measured otherwise (docs/benchmarks.md). */
export const engineDefaults = {
  chunkSize: 1000,
  concurrency: 2,
  pollMs: 1000,
  eventsMax: 100_000,
} as const satisfies Partial<EngineSettings>;
