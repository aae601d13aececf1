import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSameJson, type Json, type JsonObject } from '../../src/domain/json.ts';
import { deltaOf, desiredAfter, isWritable } from '../../src/domain/shadow.ts';
import { motorAndLamp } from '../builders/catalogue-builders.ts';

const model = { capabilities: motorAndLamp };
const json = fc.jsonValue() as fc.Arbitrary<Json>;
const values = fc.dictionary(fc.constantFrom('speed', 'mode', 'temperature', 'other'), json, {
  noNullPrototype: true,
}) as fc.Arbitrary<JsonObject>;

const reversed = (value: Json): Json => {
  if (Array.isArray(value)) return (value as readonly Json[]).map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
};

describe('JSON values', () => {
  it('are the same whatever the order of their members, and as their texts say otherwise', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(isSameJson(value, reversed(value))).toBe(true);
      }),
    );
    fc.assert(
      fc.property(json, json, (a, b) => {
        const sorted = (value: Json) => JSON.stringify(value, (_key, member: unknown) => sortedMembers(member));
        expect(isSameJson(a, b)).toBe(sorted(a) === sorted(b));
      }),
    );
    expect(isSameJson({}, [])).toBe(false);
    expect(isSameJson({ a: 1 }, { b: 1 })).toBe(false);
  });
});

function sortedMembers(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return Object.is(value, -0) ? 0 : value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

describe('a desired write', () => {
  it('leaves what it does not name, and keeps no null of one level', () => {
    fc.assert(
      fc.property(values, values, (stored, desired) => {
        const after = desiredAfter(stored, { desired });
        if (Object.keys(desired).length === 0) {
          expect(after).toEqual({});
          return;
        }
        for (const [name, value] of Object.entries(desired)) expect(after[name]).toEqual(value ?? undefined);
        for (const name of Object.keys(stored)) {
          if (!Object.hasOwn(desired, name)) expect(after[name]).toEqual(stored[name]);
        }
      }),
    );
  });

  it('may set what the model lets be written, and may clear anything', () => {
    const may = (serviceId: string, desired: JsonObject) => isWritable(model, [{ serviceId, desired }]);
    expect(may('Motor', { speed: 1, mode: 2 })).toBe(true);
    expect(may('Motor', { temperature: 1 })).toBe(false);
    expect(may('Motor', { temperature: null, gone: null })).toBe(true);
    expect(may('Nothing', { p: 1 })).toBe(false);
    expect(may('Nothing', {})).toBe(true);
  });
});

describe('a delta', () => {
  it('ends once the device has reported it, and holds writable properties alone', () => {
    fc.assert(
      fc.property(values, values, (desired, reported) => {
        const delta = deltaOf(model, { serviceId: 'Motor', desired, reported });
        for (const name of Object.keys(delta?.properties ?? {})) expect(['speed', 'mode']).toContain(name);
        const now = { ...reported, ...delta?.properties };
        expect(deltaOf(model, { serviceId: 'Motor', desired, reported: now })).toBeUndefined();
      }),
    );
  });
});
