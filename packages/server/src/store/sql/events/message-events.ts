import { asId, type MessageId } from '../../../domain/ids.ts';
import { messageStatusNotice, receivedNotice } from '../../../domain/notices/message-notices.ts';
import type { ReceivedMessage } from '../../../domain/notices/message-notices.ts';
import { newMessageOf } from '../messages/message-codec.ts';
import { all, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { eventDevices, occurrenceOf, projectsOf, publishOfDevices } from './device-events.ts';
import { publish } from './publish.ts';

/** `device.message:report` (device 3.1, 3.2). */
export function* publishReceived(ctx: SqlContext, messages: readonly ReceivedMessage[]): Program<void> {
  const projectIds = [...new Set(messages.map(({ projectId }) => projectId))];
  const happening = { subject: 'device.message:report', projectIds } as const;
  yield* publishOfDevices(ctx, happening, { events: messages, notice: receivedNotice });
}

export interface ChangedMessage {
  readonly device_id: string;
  readonly message_id: string;
}

/** `device.message.status:update` of messages that have just ended. */
export function* publishMessageStatuses(
  ctx: SqlContext,
  changed: readonly ChangedMessage[],
  projectId?: string,
): Program<void> {
  if (changed.length === 0) return;
  const events = changed.map((row) => ({ deviceId: row.device_id, messageId: asId<MessageId>(row.message_id) }));
  const projectIds = projectId === undefined ? yield* projectsOf(ctx, events) : [projectId];
  yield* publish(ctx, { subject: 'device.message.status:update', projectIds }, function* () {
    const devices = yield* eventDevices(ctx, events);
    const asked = ctx.dialect.rows(
      { device_id: 'text', message_id: 'text' },
      changed.map((row) => [row.device_id, row.message_id]),
    );
    const rows = yield* all<Parameters<typeof newMessageOf>[0]>({
      sql: `SELECT m.* FROM ${asked.from} ${ctx.dialect.orderedJoin} messages m
        ON m.device_id = r.device_id AND m.message_id = r.message_id ORDER BY m.record_id`,
      parameters: asked.parameters,
    });
    return rows.flatMap((row) => {
      const found = devices.get(row.device_id);
      if (found === undefined) return [];
      const ended = { ...newMessageOf(row), status: row.status, finishedAt: row.finished_at ?? row.created_at };
      const about = { kind: 'message', message: ended } as const;
      return [{ ...occurrenceOf(found, messageStatusNotice(found.device, ended)), about }];
    });
  });
}
