import { isJsonObject, type JsonObject } from './json.ts';
import { invalid, Problem } from './problem.ts';

/** v5 9, Sync command: what a caller or a task document asks for. */
export interface CommandRequest {
  readonly serviceId?: string;
  readonly commandName?: string;
  readonly paras: JsonObject;
}

const bytesMax = 256 * 1024;
const serviceIdMax = 64;
const commandNameMax = 128;

/** Wire body (null = absent) -> request. Problems: invalidInput naming the field, contentTooLarge. */
export function parseCommand(body: JsonObject): CommandRequest {
  const serviceId = optionalText(body, 'service_id', serviceIdMax);
  const commandName = optionalText(body, 'command_name', commandNameMax);
  const { paras } = body;
  if (!isJsonObject(paras)) throw invalid('paras', 'an object is required');
  if (Buffer.byteLength(JSON.stringify(paras)) > bytesMax) throw new Problem('contentTooLarge', { field: 'paras' });
  return {
    paras,
    ...(serviceId === undefined ? {} : { serviceId }),
    ...(commandName === undefined ? {} : { commandName }),
  };
}

/** Null and absent are the same; lengths count code points (v5 page, marks). */
export function optionalText(body: JsonObject, field: string, lengthMax: number): string | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalid(field, 'must be a string');
  if ([...value].length > lengthMax) throw invalid(field, `must have at most ${lengthMax} characters`);
  return value;
}
