import { parseBasicTime } from '../../domain/time.ts';
import { LegacyError } from './legacy-error.ts';

/** A time of a query (legacy 1.4), ms since epoch. Undefined: it is absent. `code`: what a wrong one answers. */
export function decodeTime(text: string | undefined, name: string, code: string): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseBasicTime(text);
  if (ms === undefined) {
    throw new LegacyError(code, { detail: `The parameter '${name}' must be a time, yyyyMMdd'T'HHmmss'Z'.` });
  }
  return ms;
}

/** A bound that counts to the end of its second: times are told in seconds, and what was made in the last one is meant, too. */
export function decodeEnd(text: string | undefined, name: string, code: string): number | undefined {
  const ms = decodeTime(text, name, code);
  return ms === undefined ? undefined : ms + 999;
}
