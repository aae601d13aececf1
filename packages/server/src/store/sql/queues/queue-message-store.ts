import { asId, type QueueId } from '../../../domain/ids.ts';
import type { Holder, QueueMessageStore } from '../../../ports/store/queue-store.ts';
import type { Dialect } from '../dialect.ts';
import { all, change, type Program } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import { settleMessages } from './settle-messages.ts';
import { takeMessages } from './take-messages.ts';

/** Messages that one transaction frees at most. */
const releaseStep = 5000;

export function createQueueMessageStore({ read, write }: Runner, ctx: SqlContext): QueueMessageStore {
  return {
    take: async (holder, options) => {
      for (;;) {
        const taken = await write(() => takeMessages(ctx, holder, options));
        if (taken !== 'look again') return taken === 'gone' ? undefined : taken;
      }
    },
    settle: (settlements, now) => write(() => settleMessages(ctx, settlements, now)),
    release: (holder) => write(() => release(holder)),
    releaseNode: async (node) => {
      while ((await write(() => releaseSome(node, releaseStep))) === releaseStep);
    },
    waiting: (queueIds, now) => (queueIds.length === 0 ? Promise.resolve([]) : read(() => waiting(ctx, queueIds, now))),
  };
}

function* release({ queueId, holder }: Holder): Program<void> {
  yield* change({
    sql: 'UPDATE queue_messages SET holder = NULL WHERE queue_id = ? AND holder = ?',
    parameters: [queueId, holder],
  });
}

/** Messages in the hands of a node's consumers are free again; returns how many, at most `limit`. */
export function* releaseSome(node: string, limit: number): Program<number> {
  return yield* change({
    // Names of nodes have neither character: `0` is the next one after `/`.
    sql: `UPDATE queue_messages SET holder = NULL WHERE no IN
      (SELECT no FROM queue_messages WHERE holder IS NOT NULL AND holder >= ? AND holder < ? LIMIT ?)`,
    parameters: [`${node}/`, `${node}0`, limit],
  });
}

/** The first free one is asked for in its order, so that it is read off the index of the free ones, whatever waits aside. */
export const waitingSql = (
  dialect: Dialect,
): string => `SELECT r.queue_id FROM ${dialect.rows({ queue_id: 'text' }, []).from} WHERE
  (SELECT f.no FROM queue_messages f ${dialect.indexedBy('queue_messages_open')}
    WHERE f.queue_id = r.queue_id AND f.holder IS NULL AND f.due_at IS NULL ORDER BY f.no + 0 LIMIT 1) IS NOT NULL
  OR (SELECT d.no FROM queue_messages d ${dialect.indexedBy('queue_messages_due')}
    WHERE d.queue_id = r.queue_id AND d.due_at > 0 AND d.due_at <= ? ORDER BY d.due_at, d.no LIMIT 1) IS NOT NULL
  OR NOT EXISTS (SELECT 1 FROM queues q WHERE q.queue_id = r.queue_id)`;

function* waiting({ dialect }: SqlContext, queueIds: readonly QueueId[], now: number): Program<readonly QueueId[]> {
  const set = dialect.rows(
    { queue_id: 'text' },
    queueIds.map((queueId) => [queueId]),
  );
  const rows = yield* all<{ queue_id: string }>({ sql: waitingSql(dialect), parameters: [...set.parameters, now] });
  return rows.map(({ queue_id }) => asId<QueueId>(queue_id));
}
