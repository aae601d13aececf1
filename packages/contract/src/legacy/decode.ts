import type { TObject, TSchema } from 'typebox';
import { Compile } from 'typebox/schema';
import type { DecodeResult, Decoder } from '../decode.ts';
import { createErrorFinder } from '../find-errors.ts';
import { isObject, schemaNode } from '../schema.ts';
import type { Decoded, SchemaNode } from '../schema.ts';
import { findMissing } from './find-missing.ts';

/**
 * A decoder for JSON bodies of old clients (legacy 1.2): null is absent at every depth, an empty list likewise where it may be absent,
 * integers may be decimal text, booleans `"true"` and `"false"`, text a number. Unknown members are dropped. In free-form objects members
 * that are null are dropped, too; elements of their lists stay. What must be there and is not comes before whatever else is wrong.
 */
export function createLegacyDecoder<S extends TSchema>(schema: S): Decoder<Decoded<S>> {
  return decoderOf<S>(schema, (node, input) => relax(node, input));
}

/**
 * A decoder for queries and forms, whose values are all text: as `createLegacyDecoder`, and an empty value, `null` and `None` mean absent,
 * booleans are `true false 1 0` in any case, and a value of a closed set is met in any case, `fail` and `failed` being the same (legacy 1.4).
 */
export function createLegacyQueryDecoder<S extends TObject>(schema: S): Decoder<Decoded<S>> {
  return decoderOf<S>(schema, (node, input) => relax(node, textMembers(node, input)));
}

type Relax = (node: SchemaNode, input: unknown) => unknown;

function decoderOf<S extends TSchema>(schema: S, prepare: Relax): Decoder<Decoded<S>> {
  const validator = Compile(schema);
  const root = schemaNode(schema);
  const findErrors = createErrorFinder(root);
  return (input): DecodeResult<Decoded<S>> => {
    const value = prepare(root, input);
    if (validator.Check(value)) return { ok: true, value: value as Decoded<S> };
    const missing = findMissing(root, value);
    const [first, ...rest] = findErrors(value);
    const wrong = first ?? { path: '', message: 'The request is not valid.' };
    return { ok: false, errors: missing === undefined ? [wrong, ...rest] : [missing, wrong, ...rest] };
  };
}

/** Undefined: absent. */
function relax(node: SchemaNode, value: unknown): unknown {
  if (value === null) return undefined;
  if (Array.isArray(value)) return node.items === undefined ? value.map(withoutNulls) : relaxItems(node.items, value);
  if (isObject(value)) return node.properties === undefined ? withoutNulls(value) : relaxMembers(node, value);
  return relaxScalar(node, value);
}

function relaxItems(items: SchemaNode, values: readonly unknown[]): unknown {
  // 30,000 ids need no copy.
  if (items.type === 'string' && values.every((value) => typeof value === 'string')) return values;
  // A place in a list cannot be absent: null stays, and is refused.
  return values.map((value) => (value === null ? null : relax(items, value)));
}

function relaxMembers(node: SchemaNode, value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(node.properties ?? {}).flatMap(([key, child]): [string, unknown][] => {
    const given = Object.hasOwn(value, key) && counts(node, child, value) ? relax(child, value[key]) : undefined;
    const isEmptyList = Array.isArray(given) && given.length === 0 && node.required?.includes(key) !== true;
    const filled = given === undefined || isEmptyList ? child.default : given;
    return filled === undefined ? [] : [[key, filled]];
  });
  return Object.fromEntries(entries);
}

function counts(node: SchemaNode, child: SchemaNode, value: Readonly<Record<string, unknown>>): boolean {
  const other = child['x-only-with'];
  const [otherNode, given] = other === undefined ? [] : [node.properties?.[other], value[other]];
  return otherNode === undefined || relax(otherNode, given) === true;
}

function relaxScalar({ type }: SchemaNode, value: unknown): unknown {
  // 15 digits are always exact in a double.
  if (type === 'integer' && typeof value === 'string' && /^-?\d{1,15}$/.test(value)) return Number(value);
  if (type === 'boolean' && typeof value === 'string' && /^(true|false)$/i.test(value)) {
    return value.toLowerCase() === 'true';
  }
  if (type === 'string' && typeof value === 'number') return String(value);
  return value;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const present = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(present.map(([key, member]) => [key, withoutNulls(member)]));
}

/** The members that the schema knows, without those that mean nothing. */
function textMembers(node: SchemaNode, input: unknown): unknown {
  if (!isObject(input)) return input;
  const entries = Object.entries(node.properties ?? {})
    .filter(([key]) => Object.hasOwn(input, key) && !meansAbsent(input[key]))
    .map(([key, child]) => [key, metText(child, input[key])] as const);
  return Object.fromEntries(entries);
}

const meansAbsent = (value: unknown): boolean => value === '' || value === 'null' || value === 'None';

function metText(node: SchemaNode, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (node.type === 'boolean' && (value === '1' || value === '0')) return value === '1';
  const wanted = plainState(value);
  return node.enum?.find((member) => typeof member === 'string' && plainState(member) === wanted) ?? value;
}

/** Legacy 1.4: filters are met in any case, and `fail` equals `failed`. */
function plainState(text: string): string {
  const lower = text.toLowerCase();
  return lower === 'failed' ? 'fail' : lower;
}
