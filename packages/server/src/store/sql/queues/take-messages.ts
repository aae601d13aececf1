import type { Holder, QueueMessage, TakeOptions } from '../../../ports/store/queue-store.ts';
import type { Dialect } from '../dialect.ts';
import { lockedRows } from '../locks.ts';
import { all, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { bringBack, putAside } from './aside.ts';

interface Candidate {
  readonly no: number;
  readonly bytes: number;
}

/** `gone`: the queue does not exist any more. `look again`: nothing yet, but much was put aside, and there may be something behind it. */
export type Taken = readonly QueueMessage[] | 'gone' | 'look again';

/**
 * Takes of one queue come one after the other: what one has taken, the next sees held, so that neither takes what stands behind a
 * message of the other.
 */
export function* takeMessages(ctx: SqlContext, held: Holder, options: TakeOptions): Program<Taken> {
  const { queueId, holder } = held;
  const queue = yield* first({
    sql: `SELECT queue_id${ctx.dialect.walkIndexes} FROM queues WHERE queue_id = ? ${lockedRows(ctx, 'queues')}`,
    parameters: [queueId],
  });
  if (queue === undefined) return 'gone';
  yield* bringBack(ctx, queueId, options.now);
  const { free, isCut } = yield* findFree(ctx, held, options.countMax);
  if (free.length === 0 && isCut) return 'look again';
  return yield* hold(ctx, holder, fitting(free, options.bytesMax));
}

interface OpenRow extends Candidate {
  readonly key: string;
  /** When what stands before it in its key, and is put off, is due. */
  readonly behind: number | null;
  /** Who has something of its key in hand: one holder at most. */
  readonly holder: string | null;
}

interface Found {
  readonly free: readonly Candidate[];
  /** It was looked no further because enough was put aside. */
  readonly isCut: boolean;
}

/** Rows of one look; the first is as wide as what is wanted, which is enough where nothing is in the way. */
const lookMax = 1000;
/** Messages that one transaction puts aside at least, before it ends with what it has found. */
const asideEnough = 2000;

/**
 * The oldest messages that the holder may have. What stands behind something that is put off goes aside with it. Keys of which another has
 * something are passed by from then on, here as well: it may let go of them while this goes on, and they would be torn apart.
 */
function* findFree(ctx: SqlContext, held: Holder, wanted: number): Program<Found> {
  const free: Candidate[] = [];
  const foreign = new Set<string>();
  let asideCount = 0;
  for (let after = 0, width = wanted; ; width = Math.min(width * 2, lookMax)) {
    const rows = yield* lookAtOpen(ctx, { queueId: held.queueId, after, foreign, limit: width });
    const aside = rows.flatMap(({ no, behind }) => (behind === null ? [] : [{ no, dueAt: behind }]));
    yield* putAside(ctx, aside);
    asideCount += aside.length;
    for (const row of rows) {
      if (row.behind !== null) continue;
      if (row.holder !== null && row.holder !== held.holder) foreign.add(row.key);
      else free.push(row);
    }
    const isCut = asideCount >= asideEnough;
    if (isCut || rows.length < width || free.length >= wanted) return { free: free.slice(0, wanted), isCut };
    after = rows.at(-1)?.no ?? after;
  }
}

/** Each row is looked up by itself, and no row is read that is not looked at: there is one way to plan this. */
export const openSql = (dialect: Dialect): string => `SELECT m.no, m.key, m.bytes,
    (SELECT p.due_at FROM queue_messages p ${dialect.indexedBy('queue_messages_put_off')}
      WHERE p.queue_id = ? AND p.key = m.key AND p.no < m.no AND p.due_at IS NOT NULL LIMIT 1) AS behind,
    (SELECT h.holder FROM queue_messages h ${dialect.indexedBy('queue_messages_keys')}
      WHERE h.queue_id = ? AND h.key = m.key AND h.holder IS NOT NULL LIMIT 1) AS holder
  FROM (SELECT f.no + 0 AS no, f.key, f.bytes FROM queue_messages f ${dialect.indexedBy('queue_messages_open')}
    WHERE f.queue_id = ? AND f.holder IS NULL AND f.due_at IS NULL AND f.no + 0 > ?
      AND f.key NOT IN (SELECT r.key FROM ${dialect.rows({ key: 'text' }, []).from})
    ORDER BY f.no + 0 LIMIT ?) m
  ORDER BY m.no`;

interface Look {
  readonly queueId: string;
  readonly after: number;
  readonly foreign: ReadonlySet<string>;
  readonly limit: number;
}

function* lookAtOpen({ dialect }: SqlContext, { queueId, after, foreign, limit }: Look): Program<readonly OpenRow[]> {
  const set = dialect.rows(
    { key: 'text' },
    [...foreign].map((key) => [key]),
  );
  return yield* all<OpenRow>({
    sql: openSql(dialect),
    parameters: [queueId, queueId, queueId, after, ...set.parameters, limit],
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
    sql: `UPDATE queue_messages SET holder = ? FROM ${set.from}
      WHERE queue_messages.no = r.no AND queue_messages.holder IS NULL
      RETURNING queue_messages.no, payload, bytes, created_at, attempts`,
    parameters: [holder, ...set.parameters],
  });
  return rows
    .toSorted((a, b) => a.no - b.no)
    .map(({ no, payload, bytes, created_at: createdAt, attempts }) => ({ no, payload, bytes, createdAt, attempts }));
}
