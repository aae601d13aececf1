import type { QueueId } from '../../../domain/ids.ts';
import type { Dialect } from '../dialect.ts';
import { change, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';

/**
 * Free messages that nobody looks at until their time has come (`due_at`): those that a consumer did not want, and what stands behind
 * them in the order of a key. A queue that begins with a million of them is taken from as if they were not there.
 */

/** Messages that one take brings back at most: its transaction is short, and the next take goes on. */
const backStep = 1000;

/** By time and then in order: what was put off comes no later than what stands behind it, which has its time from it. */
export const bringBackSql = (dialect: Dialect): string => `UPDATE queue_messages SET due_at = NULL WHERE no IN
  (SELECT d.no FROM queue_messages d ${dialect.indexedBy('queue_messages_due')}
    WHERE d.queue_id = ? AND d.due_at > 0 AND d.due_at <= ? ORDER BY d.due_at, d.no LIMIT ?)`;

/** Those whose time has come are free to be taken. */
export function* bringBack({ dialect }: SqlContext, queueId: QueueId, now: number): Program<void> {
  yield* change({ sql: bringBackSql(dialect), parameters: [queueId, now, backStep] });
}

export interface Aside {
  readonly no: number;
  readonly dueAt: number;
}

const asideColumns = { no: 'int', due_at: 'int' } as const;

export const putAsideSql = (dialect: Dialect): string =>
  `UPDATE queue_messages SET due_at = r.due_at FROM ${dialect.rows(asideColumns, []).from} WHERE queue_messages.no = r.no`;

/** Nobody has them in hand: they were looked at as free, and whoever takes of the queue waits for us. */
export function* putAside({ dialect }: SqlContext, messages: readonly Aside[]): Program<void> {
  if (messages.length === 0) return;
  const { parameters } = dialect.rows(
    asideColumns,
    messages.map(({ no, dueAt }) => [no, dueAt]),
  );
  yield* change({ sql: putAsideSql(dialect), parameters });
}
