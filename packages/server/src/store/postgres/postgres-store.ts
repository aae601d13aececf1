import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { SecretBox } from '../../ports/secret-box.ts';
import type { Store } from '../../ports/store/store.ts';
import { type Migration, migrations as allMigrations } from '../migrations/migrations.ts';
import { nothingKept } from '../sql/kept.ts';
import { createPostgresQueryBuilder } from '../sql/query-builder.ts';
import type { SqlContext } from '../sql/sql-context.ts';
import { createSqlStore } from '../sql/sql-store.ts';
import { postgresDialect } from './postgres-dialect.ts';
import { answerMs } from './connections.ts';
import { createPostgresRunner } from './postgres-runner.ts';

export interface PostgresStoreOptions {
  /** postgres://user:password@host:port/database; several hosts with commas between them: the primary among them is used. */
  readonly url: string;
  /** The name of this node: what goes to devices of other nodes is left for them in the store. Absent: there are no others. */
  readonly node?: string;
  /** Connections at most; absent 10. */
  readonly poolMax?: number;
  /** How long a call waits for a database that is away; absent 30 s. */
  readonly waitMs?: number;
  /** The installation's master key. */
  readonly box: SecretBox;
  readonly random: Random;
  readonly clock: Clock;
  /** Told once each time that the database stays away: calls wait for it. */
  readonly onAway?: (reason: unknown) => void;
  /** Tests of the migrations themselves; otherwise all of them. */
  readonly migrations?: readonly Migration[];
}

/**
 * Connections of their own for what nodes tell each other: a node whose calls all wait for somebody's lock lives, and must be able to say
 * so. What is not answered within a fraction of a lease is asked again with the next beat.
 */
const nodesShare = { poolMax: 2, waitMs: 2000, answerMs: 5000 } as const;

/** The shared store: any number of processes at a time may have a database. */
export function createPostgresStore(options: PostgresStoreOptions): Store {
  const { url, poolMax = 10, waitMs = 30_000, migrations = allMigrations, box, random, clock, onAway } = options;
  const runner = createPostgresRunner({ url, poolMax, waitMs, answerMs, migrations, clock, random, onAway });
  const nodes = createPostgresRunner({ url, ...nodesShare, migrations: undefined, clock, random });
  const ctx: SqlContext = {
    db: createPostgresQueryBuilder(),
    dialect: postgresDialect,
    box,
    random,
    clock,
    node: options.node,
    ...nothingKept(),
  };
  return {
    ...createSqlStore(runner, ctx, nodes),
    start: async () => {
      // The other one works on what this one migrates.
      await runner.start();
      await nodes.start();
    },
    stop: async () => {
      await Promise.all([runner.stop(), nodes.stop()]);
    },
  };
}
