import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DecodeResult, Decoder } from '@muster/contract';
import type { EndpointPermission } from '@muster/contract/v5';
import { Problem, invalid } from '../../domain/problem.ts';
import { type Caller, callerMay, requirePermission, requireProject } from '../../services/caller.ts';
import type { Authenticate, Claim } from '../auth/authenticator.ts';
import { callerBody, publicBody } from '../body-reader.ts';
import { parseJsonBody, sha256Of } from '../request-body.ts';
import { type RequestTarget, parseTarget, queryRecord } from '../request-target.ts';
import { DecodeProblem } from '../wire-error.ts';
import { Answer, type ErasedCall, type V5Route } from './route.ts';
import { watchBody } from './watched-body.ts';

export interface V5Doors {
  readonly authenticate: Authenticate;
  /** Aborts when the server begins to close, so that event streams and waits end. */
  readonly closing: AbortSignal;
}

/** Puts routes on the server. Routes that share method and path are told apart by the query's `action_id`. */
export function registerV5(app: FastifyInstance, routes: readonly V5Route[], doors: V5Doors): void {
  const byPlace = Map.groupBy(routes, ({ endpoint }) => `${endpoint.method} ${endpoint.path}`);
  for (const sharing of byPlace.values()) {
    const [first] = sharing;
    if (first === undefined) continue;
    app.route({
      method: first.endpoint.method,
      url: first.endpoint.path.replace(/\{(\w+)\}/g, ':$1'),
      handler: (request, reply) => serve(request, reply, { doors, sharing }),
    });
  }
}

interface Place {
  readonly doors: V5Doors;
  readonly sharing: readonly V5Route[];
}

async function serve(request: FastifyRequest, reply: FastifyReply, place: Place): Promise<FastifyReply> {
  const target = parseTarget(request.raw.url ?? '/');
  // An empty segment matches a parameter, but names nothing.
  if (Object.values(request.params as Readonly<Record<string, string>>).includes(''))
    throw new Problem('routeNotFound');
  const [shared] = place.sharing;
  if (shared === undefined) throw new Error('A place without routes was registered.');
  const claim = await claimOf(request, target, { permission: shared.endpoint.permission, doors: place.doors });
  const body = await receiveBody({ request, reply, route: shared, claim });
  const route = choose(place.sharing, target);
  if (claim !== undefined) authorise(request, claim.caller, route.endpoint.permission);
  const call = createCall(request, reply, { ...body, route, target, claim, closing: place.doors.closing });
  return send(reply, route, await route.handle(call));
}

async function claimOf(
  request: FastifyRequest,
  target: RequestTarget,
  { permission, doors }: { permission: EndpointPermission; doors: V5Doors },
): Promise<Claim | undefined> {
  if (permission === 'public') return undefined;
  return doors.authenticate({ method: request.method, target, rawHeaders: request.raw.rawHeaders });
}

interface ReceivedBody {
  readonly bytes: Buffer | undefined;
  readonly bodySha256: string | undefined;
  bodyVerified(): Promise<void>;
}

interface Arriving {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly route: V5Route;
  readonly claim: Claim | undefined;
}

async function receiveBody({ request, reply, route, claim }: Arriving): Promise<ReceivedBody> {
  if (route.bodyMode === 'stream') {
    const sha256 = watchBody(request.raw);
    return { bytes: undefined, bodySha256: undefined, bodyVerified: async () => claim?.prove(await sha256) };
  }
  const bytes = await request.server.bodies.read(request.raw, reply.raw, claim === undefined ? publicBody : callerBody);
  const bodySha256 = sha256Of(bytes);
  claim?.prove(bodySha256);
  return { bytes, bodySha256, bodyVerified: () => Promise.resolve() };
}

function choose(sharing: readonly V5Route[], { query }: RequestTarget): V5Route {
  const [first] = sharing;
  if (first !== undefined && first.endpoint.actionIds === undefined) return first;
  const given = query.filter(([key]) => key === 'action_id').map(([, value]) => value);
  const chosen = sharing.find(({ endpoint }) => given.length === 1 && endpoint.actionIds?.includes(given[0] ?? ''));
  if (chosen !== undefined) return chosen;
  const known = sharing.flatMap(({ endpoint }) => endpoint.actionIds ?? []);
  throw invalid('action_id', `must be one of ${known.join(', ')}`);
}

function authorise(request: FastifyRequest, caller: Caller, permission: EndpointPermission): void {
  const inPath = (request.params as Readonly<Record<string, string>>).project_id;
  if (inPath !== undefined && permission !== 'admin') {
    const projectId = requireProject(caller, inPath);
    // v5 1: X-Project-Id, if sent, must equal the path's project.
    const named = request.headers['x-project-id'];
    if (named !== undefined && named !== projectId) throw new Problem('projectForbidden');
  }
  if (permission === 'admin') requirePermission(caller, 'muster:admin:all');
  else if (permission !== 'signed-in' && permission !== 'public') requirePermission(caller, permission);
}

interface CallParts extends ReceivedBody {
  readonly route: V5Route;
  readonly target: RequestTarget;
  readonly claim: Claim | undefined;
  readonly closing: AbortSignal;
}

function createCall(request: FastifyRequest, reply: FastifyReply, parts: CallParts): ErasedCall {
  const { route, target, claim, bytes } = parts;
  const params = request.params as Readonly<Record<string, string>>;
  const need = <T>(value: T | undefined, what: string): T => {
    if (value === undefined) throw new Error(`${route.endpoint.operationId} has no ${what}.`);
    return value;
  };
  return {
    get caller() {
      return need(claim?.caller, 'caller: it is public');
    },
    get projectId() {
      if (params.project_id === undefined) throw new Error(`${route.endpoint.operationId} has no {project_id}.`);
      return need(claim?.caller.projectId, 'project');
    },
    query: decode(route.decodeQuery, () => queryRecord(target.query)),
    body: decode(bytes && route.decodeBody, () =>
      parseJsonBody(bytes ?? Buffer.alloc(0), request.headers['content-type']),
    ),
    bodySha256: parts.bodySha256,
    requestId: request.id,
    // No id has NUL in it, and not every database can be asked for one that has: another letter is as unknown.
    param: (name) => need(params[name], `parameter ${name}`).replaceAll('\0', '\ufffd'),
    header: (name) => headerOf(request, name),
    may: (permission) => claim !== undefined && callerMay(claim.caller, permission),
    // Made on demand: few handlers wait.
    get signal() {
      return AbortSignal.any([parts.closing, departureOf(reply)]);
    },
    bodyVerified: parts.bodyVerified,
    request,
  };
}

function decode(decoder: Decoder<unknown> | undefined, read: () => unknown): unknown {
  if (decoder === undefined) return undefined;
  const result: DecodeResult<unknown> = decoder(read());
  if (!result.ok) throw new DecodeProblem(result.errors[0]);
  return result.value;
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function departureOf(reply: FastifyReply): AbortSignal {
  const departure = new AbortController();
  // Whoever has gone already does not go once more.
  if (reply.raw.destroyed) departure.abort();
  else reply.raw.once('close', () => departure.abort());
  return departure.signal;
}

function send(reply: FastifyReply, route: V5Route, result: unknown): FastifyReply {
  const parts = result instanceof Answer ? result.parts : { body: result };
  reply.code(parts.status ?? route.endpoint.status).headers({ ...parts.headers });
  return reply.send(parts.body);
}
