import type { DeviceId } from '../../domain/ids.ts';
import type { PlainContent } from '../encode-downlink.ts';
import type { Session } from '../gateway-hooks.ts';
import type { DropReason } from '../reasons.ts';

/** One PUBLISH of a device in the hands of its handler. */
export interface UplinkCall {
  readonly session: Session;
  /** Without the tail behind `?`. */
  readonly topic: string;
  /** The `request_id` of the topic or of its tail. */
  readonly requestId: string | undefined;
  /** Whom the topic names: the session's device, or its child where device 9 lets it. */
  readonly topicDeviceId: string;
  /** Unpacked where it came packed. */
  readonly payload: Buffer;
  /** ms since epoch. */
  readonly receivedAt: number;
  /** Dropped and counted (device, Marks): what the device sent has no effect, its connection stays. */
  drop(reason: DropReason): void;
  /** Answers the device's own request: not held back by the delivery delay (device 4.4). */
  answer(deviceId: DeviceId, content: PlainContent): void;
}

/** Resolves when the effect is durable, or the uplink was dropped. Rejects only where the store does: the device sends again. */
export type UplinkHandler = (uplink: UplinkCall) => Promise<void>;
