import { defineConfig } from 'vitest/config';
import { ResultsReporter } from './scripts/lib/results-reporter.ts';

/** What needs Debian's packages `postgresql-15` and `pgbouncer`: .ci/run installs them and runs these. */
export default defineConfig({
  test: {
    include: ['test/system/**/*.system.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 180_000,
    hookTimeout: 60_000,
    allowOnly: process.env.CI === undefined,
    reporters: ['default', new ResultsReporter()],
  },
});
