import type { TObject, TSchema } from 'typebox';
import { Compile } from 'typebox/schema';
import type { DecodeError } from './decode-error.ts';
import { createErrorFinder } from './find-errors.ts';
import { isObject, schemaNode } from './schema.ts';
import type { Decoded, SchemaNode } from './schema.ts';

export type DecodeResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly errors: readonly [DecodeError, ...DecodeError[]] };

/** Never throws and never changes its argument. */
export type Decoder<T> = (input: unknown) => DecodeResult<T>;

/**
 * A decoder for JSON bodies (v5 1, Keys): null members are absent, unknown keys are dropped, schema defaults are filled, no type is
 * ever coerced. Free-form objects (records, `unknown`) are handed on whole, nulls included. Lengths count code points.
 */
export function createDecoder<S extends TSchema>(schema: S): Decoder<Decoded<S>> {
  return decoderOf<S>(schema, (input) => input);
}

/**
 * A decoder for query strings: as `createDecoder`, but text becomes an integer or boolean where the schema wants one, and only if
 * the whole text is one (`limit=abc` and `limit=1e1` are errors). A repeated key arrives as a list and is an error, too. An empty text is
 * an absent member where that may be absent and has no default (v5 1, Query).
 */
export function createQueryDecoder<S extends TObject>(schema: S): Decoder<Decoded<S>> {
  return decoderOf<S>(schema, (input) => coerceMembers(schemaNode(schema), input));
}

function decoderOf<S extends TSchema>(schema: S, prepare: (input: unknown) => unknown): Decoder<Decoded<S>> {
  const validator = Compile(schema);
  const root = schemaNode(schema);
  const findErrors = createErrorFinder(root);
  return (input) => {
    const value = normalize(root, prepare(input));
    if (validator.Check(value)) return { ok: true, value: value as Decoded<S> };
    const [first, ...rest] = findErrors(value);
    return { ok: false, errors: [first ?? { path: '', message: 'The request body is not valid.' }, ...rest] };
  };
}

function normalize(node: SchemaNode, value: unknown): unknown {
  if (node.properties !== undefined && isObject(value)) return normalizeObject(node, node.properties, value);
  const items = node.items;
  // Lists of scalars stay as they are: 30,000 targets need no copy.
  if (items === undefined || !isStructured(items) || !Array.isArray(value)) return value;
  return value.map((item) => normalize(items, item));
}

function normalizeObject(
  node: SchemaNode,
  properties: Readonly<Record<string, SchemaNode>>,
  value: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  // Spread defines own properties, so that a member called __proto__ stays a member.
  const result: Record<string, unknown> = node.additionalProperties === true ? { ...value } : {};
  for (const [key, child] of Object.entries(properties)) {
    const given = Object.hasOwn(value, key) ? value[key] : undefined;
    const present = given === null && !admitsNull(child) ? undefined : given;
    const filled = present === undefined ? child.default : present;
    if (filled === undefined) delete result[key];
    else result[key] = normalize(child, filled);
  }
  return result;
}

function coerceMembers(node: SchemaNode, input: unknown): unknown {
  if (!isObject(input)) return input;
  const entries = Object.entries(node.properties ?? {})
    .filter(([key, child]) => Object.hasOwn(input, key) && !(input[key] === '' && mayBeEmpty(node, key, child)))
    .map(([key, child]) => [key, coerce(child, input[key])] as const);
  return Object.fromEntries(entries);
}

/** A filter that a form leaves empty is none; `limit=` and what must be there is wrong. */
function mayBeEmpty(node: SchemaNode, key: string, child: SchemaNode): boolean {
  return child.default === undefined && node.required?.includes(key) !== true;
}

function coerce(node: SchemaNode, text: unknown): unknown {
  if (typeof text !== 'string') return text;
  // 15 digits are always exact in a double.
  if (node.type === 'integer') return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
  // Clients in Python write True and False.
  if (node.type === 'boolean') return /^(true|false)$/i.test(text) ? text.toLowerCase() === 'true' : text;
  return text;
}

function isStructured(node: SchemaNode): boolean {
  return node.properties !== undefined || node.items !== undefined;
}

function admitsNull(node: SchemaNode): boolean {
  return node.type === 'null' || (node.anyOf ?? []).some(admitsNull);
}
