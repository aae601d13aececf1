import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../scripts/lib/postgres-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A superuser's URL of the server that tests make their databases on, with `DATABASE` for its name. */
    postgresUrl: string;
  }
}

/**
 * One PostgreSQL for all tests, or the server that MUSTER_TEST_POSTGRES_URL names (with `DATABASE` in place of the name). Nothing here must
 * survive a power cut; durability is a matter of the crash tests' own servers.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.MUSTER_TEST_POSTGRES_URL;
  if (given !== undefined) {
    project.provide('postgresUrl', given);
    return () => Promise.resolve();
  }
  const server = await startPostgres({
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' },
  });
  project.provide('postgresUrl', server.url('DATABASE'));
  return () => server.stop();
}
