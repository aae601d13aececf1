import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../src/domain/command.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { parseMessage } from '../../src/domain/message-request.ts';
import { Problem } from '../../src/domain/problem.ts';

const refused = (
  parse: (body: JsonObject) => unknown,
  body: JsonObject,
): { problem: string; field: string | undefined } => {
  try {
    parse(body);
  } catch (error) {
    if (error instanceof Problem) return { problem: error.problem, field: error.field };
    throw error;
  }
  throw new Error(`${JSON.stringify(body)} was taken.`);
};

/** Any JSON object; the fields of a request are likely in it. */
const anyBody = (fields: readonly string[]): fc.Arbitrary<JsonObject> =>
  fc.dictionary(fc.oneof(fc.constantFrom(...fields), fc.string()), fc.jsonValue()) as fc.Arbitrary<JsonObject>;

describe('command documents (v5 9)', () => {
  it('take a service, a command and parameters, null being absent', () => {
    const paras = { speed: 3 };
    expect(parseCommand({ service_id: 'Motor', command_name: 'start', paras })).toEqual({
      serviceId: 'Motor',
      commandName: 'start',
      paras,
    });
    expect(parseCommand({ service_id: null, paras: {}, other: 1 })).toEqual({ paras: {} });
  });

  it.each<[JsonObject, string]>([
    [{}, 'paras'],
    [{ paras: 'text' }, 'paras'],
    [{ paras: [] }, 'paras'],
    [{ paras: {}, service_id: 'x'.repeat(65) }, 'service_id'],
    [{ paras: {}, service_id: 7 }, 'service_id'],
    [{ paras: {}, command_name: 'x'.repeat(129) }, 'command_name'],
  ])('refuse %o naming %s', (body, field) => {
    expect(refused(parseCommand, body)).toEqual({ problem: 'invalidInput', field });
  });

  it('count characters, not code units, and bytes of what is too large', () => {
    expect(parseCommand({ service_id: '😀'.repeat(64), paras: {} }).serviceId).toHaveLength(128);
    expect(parseCommand({ paras: { a: 'x'.repeat(256 * 1024 - 8) } })).toBeDefined();
    expect(refused(parseCommand, { paras: { a: 'x'.repeat(256 * 1024 - 7) } })).toEqual({
      problem: 'contentTooLarge',
      field: 'paras',
    });
  });

  it('answer any JSON by a request or a problem', () => {
    fc.assert(
      fc.property(anyBody(['paras', 'service_id', 'command_name']), (body) => {
        try {
          parseCommand(body);
        } catch (error) {
          expect(error).toBeInstanceOf(Problem);
        }
      }),
    );
  });
});

describe('message documents (v5 9)', () => {
  it('fill in what is not said', () => {
    expect(parseMessage({ message: 'hello' })).toEqual({
      message: 'hello',
      encoding: 'none',
      format: 'standard',
      ttlMinutes: 1440,
    });
    expect(
      parseMessage({
        message: { a: 1 },
        name: 'n',
        topic: 't/1',
        ttl: 0,
        message_id: 'id-1',
        encoding: 'none',
        payload_format: 'raw',
      }),
    ).toEqual({
      message: { a: 1 },
      name: 'n',
      topic: 't/1',
      ttlMinutes: 0,
      messageId: 'id-1',
      encoding: 'none',
      format: 'raw',
    });
  });

  it.each<[JsonObject, string]>([
    [{}, 'message'],
    [{ message: null }, 'message'],
    [{ message: 'm', ttl: 3 }, 'ttl'],
    [{ message: 'm', ttl: 1445 }, 'ttl'],
    [{ message: 'm', ttl: -5 }, 'ttl'],
    [{ message: 'm', ttl: '5' }, 'ttl'],
    [{ message: 'm', encoding: 'utf8' }, 'encoding'],
    [{ message: 'not base64!', encoding: 'base64' }, 'message'],
    [{ message: 'abc', encoding: 'base64' }, 'message'],
    [{ message: { a: 1 }, encoding: 'base64' }, 'message'],
    [{ message: 'm', payload_format: 'xml' }, 'payload_format'],
    [{ message: 'm', message_id: 'a b' }, 'message_id'],
    [{ message: 'm', message_id: 'x'.repeat(101) }, 'message_id'],
    [{ message: 'm', topic_full_name: 'a/#' }, 'topic_full_name'],
    [{ message: 'm', topic_full_name: 'ü'.repeat(65) }, 'topic_full_name'],
    [{ message: 'm', properties: [] }, 'properties'],
  ])('refuse %o naming %s', (body, field) => {
    expect(refused(parseMessage, body)).toMatchObject({ problem: 'invalidInput', field });
  });

  it('refuse what is too large', () => {
    expect(parseMessage({ message: 'x'.repeat(256 * 1024) })).toBeDefined();
    expect(refused(parseMessage, { message: 'x'.repeat(256 * 1024 + 1) })).toEqual({
      problem: 'contentTooLarge',
      field: 'message',
    });
  });

  it('answer any JSON by a request or a problem', () => {
    const fields = [
      'message',
      'ttl',
      'topic',
      'topic_full_name',
      'properties',
      'encoding',
      'payload_format',
      'name',
      'message_id',
    ];
    fc.assert(
      fc.property(anyBody(fields), (body) => {
        try {
          parseMessage(body);
        } catch (error) {
          expect(error).toBeInstanceOf(Problem);
        }
      }),
    );
  });
});
