import { createHash } from 'node:crypto';
import type { Json } from '../../domain/json.ts';
import { isJsonObject } from '../../domain/json.ts';
import { invalid } from '../../domain/problem.ts';

/** v5 11.6: a key, and what tells its request from another. */
export interface RequestKey {
  readonly key: string;
  /** SHA-256 of the request's canonical JSON, lower hex. */
  readonly requestHash: string;
}

const visibleAscii = /^[\x21-\x7e]{1,128}$/;

/** `body` is the parsed JSON as it was sent. Problems: invalidInput. */
export function requestKeyOf(key: string, body: unknown): RequestKey {
  if (!visibleAscii.test(key)) throw invalid('Idempotency-Key', 'must be 1 to 128 visible ASCII characters');
  return {
    key,
    requestHash: createHash('sha256')
      .update(canonicalJson(body as Json))
      .digest('hex'),
  };
}

/** The same text for equal JSON: members in order of their names, numbers as JavaScript writes them. */
export function canonicalJson(value: Json): string {
  return JSON.stringify(value, (_key, member: Json) => (isJsonObject(member) ? sorted(member) : member));
}

function sorted(object: Readonly<Record<string, Json>>): Record<string, Json> {
  // No prototype: a member called __proto__ stays a member.
  const result: Record<string, Json> = Object.create(null) as Record<string, Json>;
  for (const key of Object.keys(object).sort()) result[key] = object[key] ?? null;
  return result;
}
