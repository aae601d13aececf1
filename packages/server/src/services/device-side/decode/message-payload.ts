import { isJsonObject, type JsonObject } from '../../../domain/json.ts';
import type { MessageContent } from '../device-messages.ts';
import { decodeText } from './fields.ts';
import { decodeJson } from './json-payload.ts';

export interface DecodedMessage {
  readonly content: MessageContent;
  /** Whom the sender means, as it was written; undefined in raw messages. */
  readonly objectDeviceId: unknown;
}

/** The payload of `messages/up` (device 3.2): the system format, or any bytes. */
export function decodeMessage(payload: Buffer): DecodedMessage {
  const body = decodeStandard(payload);
  if (body === undefined) return { content: { kind: 'raw', bytes: payload }, objectDeviceId: undefined };
  return { content: contentOf(body), objectDeviceId: body['object_device_id'] };
}

const textMax = 256;
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
