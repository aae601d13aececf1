import { uploadOf } from './v5-document.ts';
import type { TObject } from 'typebox';
import * as legacy from '../legacy/index.ts';
import { type LegacyEndpoint, legacyEndpoints } from '../legacy/endpoints.ts';
import { type LegacyEndpointSchemas, legacyEndpointSchemas } from '../legacy/endpoint-schemas.ts';
import { type Components, createComponents } from './components.ts';
import type { Content, OpenApiDocument, Operation, Parameter } from './document.ts';
import { legacyResponsesOf } from './legacy-responses.ts';
import { pathParameters, queryParameters } from './parameters.ts';
import { jsonOf } from './responses.ts';

const info = {
  title: 'Muster, legacy API',
  version: 'v1.x',
  summary: 'Bulk operations on fleets of IoT devices, for applications of the first generation.',
  description: [
    'Names are camelCase; unknown members are ignored, `null` counts as absent, integers may be decimal text.',
    'A path may end in a slash. Of a repeated query parameter the first counts; empty values, `null` and `None` are absent.',
    'Every error has `error_code` and `error_desc`; `error_detail` names the field or the cause.',
  ].join('\n\n'),
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
};

const securitySchemes = {
  application: {
    type: 'apiKey',
    in: 'header',
    name: 'app_key',
    description: 'The appId; `x-app-key` will do as well.',
  },
  token: { type: 'http', scheme: 'bearer', description: 'An access token from the call Login, valid for an hour.' },
};

interface Area {
  readonly name: string;
  readonly description: string;
  readonly pattern: RegExp;
}

/** In the order of the contract's page; the first whose pattern fits takes the call. */
const areas: readonly Area[] = [
  { name: 'Sign-in', description: 'Tokens of applications.', pattern: /\/sec\// },
  { name: 'Upgrade packages', description: 'Software and firmware packages.', pattern: /\/category/ },
  { name: 'Device groups', description: 'Static groups.', pattern: /devgroup|devices\/ids|DevGroup/i },
  { name: 'Subscriptions', description: 'What is pushed, and where to.', pattern: /\/sub\// },
  { name: 'Devices', description: 'Devices, their data and what they can do.', pattern: /^/ },
];

const areaOf = (path: string): Area => areas.find(({ pattern }) => pattern.test(path)) ?? (areas[0] as Area);

/** OpenAPI 3.1 of the legacy generation, from the tables and schemas that the server itself goes by. */
export function createLegacyDocument(): OpenApiDocument {
  const components = createComponents(legacy);
  const byPath = Map.groupBy(legacyEndpoints, ({ path }) => path);
  const paths = [...byPath].map(([path, calls]) => {
    const operations = calls.map((call) => [call.method.toLowerCase(), operationOf(call, components)] as const);
    return [path, Object.fromEntries(operations)] as const;
  });
  const tags = new Map(legacyEndpoints.map(({ path }) => areaOf(path)).map((area) => [area.name, area]));
  return {
    openapi: '3.1.0',
    info,
    servers: [{ url: '/', description: 'The server that this document comes from.' }],
    security: [{ application: [], token: [] }],
    tags: [...tags.values()].map(({ name, description }) => ({ name, description })),
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes,
      headers: {},
      responses: {},
      schemas: Object.fromEntries([...components.schemas].sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}

function operationOf(endpoint: LegacyEndpoint, components: Components): Operation {
  const { operationId, path, summary, access } = endpoint;
  const all: Readonly<Record<string, LegacyEndpointSchemas>> = legacyEndpointSchemas;
  const schemas = all[operationId] ?? {};
  const parameters = [...pathParameters(path), ...queryParameters(schemas.query), ...ownerParameters(endpoint)];
  const { body } = schemas;
  return {
    operationId,
    summary,
    description: wordsOf(endpoint),
    tags: [areaOf(path).name],
    ...(access === 'public' ? { security: [] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(endpoint.upload === true
      ? { requestBody: { required: true, content: uploadOf('The file, .xlsx or .csv.') } }
      : {}),
    ...(body === undefined ? {} : { requestBody: requestBodyOf(endpoint, body, components) }),
    responses: legacyResponsesOf(endpoint, schemas, components),
  };
}

function wordsOf({ access, alsoAt = [] }: LegacyEndpoint): string {
  const who = access === 'public' ? 'Needs neither `app_key` nor a token.' : 'Needs `app_key` and a token of it.';
  return alsoAt.length === 0 ? who : `${who} Also at ${alsoAt.map((path) => `\`${path}\``).join(', ')}.`;
}

/** Legacy 1.2: which application's things are meant. */
function ownerParameters({ access, ownerQuery }: LegacyEndpoint): readonly Parameter[] {
  if (access === 'public') return [];
  const description = 'Another application, which has authorised the caller; absent: the caller.';
  return [{ name: ownerQuery ?? 'appId', in: 'query', description, required: false, schema: { type: 'string' } }];
}

function requestBodyOf(
  { operationId }: LegacyEndpoint,
  body: TObject,
  components: Components,
): { required: boolean; content: Content } {
  const json = jsonOf(body, components);
  const form: Content =
    operationId === 'Login' ? { 'application/x-www-form-urlencoded': { schema: components.refer(body) } } : {};
  return { required: (body.required ?? []).length > 0, content: { ...form, ...json } };
}
