import type { Selectable } from 'kysely';
import { asId, type DeviceId, type MessageId, type RecordId } from '../../../domain/ids.ts';
import type { Message, MessageRequest, NewMessage } from '../../../domain/message.ts';
import type { RunRef } from '../../../domain/request-id.ts';
import type { MessagesTable } from '../tables.ts';

export type MessageRow = Selectable<MessagesTable>;

/** Tells messages apart; neither id can hold a slash. */
export const messageKey = ({ deviceId, messageId }: Pick<NewMessage, 'deviceId' | 'messageId'>): string =>
  `${deviceId}/${messageId}`;

export function newMessageOf(row: MessageRow): NewMessage {
  return {
    recordId: asId<RecordId>(row.record_id),
    deviceId: asId<DeviceId>(row.device_id),
    messageId: asId<MessageId>(row.message_id),
    request: JSON.parse(row.request) as MessageRequest,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    run: runOf(row),
  };
}

export function messageOf(row: MessageRow): Message {
  const { error_code: code, error_message: message } = row;
  return {
    ...newMessageOf(row),
    status: row.status,
    cause: code === null || message === null ? undefined : { code, message },
    finishedAt: row.finished_at ?? undefined,
  };
}

function runOf({ task_no, seq, attempt }: MessageRow): RunRef | undefined {
  return task_no === null || seq === null || attempt === null ? undefined : { taskNo: task_no, seq, attempt };
}
