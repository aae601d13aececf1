import type { Json } from '../../../domain/json.ts';
import { parseBasicTime, parseMillisTime } from '../../../domain/time.ts';

/** What devices write into the members of their JSON: null and absent are the same, anything of a wrong type is `invalid`. */
export const invalid = Symbol('invalid');
export type Decoded<T> = T | undefined | typeof invalid;

/** Longer ones are invalid, and so are those with NUL or half a surrogate pair, which not every database keeps. */
export function decodeText(value: Json | undefined, charactersMax: number): Decoded<string> {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value.length > charactersMax || value.includes('\0') || !value.isWellFormed())
    return invalid;
  return value;
}

/** As `decodeText`; an empty text is none. */
export function decodeName(value: Json | undefined, charactersMax: number): Decoded<string> {
  const text = decodeText(value, charactersMax);
  return text === '' ? undefined : text;
}

const integerText = /^[+-]?\d{1,15}$/;

/** An integer, or a text of one (device 7.4). */
export function decodeInteger(value: Json | undefined): Decoded<number> {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && integerText.test(value)) return Number(value);
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : invalid;
}

/** device 3.2: anything but the two forms means the time of receipt. ms since epoch. */
export function decodeEventTime(value: Json | undefined, receivedAt: number): number {
  if (typeof value !== 'string') return receivedAt;
  return parseBasicTime(value) ?? parseMillisTime(value) ?? receivedAt;
}
