import type { TestProject } from 'vitest/node';
import { type PostgresServer, startPostgres } from '../../scripts/lib/postgres-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A superuser's URL of the server that tests make their databases on, with `DATABASE` for its name. */
    postgresUrl: string;
  }
}

let server: PostgresServer | undefined;

/**
 * One PostgreSQL for all tests, or the server that MUSTER_TEST_POSTGRES_URL names (with `DATABASE` in place of the name). Nothing here must
 * survive a power cut; durability is a matter of the crash tests' own servers.
 */
export async function setup(project: TestProject): Promise<void> {
  const given = process.env.MUSTER_TEST_POSTGRES_URL;
  if (given === undefined) server = await startPostgres({ settings: inMemory });
  project.provide('postgresUrl', given ?? server?.url('DATABASE') ?? '');
}

export async function teardown(): Promise<void> {
  await server?.stop();
}

const inMemory = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' };
