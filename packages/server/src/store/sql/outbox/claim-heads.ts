import { type ActionId, asId } from '../../../domain/ids.ts';
import type { ClaimOptions, OutboxItem } from '../../../ports/store/push-store.ts';
import { objectOf } from '../columns.ts';
import { freeRows } from '../locks.ts';
import { all, change, type Program } from '../program.ts';
import { httpChannelOf } from '../rules/rule-codec.ts';
import type { SqlContext } from '../sql-context.ts';
import { holdBehindFlow, hasFlowPolicy, letThrough } from './flow-gate.ts';

interface DueRow {
  readonly no: number;
  readonly action_id: string;
  readonly key: string;
  readonly payload: string;
  readonly attempts: number;
  readonly channel: string;
  readonly detail: string;
  /** 1: nothing older waits for the same action and key. */
  readonly is_head: number;
  /** 1: flow control decides when it goes. */
  readonly is_limited: number;
  /** 0: dropped where its first try fails. */
  readonly is_kept: number;
}

/** One claim looks at so many chunks of due rows at most: a transaction is short, and the next claim goes on. */
const roundsMax = 10;

/**
 * The head of every (action, key) whose time has come. Order within a key is kept (v5 15.3) because nothing behind a head is ever
 * claimed: such rows are parked (`next_at` null) when a claim meets them, so that a receiver that is down costs one look at each row of
 * its backlog and not one per claim; whoever removes a head wakes its successor. Heads under a flow control policy are put behind it,
 * and as many as it lets through are claimed.
 */
export function* claimHeads(ctx: SqlContext, now: number, options: ClaimOptions): Program<readonly OutboxItem[]> {
  const items: OutboxItem[] = [];
  for (let round = 0; round < roundsMax && items.length < options.limit; round++) {
    const wanted = options.limit - items.length;
    const nos = yield* takeDue(ctx, now, wanted);
    if (nos.length === 0) break;
    const due = yield* readDue(ctx, nos);
    yield* mark(ctx, due, options.leaseUntil);
    const limited = due.filter((row) => stateOf(row) === 'flow');
    yield* holdBehindFlow(ctx, now, [...new Set(limited.map(({ action_id }) => action_id))]);
    items.push(...due.filter((row) => stateOf(row) === 'lease').map((row) => itemOf(ctx, row)));
    if (nos.length < wanted) break;
  }
  const through = yield* letThrough(ctx, now, options);
  if (through.length === 0) return items;
  return [...items, ...(yield* readDue(ctx, through)).map((row) => itemOf(ctx, row))];
}

/** Held before it is asked what stands before them: whoever removes a head and would wake one of these waits for our word on it. */
function* takeDue(ctx: SqlContext, now: number, limit: number): Program<readonly number[]> {
  const rows = yield* all<{ no: number }>({
    sql: `SELECT no FROM outbox WHERE next_at IS NOT NULL AND next_at <= ? ORDER BY next_at, no LIMIT ? ${freeRows(ctx, 'outbox')}`,
    parameters: [now, limit],
  });
  return rows.map(({ no }) => no);
}

function* readDue({ dialect }: SqlContext, nos: readonly number[]): Program<readonly DueRow[]> {
  const asked = dialect.rows(
    { no: 'int' },
    nos.map((no) => [no]),
  );
  return yield* all<DueRow>({
    sql: `SELECT due.no, due.action_id, due.key, due.payload, due.attempts, a.channel, a.detail,
        CASE WHEN EXISTS (SELECT 1 FROM outbox older WHERE older.action_id = due.action_id AND older.key = due.key
          AND older.no < due.no) THEN 0 ELSE 1 END AS is_head,
        CASE WHEN ${hasFlowPolicy} THEN 1 ELSE 0 END AS is_limited,
        CASE WHEN b.bytes_max = 0 OR b.age_seconds_max = 0 THEN 0 ELSE 1 END AS is_kept
      FROM ${asked.from} ${dialect.orderedJoin} outbox due ON due.no = r.no
      JOIN rule_actions a ON a.action_id = due.action_id LEFT JOIN backlog_policies b ON b.project_id = a.project_id
      ORDER BY due.next_at, due.no`,
    parameters: asked.parameters,
  });
}

type Mark = 'parked' | 'flow' | 'lease';

function stateOf({ is_head, is_limited }: DueRow): Mark {
  if (is_head === 0) return 'parked';
  return is_limited === 1 ? 'flow' : 'lease';
}

function* mark({ dialect }: SqlContext, due: readonly DueRow[], leaseUntil: number): Program<void> {
  const set = dialect.rows(
    { no: 'int', next_at: 'int', hold: 'text' },
    due.map((row) => {
      const state = stateOf(row);
      return [row.no, state === 'lease' ? leaseUntil : null, state === 'parked' ? null : state];
    }),
  );
  yield* change({
    sql: `UPDATE outbox SET next_at = r.next_at, hold = r.hold FROM ${set.from} WHERE outbox.no = r.no`,
    parameters: set.parameters,
  });
}

function itemOf(ctx: SqlContext, row: DueRow): OutboxItem {
  return {
    no: row.no,
    actionId: asId<ActionId>(row.action_id),
    key: row.key,
    payload: objectOf(row.payload),
    attempts: row.attempts,
    isKept: row.is_kept === 1,
    target: httpChannelOf(row, ctx.box),
  };
}
