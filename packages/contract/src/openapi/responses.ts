import type { TSchema } from 'typebox';
import type { EndpointSchemas } from '../v5/endpoint-schemas.ts';
import type { Endpoint } from '../v5/endpoints.ts';
import { errorCodes } from '../v5/errors.ts';
import { IamErrorResponse } from '../v5/iam.ts';
import { ErrorResponse } from '../v5/primitives.ts';
import { type CallError, errorsOf } from './call-errors.ts';
import type { Components } from './components.ts';
import type { Content, JsonObject, Reference, Response } from './document.ts';
import { exceptionsOf } from './exceptions.ts';
import { placeOf } from './place.ts';

export const requestIdHeader = {
  description: '32 hex digits, new for each answer; name them when you report a fault.',
  schema: { type: 'string', pattern: '^[0-9a-f]{32}$' },
};

const requestId = { 'X-Request-Id': { $ref: '#/components/headers/RequestId' } };

const successWords = { 200: 'Done.', 201: 'Created.', 204: 'Done; nothing to say.' } as const;

/** What a call answers, by status. */
export function responsesOf(
  endpoint: Endpoint,
  schemas: EndpointSchemas,
  components: Components,
): Readonly<Record<string, Response | Reference>> {
  const { otherwise = {}, responseHeaders = {} } = exceptionsOf(placeOf(endpoint));
  const headers = Object.entries(responseHeaders).map(([name, description]): [string, JsonObject] => [
    name,
    { description, schema: { type: 'string' } },
  ]);
  const content = contentOf(endpoint, schemas, components);
  const others = Object.entries(otherwise).map(([status, { description, schema }]) => {
    const body = schema === undefined ? {} : { content: jsonOf(schema, components) };
    return [status, { description, headers: requestId, ...body }] as const;
  });
  return {
    [endpoint.status]: {
      description: successWords[endpoint.status],
      headers: { ...requestId, ...Object.fromEntries(headers) },
      ...(content === undefined ? {} : { content }),
    },
    ...Object.fromEntries(others),
    ...refusals(endpoint, schemas, components),
  };
}

function contentOf(endpoint: Endpoint, { response }: EndpointSchemas, components: Components): Content | undefined {
  const { content } = exceptionsOf(placeOf(endpoint));
  if (content !== undefined) {
    const entries = Object.entries(content).map(([type, schema]) => [
      type,
      // Bytes have no schema (OpenAPI 3.1, binary data); what they are stands in their place.
      { schema: typeof schema === 'string' ? { description: schema } : components.refer(schema) },
    ]);
    return Object.fromEntries(entries) as Content;
  }
  return response === undefined ? undefined : jsonOf(response, components);
}

export function jsonOf(schema: TSchema, components: Components): Content {
  return { 'application/json': { schema: components.refer(schema) } };
}

// Every call answers these with the same code and nothing else.
const sharedStatuses: ReadonlySet<number> = new Set([401, 413, 500, 503]);

const sharedName = (status: number): string => `Error${status}`;

/** The refusals that calls refer to instead of telling them anew. */
export function sharedRefusals(components: Components): Readonly<Record<string, Response>> {
  const entries = [...sharedStatuses].map((status): [string, Response] => {
    const codes = errorCodes.filter(({ statuses }) => (statuses as readonly number[]).includes(status));
    return [sharedName(status), refusal(codes, jsonOf(ErrorResponse, components))];
  });
  return Object.fromEntries(entries);
}

function refusals(
  endpoint: Endpoint,
  schemas: EndpointSchemas,
  components: Components,
): Readonly<Record<string, Response | Reference>> {
  // v5 2.1: errors of `/v3` have the spelling of IAM beside the plain one.
  const isIam = endpoint.path.startsWith('/v3/');
  const content = jsonOf(isIam ? IamErrorResponse : ErrorResponse, components);
  const byStatus = Map.groupBy(errorsOf(endpoint, schemas), ({ status }) => status);
  const entries = [...byStatus].map(([status, errors]): [string, Response | Reference] => [
    String(status),
    sharedStatuses.has(status) && !isIam
      ? { $ref: `#/components/responses/${sharedName(status)}` }
      : refusal(errors, content),
  ]);
  return Object.fromEntries(entries);
}

function refusal(errors: readonly Pick<CallError, 'code'>[], content: Content): Response {
  return { description: errors.map(sentenceOf).join('\n'), headers: requestId, content };
}

function sentenceOf({ code }: Pick<CallError, 'code'>): string {
  const message = errorCodes.find((entry) => entry.code === code)?.message ?? '';
  return `- \`IOTDA.${code}\`: ${message}`;
}
