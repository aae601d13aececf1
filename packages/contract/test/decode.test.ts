import fc from 'fast-check';
import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { createDecoder, createQueryDecoder } from '../src/decode.ts';
import type { DecodeResult } from '../src/decode.ts';
import { defaulted } from '../src/schema.ts';
import { freeForm, id, oneOf, pagingQuery, timeField } from '../src/v5/primitives.ts';

const Sample = Type.Object({
  name: id(8, 'Name.'),
  kind: defaulted(oneOf(['a', 'b'], 'Kind.'), 'a'),
  size: Type.Optional(Type.Integer({ description: 'Size.', minimum: 0, maximum: 5 })),
  inner: Type.Optional(
    Type.Object({ flag: Type.Boolean(), note: Type.Optional(Type.String()), at: Type.Optional(timeField('At.')) }),
  ),
  list: Type.Optional(Type.Array(Type.Object({ key: id(4, 'Key.'), value: Type.Optional(Type.Integer()) }))),
  targets: Type.Optional(Type.Array(id(8, 'Target.'))),
  bag: Type.Optional(freeForm('Anything.')),
  filter: Type.Optional(Type.Object({ ids: Type.Optional(Type.Array(id(4, 'Id.'))) }, { additionalProperties: true })),
});
const decode = createDecoder(Sample);
const decodeQuery = createQueryDecoder(
  Type.Object({ ...pagingQuery, active: Type.Optional(Type.Boolean()), name: Type.Optional(id(8, 'Name.')) }),
);

function decoded<T>(result: DecodeResult<T>): T {
  if (result.ok) return result.value;
  throw new Error(JSON.stringify(result.errors));
}

function errorsOf(result: DecodeResult<unknown>) {
  return result.ok ? [] : result.errors;
}

describe('createDecoder', () => {
  it('treats null members of known objects as absent, at every depth', () => {
    const value = decoded(
      decode({
        name: 'n',
        kind: null,
        size: null,
        inner: { flag: true, note: null },
        list: [{ key: 'k', value: null }],
      }),
    );
    expect(value).toEqual({ name: 'n', kind: 'a', inner: { flag: true }, list: [{ key: 'k' }] });
  });

  it('counts a required member that is null as missing', () => {
    expect(errorsOf(decode({ name: null }))).toEqual([{ path: 'name', message: "The parameter 'name' is missing." }]);
  });

  it('keeps nulls inside free-form objects', () => {
    expect(decoded(decode({ name: 'n', bag: { gone: null, deep: { also: null } } })).bag).toEqual({
      gone: null,
      deep: { also: null },
    });
  });

  it('names the bound that a list breaks, for the other may be looser here than where it is checked', () => {
    const list = createDecoder(Type.Object({ list: Type.Array(Type.Integer(), { minItems: 1, maxItems: 2 }) }));
    const messages = [[], [1, 2, 3]].map((items) => errorsOf(list({ list: items }))[0]?.message);
    expect(messages).toEqual([
      "The parameter 'list' must not be empty.",
      "The parameter 'list' must have at most 2 entries.",
    ]);
  });

  it('drops unknown keys, but keeps those of objects that allow more', () => {
    const value = decoded(
      decode({ name: 'n', colour: 'red', inner: { flag: false, x: 1 }, filter: { ids: ['a'], tag: 't' } }),
    );
    expect(value).toEqual({ name: 'n', kind: 'a', inner: { flag: false }, filter: { ids: ['a'], tag: 't' } });
  });

  it.each([
    [{ name: 5 }, 'name', 'must be a string'],
    [{ name: 'n', size: '3' }, 'size', 'must be an integer'],
    [{ name: 'n', size: 1.5 }, 'size', 'must be an integer'],
    [{ name: 'n', size: 6 }, 'size', 'must be 0 to 5'],
    [{ name: 'n', kind: 'c' }, 'kind', 'must be one of a, b'],
    [{ name: 'n', inner: { flag: 'true' } }, 'inner.flag', 'must be true or false'],
    [{ name: 'n', inner: [] }, 'inner', 'must be an object'],
    [{ name: 'n', inner: {} }, 'inner.flag', 'is missing'],
    [
      { name: 'n', targets: ['a', 'b', 'c', 'd/'] },
      'targets[3]',
      'must be 1 to 8 characters of letters, digits, _ and -',
    ],
    [{ name: 'n', targets: [null] }, 'targets[0]', 'must be a string'],
    [{ name: 'n', targets: 'a' }, 'targets', 'must be a list'],
    [{ name: 'n', list: [{ key: 'k' }, {}] }, 'list[1].key', 'is missing'],
    [{ name: 'n', list: [{ key: 'k', value: true }] }, 'list[0].value', 'must be an integer'],
  ])('names the field of %j', (body, path, rule) => {
    expect(errorsOf(decode(body))[0]).toEqual({ path, message: `The parameter '${path}' ${rule}.` });
  });

  it.each([[null], [undefined], [[]], ['text'], [7]])('says that the body %j must be an object', (body) => {
    expect(errorsOf(decode(body))).toEqual([{ path: '', message: 'The request body must be an object.' }]);
  });

  it('carries the code that the contract wants for a field', () => {
    expect(errorsOf(decode({ name: 'n', inner: { flag: true, at: 1 } }))[0]).toMatchObject({
      path: 'inner.at',
      code: '000009',
    });
  });

  it('reports several errors, but not one for each of 30,000', () => {
    const errors = errorsOf(decode({ targets: Array.from({ length: 30_000 }, () => '/') }));
    expect(errors.map(({ path }) => path)).toEqual([
      'name',
      'targets[0]',
      'targets[1]',
      'targets[2]',
      'targets[3]',
      'targets[4]',
      'targets[5]',
      'targets[6]',
    ]);
  });

  it('treats prototype keys as any other unknown key', () => {
    const body: unknown = JSON.parse(
      '{"name":"n","__proto__":{"size":3},"constructor":{"prototype":{"polluted":1}},"filter":{"__proto__":{"ids":5}},"bag":{"__proto__":{"x":1}}}',
    );
    const value = decoded(decode(body));
    expect(value.size).toBeUndefined();
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.getPrototypeOf(value.filter)).toBe(Object.prototype);
    expect(value.filter?.ids).toBeUndefined();
    expect(Object.keys(value).sort()).toEqual(['bag', 'filter', 'kind', 'name']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('does not take inherited members for given ones', () => {
    expect(errorsOf(decode(Object.create({ name: 'n' })))[0]?.path).toBe('name');
  });

  it('never throws, never changes its argument, and answers every value with a result', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true }), (input) => {
        const before = fc.stringify(input);
        const result = decode(input);
        expect(result.ok || result.errors.length > 0).toBe(true);
        expect(fc.stringify(input)).toBe(before);
      }),
    );
  });

  it('never throws on broken bodies that look like the real ones', () => {
    const member = fc.oneof(fc.jsonValue(), fc.constantFrom('n', 3, true, {}, []));
    const keys = fc.constantFrom(
      'name',
      'kind',
      'size',
      'inner',
      'list',
      'targets',
      'bag',
      'filter',
      '__proto__',
      'toString',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(keys, member)), (entries) => {
        const result = decode(Object.fromEntries(entries));
        for (const error of errorsOf(result)) expect(error.message).toContain(error.path);
      }),
    );
  });

  it('hands good bodies on unchanged, and its own answers again', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9_-]{1,4}$/);
    const body = fc.record(
      {
        name: word,
        kind: fc.constantFrom('a' as const, 'b' as const),
        size: fc.integer({ min: 0, max: 5 }),
        inner: fc.record({ flag: fc.boolean(), note: fc.string() }, { requiredKeys: ['flag'] }),
        list: fc.array(fc.record({ key: word, value: fc.integer() }, { requiredKeys: ['key'] })),
        targets: fc.array(word),
        bag: fc.dictionary(fc.string(), fc.jsonValue()),
      },
      { requiredKeys: ['name', 'kind'] },
    );
    fc.assert(
      fc.property(body, (given) => {
        const plain: unknown = JSON.parse(JSON.stringify(given));
        const value = decoded(decode(plain));
        expect(value).toEqual(plain);
        expect(decoded(decode(value))).toEqual(value);
      }),
    );
  });
});

