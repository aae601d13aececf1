import type { TSchema } from 'typebox';
import { isObject } from '../schema.ts';
import type { JsonObject } from './document.ts';

/** Writes schemas into a document: what the contract exports under a name becomes a component, once, and is referred to. */
export interface Components {
  /** The schema as it stands in the document: a reference where it has a name. */
  refer(schema: TSchema): JsonObject;
  /** Every schema that was referred to so far, by name. */
  readonly schemas: ReadonlyMap<string, JsonObject>;
}

/** `exported`: the schemas that have names, among whatever else. */
export function createComponents(exported: Readonly<Record<string, unknown>>): Components {
  const names = namesOfSchemas(exported);
  const schemas = new Map<string, JsonObject>();

  function refer(node: JsonObject): JsonObject {
    const name = names.get(JSON.stringify(node));
    if (name === undefined) return write(node);
    // Its place is taken before its members are looked at, so that a schema may hold itself.
    if (!schemas.has(name)) {
      schemas.set(name, {});
      schemas.set(name, write(node));
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  function write(node: JsonObject): JsonObject {
    return Object.fromEntries(Object.entries(node).flatMap(([keyword, value]) => keywordOf(keyword, value)));
  }

  function keywordOf(keyword: string, value: unknown): [string, unknown][] {
    if (keyword === 'properties' && isObject(value)) return [[keyword, mapValues(value, refer)]];
    if (keyword === 'items' && isObject(value)) return [[keyword, refer(value)]];
    if (keyword === 'anyOf' && Array.isArray(value)) return [[keyword, value.filter(isObject).map(refer)]];
    // How TypeBox says that an object is free: the plain way is understood by more readers.
    if (keyword === 'patternProperties') return [['additionalProperties', true]];
    return [[keyword, value]];
  }

  return { refer: (schema) => refer(plain(schema)), schemas };
}

/** TypeBox marks its schemas with members that JSON does not have. */
export function plain(schema: TSchema): JsonObject {
  return JSON.parse(JSON.stringify(schema)) as JsonObject;
}

/** Optional members are copies of the schema that they are made from, so that schemas are known by what they say. */
function namesOfSchemas(exported: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [name, value] of Object.entries(exported)) {
    if (!isObject(value) || value['type'] !== 'object' || !isObject(value['properties'])) continue;
    const text = JSON.stringify(value);
    if (!names.has(text)) names.set(text, name);
  }
  return names;
}

function mapValues(members: JsonObject, write: (node: JsonObject) => JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(members).map(([key, child]) => [key, isObject(child) ? write(child) : child]),
  );
}
