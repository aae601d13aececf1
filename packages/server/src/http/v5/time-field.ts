import { Problem } from '../../domain/problem.ts';
import { parseBasicTime } from '../../domain/time.ts';

/** A ts-basic of a query, ms since epoch. Problems: invalidTime (000009). */
export function decodeTime(text: string | undefined, field: string): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseBasicTime(text);
  if (ms === undefined) throw new Problem('invalidTime', { field });
  return ms;
}
