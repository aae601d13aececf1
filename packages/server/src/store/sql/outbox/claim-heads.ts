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
  readonly action_id: string | null;
  readonly key: string;
  readonly payload: string;
  readonly created_at: number;
  readonly attempts: number;
  /** These two are of actions, the next two of posts (legacy 9). */
  readonly channel: string | null;
  readonly detail: string | null;
  readonly project_id: string | null;
  readonly url: string | null;
  /** 1: nothing older waits for the same receiver and key. */
  readonly is_head: number;
  /** 1: flow control decides when it goes. */
  readonly is_limited: number;
  /** 0: dropped where its first try fails. */
  readonly is_kept: number;
}

/** One claim looks at so many chunks of due rows at most: a transaction is short, and the next claim goes on. */
const roundsMax = 10;

/**
 * The head of every (receiver, key) whose time has come. Order within a key is kept (v5 15.3) because nothing behind a head is ever
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
    const sure = yield* holdFronts(
      ctx,
      due.filter((row) => stateOf(row) === 'parked'),
    );
    yield* mark(ctx, due, { leaseUntil: options.leaseUntil, sure, recheckAt: now + recheckMs });
    const limited = due.filter((row) => stateOf(row) === 'flow');
    yield* holdBehindFlow(ctx, now, [...new Set(limited.flatMap(({ action_id }) => action_id ?? []))]);
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
    sql: `SELECT due.no, due.action_id, due.key, due.payload, due.created_at, due.attempts, a.channel, a.detail, due.project_id, due.url,
        CASE WHEN EXISTS (SELECT 1 FROM outbox older WHERE older.action_id = due.action_id AND older.key = due.key
          AND older.no < due.no) THEN 0 WHEN due.action_id IS NULL AND EXISTS (SELECT 1 FROM outbox older
          WHERE older.action_id IS NULL AND older.key = due.key AND older.no < due.no) THEN 0 ELSE 1 END AS is_head,
        CASE WHEN ${hasFlowPolicy} THEN 1 ELSE 0 END AS is_limited,
        CASE WHEN b.bytes_max = 0 OR b.age_seconds_max = 0 THEN 0 ELSE 1 END AS is_kept
      FROM ${asked.from} ${dialect.orderedJoin} outbox due ON due.no = r.no
      LEFT JOIN rule_actions a ON a.action_id = due.action_id LEFT JOIN backlog_policies b ON b.project_id = a.project_id
      ORDER BY due.next_at, due.no`,
    parameters: asked.parameters,
  });
}

type Mark = 'parked' | 'flow' | 'lease';

function stateOf({ is_head, is_limited }: DueRow): Mark {
  if (is_head === 0) return 'parked';
  return is_limited === 1 ? 'flow' : 'lease';
}

/** When a row is looked at again that stands behind one which is perhaps just going. */
const recheckMs = 20;

/**
 * Of these rows those that are certain to be woken: something older is there, and whoever takes it away waits for this transaction and
 * then finds them parked. What is just being removed cannot be held; its remover may have looked for a successor before this one was there.
 */
function* holdFronts(ctx: SqlContext, parked: readonly DueRow[]): Program<ReadonlySet<number>> {
  if (parked.length === 0 || ctx.dialect.locks === undefined) return new Set(parked.map(({ no }) => no));
  const ofActions = parked.filter(({ action_id }) => action_id !== null);
  const posts = parked.filter(({ action_id }) => action_id === null);
  return new Set([
    ...(yield* heldFronts(ctx, 'o.action_id = r.action_id', ofActions)),
    ...(yield* heldFronts(ctx, 'o.action_id IS NULL', posts)),
  ]);
}

function* heldFronts(
  { dialect }: SqlContext,
  isOfReceiver: string,
  parked: readonly DueRow[],
): Program<readonly number[]> {
  if (parked.length === 0) return [];
  const asked = dialect.rows(
    { no: 'int', action_id: 'text', key: 'text' },
    parked.map(({ no, action_id, key }) => [no, action_id, key]),
  );
  const rows = yield* all<{ no: number }>({
    sql: `SELECT r.no FROM ${asked.from} CROSS JOIN LATERAL (SELECT o.no FROM outbox o WHERE ${isOfReceiver} AND o.key = r.key
      AND o.no < r.no ORDER BY o.no DESC LIMIT 1 FOR KEY SHARE SKIP LOCKED) front`,
    parameters: asked.parameters,
  });
  return rows.map(({ no }) => no);
}

interface Marks {
  readonly leaseUntil: number;
  readonly sure: ReadonlySet<number>;
  readonly recheckAt: number;
}

function* mark({ dialect }: SqlContext, due: readonly DueRow[], marks: Marks): Program<void> {
  const set = dialect.rows(
    { no: 'int', next_at: 'int', hold: 'text' },
    due.map((row) => {
      const state = stateOf(row);
      if (state === 'parked') return [row.no, marks.sure.has(row.no) ? null : marks.recheckAt, null];
      return [row.no, state === 'lease' ? marks.leaseUntil : null, state];
    }),
  );
  yield* change({
    sql: `UPDATE outbox SET next_at = r.next_at, hold = r.hold FROM ${set.from} WHERE outbox.no = r.no`,
    parameters: set.parameters,
  });
}

function itemOf(ctx: SqlContext, row: DueRow): OutboxItem {
  const { no, key, attempts, created_at: createdAt } = row;
  const common = { no, key, payload: objectOf(row.payload), createdAt, attempts, isKept: row.is_kept === 1 };
  return { ...common, ...receiverOf(ctx, row) };
}

function receiverOf(
  ctx: SqlContext,
  { action_id, channel, detail, project_id, url }: DueRow,
): Pick<OutboxItem, 'actionId' | 'receiver' | 'target'> {
  if (url !== null) {
    const target = { channel: 'HTTP_FORWARDING', http: { url } } as const;
    return { actionId: undefined, receiver: JSON.stringify([project_id, url]), target };
  }
  if (action_id === null || channel === null || detail === null) throw new Error('An action of the outbox is gone.');
  const target = httpChannelOf({ channel, detail }, ctx.box);
  return { actionId: asId<ActionId>(action_id), receiver: action_id, target };
}
