import { type SqlBool, sql } from 'kysely';
import type { Downlink } from '../../../domain/downlink.ts';
import { asId, type DeviceId, type MessageId } from '../../../domain/ids.ts';
import { type Message, type NewMessage, pendingMessagesMax, topicOf } from '../../../domain/message.ts';
import { causeOf } from '../../../domain/problem.ts';
import type { MessageStore } from '../../../ports/store/message-store.ts';
import { all, change, first, type Program } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import { type MessageRow, messageOf, newMessageOf } from './message-codec.ts';

/** In the text, not as a parameter, for the sake of the partial index. */
const isPending = sql<SqlBool>`messages.status = 'PENDING'`;

/** device 6.3 counts the pending ones; as many of the finished ones are shown beside them. */
const finishedShown = 20;

export function createMessageStore({ read, write }: Runner, ctx: SqlContext): MessageStore {
  return {
    find: (deviceId, messageId) => read(() => findMessage(ctx, deviceId, messageId)),
    list: (deviceId) => read(() => listMessages(ctx, deviceId)),
    listPending: (deviceId) => read(() => listPending(ctx, deviceId)),
    withdraw: (deviceId, messageId, at) => write(() => withdraw(ctx, { deviceId, messageId }, at)),
    expire: (now, limit) => write(() => expire(now, limit)),
    purge: (finishedBefore, limit) => write(() => purge(finishedBefore, limit)),
  };
}

function* findMessage(ctx: SqlContext, deviceId: DeviceId, messageId: MessageId): Program<Message | undefined> {
  const row = yield* first(
    ctx.db.selectFrom('messages').selectAll().where('device_id', '=', deviceId).where('message_id', '=', messageId),
  );
  return row && messageOf(row);
}

/** Newest first. */
function* listMessages(ctx: SqlContext, deviceId: DeviceId): Program<readonly Message[]> {
  const newest = ctx.db
    .selectFrom('messages')
    .selectAll()
    .where('device_id', '=', deviceId)
    .orderBy('record_id', 'desc');
  const pending = yield* all(newest.where(isPending).limit(pendingMessagesMax));
  const finished = yield* all(newest.where('finished_at', 'is not', null).limit(finishedShown));
  return [...pending, ...finished].map(messageOf).sort((a, b) => (a.recordId < b.recordId ? 1 : -1));
}

/** In creation order, as they leave for the device's session or its gateway's. */
function* listPending(ctx: SqlContext, deviceId: DeviceId): Program<readonly Downlink[]> {
  const rows = yield* all(
    ctx.db
      .selectFrom('messages')
      .innerJoin('devices', 'devices.device_id', 'messages.device_id')
      .selectAll('messages')
      .select('root_id')
      .where('messages.device_id', '=', deviceId)
      .where(isPending)
      .orderBy('messages.record_id'),
  );
  return rows.map((row) => downlinkOf(newMessageOf(row), asId<DeviceId>(row.root_id)));
}

function downlinkOf(message: NewMessage, rootId: DeviceId): Downlink {
  const { deviceId, messageId, request, run } = message;
  const { name, message: content, encoding, format } = request;
  const topic = topicOf(deviceId, request);
  return { deviceId, rootId, content: { kind: 'message', messageId, name, content, encoding, format, topic, run } };
}

function* withdraw(
  ctx: SqlContext,
  { deviceId, messageId }: Pick<NewMessage, 'deviceId' | 'messageId'>,
  at: number,
): Program<NewMessage | undefined> {
  const { code, message } = causeOf('notDelivered');
  const row = yield* first<MessageRow>(
    ctx.db
      .updateTable('messages')
      .set({ status: 'FAILED', error_code: code, error_message: message, finished_at: at })
      .where('device_id', '=', deviceId)
      .where('message_id', '=', messageId)
      .where('status', '=', 'PENDING')
      .returningAll(),
  );
  return row && newMessageOf(row);
}

/** Those of a run end by the run's own deadline. What is not delivered in its time was not reachable (device 6.3). */
function* expire(now: number, limit: number): Program<number> {
  const { code, message } = causeOf('deviceOffline');
  return yield* change({
    sql: `UPDATE messages SET status = 'TIMEOUT', finished_at = ?, error_code = coalesce(error_code, ?),
        error_message = coalesce(error_message, ?)
      WHERE (device_id, message_id) IN (SELECT device_id, message_id FROM messages
        WHERE status = 'PENDING' AND task_no IS NULL AND expires_at <= ? ORDER BY expires_at LIMIT ?)`,
    parameters: [now, code, message, now, limit],
  });
}

function* purge(finishedBefore: number, limit: number): Program<number> {
  return yield* change({
    sql: `DELETE FROM messages WHERE (device_id, message_id) IN (SELECT device_id, message_id FROM messages
      WHERE finished_at IS NOT NULL AND finished_at < ? ORDER BY finished_at LIMIT ?)`,
    parameters: [finishedBefore, limit],
  });
}
