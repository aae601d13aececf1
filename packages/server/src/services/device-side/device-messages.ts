import type { DeviceId } from '../../domain/ids.ts';
import type { Json } from '../../domain/json.ts';
import type { Metrics } from '../../ports/metrics.ts';
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

/** Messages of devices are counted and have no other effect. */
export function createCountedMessages(metrics: Pick<Metrics, 'count'>): DeviceMessages {
  return {
    onMessage(message) {
      metrics.count('muster_device_messages_total', { kind: message.content.kind });
      return Promise.resolve();
    },
  };
}
