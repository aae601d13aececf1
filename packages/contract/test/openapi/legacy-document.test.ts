import { describe, expect, it } from 'vitest';
import { legacyEndpoints } from '../../src/legacy/index.ts';
import { createLegacyDocument } from '../../src/openapi/index.ts';

const document = createLegacyDocument();
const text = JSON.stringify(document);

describe('the legacy OpenAPI document', () => {
  it('has exactly the calls of the endpoint table', () => {
    const places = Object.entries(document.paths).flatMap(([path, calls]) =>
      Object.entries(calls).map(([method, { operationId }]) => `${method.toUpperCase()} ${path} ${operationId}`),
    );
    const listed = legacyEndpoints.map(({ method, path, operationId }) => `${method} ${path} ${operationId}`);
    expect(places.toSorted()).toEqual(listed.toSorted());
  });

  it('refers only to what it has', () => {
    const named = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(5);
    for (const name of named) expect(Object.keys(document.components.schemas)).toContain(name);
  });

  it('names an application in every call that has one, and describes every parameter', () => {
    for (const [path, calls] of Object.entries(document.paths)) {
      for (const { operationId, parameters = [], security } of Object.values(calls)) {
        const owner = parameters.filter(({ name }) => name === 'appId' || name === 'accessAppId');
        expect([operationId, owner.length]).toEqual([operationId, security === undefined ? 1 : 0]);
        for (const { name, description } of parameters) expect([name, description !== '']).toEqual([name, true]);
        const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        expect(parameters.filter((each) => each.in === 'path').map(({ name }) => name)).toEqual(named);
      }
    }
  });
});
