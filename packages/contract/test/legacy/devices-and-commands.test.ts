import fc from 'fast-check';
import type { TObject } from 'typebox';
import { describe, expect, it } from 'vitest';
import {
  CreateDeviceCommandRequest,
  createLegacyDecoder,
  createLegacyQueryDecoder,
  LegacyListDevicesQuery,
  ListCommandCancelTasksQuery,
  ListDeviceCommandsQuery,
  ModifyDeviceRequest,
  RegisterDeviceRequest,
  SendCommandRequest,
  SetDeviceShadowRequest,
} from '../../src/legacy/index.ts';

/** Text that the schemas take: no NUL, no half of a surrogate pair. */
const text = (max: number, min = 0) =>
  fc
    .string({ unit: 'grapheme', minLength: min, maxLength: max })
    .map((value) => value.replaceAll('\0', '-').toWellFormed())
    .filter((value) => [...value].length >= min && [...value].length <= max);
const free = fc.dictionary(text(8, 1), fc.oneof(fc.integer(), fc.boolean(), text(8)));

const registration = fc.record(
  {
    nodeId: text(256, 1),
    verifyCode: text(256, 1),
    timeout: fc.integer({ min: 0, max: 2_147_483_647 }),
    isSecure: fc.boolean(),
    productId: text(36),
    deviceInfo: fc.record({ manufacturerId: text(256), model: text(256), name: text(256) }, { requiredKeys: [] }),
    location: text(1024),
    imsi: text(64),
    tags: fc.array(fc.record({ tagName: fc.constantFrom('a', '中', 'x.y-z_1'), tagValue: fc.constant('b') }), {
      minLength: 1,
      maxLength: 10,
    }),
    customFields: fc.array(fc.record({ fieldName: text(256, 1), fieldValue: text(1024) }), {
      minLength: 1,
      maxLength: 50,
    }),
  },
  { requiredKeys: ['nodeId', 'timeout', 'isSecure'] },
);

const command = fc.record(
  {
    deviceId: text(256, 1),
    command: fc.record(
      { serviceId: text(64, 1), method: text(128, 1), paras: free },
      { requiredKeys: ['serviceId', 'method'] },
    ),
    callbackUrl: text(1024),
    expireTime: fc.integer({ min: 0, max: 2_147_483_647 }),
    maxRetransmit: fc.integer({ min: 0, max: 3 }),
  },
  { requiredKeys: ['deviceId', 'command', 'expireTime', 'maxRetransmit'] },
);

/** Numbers and truth values as text, as many old clients have them. */
const asText = (value: unknown): unknown => {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value).toUpperCase();
  return value;
};

const loosened = (body: object): object =>
  Object.fromEntries(Object.entries(body).map(([key, value]): [string, unknown] => [key, asText(value)]));

describe('what legacy clients say of devices and commands', () => {
  it.each([
    ['registrations', RegisterDeviceRequest, registration],
    ['commands', CreateDeviceCommandRequest, command],
  ] as const)('%s decode to what was meant, however loosely they are written', (_name, schema, bodies) => {
    const decode = createLegacyDecoder(schema as TObject);
    fc.assert(
      fc.property(bodies as fc.Arbitrary<object>, (body) => {
        for (const given of [body, loosened(body), { ...body, unknown: { deep: null } }]) {
          expect(decode(given)).toEqual({ ok: true, value: body });
        }
      }),
      { numRuns: 300 },
    );
  });

  it('fill in what the original fills in', () => {
    expect(createLegacyDecoder(RegisterDeviceRequest)({ nodeId: 'a', psk: null })).toEqual({
      ...{ ok: true, value: { nodeId: 'a', timeout: 180, isSecure: false } },
    });
    const named = { deviceId: 'd', command: { serviceId: 's', method: 'm', paras: null } };
    expect(createLegacyDecoder(CreateDeviceCommandRequest)(named)).toMatchObject({
      value: { command: { serviceId: 's', method: 'm' }, expireTime: 172_800, maxRetransmit: 0 },
    });
  });

  it('answer the codes of their calls', () => {
    const codesOf = (result: ReturnType<ReturnType<typeof createLegacyDecoder>>) =>
      result.ok ? [] : result.errors.map(({ code }) => code);
    const list = createLegacyQueryDecoder(LegacyListDevicesQuery);
    for (const query of [{ pageNo: '-1' }, { pageSize: '251' }, { status: 'x' }, { sort: 'x' }, { nodeType: 'x' }]) {
      expect([query, codesOf(list(query))]).toEqual([query, expect.arrayContaining(['100405'])]);
    }
    const register = createLegacyDecoder(RegisterDeviceRequest);
    expect(codesOf(register({ nodeId: 'a', verifyCode: 'x'.repeat(257) }))).toContain('100003');
  });

  it('never make a decoder throw', () => {
    const bodies = [RegisterDeviceRequest, ModifyDeviceRequest, CreateDeviceCommandRequest, SendCommandRequest];
    const queries = [LegacyListDevicesQuery, ListDeviceCommandsQuery, ListCommandCancelTasksQuery];
    const decoders = [
      ...[...bodies, SetDeviceShadowRequest].map((schema) => createLegacyDecoder(schema as TObject)),
      ...queries.map((schema) => createLegacyQueryDecoder(schema as TObject)),
    ];
    const names = [...bodies, ...queries].flatMap(({ properties }) => Object.keys(properties));
    const hostile = fc.oneof(fc.anything(), fc.dictionary(fc.constantFrom(...names), fc.anything()));
    fc.assert(
      fc.property(hostile, (input) => {
        for (const decode of decoders) expect(typeof decode(input).ok).toBe('boolean');
      }),
      { numRuns: 500 },
    );
  });
});
