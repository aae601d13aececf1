import type { DecodeError } from '@muster/contract';
import { badInputCodes, type LegacyEndpoint, type LegacyFamily, legacyFamilyOf } from '@muster/contract/legacy';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../../domain/app.ts';
import { Problem } from '../../domain/problem.ts';
import type {
  LegacyAccess,
  LegacyAccessGiven,
  LegacyAccessRefusal,
} from '../../services/legacy-access/legacy-access.ts';
import { receiveFile } from '../receive-file.ts';
import { callerBody, publicBody } from '../body-reader.ts';
import { legacyJson } from './dialect.ts';
import { LegacyError } from './legacy-error.ts';
import { pathsOf } from './places.ts';
import { legacyErrorOf } from './problems.ts';
import { readLegacyForm, readLegacyJson } from './read-body.ts';
import { readCredentials } from './read-credentials.ts';
import { readLegacyQuery } from './read-query.ts';
import { refusalError } from './refusals.ts';
import type { ErasedLegacyCall, LegacyRoute } from './route.ts';
import { StreamedList } from './streamed-list.ts';

/** Puts the routes of the legacy generation on the server. */
export function registerLegacy(app: FastifyInstance, routes: readonly LegacyRoute[], access: LegacyAccess): void {
  for (const route of routes) {
    const family = legacyFamilyOf(route.endpoint.path);
    if (family === undefined) throw new Error(`${route.endpoint.operationId} is at no legacy address.`);
    for (const url of pathsOf(route.endpoint)) {
      app.route({
        method: route.endpoint.method,
        url,
        onRequest: (request, _reply, done) => {
          settleMediaType(request);
          done();
        },
        handler: (request, reply) => serve({ request, reply, route, access, family }),
      });
    }
  }
}

/**
 * Legacy 1.2: bodies are JSON whatever they are called; the framework would refuse what is no media type at all. A multipart body is found by
 * its name, which may be written in any case.
 */
