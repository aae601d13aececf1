import type { CommandRequest } from '../domain/command.ts';
import type { Downlink, DownlinkContent, DownMessage, ShadowChange } from '../domain/downlink.ts';
import type { DeviceId } from '../domain/ids.ts';
import type { JsonObject } from '../domain/json.ts';
import { toBasicTime } from '../domain/time.ts';

/** Messages have an encoding of their own (device 6.3); a change of the shadow becomes a `properties-set`. */
export type PlainContent = Exclude<DownlinkContent, DownMessage | ShadowChange>;

export interface EncodedDownlink {
  readonly topic: string;
  readonly payload: string;
}

/** On the topics of whoever has the session, with the device that is meant always named (device 3.2). `now` in ms. */
export function encodeDownlink(
  { deviceId, rootId }: Pick<Downlink, 'deviceId' | 'rootId'>,
  content: PlainContent,
  now: number,
): EncodedDownlink {
  const { suffix, body } = encodeContent(content, now);
  return {
    topic: `$oc/devices/${rootId}/sys/${suffix}`,
    payload: JSON.stringify({ object_device_id: deviceId satisfies DeviceId, ...body }),
  };
}

function encodeContent(content: PlainContent, now: number): { suffix: string; body: JsonObject } {
  switch (content.kind) {
    case 'command':
      return { suffix: `commands/request_id=${content.requestId}`, body: encodeCommand(content) };
    case 'async-command':
      return { suffix: `commands/request_id=${content.commandId}`, body: encodeCommand(content) };
    case 'properties-set':
      return { suffix: `properties/set/request_id=${content.requestId}`, body: { services: content.services } };
    case 'properties-get':
      return { suffix: `properties/get/request_id=${content.requestId}`, body: { service_id: content.serviceId } };
    case 'shadow':
      return { suffix: `shadow/get/response/request_id=${content.requestId}`, body: { shadow: content.shadow } };
    case 'event':
      return { suffix: 'events/down', body: { services: [encodeEvent(content, now)] } };
  }
}

function encodeCommand({ serviceId, commandName, paras }: CommandRequest): JsonObject {
  const service = serviceId === undefined ? {} : { service_id: serviceId };
  const command = commandName === undefined ? {} : { command_name: commandName };
  return { ...service, ...command, paras };
}

/** device 3.3: one entry per publish, because the C library drops more than three. */
function encodeEvent(event: Extract<PlainContent, { kind: 'event' }>, now: number): JsonObject {
  const { serviceId, eventType, eventId, paras } = event;
  return {
    service_id: serviceId,
    event_type: eventType,
    event_time: toBasicTime(now),
    ...(eventId === undefined ? {} : { event_id: eventId }),
    paras,
  };
}
