import { readFileSync } from 'node:fs';
import type { TSchema } from 'typebox';
import { describe, expect, it } from 'vitest';
import { createDecoder } from '../../src/decode.ts';
import { schemaNode } from '../../src/schema.ts';
import type { SchemaNode } from '../../src/schema.ts';
import * as v5 from '../../src/v5/index.ts';

const { endpoints } = v5;
const schemasOf: Readonly<Record<string, v5.EndpointSchemas>> = v5.endpointSchemas;

function sentOrAnswered(): [string, TSchema][] {
  return Object.entries(schemasOf).flatMap(([operationId, schemas]) =>
    Object.entries(schemas).map(([part, schema]): [string, TSchema] => [`${operationId}.${part}`, schema as TSchema]),
  );
}

/** Paths of properties without a description, below `node`. */
function undescribed(node: SchemaNode, path: string): string[] {
  const members = Object.entries(node.properties ?? {}).flatMap(([key, child]) => [
    ...(child.description === undefined ? [`${path}.${key}`] : []),
    ...undescribed(child, `${path}.${key}`),
  ]);
  return node.items === undefined ? members : [...members, ...undescribed(node.items, `${path}[]`)];
}

describe('the endpoint table', () => {
  it('has each operation id and each call once', () => {
    expect(new Set(endpoints.map(({ operationId }) => operationId)).size).toBe(endpoints.length);
    expect(new Set(endpoints.map(({ method, path }) => `${method} ${path}`)).size).toBe(endpoints.length);
  });

  it('names schemas for exactly the operations it lists', () => {
    expect(Object.keys(schemasOf).sort()).toEqual(endpoints.map(({ operationId }) => operationId).sort());
  });

  it('answers a body unless the status is 204, as the contract lays down', () => {
    // Changes of memberships and tags answer 200 without content; the progress stream and files are no JSON.
    const changes = ['CreateOrDeleteDeviceInGroup', 'TagDevice', 'UntagDevice'];
    const without = [
      ...changes,
      'WatchBatchTask',
      'DownloadFailedRows',
      'ShowBatchTaskFileTemplate',
      'DownloadExportTask',
    ];
    for (const { operationId, status, method } of endpoints) {
      const { response, body } = schemasOf[operationId] ?? {};
      const expected = status !== 204 && !without.includes(operationId);
      expect([operationId, response !== undefined]).toEqual([operationId, expected]);
      if (method === 'GET' || method === 'DELETE') expect([operationId, body]).toEqual([operationId, undefined]);
    }
  });

  it('uses only path prefixes that the contract pages know', () => {
    const pages = ['v5.md', 'operations.md']
      .map((file) => readFileSync(new URL(`../../../../docs/contract/${file}`, import.meta.url), 'utf8'))
      .join('\n');
    for (const { path } of endpoints) {
      const collection = path
        .replace('/v5/iot/{project_id}', '{P}')
        .split('/')
        .slice(0, path.startsWith('/v5') ? 2 : 4);
      expect(pages).toContain(collection.join('/'));
    }
  });
});

describe('the wire schemas', () => {
  it('compile and describe every property', () => {
    for (const [label, schema] of sentOrAnswered()) {
      expect(undescribed(schemaNode(schema), label)).toEqual([]);
      expect([label, createDecoder(schema)('not an object').ok]).toEqual([label, false]);
    }
  });

  it('are plain JSON Schema: nothing is lost when they are written down', () => {
    for (const [, schema] of sentOrAnswered()) {
      expect(JSON.parse(JSON.stringify(schema))).toEqual(structuredClone(schema));
    }
  });
});
