import * as v5 from '../v5/index.ts';
import { type EndpointSchemas, endpointSchemas } from '../v5/endpoint-schemas.ts';
import { type Endpoint, type EndpointPermission, endpoints } from '../v5/endpoints.ts';
import { areaOf } from './areas.ts';
import { type Components, createComponents } from './components.ts';
import type { Content, OpenApiDocument, Operation } from './document.ts';
import { exceptionsOf } from './exceptions.ts';
import { headerParameters, pathParameters, queryParameters } from './parameters.ts';
import { placeOf, shortPath } from './place.ts';
import { jsonOf, requestIdHeader, responsesOf, sharedRefusals } from './responses.ts';

const info = {
  title: 'Muster, v5 API',
  version: 'v5',
  summary: 'Bulk operations on fleets of IoT devices.',
  description: [
    'Keys are snake_case; unknown keys of a request are ignored, and `null` counts as absent.',
    'Every answer carries `X-Request-Id`. Every error has `error_code` and `error_msg`.',
    'Calls and fields whose description begins with *Extension* are not part of the official API.',
  ].join('\n\n'),
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
};

const securitySchemes = {
  token: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Auth-Token',
    description: 'A token from `POST /v3/auth/tokens`, valid for 24 hours.',
  },
  signature: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: [
      'The request signed with an access key (AK/SK), together with the header `X-Sdk-Date`, by one of two algorithms:',
      '- `SDK-HMAC-SHA256 Access=<AK>, SignedHeaders=<h1;h2>, Signature=<hex>`',
      '- `V11-HMAC-SHA256 Credential=<AK>/<date>/<region>/iotdm, SignedHeaders=<h1;h2>, Signature=<hex>`',
    ].join('\n'),
  },
};

/** OpenAPI 3.1 of the v5 generation, from the tables and schemas that the server itself goes by. */
export function createV5Document(): OpenApiDocument {
  const components = createComponents(v5);
  const byPath = Map.groupBy(endpoints, ({ path }) => path);
  const paths = [...byPath].map(([path, calls]) => [path, operationsOf(calls, components)] as const);
  const responses = sharedRefusals(components);
  const tags = new Map(endpoints.map(({ path }) => areaOf(shortPath(path))).map((area) => [area.name, area]));
  return {
    openapi: '3.1.0',
    info,
    servers: [{ url: '/', description: 'The server that this document comes from.' }],
    security: [{ token: [] }, { signature: [] }],
    tags: [...tags.values()],
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes,
      headers: { RequestId: requestIdHeader },
      responses,
      schemas: Object.fromEntries([...components.schemas].sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}

function operationsOf(calls: readonly Endpoint[], components: Components): Readonly<Record<string, Operation>> {
  const operations: Record<string, Operation> = {};
  for (const endpoint of calls) {
    const method = endpoint.method.toLowerCase();
    const known = operations[method];
    // OpenAPI has one operation for a method and path, whatever the query.
    if (known !== undefined) throw new Error(`${endpoint.operationId} is at the place of ${known.operationId}.`);
    operations[method] = operationOf(endpoint, components);
  }
  return operations;
}

function operationOf(endpoint: Endpoint, components: Components): Operation {
  const { operationId, path, permission, summary } = endpoint;
  const schemas: EndpointSchemas = (endpointSchemas as Readonly<Record<string, EndpointSchemas>>)[operationId] ?? {};
  const { requestHeaders } = exceptionsOf(placeOf(endpoint));
  const parameters = [...pathParameters(path), ...queryParameters(schemas.query), ...headerParameters(requestHeaders)];
  const requestBody = requestBodyOf(endpoint, schemas, components);
  return {
    operationId,
    summary,
    description: permissionWords(permission),
    tags: [areaOf(shortPath(path)).name],
    ...(permission === 'public' ? { security: [] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(requestBody === undefined ? {} : { requestBody }),
    responses: responsesOf(endpoint, schemas, components),
  };
}

function permissionWords(permission: EndpointPermission): string {
  if (permission === 'public') return 'Needs no credentials.';
  if (permission === 'signed-in') return 'Needs credentials, whatever their permissions.';
  return permission === 'admin' ? 'Needs the role `admin`.' : `Needs the permission \`${permission}\`.`;
}

function requestBodyOf(
  endpoint: Endpoint,
  { body }: EndpointSchemas,
  components: Components,
): { required: boolean; content: Content } | undefined {
  const { file } = exceptionsOf(placeOf(endpoint));
  if (file !== undefined) return { required: true, content: uploadOf(file) };
  if (body === undefined) return undefined;
  // v5 1, Empty bodies: none counts as `{}`.
  return { required: (body.required ?? []).length > 0, content: jsonOf(body, components) };
}

export function uploadOf(description: string): Content {
  const file = { type: 'string', contentMediaType: 'application/octet-stream', description };
  return { 'multipart/form-data': { schema: { type: 'object', properties: { file }, required: ['file'] } } };
}
