import { isJsonObject, type JsonObject } from '../../domain/json.ts';
import type { DeviceMessages, MessageContent } from '../../services/device-side/device-messages.ts';
import type { Family } from '../../services/device-side/family.ts';
import { decodeText } from './fields.ts';
import { decodeJson } from './json-payload.ts';
import type { UplinkHandler } from './uplink-call.ts';

const textMax = 256;

/** `messages/up` (device 3.2): the system format, or any bytes. */
export function createMessagesUpHandler(messages: DeviceMessages, family: Family): UplinkHandler {
  return async ({ session, topic, payload, requestId, receivedAt, drop }) => {
    const body = decodeStandard(payload);
    const deviceId = await family.resolve(session.device, body?.['object_device_id']);
    if (deviceId === undefined) return drop('foreign-device');
    const content: MessageContent = body === undefined ? { kind: 'raw', bytes: payload } : contentOf(body);
    await messages.onMessage({ deviceId, product: session.device, topic, requestId, receivedAt, content });
  };
}

const openingBrace = 0x7b;

/** Undefined: not in the system format. */
function decodeStandard(payload: Buffer): JsonObject | undefined {
  if (!payload.subarray(0, 64).includes(openingBrace)) return undefined;
  const body = decodeJson(payload);
  return isJsonObject(body) && body['content'] !== undefined ? body : undefined;
}

function contentOf(body: JsonObject): MessageContent {
  const [name, id] = [decodeText(body['name'], textMax), decodeText(body['id'], textMax)];
  return {
    kind: 'standard',
    name: typeof name === 'string' ? name : undefined,
    id: typeof id === 'string' ? id : undefined,
    content: body['content'] ?? null,
  };
}
