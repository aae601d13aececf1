import { isJsonObject, type JsonObject } from '../../domain/json.ts';

/** Flags are 0 or 1. */
export const flagOf = (value: boolean): 0 | 1 => (value ? 1 : 0);

/** A column of JSON objects; anything else in it is a damaged database. */
export function objectOf(text: string): JsonObject {
  const value: unknown = JSON.parse(text);
  if (!isJsonObject(value)) throw new Error('A stored JSON column holds no object.');
  return value;
}

export const objectOrUndefined = (text: string | null): JsonObject | undefined =>
  text === null ? undefined : objectOf(text);

export const orUndefined = <Value>(value: Value | null): Value | undefined => value ?? undefined;
export const orNull = <Value>(value: Value | undefined): Value | null => value ?? null;

/** The only one of `rows`; its absence is a defect, e.g. a row that this transaction has just written. */
export function present<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new Error('A row that must exist is missing.');
  return row;
}
