import type { Json } from '../json.ts';
import type { Steps } from './steps.ts';

/** Undefined: unknown, which is what is absent, null, or was made of something unknown or unfit. */
export type Value = Json | undefined;

/** Longer texts are not made: a rule within a rule would multiply what a device sends. */
export const textCharsMax = 1_048_576;

const numeral = /^-?[0-9]+(?:\.[0-9]+)?$/;

export function numberOf(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && numeral.test(value) ? Number(value) : undefined;
}

export function textOf(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

export function concatenation(left: Value, right: Value, steps: Steps): string | undefined {
  const [a, b] = [textOf(left), textOf(right)];
  if (a === undefined || b === undefined) return undefined;
  const length = a.length + b.length;
  return length > textCharsMax || !steps.take(length) ? undefined : a + b;
}
