import { Type } from 'typebox';
import type { Static, TArray, TObject, TOptional, TProperties, TSchema } from 'typebox';

/** A property that a client may leave out and that a decoder then fills: optional in requests, always there once decoded. */
export type TDefaulted<S extends TSchema = TSchema> = TOptional<S> & { default: unknown };

/** Marks `schema` as optional with a default; its decoded type has the property always. */
export function defaulted<S extends TSchema>(schema: S, value: Static<S>): TDefaulted<S> {
  return Type.With(Type.Optional(schema), { default: value }) as unknown as TDefaulted<S>;
}

type PresentKey<P extends TProperties> = {
  [K in keyof P]: P[K] extends TOptional ? (P[K] extends TDefaulted ? K : never) : K;
}[keyof P];

type DecodedObject<P extends TProperties> = {
  [K in PresentKey<P>]: Decoded<P[K]>;
} & { [K in Exclude<keyof P, PresentKey<P>>]?: Decoded<P[K]> };

/** What a decoder returns for a schema: its static type in which every defaulted property is present. */
export type Decoded<S extends TSchema> =
  S extends TObject<infer P>
    ? { [K in keyof DecodedObject<P>]: DecodedObject<P>[K] }
    : S extends TArray<infer Item>
      ? Decoded<Item>[]
      : Static<S>;

/**
 * The JSON Schema keywords that this package reads at run time, and five annotations of ours: `x-rule` says a pattern in words,
 * `x-error-code` names the code that a violation of this node answers instead of the generation's plain one, `x-too-many-code` that of a
 * list that is too long, `x-missing-code` that of a member that must be there (legacy alone), `x-only-with` the member
 * beside it that must be true, else it is ignored whatever it holds (legacy bodies alone).
 */
export interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly 'x-rule'?: string;
  readonly 'x-error-code'?: string;
  readonly 'x-too-many-code'?: string;
  readonly 'x-missing-code'?: string;
  readonly 'x-only-with'?: string;
}

/** TypeBox's types are opaque on purpose; at run time each is a plain JSON Schema. */
export function schemaNode(schema: TSchema): SchemaNode {
  return schema;
}

/** Whether a JSON value is an object: neither null nor a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
