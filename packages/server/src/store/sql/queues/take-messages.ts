import type { Holder, QueueMessage, TakeOptions } from '../../../ports/store/queue-store.ts';
import { lockedRows } from '../locks.ts';
import { all, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';

interface Candidate {
  readonly no: number;
  readonly bytes: number;
}

/**
 * Takes of one queue come one after the other: what one has taken, the next sees held, so that neither takes what stands behind a
 * message of the other.
 */
export function* takeMessages(
  ctx: SqlContext,
  { queueId, holder }: Holder,
  options: TakeOptions,
): Program<readonly QueueMessage[] | undefined> {
  const queue = yield* first({
    sql: `SELECT queue_id${ctx.dialect.walkIndexes} FROM queues WHERE queue_id = ? ${lockedRows(ctx, 'queues')}`,
    parameters: [queueId],
  });
  if (queue === undefined) return undefined;
  const candidates = yield* listFree({ queueId, holder }, options);
  return yield* hold(ctx, holder, fitting(candidates, options.bytesMax));
}

/** Keys that others have something of are left out whole: the key stays with its holder until that has nothing of it in hand. */
export const freeSql = `SELECT m.no, m.bytes FROM queue_messages m
  WHERE m.queue_id = ? AND m.holder IS NULL AND (m.due_at IS NULL OR m.due_at <= ?)
    AND m.key NOT IN (SELECT h.key FROM queue_messages h WHERE h.queue_id = ? AND h.holder IS NOT NULL AND h.holder <> ?)
    AND NOT EXISTS (SELECT 1 FROM queue_messages p WHERE p.queue_id = m.queue_id AND p.key = m.key AND p.no < m.no
      AND p.due_at IS NOT NULL AND p.due_at > ?)
  ORDER BY m.no LIMIT ?`;

function* listFree({ queueId, holder }: Holder, { now, countMax }: TakeOptions): Program<readonly Candidate[]> {
  return yield* all<Candidate>({
    sql: freeSql,
    parameters: [queueId, now, queueId, holder, now, countMax],
  });
}

function fitting(candidates: readonly Candidate[], bytesMax: number): readonly number[] {
  let bytes = 0;
  const end = candidates.findIndex((one, index) => {
    bytes += one.bytes;
    return index > 0 && bytes > bytesMax;
  });
  return candidates.slice(0, end === -1 ? candidates.length : end).map(({ no }) => no);
}

interface MessageRow extends Candidate {
  readonly payload: string;
  readonly created_at: number;
  readonly attempts: number;
}

function* hold({ dialect }: SqlContext, holder: string, nos: readonly number[]): Program<readonly QueueMessage[]> {
  if (nos.length === 0) return [];
  const set = dialect.rows(
    { no: 'int' },
    nos.map((no) => [no]),
  );
  const rows = yield* all<MessageRow>({
    sql: `UPDATE queue_messages SET holder = ?, due_at = NULL FROM ${set.from}
      WHERE queue_messages.no = r.no AND queue_messages.holder IS NULL
      RETURNING queue_messages.no, payload, bytes, created_at, attempts`,
    parameters: [holder, ...set.parameters],
  });
  return rows
    .toSorted((a, b) => a.no - b.no)
    .map(({ no, payload, bytes, created_at: createdAt, attempts }) => ({ no, payload, bytes, createdAt, attempts }));
}
