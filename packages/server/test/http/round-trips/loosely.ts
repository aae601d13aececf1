import type { SchemaNode } from '@muster/contract';
import { isJsonObject } from '../../../src/domain/json.ts';

/**
 * A value as an old client may write it (legacy 1.2): null for what is not there, numbers and booleans as text, members that nobody knows.
 * `coin` decides each time.
 */
export function loosely(node: SchemaNode, value: unknown, coin: () => boolean): unknown {
  if (Array.isArray(value))
    return value.map((item: unknown) => (node.items === undefined ? item : loosely(node.items, item, coin)));
  if (isJsonObject(value)) return looseMembers(node, value, coin);
  const isText = (typeof value === 'number' || typeof value === 'boolean') && coin();
  return isText ? String(value) : value;
}

function looseMembers(
  { properties }: SchemaNode,
  value: Readonly<Record<string, unknown>>,
  coin: () => boolean,
): unknown {
  // What is free keeps its values.
  if (properties === undefined) return coin() ? { ...value, nothing: null } : value;
  const members = Object.entries(properties).flatMap(([name, child]): [string, unknown][] => {
    if (Object.hasOwn(value, name)) return [[name, loosely(child, value[name], coin)]];
    return coin() ? [[name, null]] : [];
  });
  return Object.fromEntries(coin() ? [['unheardOf', { deep: [1] }], ...members] : members);
}
