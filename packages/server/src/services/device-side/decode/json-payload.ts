import { isJsonObject, type Json, type JsonObject } from '../../../domain/json.ts';

/** Deeper than any device's document, and far from what would exhaust the stack of whoever walks it. */
const depthMax = 32;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Undefined: not JSON, or JSON that nothing good is made of: too deep, or with a key that means something to JavaScript. */
export function decodeJson(payload: Buffer): Json | undefined {
  let value: Json;
  try {
    value = JSON.parse(utf8.decode(payload)) as Json;
  } catch {
    return undefined;
  }
  return isHarmless(value, depthMax) ? value : undefined;
}

export function decodeJsonObject(payload: Buffer): JsonObject | undefined {
  const value = decodeJson(payload);
  return isJsonObject(value) ? value : undefined;
}

function isHarmless(value: Json, depthLeft: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depthLeft === 0) return false;
  if (isJsonObject(value) && Object.hasOwn(value, '__proto__')) return false;
  return Object.values(value).every((member: Json) => isHarmless(member, depthLeft - 1));
}
