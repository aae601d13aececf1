import fc from 'fast-check';
import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { createLegacyDecoder, createLegacyQueryDecoder } from '../../src/legacy/index.ts';
import { defaulted } from '../../src/schema.ts';

const Item = Type.Object({ name: Type.String(), size: Type.Optional(Type.Integer()) });
const Body = Type.Object({
  text: Type.String({ maxLength: 100 }),
  whole: Type.Optional(Type.Integer({ minimum: -1000, maximum: 1000, 'x-error-code': '123029' })),
  flag: Type.Optional(Type.Boolean()),
  kind: Type.Optional(Type.Enum(['Pending', 'Fail'], { type: 'string' })),
  ids: Type.Optional(Type.Array(Type.String())),
  must: Type.Array(Type.Integer(), { 'x-missing-code': '105201' }),
  items: Type.Optional(Type.Array(Item)),
  deep: Type.Optional(Type.Object({ inner: Type.Optional(Item) })),
  free: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  filled: defaulted(Type.Integer(), 7),
});
const decodeBody = createLegacyDecoder(Body);

interface Sent {
  readonly text: string;
  readonly whole?: number;
  readonly flag?: boolean;
  readonly ids?: readonly string[];
  readonly must: readonly number[];
  readonly items?: readonly { readonly name: string; readonly size?: number }[];
  readonly deep?: { readonly inner?: { readonly name: string } };
}

const whole = fc.integer({ min: -1000, max: 1000 });
const sent: fc.Arbitrary<Sent> = fc.record(
  {
    text: fc.string({ maxLength: 100 }),
    whole,
    flag: fc.boolean(),
    ids: fc.array(fc.string(), { minLength: 1 }),
    must: fc.array(whole),
    items: fc.array(fc.record({ name: fc.string(), size: whole }, { requiredKeys: ['name'] }), { minLength: 1 }),
    deep: fc.record({ inner: fc.record({ name: fc.string() }) }, { requiredKeys: [] }),
  },
  { requiredKeys: ['text', 'must'] },
);

/** The same as another client would send it: numbers and booleans as text, nulls and unknown members between. */
function mangled(value: unknown, chance: () => boolean): unknown {
  if (typeof value === 'number' && chance()) return String(value);
  if (typeof value === 'boolean' && chance()) return value ? 'true' : 'False';
  if (Array.isArray(value)) return value.map((each) => mangled(each, chance));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, member]): [string, unknown] => [key, mangled(member, chance)]);
  const more: [string, unknown][] = chance() ? [['unknown', { deep: [null, 1] }]] : [];
  return Object.fromEntries([...more, ...entries]);
}

describe('a legacy body', () => {
  it('decodes to the same, however loosely it is written', () => {
    const property = fc.property(sent, fc.infiniteStream(fc.boolean()), (body, coins) => {
      const loose = mangled(body, () => coins.next().value === true);
      const absent = Object.keys(Body.properties).filter((key) => !(key in body));
      const withNulls = { ...(loose as object), ...Object.fromEntries(absent.map((key) => [key, null])) };
      for (const given of [loose, withNulls, JSON.parse(JSON.stringify(withNulls)) as unknown]) {
        expect(decodeBody(given)).toEqual({ ok: true, value: { ...body, filled: 7 } });
      }
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('takes numbers for text, an empty list for none where none may be, and drops null members of what is free', () => {
    const body = { text: 5, must: [], ids: [], items: [], free: { a: null, b: [null, { c: null, d: 1 }] } };
    expect(decodeBody(body)).toEqual({
      ok: true,
      value: { text: '5', must: [], free: { b: [null, { d: 1 }] }, filled: 7 },
    });
  });

  it('is not changed by being decoded, and never makes a decoder throw', () => {
    fc.assert(
      fc.property(fc.anything(), (input) => {
        const before = structuredCloneOr(input);
        expect(typeof decodeBody(input).ok).toBe('boolean');
        expect(structuredCloneOr(input)).toEqual(before);
      }),
    );
  });

  it('is first refused for what it does not have, at any depth, then for what is wrong', () => {
    const errorsOf = (input: unknown) => {
      const result = decodeBody(input);
      return result.ok ? [] : result.errors.map(({ path, code, missing }) => [path, code, missing]);
    };
    expect(errorsOf({ text: {}, must: 'x', items: [{ name: 'a' }, { name: null }] })[0]).toEqual([
      ...['items[1].name', undefined, true],
    ]);
    expect(errorsOf({ text: [], whole: 'x' })[0]).toEqual(['must', '105201', true]);
    expect(errorsOf({ text: 'a', must: null })[0]).toEqual(['must', '105201', true]);
    expect(errorsOf({ text: 'a', must: [], whole: '1001' })[0]).toEqual(['whole', '123029', undefined]);
    for (const bad of ['1.5', '1e2', ' 1', '', '0x1', true, 1.5]) {
      expect(errorsOf({ text: 'a', must: [bad] })[0]?.[0]).toBe('must[0]');
    }
    expect(errorsOf({ text: 'a', must: [], kind: 'pending' })[0]?.[0]).toBe('kind');
    expect(errorsOf({ text: 'a', must: [null] })[0]?.[0]).toBe('must[0]');
  });
});

describe('a legacy query', () => {
  const Query = Type.Object({
    state: Type.Optional(Type.Enum(['Pending', 'Fail'], { type: 'string' })),
    cause: Type.Optional(Type.Enum(['wait', 'failed'], { type: 'string' })),
    flag: Type.Optional(Type.Boolean()),
    text: Type.Optional(Type.String()),
    page: defaulted(Type.Integer({ minimum: 0 }), 0),
  });
  const decode = createLegacyQueryDecoder(Query);
  const decoded = (query: Readonly<Record<string, string>>) => {
    const result = decode(query);
    return result.ok ? result.value : result.errors[0].path;
  };

  it('is met in any case, fail and failed being the same', () => {
    for (const state of ['fail', 'FAILED', 'Fail']) expect(decoded({ state })).toEqual({ state: 'Fail', page: 0 });
    for (const cause of ['FAIL', 'failed']) expect(decoded({ cause })).toEqual({ cause: 'failed', page: 0 });
    expect(decoded({ state: 'PENDING', page: '12' })).toEqual({ state: 'Pending', page: 12 });
    expect(decoded({ state: 'wait' })).toBe('state');
  });

  it('has four spellings of a boolean in any case, and three of nothing', () => {
    const flags = ['true', 'TRUE', '1', 'false', 'False', '0'].map((flag) => decoded({ flag }));
    expect(flags).toEqual([true, true, true, false, false, false].map((flag) => ({ flag, page: 0 })));
    expect(decoded({ flag: 'yes' })).toBe('flag');
    for (const nothing of ['', 'null', 'None']) {
      expect(decoded({ flag: nothing, text: nothing, page: nothing, state: nothing })).toEqual({ page: 0 });
    }
    expect(decoded({ text: 'none', other: 'x' })).toEqual({ text: 'none', page: 0 });
  });

  it('decodes whatever integer was written', () => {
    const property = fc.property(fc.nat(), (page) => {
      expect(decoded({ page: String(page) })).toEqual({ page });
    });
    fc.assert(property);
  });
});

function structuredCloneOr(input: unknown): unknown {
  try {
    return structuredClone(input);
  } catch {
    return undefined;
  }
}
