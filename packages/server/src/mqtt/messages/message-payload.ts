import type { DownMessage, Downlink } from '../../domain/downlink.ts';
import type { DeviceId, MessageId } from '../../domain/ids.ts';
import type { Json } from '../../domain/json.ts';
import type { RunRef } from '../../domain/request-id.ts';

/** A downlink that carries a message. */
export interface MessageDownlink extends Downlink {
  readonly content: DownMessage;
}

export function isMessageDownlink(downlink: Downlink): downlink is MessageDownlink {
  return downlink.content.kind === 'message';
}

/** What is remembered of a message that has left: all but its content, which may have 256 KB. */
export interface MessageMark {
  readonly deviceId: DeviceId;
  readonly messageId: MessageId;
  readonly topic: string;
  readonly cached: boolean;
  readonly run: RunRef | undefined;
}

export function markOf({ deviceId, rootId, content }: MessageDownlink): MessageMark {
  const { messageId, cached, run } = content;
  // device 6.3: the topic asked for, or the default one of whoever's session carries it.
  const topic = content.topic ?? `$oc/devices/${rootId}/sys/messages/down`;
  return { deviceId, messageId, topic, cached, run };
}

/** Tells messages of one session apart; a retried run may send another one under the same id. */
export function keyOf({ deviceId, messageId, run }: MessageMark): string {
  return `${deviceId}/${messageId}/${run?.attempt ?? 0}`;
}

/** device 6.3: raw bytes, or the JSON of 3.2 without `name` where there is none. */
export function encodeMessagePayload({ deviceId, content: message }: MessageDownlink): Buffer {
  const { content, encoding, format, messageId, name } = message;
  if (format === 'raw') return Buffer.from(textOf(content), encoding === 'base64' ? 'base64' : 'utf8');
  const envelope = { object_device_id: deviceId, id: messageId, name, content: textOf(content) };
  return Buffer.from(JSON.stringify(envelope));
}

/** Python and Java recognise only string content, so anything else travels as its JSON text (device 6.3). */
const textOf = (content: Json): string => (typeof content === 'string' ? content : JSON.stringify(content));
