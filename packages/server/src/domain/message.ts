import type { Downlink } from './downlink.ts';
import type { DeviceId, MessageId, RecordId } from './ids.ts';
import type { Json, JsonObject } from './json.ts';
import type { Cause } from './problem.ts';
import type { RunRef } from './request-id.ts';

export type MessageStatus = 'PENDING' | 'DELIVERED' | 'FAILED' | 'TIMEOUT';

/** v5 9, Message: what a caller or a task document asks for. */
export interface MessageRequest {
  readonly messageId?: MessageId;
  readonly name?: string;
  readonly message: Json;
  readonly properties?: JsonObject;
  readonly encoding: 'none' | 'base64';
  readonly format: 'standard' | 'raw';
  /** Suffix behind `$oc/devices/{device_id}/user/`. */
  readonly topic?: string;
  /** Wins over `topic`. */
  readonly topicFullName?: string;
  readonly ttlMinutes: number;
}

export interface NewMessage {
  readonly recordId: RecordId;
  readonly deviceId: DeviceId;
  readonly messageId: MessageId;
  readonly request: MessageRequest;
  readonly createdAt: number;
  /** ms since epoch; from then on it counts as TIMEOUT. */
  readonly expiresAt: number;
  readonly run: RunRef | undefined;
}

export interface Message extends NewMessage {
  readonly status: MessageStatus;
  readonly cause: Cause | undefined;
  readonly finishedAt: number | undefined;
}

/** How a message leaves for its device. Whatever is due for a child goes to its root's session and topic (device 4.7). */
export function messageDownlink(message: NewMessage, rootId: DeviceId): Downlink {
  const { recordId, deviceId, messageId, request, run } = message;
  const { name, message: content, encoding, format, ttlMinutes } = request;
  const topic = topicOf(rootId, request);
  const cached = ttlMinutes > 0;
  return {
    deviceId,
    rootId,
    content: { kind: 'message', recordId, messageId, name, content, encoding, format, topic, cached, run },
  };
}

/** The full topic that a message asks for; undefined: the default message topic (v5 9). */
function topicOf(rootId: DeviceId, request: MessageRequest): string | undefined {
  if (request.topicFullName !== undefined) return request.topicFullName;
  return request.topic === undefined ? undefined : `$oc/devices/${rootId}/user/${request.topic}`;
}

/** The full topic that a message goes to. */
export const messageTopic = (rootId: DeviceId, request: MessageRequest): string =>
  topicOf(rootId, request) ?? `$oc/devices/${rootId}/sys/messages/down`;

/** When a message counts as TIMEOUT (device 6.3). */
export function messageExpiry({ ttlMinutes }: Pick<MessageRequest, 'ttlMinutes'>, createdAt: number): number {
  return createdAt + (ttlMinutes === 0 ? uncachedMs : ttlMinutes * minuteMs);
}

const minuteMs = 60_000;
/** How long a message without a cache time may take to be acknowledged: longer than all its sends (device 6.3). */
const uncachedMs = 30_000;

export const pendingMessagesMax = 20;
export const messageTtlMinutesMax = 1440;
