import { readFileSync } from 'node:fs';
import type { TSchema } from 'typebox';
import { describe, expect, it } from 'vitest';
import {
  createLegacyDecoder,
  legacyEndpointSchemas,
  type LegacyEndpointSchemas,
  legacyEndpoints,
  legacyErrorCodes,
  legacyFamilyOf,
} from '../../src/legacy/index.ts';
import type { SchemaNode } from '../../src/schema.ts';
import { schemaNode } from '../../src/schema.ts';

const schemasOf: Readonly<Record<string, LegacyEndpointSchemas>> = legacyEndpointSchemas;
const page = readFileSync(new URL('../../../../docs/contract/legacy.md', import.meta.url), 'utf8');

function undescribed(node: SchemaNode, path: string): string[] {
  const members = Object.entries(node.properties ?? {}).flatMap(([key, child]) => [
    ...(child.description === undefined ? [`${path}.${key}`] : []),
    ...undescribed(child, `${path}.${key}`),
  ]);
  return node.items === undefined ? members : [...members, ...undescribed(node.items, `${path}[]`)];
}

const allSchemas = Object.entries(schemasOf).flatMap(([operationId, schemas]) =>
  Object.entries(schemas).map(([part, schema]): [string, TSchema] => [`${operationId}.${part}`, schema as TSchema]),
);

describe('the legacy endpoint table', () => {
  it('has each operation id and each call once, under an address of the generation', () => {
    expect(new Set(legacyEndpoints.map(({ operationId }) => operationId)).size).toBe(legacyEndpoints.length);
    const places = legacyEndpoints.flatMap(({ method, path, alsoAt = [] }) =>
      [path, ...alsoAt].map((each) => `${method} ${each.replace(/\{\w+\}/g, '{}')}`),
    );
    expect(new Set(places).size).toBe(places.length);
    for (const { path, alsoAt = [] } of legacyEndpoints) {
      for (const each of [path, ...alsoAt]) expect(legacyFamilyOf(each)).toBeDefined();
    }
  });

  it('names schemas for exactly the operations it lists, and errors that there are', () => {
    expect(Object.keys(schemasOf).sort()).toEqual(legacyEndpoints.map(({ operationId }) => operationId).sort());
    const known = new Set(legacyErrorCodes.map(({ code }) => code));
    for (const { operationId, errors, status, method } of legacyEndpoints) {
      expect([operationId, errors.filter((code) => !known.has(code))]).toEqual([operationId, []]);
      const { response, body } = schemasOf[operationId] ?? {};
      if (status === 204) expect([operationId, response]).toEqual([operationId, undefined]);
      if (method === 'GET' || method === 'DELETE') expect([operationId, body]).toEqual([operationId, undefined]);
    }
  });

  it('has paths whose last part the page writes', () => {
    for (const { path } of legacyEndpoints) {
      const last = path.split('/').findLast((part) => !part.startsWith('{')) ?? '';
      expect(page).toContain(last);
    }
  });
});

/** Members that are there only where the query asks for them. */
const onDemand: Readonly<Record<string, readonly string[]>> = { ShowLegacyBatchTask: ['tags'] };

describe('the legacy wire schemas', () => {
  it('compile and describe every property', () => {
    for (const [label, schema] of allSchemas) {
      expect(undescribed(schemaNode(schema), label)).toEqual([]);
      expect([label, createLegacyDecoder(schema)('not an object').ok]).toEqual([label, false]);
      expect(JSON.parse(JSON.stringify(schema))).toEqual(structuredClone(schema));
    }
  });

  it('answer with no member that clients take for a failure, and leave none out', () => {
    for (const [operationId, { response }] of Object.entries(schemasOf)) {
      const { properties = {}, required = [] } = response === undefined ? {} : schemaNode(response);
      expect([operationId, Object.keys(properties).includes('error_code')]).toEqual([operationId, false]);
      const always = Object.keys(properties).filter((name) => !onDemand[operationId]?.includes(name));
      expect([operationId, always.toSorted()]).toEqual([operationId, [...required].toSorted()]);
    }
  });
});
