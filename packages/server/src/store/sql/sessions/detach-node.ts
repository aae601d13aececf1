import { freeRows } from '../locks.ts';
import { change, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';

export function* lastEpoch(ctx: SqlContext): Program<number> {
  return (yield* first<{ epoch: number }>(ctx.dialect.lastEpoch))?.epoch ?? 0;
}

export interface DetachStep {
  readonly node: string;
  readonly at: number;
  /** Sessions that began later are spared. */
  readonly epochMax: number;
  /** A node may hold tens of thousands of sessions; one statement for all would take too long. */
  readonly limit: number;
}

/** Ends sessions of a node; returns how many. */
export function* detachSome(ctx: SqlContext, { node, at, epochMax, limit }: DetachStep): Program<number> {
  return yield* change({
    sql: `UPDATE sessions SET ended_at = ? WHERE device_id IN (SELECT device_id FROM sessions
      WHERE node = ? AND ended_at IS NULL AND epoch <= ? ORDER BY device_id LIMIT ? ${freeRows(ctx, 'sessions')})`,
    parameters: [at, node, epochMax, limit],
  });
}
