import type { DeviceId } from '../../../domain/ids.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../domain/json.ts';
import type { Random } from '../../../ports/random.ts';
import type { Family } from '../../../services/device-side/family.ts';
import { decodeJsonObject } from '../../../services/device-side/decode/json-payload.ts';
import type { UplinkCall, UplinkHandler } from '../uplink-call.ts';
import type { EventHandler, EventHandlers } from './event-call.ts';

export interface EventsUpParts {
  readonly family: Family;
  readonly random: Pick<Random, 'uuid'>;
  /** By `service_id`. */
  readonly services: Readonly<Record<string, EventHandlers>>;
}

/** `events/up` (device 3.3): any number of entries, each handled on its own, in their order. */
export function createEventsUpHandler(parts: EventsUpParts): UplinkHandler {
  return async (uplink) => {
    const body = decodeJsonObject(uplink.payload);
    const entries = body?.['services'];
    if (!Array.isArray(entries)) return uplink.drop('bad-payload');
    const deviceId = await parts.family.resolve(uplink.session.device, body?.['object_device_id']);
    if (deviceId === undefined) return uplink.drop('foreign-device');
    for (const entry of entries as readonly Json[]) await handleEntry(parts, { uplink, deviceId, entry });
  };
}

async function handleEntry(
  { services, random }: EventsUpParts,
  { uplink, deviceId, entry }: { uplink: UplinkCall; deviceId: DeviceId; entry: Json },
): Promise<void> {
  const event = decodeEntry(entry);
  if (event === undefined) return uplink.drop('bad-payload');
  const handler = findHandler(services, event);
  if (handler === undefined) return uplink.drop('not-served');
  const { serviceId, eventId, paras } = event;
  await handler({
    uplink,
    deviceId,
    paras,
    answer: (eventType, answerParas) =>
      uplink.answer(deviceId, {
        kind: 'event',
        serviceId,
        eventType,
        eventId: eventId ?? random.uuid(),
        paras: answerParas,
      }),
  });
}

interface Entry {
  readonly serviceId: string;
  readonly eventType: string;
  readonly eventId: string | undefined;
  readonly paras: JsonObject;
}

const eventIdMax = 256;

function decodeEntry(entry: Json): Entry | undefined {
  if (!isJsonObject(entry)) return undefined;
  const { service_id: serviceId, event_type: eventType, event_id: eventId } = entry;
  const paras = entry['paras'] ?? {};
  if (typeof serviceId !== 'string' || typeof eventType !== 'string' || !isJsonObject(paras)) return undefined;
  // Python sends an empty one (device 11.1).
  const isGiven = typeof eventId === 'string' && eventId !== '' && eventId.length <= eventIdMax;
  return { serviceId, eventType, eventId: isGiven ? eventId : undefined, paras };
}

function findHandler(services: EventsUpParts['services'], { serviceId, eventType }: Entry): EventHandler | undefined {
  if (!Object.hasOwn(services, serviceId)) return undefined;
  const handlers = services[serviceId];
  return handlers !== undefined && Object.hasOwn(handlers, eventType) ? handlers[eventType] : undefined;
}
