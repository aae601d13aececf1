import type { TLocalizedValidationError } from 'typebox/error';
import { Errors } from 'typebox/schema';
import type { SchemaNode } from './schema.ts';

/** One violated rule. */
export interface DecodeError {
  /** Dotted path from the body's or query's root: `targets[3]`, `task_policy.retry_count`; `''` is the root itself. */
  readonly path: string;
  /** One sentence that names the field. */
  readonly message: string;
  /** The code the contract wants for this field (`000017` for limit); absent: the plain 000006. */
  readonly code?: string;
  /** It is not there at all; said by legacy decoders alone, whose callers answer another code then. */
  readonly missing?: true;
}

/** A required member is not there. */
export function missingError(node: SchemaNode, path: string): DecodeError {
  return decodeError(path, 'is missing', node['x-error-code']);
}

/** A list has too few or too many entries. */
export function sizeError(node: SchemaNode, path: string, size: number): DecodeError {
  const tooMany = size > (node.maxItems ?? Number.POSITIVE_INFINITY) ? node['x-too-many-code'] : undefined;
  return decodeError(path, `must ${sizeRule(node, size)}`, tooMany ?? node['x-error-code']);
}

/** The bound that is broken; the other one may be looser here than where it is checked. */
function sizeRule({ minItems = 0, maxItems }: SchemaNode, size: number): string {
  if (size >= minItems) return `have at most ${maxItems} entries`;
  return minItems === 1 ? 'not be empty' : `have at least ${minItems} entries`;
}

/** `value` violates a rule of `node` itself. */
export function ruleError(node: SchemaNode, path: string, value: unknown): DecodeError {
  const [, [error]] = Errors(node, value);
  return decodeError(path, error === undefined ? 'is not valid' : ruleOf(node, error), node['x-error-code']);
}

function decodeError(path: string, rule: string, code: string | undefined): DecodeError {
  const subject = path === '' ? 'The request body' : `The parameter '${path}'`;
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

function ruleOf(node: SchemaNode, error: TLocalizedValidationError): string {
  switch (error.keyword) {
    case 'type':
      return `must be ${typeNames[String(error.params.type)] ?? String(error.params.type)}`;
    case 'enum':
      return `must be one of ${error.params.allowedValues.map(String).join(', ')}`;
    case 'minimum':
    case 'maximum':
      return `must be ${range(node.minimum, node.maximum)}`;
    case 'minLength':
    case 'maxLength':
      return `must have ${range(node.minLength, node.maxLength)} characters`;
    case 'multipleOf':
      return `must be a multiple of ${String(error.params.multipleOf)}`;
    default:
      return node['x-rule'] === undefined ? error.message : `must be ${node['x-rule']}`;
  }
}

function range(low: number | undefined, high: number | undefined): string {
  if (low === undefined) return `at most ${high}`;
  if (high === undefined) return `at least ${low}`;
  return low === high ? String(low) : `${low} to ${high}`;
}
