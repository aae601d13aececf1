import { Problem } from '../../domain/problem.ts';
import { parseBasicTime } from '../../domain/time.ts';
import { given } from './given.ts';

/** A ts-basic of a query, ms since epoch; empty is absent. Problems: invalidTime (000009). */
export function decodeTime(text: string | undefined, field: string): number | undefined {
  const wanted = given(text);
  if (wanted === undefined) return undefined;
  const ms = parseBasicTime(wanted);
  if (ms === undefined) throw new Problem('invalidTime', { field });
  return ms;
}
