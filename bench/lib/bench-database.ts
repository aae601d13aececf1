import type { Store } from '../../packages/server/src/ports/store/store.ts';
import type { BareSql } from './bare-sql.ts';
import type { StoreName } from './bench.ts';

/** A database of one bench: empty at first, at the durability that production has, gone once disposed of. */
export interface BenchDatabase extends AsyncDisposable {
  readonly store: StoreName;
  /** Data folder for a server process on it. */
  readonly dataDir: string;
  /** What makes a server process work on it. */
  readonly serverSettings: Readonly<Record<string, string>>;
  /** Of a PostgreSQL, for others that work on it. */
  readonly url: string | undefined;
  /** Muster's store on it, not yet started; one at a time. */
  createStore(): Store;
  /** What a database does by itself some time after many rows came, so that no measured round pays for it. */
  rest(): Promise<void>;
  /** Only once a store has been started on it: the floor stands on Muster's own migrated tables. */
  openFloor(): Promise<SqlFloor>;
  /** The same, for whatever statements. */
  openSql(): Promise<BareSql>;
}

/** What the same work costs in bare SQL: set statements, nothing checked and nobody told. On a connection of its own. */
export interface SqlFloor extends AsyncDisposable {
  /** Insert the subtasks, update the devices, mark, count: one transaction for each chunk. */
  settle(work: FloorWork): Promise<void>;
  /** The subtasks of a task that nobody knows, in one statement. */
  insertSubtasks(taskNo: number, targets: readonly string[]): Promise<void>;
}

export interface FloorWork {
  readonly deviceIds: readonly string[];
  readonly frozen: 0 | 1;
}

/** Rows of one transaction of the floor (docs/benchmarks.md). */
export const floorChunkRows = 1000;
