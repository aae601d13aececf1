import type { Selectable } from 'kysely';
import type { ActionId } from '../../../domain/ids.ts';
import type { DeliveryStatus, WaitingItem, WaitingPage, WaitingQuery } from '../../../ports/store/push-store.ts';
import { objectOf, orUndefined } from '../columns.ts';
import { lockedRows } from '../locks.ts';
import { all, change, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import type { ActionDeliveriesTable } from '../push-tables.ts';

/** What happened to notifications of one action in one transaction. */
export interface Tally {
  readonly actionId: string;
  readonly delivered: number;
  readonly failed: number;
  readonly dropped: number;
  readonly succeededAt?: number;
  readonly failedAt?: number;
  readonly error?: string;
}

/** One row per action and batch, however many were delivered. */
export function* countOutcomes(ctx: SqlContext, tallies: readonly Tally[]): Program<void> {
  if (tallies.length === 0) return;
  const rows = tallies.toSorted((a, b) => (a.actionId < b.actionId ? -1 : 1));
  yield* lockActions(ctx, rows);
  const set = ctx.dialect.rows(
    {
      ...{ action_id: 'text', delivered: 'int', failed: 'int', dropped: 'int' },
      ...{ succeeded_at: 'int', failed_at: 'int', error: 'text' },
    },
    rows.map((tally) => [
      ...[tally.actionId, tally.delivered, tally.failed, tally.dropped],
      ...[tally.succeededAt ?? null, tally.failedAt ?? null, tally.error ?? null],
    ]),
  );
  yield* change({
    sql: `UPDATE action_deliveries SET delivered = action_deliveries.delivered + r.delivered,
        failed = action_deliveries.failed + r.failed, dropped = action_deliveries.dropped + r.dropped,
        succeeded_at = coalesce(r.succeeded_at, action_deliveries.succeeded_at),
        failed_at = coalesce(r.failed_at, action_deliveries.failed_at), error = coalesce(r.error, action_deliveries.error)
      FROM ${set.from} WHERE action_deliveries.action_id = r.action_id`,
    parameters: set.parameters,
  });
}

/** Several rows are taken in one order by everybody. */
function* lockActions(ctx: SqlContext, rows: readonly Tally[]): Program<void> {
  if (ctx.dialect.locks === undefined || rows.length < 2) return;
  const set = ctx.dialect.rows(
    { action_id: 'text' },
    rows.map(({ actionId }) => [actionId]),
  );
  yield* all({
    sql: `SELECT d.action_id FROM action_deliveries d JOIN ${set.from} ON r.action_id = d.action_id
      ORDER BY d.action_id ${lockedRows(ctx, 'd')}`,
    parameters: set.parameters,
  });
}

export function* deliveryStatus(ctx: SqlContext, actionId: ActionId): Program<DeliveryStatus | undefined> {
  const row = yield* first(ctx.db.selectFrom('action_deliveries').selectAll().where('action_id', '=', actionId));
  if (row === undefined) return undefined;
  return statusOf(row, (yield* countWaiting(ctx, { actionId })) + (yield* countQueued(ctx, actionId)));
}

function statusOf(row: Selectable<ActionDeliveriesTable>, waiting: number): DeliveryStatus {
  return {
    since: row.since,
    delivered: row.delivered,
    failed: row.failed,
    dropped: row.dropped,
    waiting,
    succeededAt: orUndefined(row.succeeded_at),
    failedAt: orUndefined(row.failed_at),
    error: orUndefined(row.error),
  };
}

/** Everything in the queue that the action fills, if it fills one: consumers do not tell actions apart either. */
function* countQueued({ db }: SqlContext, actionId: ActionId): Program<number> {
  const row = yield* first(
    db
      .selectFrom('queue_messages')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('queue_id', '=', (eb) =>
        eb.selectFrom('rule_actions').select('rule_actions.queue_id').where('action_id', '=', actionId),
      ),
  );
  return row?.count ?? 0;
}

function* countWaiting({ db }: SqlContext, { actionId, key }: Pick<WaitingQuery, 'actionId' | 'key'>): Program<number> {
  let query = db
    .selectFrom('outbox')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('action_id', '=', actionId);
  if (key !== undefined) query = query.where('key', '=', key);
  return (yield* first(query))?.count ?? 0;
}

interface WaitingRow {
  readonly no: number;
  readonly key: string;
  readonly payload: string;
  readonly created_at: number;
  readonly attempts: number;
  readonly next_at: number | null;
  readonly hold: 'lease' | 'flow' | null;
  readonly error: string | null;
}

/** By key, the oldest first: as the index has them, however many there are. */
export function* listWaiting(ctx: SqlContext, query: WaitingQuery): Program<WaitingPage> {
  const { actionId, key, after, limit } = query;
  const conditions = [
    ...(key === undefined ? [] : [{ sql: 'key = ?', parameters: [key] }]),
    ...(after === undefined ? [] : [{ sql: '(key, no) > (?, ?)', parameters: [after.key, after.no] }]),
  ];
  const rows = yield* all<WaitingRow>({
    sql: `SELECT no, key, payload, created_at, attempts, next_at, hold, error FROM outbox
      WHERE ${['action_id = ?', ...conditions.map(({ sql }) => sql)].join(' AND ')} ORDER BY key, no LIMIT ?`,
    parameters: [actionId, ...conditions.flatMap(({ parameters }) => parameters), limit],
  });
  return { items: rows.map(waitingOf), count: yield* countWaiting(ctx, query) };
}

function waitingOf(row: WaitingRow): WaitingItem {
  const requestId = objectOf(row.payload)['request_id'];
  return {
    no: row.no,
    key: row.key,
    requestId: typeof requestId === 'string' ? requestId : undefined,
    createdAt: row.created_at,
    attempts: row.attempts,
    error: orUndefined(row.error),
    ...placeOf(row),
  };
}

function placeOf({ hold, next_at }: WaitingRow): Pick<WaitingItem, 'place' | 'nextAt'> {
  if (hold === 'lease') return { place: 'sending', nextAt: undefined };
  if (hold === 'flow') return { place: 'limited', nextAt: undefined };
  return next_at === null ? { place: 'behind', nextAt: undefined } : { place: 'due', nextAt: next_at };
}

/** Rows that one transaction makes due at most. */
const redeliverStep = 5000;

export interface RedeliverStep {
  /** Where this step ended; undefined: it was the last. */
  readonly last: number | undefined;
  readonly count: number;
}

/**
 * What waits for its next attempt is due now; what is in hand, behind flow control or behind an earlier one is not touched. Walks by
 * number, so that what fails again meanwhile is not met again.
 */
export function* redeliverChunk(
  ctx: SqlContext,
  { actionId, key, now, after }: { actionId: ActionId; key: string | undefined; now: number; after: number },
): Program<RedeliverStep> {
  const rows = yield* all<{ no: number }>({
    sql: `SELECT no FROM outbox WHERE action_id = ? AND next_at > ? AND hold IS NULL AND no > ?
      ${key === undefined ? '' : 'AND key = ?'} ORDER BY no LIMIT ${redeliverStep} ${lockedRows(ctx, 'outbox')}`,
    parameters: [actionId, now, after, ...(key === undefined ? [] : [key])],
  });
  if (rows.length === 0) return { last: undefined, count: 0 };
  const set = ctx.dialect.rows(
    { no: 'int' },
    rows.map(({ no }) => [no]),
  );
  const count = yield* change({
    sql: `UPDATE outbox SET next_at = ? FROM ${set.from} WHERE outbox.no = r.no`,
    parameters: [now, ...set.parameters],
  });
  return { last: rows.length < redeliverStep ? undefined : rows.at(-1)?.no, count };
}
