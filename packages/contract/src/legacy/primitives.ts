import { Type } from 'typebox';
import type { TProperties, TSchema } from 'typebox';

export { oneOf, shown, string } from '../primitives.ts';

/** A member of an answer that is there always, null without a value (legacy 1.3). */
export function orNull<S extends TSchema>(schema: S, description: string) {
  return Type.Union([schema, Type.Null()], { description });
}

/** Text of an answer that is there always, null without a value. */
export const textOrNull = (description: string) => orNull(Type.String(), description);

/** An integer of an answer: always a number (legacy 1.3). */
export const count = (description: string) => Type.Integer({ description });

/** Entries of an answer. */
export const listOf = <P extends TProperties>(members: P, description: string) =>
  Type.Array(Type.Object(members), { description });
