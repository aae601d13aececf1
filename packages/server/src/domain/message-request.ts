import { optionalText } from './command.ts';
import { asId, type MessageId } from './ids.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { type MessageRequest, messageTtlMinutesMax } from './message.ts';
import { invalid, Problem } from './problem.ts';

const bytesMax = 256 * 1024;
const ttlStepMinutes = 5;
const topicFullNameBytesMax = 128;
const userPropertiesMax = 20;

const idShape = /^[A-Za-z0-9_-]+$/;
const nameShape = /^[\p{Script=Han}A-Za-z0-9_?'#().,&%@!-]*$/u;
const namesShape = /^[\p{Script=Han}A-Za-z0-9_?'#().,&%@! -]*$/u;
const responseTopicShape = /^[A-Za-z0-9_\-?=$#+/]*$/;
/** A PUBLISH topic must not hold wildcards (MQTT 3.1.1, 3.3.2.1). */
const topicShape = /^[A-Za-z0-9_\-?=$/]*$/;

/** v5 9, Message: wire body (null = absent) -> request. Problems: invalidInput naming the field, contentTooLarge. */
export function parseMessage(body: JsonObject): MessageRequest {
  const message = body['message'];
  if (message === undefined || message === null) throw invalid('message', 'is required');
  const encoding = oneOf(body, 'encoding', ['none', 'base64'] as const);
  checkContent(message, encoding);
  const messageId = shaped(body, { field: 'message_id', max: 100, shape: idShape });
  const name = shaped(body, { field: 'name', max: 128, shape: nameShape });
  const topic = shaped(body, { field: 'topic', max: 128, shape: topicShape });
  const topicFullName = fullTopic(body);
  const properties = parseProperties(body['properties']);
  return {
    message,
    encoding,
    format: oneOf(body, 'payload_format', ['standard', 'raw'] as const),
    ttlMinutes: parseTtl(body['ttl']),
    ...(messageId === undefined ? {} : { messageId: asId<MessageId>(messageId) }),
    ...(name === undefined ? {} : { name }),
    ...(topic === undefined ? {} : { topic }),
    ...(topicFullName === undefined ? {} : { topicFullName }),
    ...(properties === undefined ? {} : { properties }),
  };
}

function checkContent(message: Json, encoding: 'none' | 'base64'): void {
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  if (Buffer.byteLength(text) > bytesMax) throw new Problem('contentTooLarge', { field: 'message' });
  if (encoding === 'none') return;
  if (typeof message !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(message) || message.length % 4 !== 0) {
    throw invalid('message', 'must be base64 text, as encoding says');
  }
}

function shaped(
  body: JsonObject,
  rule: { readonly field: string; readonly within?: string; readonly max: number; readonly shape: RegExp },
): string | undefined {
  const path = `${rule.within ?? ''}${rule.field}`;
  const value = optionalText(body, { field: rule.field, max: rule.max, path });
  if (value !== undefined && !rule.shape.test(value)) throw invalid(path, 'holds a character that is not allowed');
  return value === '' ? undefined : value;
}

function fullTopic(body: JsonObject): string | undefined {
  const value = optionalText(body, { field: 'topic_full_name', max: topicFullNameBytesMax });
  if (value === undefined || value === '') return undefined;
  if (Buffer.byteLength(value) > topicFullNameBytesMax) throw invalid('topic_full_name', 'must have at most 128 bytes');
  if (/[+#\0]/.test(value)) throw invalid('topic_full_name', 'must not hold +, # or NUL');
  return value;
}

function oneOf<const Values extends readonly [string, ...string[]]>(
  body: JsonObject,
  field: string,
  values: Values,
): Values[number] {
  const value = body[field] ?? values[0];
  if (typeof value !== 'string' || !values.includes(value)) throw invalid(field, `must be one of ${values.join(', ')}`);
  return value;
}

function parseTtl(value: Json | undefined): number {
  if (value === undefined || value === null) return messageTtlMinutesMax;
  const fits = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= messageTtlMinutesMax;
  if (!fits || value % ttlStepMinutes !== 0) throw invalid('ttl', 'must be a multiple of 5 from 0 to 1440');
  return value;
}

function parseProperties(value: Json | undefined): JsonObject | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isJsonObject(value)) throw invalid('properties', 'must be an object');
  shaped(value, { field: 'correlation_data', within: 'properties.', max: 128, shape: idShape });
  shaped(value, { field: 'response_topic', within: 'properties.', max: 128, shape: responseTopicShape });
  const pairs = value['user_properties'];
  if (pairs === undefined || pairs === null) return value;
  if (!Array.isArray(pairs) || pairs.length > userPropertiesMax) {
    throw invalid('properties.user_properties', `must be a list of at most ${userPropertiesMax}`);
  }
  for (const [index, pair] of (pairs as readonly Json[]).entries())
    checkPair(pair, `properties.user_properties[${index}]`);
  return value;
}

function checkPair(pair: Json, path: string): void {
  if (!isJsonObject(pair)) throw invalid(path, 'must be an object');
  for (const field of ['prop_key', 'prop_value']) {
    if (typeof pair[field] !== 'string') throw invalid(`${path}.${field}`, 'must be a string');
  }
  shaped(pair, { field: 'prop_key', within: `${path}.`, max: 128, shape: idShape });
  shaped(pair, { field: 'prop_value', within: `${path}.`, max: 128, shape: namesShape });
}
