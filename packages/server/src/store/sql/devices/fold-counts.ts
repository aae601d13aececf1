import type { SqlContext } from '../sql-context.ts';
import { all, change, first, type Program, type SqlValue } from '../program.ts';

const key = {
  project_id: 'text',
  app_id: 'text',
  product_id: 'text',
  child: 'int',
  fw_version: 'text',
  sw_version: 'text',
} as const;
const columns = Object.keys(key);
const keyText = columns.join(', ');
const counts = ['inactive', 'online', 'offline', 'abnormal', 'frozen'] as const;
/** Rows of one step: a fleet may have as many kinds as devices. */
const rowsMax = 5000;

type Folded = Readonly<Record<string, SqlValue>>;

/**
 * Adds what was counted in shards (migration 11) to shard 0, which is nobody's; kinds of which there is no device any more go. Whoever
 * counts meanwhile takes other shards.
 */
export function* foldCounts(ctx: SqlContext, shards: number): Program<boolean> {
  const { dialect } = ctx;
  const claim = dialect.freeCountShards(shards);
  if (claim === undefined || dialect.locks === undefined) return false;
  if ((yield* first<{ held: number }>(dialect.locks.attempt('fold/device-counts')))?.held !== 1) return false;
  const held = dialect.rows(
    { shard: 'int' },
    (yield* all<{ shard: number }>(claim)).map(({ shard }) => [shard]),
  );
  const folded = yield* all<Folded>({
    sql: `WITH gone AS (DELETE FROM device_counts WHERE ctid = ANY(ARRAY(SELECT c.ctid FROM ${held.from}
        JOIN device_counts c ON c.shard = r.shard AND c.shard > 0 LIMIT ${rowsMax})) RETURNING *)
      INSERT INTO device_counts (${keyText}, shard, ${counts.join(', ')})
      SELECT ${keyText}, 0, ${counts.map((count) => `sum(${count})`).join(', ')} FROM gone GROUP BY ${keyText}
      ON CONFLICT ON CONSTRAINT device_counts_key DO UPDATE
        SET ${counts.map((count) => `${count} = device_counts.${count} + excluded.${count}`).join(', ')}
      RETURNING ${keyText}, ${counts.join(', ')}`,
    parameters: held.parameters,
  });
  yield* removeEmpty(
    ctx,
    folded.filter((row) => counts.every((count) => row[count] === 0)),
  );
  return folded.length > 0;
}

function* removeEmpty({ dialect }: SqlContext, rows: readonly Folded[]): Program<void> {
  if (rows.length === 0) return;
  const empty = dialect.rows(
    key,
    rows.map((row) => columns.map((column) => row[column] ?? null)),
  );
  yield* change({
    sql: `DELETE FROM device_counts c USING ${empty.from} WHERE c.shard = 0 AND ${columns.map((column) => `c.${column} = r.${column}`).join(' AND ')}`,
    parameters: empty.parameters,
  });
}
