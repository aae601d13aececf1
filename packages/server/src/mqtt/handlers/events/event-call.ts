import type { DeviceId } from '../../../domain/ids.ts';
import type { JsonObject } from '../../../domain/json.ts';
import type { UplinkCall } from '../uplink-call.ts';

/** One entry of `events/up` in the hands of its handler (device 3.3). */
export interface EventCall {
  readonly uplink: UplinkCall;
  /** Whom it concerns: the device or, named by `object_device_id`, its child. */
  readonly deviceId: DeviceId;
  readonly paras: JsonObject;
  /** Answers with an event of the same service and `event_id`. */
  answer(eventType: string, paras: JsonObject): void;
}

export type EventHandler = (event: EventCall) => Promise<void>;

/** By `event_type`. */
export type EventHandlers = Readonly<Record<string, EventHandler>>;
