import type { OutboxStore } from '../../../ports/store/push-store.ts';
import { all, change, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';

interface Lane {
  readonly action_id: string;
  readonly key: string;
}

/** Delivered or dropped: gone, and what was parked behind them is due at once. Returns how many were there. */
export function* removeItems(ctx: SqlContext, nos: readonly number[]): Program<number> {
  const removed = yield* all<Lane>(
    ctx.db
      .deleteFrom('outbox')
      .where(ctx.dialect.isOneOf('no', nos, 'int'))
      .returning(['action_id', 'key']),
  );
  yield* wakeHeads(ctx, removed);
  return removed.length;
}

/** 0 is before any time: the port's `complete` need not be told the time. A claim that is about to park one of them goes first. */
function* wakeHeads({ dialect }: SqlContext, lanes: readonly Lane[]): Program<void> {
  if (lanes.length === 0) return;
  const distinct = new Map(lanes.map(({ action_id, key }) => [JSON.stringify([action_id, key]), [action_id, key]]));
  const set = dialect.rows({ action_id: 'text', key: 'text' }, [...distinct.values()]);
  yield* change({
    sql: `UPDATE outbox SET next_at = 0 WHERE no IN
      (SELECT (SELECT min(o.no) FROM outbox o WHERE o.action_id = r.action_id AND o.key = r.key) FROM ${set.from})
      AND coalesce(next_at, 1) <> 0`,
    parameters: set.parameters,
  });
}

/** Items that are gone (trimmed, or their action deleted) stay gone. */
export function* postpone({ dialect }: SqlContext, items: Parameters<OutboxStore['postpone']>[0]): Program<void> {
  if (items.length === 0) return;
  const set = dialect.rows(
    { no: 'int', at: 'int', error: 'text', tries: 'int' },
    items.map(({ no, at, error }) => [no, at, error ?? null, error === undefined ? 0 : 1]),
  );
  yield* change({
    sql: `UPDATE outbox SET next_at = r.at, error = coalesce(r.error, outbox.error), attempts = attempts + r.tries
      FROM ${set.from} WHERE outbox.no = r.no`,
    parameters: set.parameters,
  });
}
