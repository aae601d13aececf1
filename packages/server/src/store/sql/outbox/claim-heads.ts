import { type ActionId, asId } from '../../../domain/ids.ts';
import type { OutboxItem } from '../../../ports/store/push-store.ts';
import { objectOf } from '../columns.ts';
import { all, changeEach, type Program } from '../program.ts';
import { channelOf } from '../rules/rule-codec.ts';
import type { SqlContext } from '../sql-context.ts';

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
}

/** One claim looks at so many chunks of due rows at most: a transaction is short, and the next claim goes on. */
const roundsMax = 10;

/**
 * The head of every (action, key) whose time has come. Order within a key is kept (v5 15.3) because nothing behind a head is ever
 * claimed: such rows are parked (`next_at` null) when a claim meets them, so that a receiver that is down costs one look at each row of
 * its backlog and not one per claim; whoever removes a head wakes its successor.
 */
export function* claimHeads(
  ctx: SqlContext,
  now: number,
  { limit, leaseUntil }: { limit: number; leaseUntil: number },
): Program<readonly OutboxItem[]> {
  const items: OutboxItem[] = [];
  for (let round = 0; round < roundsMax && items.length < limit; round++) {
    const wanted = limit - items.length;
    const due = yield* listDue(now, wanted);
    const heads = due.filter((row) => row.is_head === 1);
    yield* setNextAt(due.map((row) => [row.is_head === 1 ? leaseUntil : null, row.no]));
    items.push(...heads.map((row) => itemOf(ctx, row)));
    if (due.length < wanted) break;
  }
  return items;
}

function* listDue(now: number, limit: number): Program<readonly DueRow[]> {
  return yield* all<DueRow>({
    sql: `SELECT due.no, due.action_id, due.key, due.payload, due.attempts, channel, detail,
        NOT EXISTS (SELECT 1 FROM outbox older WHERE older.action_id = due.action_id AND older.key = due.key
          AND older.no < due.no) AS is_head
      FROM outbox due JOIN rule_actions ON rule_actions.action_id = due.action_id
      WHERE due.next_at IS NOT NULL AND due.next_at <= ? ORDER BY due.next_at, due.no LIMIT ?`,
    parameters: [now, limit],
  });
}

function* setNextAt(rows: readonly (readonly [number | null, number])[]): Program<void> {
  yield* changeEach('UPDATE outbox SET next_at = ? WHERE no = ?', rows);
}

function itemOf(ctx: SqlContext, row: DueRow): OutboxItem {
  return {
    no: row.no,
    actionId: asId<ActionId>(row.action_id),
    key: row.key,
    payload: objectOf(row.payload),
    attempts: row.attempts,
    target: channelOf(row, ctx.box),
  };
}