function settleMediaType({ raw: { headers } }: FastifyRequest): void {
  const type = headers['content-type'] ?? '';
  if (/^multipart\//i.test(type)) headers['content-type'] = type.replace(/^[^;]*/, (name) => name.toLowerCase());
  else delete headers['content-type'];
}

interface Asked {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly route: LegacyRoute;
  readonly access: LegacyAccess;
  readonly family: LegacyFamily;
}

async function serve(asked: Asked): Promise<FastifyReply> {
  try {
    return send(asked, await asked.route.handle(await readCall(asked)));
  } catch (error) {
    // The area's own codes; everything else the dialect knows.
    throw legacyErrorOf(error, asked.family, asked.route.codes) ?? error;
  }
}

/** Legacy 1.5: checked in its order; the first failure answers. */
async function readCall(asked: Asked): Promise<ErasedLegacyCall> {
  const { request, route, access, family } = asked;
  const params = request.params as Readonly<Record<string, string>>;
  // An empty segment matches a parameter, but names nothing.
  if (Object.values(params).includes('')) throw new Problem('routeNotFound');
  const { endpoint } = route;
  const caller = endpoint.access === 'public' ? undefined : await admit(asked);
  const query = withAliases(readLegacyQuery(request.raw.url ?? '/'), route.queryAliases);
  const bytes = await readBytes(asked, caller);
  const named = namedApp(query[endpoint.ownerQuery ?? 'appId']);
  let owner = caller && granted(await access.ownerOf(caller, named), family);
  const body = bytes && readBody(route, bytes, family);
  if (caller !== undefined && endpoint.ownerInBody === true) {
    const inBody = textOf(body?.['appId']);
    if (inBody !== undefined) owner = granted(await access.ownerOf(caller, inBody), family);
  }
  return {
    get caller() {
      return present(caller, endpoint);
    },
    get owner() {
      return present(owner, endpoint);
    },
    ...decodeBoth(route, { query, body }, family),
    remoteAddress: request.socket.remoteAddress ?? '',
    // Nothing is signed here.
    receiveFile: (keep) => receiveFile({ request, bodyVerified: () => Promise.resolve() }, keep),
    // No id has NUL in it, and not every database can be asked for one that has: another letter is as unknown.
    param: (name) => present(params[name], endpoint).replaceAll('\0', '\ufffd'),
  };
}

function withAliases(query: Query, aliases: LegacyRoute['queryAliases']): Query {
  const known = Object.entries(aliases).flatMap(([alias, name]): [string, string][] => {
    const value = query[alias];
    return value === undefined ? [] : [[name, value]];
  });
  return known.length === 0 ? query : { ...Object.fromEntries(known), ...query };
}

type Query = ReturnType<typeof readLegacyQuery>;

function present<T>(value: T | undefined, { operationId }: LegacyEndpoint): T {
  if (value === undefined) throw new Error(`${operationId} was asked for what it does not have.`);
  return value;
}

async function admit({ request, access, family }: Asked): Promise<App> {
  return granted(await access.admit(readCredentials(request.headers)), family);
}

function granted(outcome: LegacyAccessGiven | LegacyAccessRefusal, family: LegacyFamily): App {
  if (outcome.kind === 'refused') throw refusalError(outcome, family);
  return outcome.app;
}

/** Legacy 1.2: in a query these mean absent; in a body they are names like others. */
const namedApp = (value: string | undefined): string | undefined =>
  value === undefined || ['', 'null', 'None'].includes(value) ? undefined : value;

/** Undefined: none, or what is no text. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : undefined;
}

/** Undefined: the body is ignored (legacy 1.2). */
async function readBytes({ request, reply, route }: Asked, caller: App | undefined): Promise<Buffer | undefined> {
  if (route.decodeBody === undefined) return undefined;
  return request.server.bodies.read(request.raw, reply.raw, caller === undefined ? publicBody : callerBody);
}

function readBody(route: LegacyRoute, bytes: Buffer, family: LegacyFamily): Readonly<Record<string, unknown>> {
  return route.bodyForm === 'form' ? readLegacyForm(bytes, family, route.bodyNames) : readLegacyJson(bytes, family);
}

interface Given {
  readonly query: Query;
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

interface Values {
  readonly query: unknown;
  readonly body: unknown;
}

/** What is missing in either comes before what is wrong in either. */
function decodeBoth(route: LegacyRoute, { query, body = {} }: Given, family: LegacyFamily): Values {
  const results = [route.decodeQuery?.(query), route.decodeBody?.(body)];
  const errors = results.flatMap((result) => (result === undefined || result.ok ? [] : result.errors));
  errors.push(...missingByOthers(route, body));
  const [first] = errors.toSorted((a, b) => Number(b.missing ?? false) - Number(a.missing ?? false));
  if (first !== undefined) {
    const { missingCode } = route.endpoint;
    const plain = first.missing === true && missingCode !== undefined ? missingCode : badInputCodes[family];
    throw new LegacyError(first.code ?? plain, { detail: first.message });
  }
  const [decodedQuery, decodedBody] = results.map((result) => (result?.ok === true ? result.value : undefined));
  return { query: decodedQuery, body: decodedBody };
}

function missingByOthers(route: LegacyRoute, body: Readonly<Record<string, unknown>>): readonly DecodeError[] {
  const path = route.missing(body);
  return path === undefined ? [] : [{ path, message: `The parameter '${path}' is missing.`, missing: true }];
}

/** Legacy 1.3: the media type stands on everything but 204. */
function send({ reply, route }: Asked, result: unknown): FastifyReply {
  const { status } = route.endpoint;
  reply.code(status);
  if (status === 204) return reply.send();
  reply.header('content-type', legacyJson);
  if (result instanceof StreamedList) return reply.send(result.toReadable());
  // The framework would add a charset to the media type of text.
  return reply.send(Buffer.from(result === undefined ? '' : JSON.stringify(result)));
}
