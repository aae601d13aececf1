import { Compile } from 'typebox/schema';
import { missingError, ruleError, sizeError } from './decode-error.ts';
import type { DecodeError } from './decode-error.ts';
import { isObject } from './schema.ts';
import type { SchemaNode } from './schema.ts';

const errorsMax = 8;

/**
 * Where a value that failed its schema fails: the first eight places. TypeBox's own `Errors` visits every entry, however many are
 * bad, and compiles each pattern anew for each: a body of 8 MiB kept the process busy for more than a second. This walk stops early,
 * never looks into a list that is too long, and passes over what is right at the speed of compiled checks.
 */
export function createErrorFinder(root: SchemaNode): (value: unknown) => DecodeError[] {
  const passes = createChecker();
  return (value) => {
    const search: Search = { passes, found: [] };
    visit(search, { node: root, path: '' }, value);
    return search.found;
  };
}

interface Search {
  readonly passes: (node: SchemaNode, value: unknown) => boolean;
  readonly found: DecodeError[];
}

// Compiled on first use: most nodes never fail.
function createChecker(): Search['passes'] {
  const checks = new Map<SchemaNode, (value: unknown) => boolean>();
  return (node, value) => {
    const known = checks.get(node);
    if (known !== undefined) return known(value);
    const validator = Compile(node);
    const check = (candidate: unknown): boolean => validator.Check(candidate);
    checks.set(node, check);
    return check(value);
  };
}

/** Where the walk stands: a node of the schema and the path of the value that belongs to it. */
interface Spot {
  readonly node: SchemaNode;
  readonly path: string;
}

function visit(search: Search, spot: Spot, value: unknown): void {
  const { found, passes } = search;
  if (found.length >= errorsMax || passes(spot.node, value)) return;
  const before = found.length;
  if (isObject(value)) visitMembers(search, spot, value);
  else if (Array.isArray(value)) visitItems(search, spot, value);
  if (found.length === before) found.push(ruleError(spot.node, spot.path, value));
}

function visitMembers(search: Search, { node, path }: Spot, value: Readonly<Record<string, unknown>>): void {
  for (const [key, child] of Object.entries(node.properties ?? {})) {
    const childPath = path === '' ? key : `${path}.${key}`;
    if (Object.hasOwn(value, key)) visit(search, { node: child, path: childPath }, value[key]);
    else if (node.required?.includes(key) === true) search.found.push(missingError(child, childPath));
  }
}

function visitItems(search: Search, { node, path }: Spot, items: readonly unknown[]): void {
  if (node.items === undefined) return;
  if (items.length < (node.minItems ?? 0) || items.length > (node.maxItems ?? Number.POSITIVE_INFINITY)) {
    search.found.push(sizeError(node, path, items.length));
    return;
  }
  for (const [index, item] of items.entries()) {
    if (search.found.length >= errorsMax) return;
    visit(search, { node: node.items, path: `${path}[${index}]` }, item);
  }
}
