import { isJsonObject, type JsonObject } from './json.ts';
import { invalid, Problem } from './problem.ts';

/** v5 9, Sync command: what a caller or a task document asks for. */
export interface CommandRequest {
  readonly serviceId?: string;
  readonly commandName?: string;
  readonly paras: JsonObject;
}

export const commandBytesMax = 256 * 1024;
const serviceIdMax = 64;
const commandNameMax = 128;

/** Wire body (null = absent) -> request. Problems: invalidInput naming the field, contentTooLarge. */
export function parseCommand(body: JsonObject, bytesMax = commandBytesMax): CommandRequest {
  const serviceId = optionalText(body, { field: 'service_id', max: serviceIdMax });
  const commandName = optionalText(body, { field: 'command_name', max: commandNameMax });
  const { paras } = body;
  if (!isJsonObject(paras)) throw invalid('paras', 'an object is required');
  if (Buffer.byteLength(JSON.stringify(paras)) > bytesMax) throw new Problem('contentTooLarge', { field: 'paras' });
  return {
    paras,
    ...(serviceId === undefined ? {} : { serviceId }),
    ...(commandName === undefined ? {} : { commandName }),
  };
}

/** Null and absent are the same; lengths count code points (v5 page, marks). `path`: the field's name in the problem. */
export function optionalText(
  body: JsonObject,
  { field, max, path = field }: { readonly field: string; readonly max: number; readonly path?: string },
): string | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalid(path, 'must be a string');
  // No code point takes more than two units: the rest need not be taken apart.
  if (value.length > max * 2 || [...value].length > max) throw invalid(path, `must have at most ${max} characters`);
  return value;
}
