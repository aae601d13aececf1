import type { DecodeError } from '../decode-error.ts';
import { isObject } from '../schema.ts';
import type { SchemaNode } from '../schema.ts';

/** The first member that must be there and is not, at any depth: legacy 1.5 looks for that before types and ranges. */
export function findMissing(node: SchemaNode, value: unknown, path = ''): DecodeError | undefined {
  if (Array.isArray(value) && node.items !== undefined) return missingInItems(node.items, value, path);
  return isObject(value) ? missingInMembers(node, value, path) : undefined;
}

function missingInItems(items: SchemaNode, values: readonly unknown[], path: string): DecodeError | undefined {
  if (items.properties === undefined && items.items === undefined) return undefined;
  for (const [index, value] of values.entries()) {
    const missing = findMissing(items, value, `${path}[${index}]`);
    if (missing !== undefined) return missing;
  }
  return undefined;
}

function missingInMembers(
  node: SchemaNode,
  value: Readonly<Record<string, unknown>>,
  path: string,
): DecodeError | undefined {
  for (const [key, child] of Object.entries(node.properties ?? {})) {
    const childPath = path === '' ? key : `${path}.${key}`;
    const isThere = Object.hasOwn(value, key);
    if (!isThere && node.required?.includes(key) === true) return missingError(child, childPath);
    const deeper = isThere ? findMissing(child, value[key], childPath) : undefined;
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}

function missingError(node: SchemaNode, path: string): DecodeError {
  const code = node['x-missing-code'];
  return {
    path,
    message: `The parameter '${path}' is missing.`,
    missing: true,
    ...(code === undefined ? {} : { code }),
  };
}
