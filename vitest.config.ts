import { defineConfig } from 'vitest/config';
import { ResultsReporter } from './scripts/lib/results-reporter.ts';
import { findTestProjects } from './scripts/lib/test-projects.ts';
import { LongestFirst } from './scripts/lib/test-sequencer.ts';

const { sqlite, postgres } = findTestProjects(import.meta.dirname);

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'sqlite', include: [...sqlite], env: { MUSTER_TEST_STORE: 'sqlite' } } },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: [...postgres],
          env: { MUSTER_TEST_STORE: 'postgres' },
          globalSetup: ['test/support/postgres-setup.ts'],
          // Every call is a way to another process and back.
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
    ],
    // Real sockets and databases: processes of their own, as many as the smallest supported machine has cores.
    pool: 'forks',
    // A process runs file after file: loading the modules anew for each of them was a third of the time. Nothing here is a singleton.
    isolate: false,
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
    // The log of a failure that cannot be had again says what was found, not `[ Array(1) ]`.
    chaiConfig: { truncateThreshold: 500 },
    // An error outside any test is a defect, whatever the tests say.
    dangerouslyIgnoreUnhandledErrors: false,
    allowOnly: process.env.CI === undefined,
    reporters: ['default', new ResultsReporter()],
  },
});
