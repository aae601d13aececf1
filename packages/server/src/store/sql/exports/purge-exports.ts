import { freeRows } from '../locks.ts';
import { change, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { deleteChunks } from './runs.ts';

/** One export a call, a step of its chunks; the export itself when it has none left. */
export function* purgeExports(ctx: SqlContext, now: number, limit: number): Program<boolean> {
  const row = yield* first<{ export_id: string; run: number }>({
    sql: `SELECT e.export_id, e.run FROM exports e WHERE e.expires_at <= ? ORDER BY e.expires_at LIMIT 1 ${freeRows(ctx, 'e')}`,
    parameters: [now],
  });
  if (row === undefined) return false;
  const { export_id: exportId, run } = row;
  const one = ctx.db.updateTable('exports').where('export_id', '=', exportId);
  // Nobody may write to it any more, whatever it was.
  yield* change(one.set({ state: 'gone', due_at: null }));
  if ((yield* deleteChunks(ctx, { exportId, before: run + 1, limit })) > 0) return true;
  yield* change(ctx.db.deleteFrom('exports').where('export_id', '=', exportId));
  return true;
}
