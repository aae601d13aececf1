import { createDecoder, type SchemaNode, schemaNode } from '@muster/contract';
import type { EndpointSchemas } from '@muster/contract/v5';

/** What is wrong about an answer's body; undefined: it has the shape. Also finds what the schema does not know at all. */
export function shapeFault(schema: NonNullable<EndpointSchemas['response']>, body: unknown): string | undefined {
  const result = createDecoder(schema)(body);
  if (!result.ok) return result.errors.map(({ message }) => message).join(' ');
  const [first] = strangers(schemaNode(schema), body, '');
  return first;
}

/** Members that no schema has, and nulls where the contract wants the key left out (v5 1, Keys). */
function* strangers(node: SchemaNode, value: unknown, path: string): Generator<string> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      if (node.items !== undefined) yield* strangers(node.items, item, `${path}[${index}]`);
    }
    return;
  }
  if (node.properties === undefined || typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    const child = node.properties[key];
    const childPath = path === '' ? key : `${path}.${key}`;
    if (child === undefined) {
      if (node.additionalProperties !== true) yield `'${childPath}' is in no schema`;
    } else if (member === null && !admitsNull(child)) yield `'${childPath}' is null instead of absent`;
    else yield* strangers(child, member, childPath);
  }
}

function admitsNull(node: SchemaNode): boolean {
  // A node without any type is free JSON.
  if (node.type === undefined && node.anyOf === undefined) return true;
  return node.type === 'null' || (node.anyOf ?? []).some(admitsNull);
}
