import { Type } from 'typebox';
import type { TString } from 'typebox';

// What both generations say of text.

/** Inclusive bounds of a length in code points. */
export interface LengthBounds {
  readonly min: number;
  readonly max: number;
}

/** An anchored pattern: `min` to `max` code points of `chars`. Needs the unicode flag, which TypeBox and JSON Schema set. */
function charsPattern(chars: string, { min, max }: LengthBounds): string {
  return `^[${chars}]{${min},${max}}$`;
}

export interface CharsOptions extends LengthBounds {
  readonly chars: string;
  /** The characters in words, for the sentence of an error. */
  readonly words: string;
  readonly description: string;
}

/** A string of `min` to `max` code points of the given characters. */
export function charsString({ chars, words, description, min, max }: CharsOptions): TString {
  const length = min === 0 ? `at most ${max}` : min === max ? String(max) : `${min} to ${max}`;
  return Type.String({
    description,
    pattern: charsPattern(chars, { min, max }),
    'x-rule': `${length} characters of ${words}`,
  });
}

/** Any string of at most `max` code points. NUL is kept by few databases, and half a surrogate pair is no character of any. */
export function string(max: number, description: string, min = 0): TString {
  return Type.String({
    description,
    maxLength: max,
    ...(min > 0 ? { minLength: min } : {}),
    pattern: '^[^\\u0000\\ud800-\\udfff]*$',
    'x-rule': 'text without NUL and without half a surrogate pair',
  });
}

/** One of a closed set of spellings. */
export function oneOf<const Values extends string[]>(values: readonly [...Values], description: string) {
  return Type.Enum(values, { type: 'string', description });
}

/** A string of a response: nothing to check, its meaning only. */
export function shown(description: string): TString {
  return Type.String({ description });
}

/** An object that is handed on without being understood, nulls and unknown keys included. */
export function freeForm(description: string) {
  return Type.Record(Type.String(), Type.Unknown(), { description });
}
