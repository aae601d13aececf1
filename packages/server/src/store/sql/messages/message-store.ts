import { type SqlBool, sql } from 'kysely';
import type { Downlink } from '../../../domain/downlink.ts';
import { asId, type DeviceId, type MessageId, type RecordId } from '../../../domain/ids.ts';
import { type Message, messageDownlink, type NewMessage, pendingMessagesMax } from '../../../domain/message.ts';
import { causeOf } from '../../../domain/problem.ts';
import type { MessageStore, PendingStep } from '../../../ports/store/message-store.ts';
import { type ChangedMessage, publishMessageStatuses } from '../events/message-events.ts';
import { all, change, first, type Program } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import { type MessageRow, messageOf, newMessageOf } from './message-codec.ts';

/** In the text, not as a parameter, for the sake of the partial index. */
const isPending = sql<SqlBool>`messages.status = 'PENDING'`;

/** device 6.3 counts the pending ones; as many of the finished ones are shown beside them. */
const finishedShown = 20;

/** Before all others. */
const firstRecord = asId<RecordId>('');

export function createMessageStore({ read, write }: Runner, ctx: SqlContext): MessageStore {
  return {
    find: (deviceId, messageId) => read(() => findMessage(ctx, deviceId, messageId)),
    list: (deviceId) => read(() => listMessages(ctx, deviceId)),
    listPending: (deviceId, step) => read(() => listPending(ctx, deviceId, step)),
    listWaitingChildren: (rootId, after) => read(() => listWaitingChildren(rootId, after)),
    withdraw: (deviceId, messageId, at) => write(() => withdraw(ctx, { deviceId, messageId }, at)),
    expire: (now, limit) => write(() => expire(ctx, now, limit)),
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
function* listPending(
  ctx: SqlContext,
  deviceId: DeviceId,
  { after, limit }: PendingStep = { after: firstRecord, limit: pendingMessagesMax },
): Program<readonly Downlink[]> {
  const rows = yield* all(
    ctx.db
      .selectFrom('messages')
      .innerJoin('devices', 'devices.device_id', 'messages.device_id')
      .selectAll('messages')
      .select('root_id')
      .where('messages.device_id', '=', deviceId)
      .where(isPending)
      .where('messages.record_id', '>', after)
      .orderBy('messages.record_id')
      .limit(limit),
  );
  return rows.map((row) => messageDownlink(newMessageOf(row), asId<DeviceId>(row.root_id)));
}

/** Children looked at in one step; a gateway may have 50,000. */
const childrenPerStep = 1000;

function* listWaitingChildren(
  rootId: DeviceId,
  after: string,
): Program<{ readonly deviceIds: readonly DeviceId[]; readonly next: DeviceId | undefined }> {
  const rows = yield* all<{ device_id: string; waiting: number }>({
    sql: `SELECT d.device_id, CASE WHEN d.connectivity = 'ONLINE' AND EXISTS (
        SELECT 1 FROM messages m WHERE m.device_id = d.device_id AND m.status = 'PENDING') THEN 1 ELSE 0 END AS waiting
      FROM devices d WHERE d.root_id = ? AND d.parent_id IS NOT NULL AND d.device_id > ? ORDER BY d.device_id LIMIT ?`,
    parameters: [rootId, after, childrenPerStep],
  });
  const last = rows.length < childrenPerStep ? undefined : rows.at(-1);
  const waiting = rows.filter((row) => row.waiting === 1);
  return {
    deviceIds: waiting.map((row) => asId<DeviceId>(row.device_id)),
    next: last && asId<DeviceId>(last.device_id),
  };
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
  if (row === undefined) return undefined;
  yield* publishMessageStatuses(ctx, [row]);
  return newMessageOf(row);
}

/** Those of a run end by the run's own deadline. What is not delivered in its time was not reachable (device 6.3). */
function* expire(ctx: SqlContext, now: number, limit: number): Program<number> {
  const { code, message } = causeOf('deviceOffline');
  const expired = yield* all<ChangedMessage>({
    sql: `UPDATE messages SET status = 'TIMEOUT', finished_at = ?, error_code = coalesce(error_code, ?),
        error_message = coalesce(error_message, ?)
      WHERE (device_id, message_id) IN (SELECT device_id, message_id FROM messages
        WHERE status = 'PENDING' AND task_no IS NULL AND expires_at <= ? ORDER BY expires_at LIMIT ?)
      RETURNING device_id, message_id`,
    parameters: [now, code, message, now, limit],
  });
  yield* publishMessageStatuses(ctx, expired);
  return expired.length;
}

function* purge(finishedBefore: number, limit: number): Program<number> {
  return yield* change({
    sql: `DELETE FROM messages WHERE (device_id, message_id) IN (SELECT device_id, message_id FROM messages
      WHERE finished_at IS NOT NULL AND finished_at < ? ORDER BY finished_at LIMIT ?)`,
    parameters: [finishedBefore, limit],
  });
}
