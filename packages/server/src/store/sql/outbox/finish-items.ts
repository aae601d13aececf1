import type { Outcome } from '../../../ports/store/push-store.ts';
import { all, change, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { countOutcomes, type Tally } from './delivery-log.ts';

interface Lane {
  /** Null: the key alone says who takes it. */
  readonly action_id: string | null;
  readonly key: string;
}

/** What became of claimed items: gone or put off, and in the log of their actions. */
export function* finishItems(ctx: SqlContext, outcomes: readonly Outcome[], now: number): Program<void> {
  const gone = outcomes.filter((outcome) => nextAtOf(outcome) === undefined);
  yield* removeItems(
    ctx,
    gone.map(({ no }) => no),
  );
  yield* putOff(
    ctx,
    outcomes.filter((outcome) => nextAtOf(outcome) !== undefined),
  );
  // Last: whoever claims takes outbox rows before an action's row, too.
  yield* countOutcomes(ctx, tallyOf(outcomes, now));
}

function nextAtOf(outcome: Outcome): number | undefined {
  return outcome.kind === 'delivered' ? undefined : outcome.nextAt;
}

function tallyOf(outcomes: readonly Outcome[], now: number): readonly Tally[] {
  const tallies = new Map<string, Tally>();
  for (const outcome of outcomes) {
    const { actionId } = outcome;
    if (outcome.kind === 'returned' || actionId === undefined) continue;
    const tally = tallies.get(actionId) ?? { actionId, delivered: 0, failed: 0, dropped: 0 };
    const failed = { failed: tally.failed + 1, failedAt: now, error: outcome.kind === 'failed' ? outcome.error : '' };
    const dropped = tally.dropped + (nextAtOf(outcome) === undefined ? 1 : 0);
    tallies.set(
      actionId,
      outcome.kind === 'delivered'
        ? { ...tally, delivered: tally.delivered + 1, succeededAt: now }
        : { ...tally, ...failed, dropped },
    );
  }
  return [...tallies.values()];
}

/** Gone, and what was parked behind them is due at once. Returns the actions of those that were there, null for none, each as often as it lost one. */
export function* removeItems(ctx: SqlContext, nos: readonly number[]): Program<readonly (string | null)[]> {
  if (nos.length === 0) return [];
  const removed = yield* all<Lane>(
    ctx.db
      .deleteFrom('outbox')
      .where(ctx.dialect.isOneOf('no', nos, 'int'))
      .returning(['action_id', 'key']),
  );
  yield* wakeHeads(ctx, removed);
  return removed.map(({ action_id }) => action_id);
}

/** 0 is before any time. A claim that is about to park one of them goes first; one that is out or held keeps its own time. */
function* wakeHeads(ctx: SqlContext, lanes: readonly Lane[]): Program<void> {
  yield* wakeFirst(
    ctx,
    'o.action_id = r.action_id',
    lanes.filter(({ action_id }) => action_id !== null),
  );
  yield* wakeFirst(
    ctx,
    'o.action_id IS NULL',
    lanes.filter(({ action_id }) => action_id === null),
  );
}

function* wakeFirst({ dialect }: SqlContext, isOfReceiver: string, lanes: readonly Lane[]): Program<void> {
  if (lanes.length === 0) return;
  const distinct = new Map(lanes.map(({ action_id, key }) => [JSON.stringify([action_id, key]), [action_id, key]]));
  const set = dialect.rows({ action_id: 'text', key: 'text' }, [...distinct.values()]);
  yield* change({
    // DISTINCT, though they are: without it PostgreSQL looks each head up twice, to find its row and to compare with it.
    sql: `UPDATE outbox SET next_at = 0 WHERE no IN
      (SELECT DISTINCT (SELECT min(o.no) FROM outbox o WHERE ${isOfReceiver} AND o.key = r.key) FROM ${set.from})
      AND hold IS NULL AND coalesce(next_at, 1) <> 0`,
    parameters: set.parameters,
  });
}

/** Items that are gone (trimmed, or their action deleted) stay gone. */
function* putOff({ dialect }: SqlContext, outcomes: readonly Outcome[]): Program<void> {
  if (outcomes.length === 0) return;
  const set = dialect.rows(
    { no: 'int', at: 'int', error: 'text', tries: 'int' },
    outcomes.map((outcome) => {
      const error = outcome.kind === 'failed' ? outcome.error : null;
      return [outcome.no, nextAtOf(outcome) ?? null, error, error === null ? 0 : 1];
    }),
  );
  yield* change({
    sql: `UPDATE outbox SET next_at = r.at, hold = NULL, error = coalesce(r.error, outbox.error), attempts = attempts + r.tries
      FROM ${set.from} WHERE outbox.no = r.no`,
    parameters: set.parameters,
  });
}
