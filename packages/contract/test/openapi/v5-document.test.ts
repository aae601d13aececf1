import { describe, expect, it } from 'vitest';
import { createV5Document, type Operation } from '../../src/openapi/index.ts';
import { type EndpointSchemas, endpointSchemas, endpoints, errorCodes } from '../../src/v5/index.ts';

type Node = Readonly<Record<string, unknown>>;

const schemasOf: Readonly<Record<string, EndpointSchemas>> = endpointSchemas;
const document = createV5Document();
const operations: readonly (Operation & { readonly place: string })[] = Object.entries(document.paths).flatMap(
  ([path, calls]) =>
    Object.entries(calls).map(([method, operation]) => ({ ...operation, place: `${method.toUpperCase()} ${path}` })),
);

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** Every object and list below `value`, with where it stands. */
function* nodes(value: unknown, path = '#'): Generator<[string, Node]> {
  if (!isNode(value)) return;
  yield [path, value];
  for (const [key, child] of Object.entries(value)) yield* nodes(child, `${path}/${key.replaceAll('/', '~1')}`);
}

function resolve(reference: string): unknown {
  const steps = reference.slice(2).split('/');
  return steps.reduce<unknown>((node, step) => (isNode(node) ? node[step.replaceAll('~1', '/')] : undefined), document);
}

describe('the OpenAPI document', () => {
  it('has exactly the calls of the endpoint table', () => {
    const places = endpoints.map(({ method, path, operationId }) => `${method} ${path} ${operationId}`);
    expect(operations.map(({ place, operationId }) => `${place} ${operationId}`).sort()).toEqual(places.sort());
  });

  it('describes every property of every schema', () => {
    const bare = [...nodes(document)]
      // A member may itself be called `properties`.
      .filter(([, node]) => node['type'] === 'object')
      .flatMap(([path, { properties }]) =>
        Object.entries(isNode(properties) ? properties : {}).map(([key, child]) => [`${path}.${key}`, child] as const),
      )
      .filter(([, child]) => {
        const node = isNode(child) && typeof child['$ref'] === 'string' ? resolve(child['$ref']) : child;
        return !isNode(node) || typeof node['description'] !== 'string' || node['description'] === '';
      })
      .map(([path]) => path);
    expect(bare).toEqual([]);
  });

  it('describes every parameter, and every parameter of a path is one', () => {
    for (const { place, parameters = [] } of operations) {
      for (const { name, description } of parameters)
        expect([place, name, description !== '']).toEqual([place, name, true]);
      const named = [...place.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(named);
    }
  });

  it('refers only to what it has', () => {
    for (const [path, node] of nodes(document)) {
      if (typeof node['$ref'] === 'string') expect([path, resolve(node['$ref'])]).not.toEqual([path, undefined]);
    }
  });

  it('gives every call a summary, an area and the shape of its success', () => {
    const areas = document.tags.map(({ name }) => name);
    expect(areas).not.toContain('Other');
    for (const { operationId, summary, tags, responses } of operations) {
      const status = endpoints.find((endpoint) => endpoint.operationId === operationId)?.status;
      const success = responses[String(status)];
      const content = success !== undefined && 'content' in success ? Object.keys(success.content ?? {}) : [];
      expect([operationId, summary !== '', areas.includes(tags[0] ?? '')]).toEqual([operationId, true, true]);
      // Which calls have no JSON at all is the endpoint table's to say.
      if (schemasOf[operationId]?.response !== undefined) {
        expect([operationId, content]).toEqual([operationId, ['application/json']]);
      }
      if (status === 204) expect([operationId, content]).toEqual([operationId, []]);
    }
  });

  it('names errors of the catalogue only, each with a status that it may have', () => {
    for (const { operationId, responses } of operations) {
      for (const [status, response] of Object.entries(responses).filter(([key]) => Number(key) >= 400)) {
        const told = '$ref' in response ? resolve(response.$ref) : response;
        const codes = [...JSON.stringify(told).matchAll(/IOTDA\.(\d{6})/g)].map(([, code]) => code);
        expect([operationId, status, codes.length > 0]).toEqual([operationId, status, true]);
        for (const code of codes) {
          const statuses: readonly number[] = errorCodes.find((entry) => entry.code === code)?.statuses ?? [];
          expect([operationId, code, statuses]).toEqual([operationId, code, expect.arrayContaining([Number(status)])]);
        }
      }
    }
  });

  it('asks for credentials everywhere but at sign-in', () => {
    expect(document.security).toEqual([{ token: [] }, { signature: [] }]);
    const open = operations.filter(({ security }) => security !== undefined).map(({ operationId }) => operationId);
    expect(open).toEqual(['CreateToken']);
  });

  it('tells what is not JSON', () => {
    const upload = operations.find(({ operationId }) => operationId === 'UploadPackageFile');
    expect(Object.keys(upload?.requestBody?.content ?? {})).toEqual(['multipart/form-data']);
    const events = operations.find(({ operationId }) => operationId === 'WatchBatchTask');
    expect(events?.responses).toMatchObject({ 200: { content: { 'text/event-stream': {} } }, 204: {} });
  });

  it('survives being written down', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });
});
