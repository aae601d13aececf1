import type { OutboxStore } from '../../../ports/store/push-store.ts';
import { all, changeEach, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';

interface Lane {
  readonly action_id: string;
  readonly key: string;
}

/** Delivered or dropped: gone, and what was parked behind them is due at once. Returns how many were there. */
export function* removeItems(ctx: SqlContext, nos: readonly number[]): Program<number> {
  const removed = yield* all<Lane>(
    ctx.db.deleteFrom('outbox').where(ctx.dialect.isOneOf('no', nos)).returning(['action_id', 'key']),
  );
  yield* wakeHeads(removed);
  return removed.length;
}

function* wakeHeads(lanes: readonly Lane[]): Program<void> {
  const distinct = new Map(lanes.map(({ action_id, key }) => [JSON.stringify([action_id, key]), [action_id, key]]));
  // 0 is before any time: the port's `complete` need not be told the time.
  yield* changeEach(
    `UPDATE outbox SET next_at = 0 WHERE next_at IS NULL
      AND no = (SELECT min(no) FROM outbox WHERE action_id = ? AND key = ?)`,
    [...distinct.values()],
  );
}

/** Items that are gone (trimmed, or their action deleted) stay gone. */
export function* postpone(items: Parameters<OutboxStore['postpone']>[0]): Program<void> {
  yield* changeEach(
    'UPDATE outbox SET next_at = ?, error = coalesce(?, error), attempts = attempts + ? WHERE no = ?',
    items.map(({ no, at, error }) => [at, error ?? null, error === undefined ? 0 : 1, no]),
  );
}
