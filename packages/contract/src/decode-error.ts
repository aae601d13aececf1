import type { TLocalizedValidationError } from 'typebox/error';
import type { SchemaNode } from './schema.ts';

/** One violated rule. */
export interface DecodeError {
  /** Dotted path from the body's or query's root: `targets[3]`, `task_policy.retry_count`; `''` is the root itself. */
  readonly path: string;
  /** One sentence that names the field. */
  readonly message: string;
  /** The code the contract wants for this field (`000017` for limit); absent: the plain 000006. */
  readonly code?: string;
}

/** Turns one validator error into errors of ours: one for each missing property, else exactly one. */
export function describeErrors(root: SchemaNode, value: unknown, error: TLocalizedValidationError): DecodeError[] {
  const node = nodeAt(root, error.schemaPath);
  const path = dottedPath(value, error.instancePath);
  if (error.keyword !== 'required') return [decodeError(node, path, ruleOf(node, error))];
  return error.params.requiredProperties.map((key) =>
    decodeError(node?.properties?.[key], path === '' ? key : `${path}.${key}`, 'is missing'),
  );
}

function decodeError(node: SchemaNode | undefined, path: string, rule: string): DecodeError {
  const subject = path === '' ? 'The request body' : `The parameter '${path}'`;
  const code = node?.['x-error-code'];
  const message = `${subject} ${rule}.`;
  return code === undefined ? { path, message } : { path, message, code };
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a string',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
};

function ruleOf(node: SchemaNode | undefined, error: TLocalizedValidationError): string {
  switch (error.keyword) {
    case 'type':
      return `must be ${typeNames[String(error.params.type)] ?? String(error.params.type)}`;
    case 'enum':
      return `must be one of ${error.params.allowedValues.map(String).join(', ')}`;
    case 'minimum':
    case 'maximum':
      return `must be ${range(node?.minimum, node?.maximum)}`;
    case 'minItems':
    case 'maxItems':
      return `must have ${range(node?.minItems, node?.maxItems)} entries`;
    case 'minLength':
    case 'maxLength':
      return `must have ${range(node?.minLength, node?.maxLength)} characters`;
    case 'multipleOf':
      return `must be a multiple of ${String(error.params.multipleOf)}`;
    default:
      return node?.['x-rule'] === undefined ? error.message : `must be ${node['x-rule']}`;
  }
}

function range(low: number | undefined, high: number | undefined): string {
  if (low === undefined) return `at most ${high}`;
  if (high === undefined) return `at least ${low}`;
  return low === high ? String(low) : `${low} to ${high}`;
}

function segments(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function nodeAt(root: SchemaNode, schemaPath: string): SchemaNode | undefined {
  let node: unknown = root;
  for (const segment of segments(schemaPath)) node = memberOf(node, segment);
  return node as SchemaNode | undefined;
}

// The value decides between `[3]` and `.3`: an index is an index only inside a list.
function dottedPath(value: unknown, instancePath: string): string {
  let path = '';
  let current = value;
  for (const segment of segments(instancePath)) {
    if (Array.isArray(current)) path += `[${segment}]`;
    else path += path === '' ? segment : `.${segment}`;
    current = memberOf(current, segment);
  }
  return path;
}

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}
