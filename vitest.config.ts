import { defineConfig } from 'vitest/config';
import { ResultsReporter } from './scripts/lib/results-reporter.ts';

export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    // Real sockets and databases: processes of their own, as many as the smallest supported machine has cores.
    globalSetup: ['test/support/postgres-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
    // An error outside any test is a defect, whatever the tests say.
    dangerouslyIgnoreUnhandledErrors: false,
    allowOnly: process.env.CI === undefined,
    reporters: ['default', new ResultsReporter()],
  },
});
