import type { DeviceId, ProjectId } from '../ids.ts';
import type { Json, JsonObject } from '../json.ts';
import { type Message, messageTopic } from '../message.ts';
import { present } from '../present.ts';
import { toBasicTime } from '../time.ts';
import { noticeOf, type NoticeDevice } from './device-notices.ts';

/** What a device has sent to the applications. */
export interface ReceivedMessage {
  readonly projectId: ProjectId;
  readonly deviceId: DeviceId;
  /** Without the tail behind `?`. */
  readonly topic: string;
  readonly content: Json;
}

/** `device.message:report` (v5 15.5). */
export const receivedNotice = (device: NoticeDevice, { topic, content }: ReceivedMessage): JsonObject =>
  noticeOf(device, { topic, content });

/** `device.message.status:update`: the end of a message to a device. */
export const messageStatusNotice = (
  device: NoticeDevice & { readonly rootId: DeviceId },
  {
    messageId,
    request,
    status,
    finishedAt,
  }: Pick<Message, 'messageId' | 'request' | 'status'> & { finishedAt: number },
): JsonObject =>
  noticeOf(
    device,
    present({
      name: request.name,
      topic: messageTopic(device.rootId, request),
      message_id: messageId,
      status,
      timestamp: toBasicTime(finishedAt),
    }),
  );
