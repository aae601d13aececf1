import { isUtf8 } from 'node:buffer';
import type { DeviceId } from '../../domain/ids.ts';
import type { Json } from '../../domain/json.ts';
import type { ReceivedMessage } from '../../domain/notices/message-notices.ts';
import { present } from '../../domain/present.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { EventStore } from '../../ports/store/push-store.ts';
import { createBatcher } from '../batcher.ts';
import type { ProductRef } from './user-topics.ts';

/** What a device sent on its message topic, a user topic or a free topic (device 3.1, 3.2). */
export interface DeviceMessage {
  /** Whom it is from: the device or, where its gateway named it, a child. */
  readonly deviceId: DeviceId;
  readonly product: ProductRef;
  /** Without the tail behind `?`. */
  readonly topic: string;
  readonly requestId: string | undefined;
  /** ms since epoch. */
  readonly receivedAt: number;
  readonly content: MessageContent;
}

export type MessageContent =
  | { readonly kind: 'raw'; readonly bytes: Buffer }
  | {
      readonly kind: 'standard';
      readonly name: string | undefined;
      readonly id: string | undefined;
      readonly content: Json;
    };

/** Where messages of devices go; resolves when they are safe. */
export interface DeviceMessages {
  onMessage(message: DeviceMessage): Promise<void>;
}

/** Of all devices together in one transaction, and waiting for it. */
const batchMax = 100;
const waitingMax = 5000;

/** To the rules that listen: what comes at the same time is one transaction (v5 15.5). */
export function createDeviceMessages({
  events,
  metrics,
}: {
  readonly events: EventStore;
  readonly metrics: Pick<Metrics, 'count'>;
}): DeviceMessages {
  const batcher = createBatcher<ReceivedMessage, void>({
    run: async (messages) => {
      await events.received(messages);
      return messages.map(() => Promise.resolve());
    },
    batchMax,
    waitingMax,
  });
  return {
    onMessage({ deviceId, product: { projectId }, topic, content }) {
      metrics.count('muster_device_messages_total', { kind: content.kind });
      return batcher.add({ projectId, deviceId, topic, content: contentOf(content) });
    },
  };
}

/** v5 15.5: JSON as it is, other text as text, other bytes in Base64. */
function contentOf(content: MessageContent): Json {
  if (content.kind === 'standard') return present({ name: content.name, id: content.id, content: content.content });
  const { bytes } = content;
  if (!isUtf8(bytes)) return bytes.toString('base64');
  const text = bytes.toString('utf8');
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
