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

/** The full topic that a message asks for; undefined: the default message topic (v5 9). */
export function topicOf(deviceId: DeviceId, request: MessageRequest): string | undefined {
  if (request.topicFullName !== undefined) return request.topicFullName;
  return request.topic === undefined ? undefined : `$oc/devices/${deviceId}/user/${request.topic}`;
}

export const pendingMessagesMax = 20;
export const messageTtlMinutesMax = 1440;
