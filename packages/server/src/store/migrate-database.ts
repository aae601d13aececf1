import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import { migrations } from './migrations/migrations.ts';
import { answerMs } from './postgres/connections.ts';
import { createPostgresRunner } from './postgres/postgres-runner.ts';
import { createSqliteRunner } from './sqlite/sqlite-runner.ts';

interface Runner {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Brings a file up to the code as a start does, and nothing else; returns the schema's number. */
export function migrateFile(path: string): Promise<number> {
  return startOnce(createSqliteRunner({ path, durability: 'full', migrations }));
}

export interface MigratePostgresOptions {
  readonly url: string;
  readonly waitMs: number;
  readonly clock: Clock;
  readonly random: Random;
  /** Told where the database stays away, and is waited for. */
  readonly onAway: (reason: unknown) => void;
}

export function migratePostgres(options: MigratePostgresOptions): Promise<number> {
  return startOnce(createPostgresRunner({ ...options, poolMax: 1, answerMs, migrations }));
}

async function startOnce(runner: Runner): Promise<number> {
  await runner.start();
  await runner.stop();
  return migrations.at(-1)?.number ?? 0;
}
