import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { SecretBox } from '../../ports/secret-box.ts';
import type { Store } from '../../ports/store/store.ts';
import { type Migration, migrations as allMigrations } from '../migrations/migrations.ts';
import { nothingKept } from '../sql/kept.ts';
import { createSqliteQueryBuilder } from '../sql/query-builder.ts';
import type { SqlContext } from '../sql/sql-context.ts';
import { createSqlStore } from '../sql/sql-store.ts';
import type { Durability } from './connection.ts';
import { createSqliteRunner } from './sqlite-runner.ts';
import { sqliteDialect } from './sqlite-dialect.ts';

export interface SqliteStoreOptions {
  /** The database file, or `:memory:`, where nothing outlives `stop`. */
  readonly path: string;
  readonly durability: Durability;
  /** The installation's master key. */
  readonly box: SecretBox;
  readonly random: Random;
  readonly clock: Pick<Clock, 'now'>;
  /** Tests: what `:memory:` begins with, as SQLite writes it to a file; absent: nothing. */
  readonly image?: Uint8Array;
  /** Tests of the migrations themselves; otherwise all of them. */
  readonly migrations?: readonly Migration[];
}

/** The embedded store. One process at a time may have a file: `start` throws a sentence for the operator where another one has it. */
export function createSqliteStore(options: SqliteStoreOptions): Store {
  const runner = createSqliteRunner({
    path: options.path,
    durability: options.durability,
    image: options.image,
    migrations: options.migrations ?? allMigrations,
  });
  const ctx: SqlContext = {
    db: createSqliteQueryBuilder(),
    dialect: sqliteDialect,
    box: options.box,
    random: options.random,
    clock: options.clock,
    node: undefined,
    ...nothingKept(),
  };
  return { ...createSqlStore(runner, ctx), start: () => runner.start(), stop: () => runner.stop() };
}