describe('createQueryDecoder', () => {
  it('fills the paging defaults', () => {
    expect(decoded(decodeQuery({}))).toEqual({ limit: 10, marker: 'ffffffffffffffffffffffff', offset: 0 });
  });

  it('reads whole integers and booleans', () => {
    const query = Object.assign(Object.create(null), { limit: '50', offset: '-1', active: 'True', name: '7', x: 'y' });
    expect(decoded(decodeQuery(query))).toEqual({
      limit: 50,
      offset: -1,
      marker: 'ffffffffffffffffffffffff',
      active: true,
      name: '7',
    });
  });

  it.each(['abc', '', ' 5', '5 ', '1e1', '0x10', '1.0', '+1', '9'.repeat(16), ['1', '2']])(
    'refuses limit=%j under its own code',
    (limit) => {
      expect(errorsOf(decodeQuery({ limit }))).toEqual([
        { path: 'limit', message: "The parameter 'limit' must be an integer.", code: '000017' },
      ]);
    },
  );

  it.each([
    [{ offset: 'x' }, 'offset', '000018'],
    [{ marker: ['a', 'b'] }, 'marker', '000018'],
    [{ active: '1' }, 'active', undefined],
    [{ name: ['a', 'b'] }, 'name', undefined],
  ])('refuses %j', (query, path, code) => {
    const [error] = errorsOf(decodeQuery(query));
    expect(error?.path).toBe(path);
    expect(error?.code).toBe(code);
  });

  it('never throws on any query', () => {
    const query = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.array(fc.string())));
    fc.assert(
      fc.property(query, (given) => {
        expect(() => decodeQuery(given)).not.toThrow();
      }),
    );
  });

  it('takes an empty text as absent where a member may be absent and has no default', () => {
    const query = createQueryDecoder(
      Type.Object({
        status: Type.Optional(oneOf(['on', 'off'], 'State.')),
        active: Type.Optional(Type.Boolean()),
        type: oneOf(['a'], 'Type.'),
        ...pagingQuery,
      }),
    );
    expect(decoded(query({ status: '', active: '', type: 'a' }))).toEqual(decoded(query({ type: 'a' })));
    expect(errorsOf(query({ type: '' }))[0]?.path).toBe('type');
    expect(errorsOf(query({ type: 'a', offset: '' }))[0]?.code).toBe('000018');
  });

  it('reads every safe integer as itself', () => {
    fc.assert(
      fc.property(fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }), (n) => {
        expect(decoded(decodeQuery({ offset: String(n) })).offset).toBe(n);
      }),
    );
  });
});
