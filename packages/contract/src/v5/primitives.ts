import { Type } from 'typebox';
import type { Static, TSchema, TString } from 'typebox';
import { charsString, shown } from '../primitives.ts';
import { defaulted } from '../schema.ts';

export { charsString, freeForm, oneOf, shown, string } from '../primitives.ts';

// v5, notation: the character sets behind ID(n), NAME(n), NAMES(n), TEXT(n), VER(n), TAG(n), each written as it stands inside a
// character class of a regular expression with the unicode flag. Han is \p{Script=Han}; lengths count code points.
const han = '\\p{Script=Han}';
export const idChars = 'A-Za-z0-9_-';
const verChars = 'A-Za-z0-9_.-';
const tagChars = `${han}A-Za-z0-9_.-`;
export const nameChars = `${han}A-Za-z0-9_?'#().,&%@!-`;
const namesChars = `${nameChars.slice(0, -1)} -`;
const textChars = `\\s${nameChars.slice(0, -1)};，、：；。/-`;

const nameWords = "Chinese characters, letters, digits and _?'#().,&%@!-";

/** ID(n). `min` 0 where an empty string means absent. */
export function id(max: number, description: string, min = 1): TString {
  return charsString({ chars: idChars, words: 'letters, digits, _ and -', description, min, max });
}

/** NAME(n). `min` is 1 where the name is required: an empty name is a missing one. */
export function name(max: number, description: string, min = 0): TString {
  return charsString({ chars: nameChars, words: nameWords, description, min, max });
}

/** NAMES(n): NAME with spaces. */
export function names(max: number, description: string, min = 0): TString {
  return charsString({ chars: namesChars, words: `${nameWords} and spaces`, description, min, max });
}

/** TEXT(n): NAME with white space and Chinese and plain punctuation. */
export function text(max: number, description: string): TString {
  const words = `${nameWords}, white space and ;，、：；。/`;
  return charsString({ chars: textChars, words, description, min: 0, max });
}

/** VER(n). */
export function ver(max: number, description: string): TString {
  return charsString({ chars: verChars, words: 'letters, digits, _ . and -', description, min: 1, max });
}

/** TAG(n). */
export function tag(max: number, description: string, min = 0): TString {
  const words = 'Chinese characters, letters, digits, _ . and -';
  return charsString({ chars: tagChars, words, description, min, max });
}

/** v5 1, `app_id`: absent or empty means the default application on create and all applications on list. */
export function appIdField(description: string): TString {
  return id(36, description, 0);
}

/** A time of a request. Its format answers 000009 and is checked in services, on the canonical command; here it is only a string. */
export function timeField(description: string): TString {
  return Type.String({ description, 'x-error-code': '000009' });
}

/** The same schema, its violations answering another code than 000006. */
export function withErrorCode<S extends TSchema>(schema: S, code: string): S {
  return Type.With(schema, { 'x-error-code': code }) as unknown as S;
}

// v5 1, Paging. The ranges (limit 1..50 -> 000017, marker and offset -> 000018) are checked in services; ShowBatchTask's offset has
// no upper bound.
export const pagingQuery = {
  limit: defaulted(Type.Integer({ description: 'Entries per page, 1 to 50.', 'x-error-code': '000017' }), 10),
  marker: defaulted(
    Type.String({
      description: 'Record id (24 hex) of the last entry of the page before; only older records follow.',
      'x-error-code': '000018',
    }),
    'ffffffffffffffffffffffff',
  ),
  offset: defaulted(
    Type.Integer({ description: 'Entries to skip behind the marker, 0 to 500.', 'x-error-code': '000018' }),
    0,
  ),
};

const count = Type.Integer({ description: 'All matches, whatever marker and offset.' });
const marker = Type.Union([Type.String(), Type.Null()], {
  description: "Record id of this page's last entry; null on an empty page.",
});

/** v5 1: the `page` object of most lists. */
export const PageInfo = Type.Object({ count, marker }, { description: 'Where this page stands.' });
export type PageInfo = Static<typeof PageInfo>;

/** v5 1: lists of rules and actions carry `count` and `marker` at the top level. */
export const topLevelPage = { count, marker };

export const PagingQuery = Type.Object(pagingQuery);
export type PagingQuery = Static<typeof PagingQuery>;

/** v5 3: every error, whatever its status. */
export const ErrorResponse = Type.Object({
  error_code: shown('`IOTDA.` and six digits.'),
  error_msg: shown('A sentence that says what is wrong and names the field.'),
});
export type ErrorResponse = Static<typeof ErrorResponse>;

/** An error inside a result. */
export const ResultError = Type.Object(
  { error_code: shown('`IOTDA.` and six digits.'), error_msg: shown('What went wrong.') },
  { description: 'Why it failed.' },
);
export type ResultError = Static<typeof ResultError>;
