import { type Decoded, type Decoder, createDecoder, createQueryDecoder } from '@muster/contract';
import { type Endpoint, endpoints } from '@muster/contract/v5';
import type { FastifyRequest } from 'fastify';
import type { TObject, TSchema } from 'typebox';
import type { ProjectId } from '../../domain/ids.ts';
import type { Caller } from '../../services/caller.ts';

/**
 * How a v5 endpoint is served. Method, path, permission and success status come from the contract's endpoint table, by operation id;
 * a route adds the schemas and a handler that translates: wire -> use case -> wire. By the time `handle` runs, credentials, project,
 * permission, media type, JSON and schemas are checked. Expected failures are thrown as `Problem`.
 *
 *     export function createProductRoutes(products: Products): V5Route[] {
 *       return [
 *         v5Route('CreateProduct', {
 *           body: CreateProductRequest,
 *           handle: async ({ projectId, body }) =>
 *             encodeProduct(await products.create(projectId, decodeNewProduct(body))),
 *         }),
 *         v5Route('ListProducts', {
 *           query: ListProductsQuery,
 *           handle: async ({ projectId, query }) =>
 *             encodeProductPage(await products.list({ projectId, ...decodeFilter(query) }, decodePage(query))),
 *         }),
 *         v5Route('DeleteProduct', {
 *           query: ProductQuery,
 *           handle: ({ projectId, param }) => products.delete(projectId, param('product_id')),
 *         }),
 *       ];
 *     }
 *
 * What `handle` returns: an object is sent as JSON with the endpoint's status; nothing (204 endpoints) sends no body; an `Answer`
 * says status, headers or a stream itself (`new Answer({ status: 200, body: { … } })` for a dry run). Page queries become a
 * checked `PageRequest` with `decodePage` of `http/v5/page.ts`. Calls that share method and path and are told apart by the query's
 * `action_id` are simply several routes.
 */
export function v5Route<Q extends TObject | undefined = undefined, B extends TSchema | undefined = undefined>(
  operationId: string,
  spec: RouteSpec<Q, B>,
): V5Route {
  const endpoint = endpoints.find((candidate) => candidate.operationId === operationId);
  if (endpoint === undefined) throw new Error(`The contract has no endpoint ${operationId}.`);
  return {
    endpoint,
    bodyMode: spec.stream === true ? 'stream' : 'json',
    decodeQuery: spec.query === undefined ? undefined : createQueryDecoder(spec.query),
    decodeBody: spec.body === undefined ? undefined : createDecoder(spec.body),
    // The decoders above are made from the same schemas: the values have exactly these types.
    handle: (call) => spec.handle(call as unknown as V5Call<Q, B>),
  };
}

export interface RouteSpec<Q extends TObject | undefined, B extends TSchema | undefined> {
  /** Absent: the query is ignored. */
  readonly query?: Q;
  /** JSON body; an empty one counts as `{}` (v5 1, Empty bodies). Absent: the body is ignored. */
  readonly body?: B;
  /** The body is not read: the handler streams `request.raw` (e.g. multipart) and awaits `bodyVerified` before anything lasts. */
  readonly stream?: true;
  handle(call: V5Call<Q, B>): unknown;
}

export interface V5Call<Q extends TObject | undefined = undefined, B extends TSchema | undefined = undefined> {
  readonly caller: Caller;
  /** The path's project, checked to be the caller's. Reading it on an endpoint without `{project_id}` is a bug and throws. */
  readonly projectId: ProjectId;
  readonly query: Q extends TObject ? Decoded<Q> : undefined;
  readonly body: B extends TSchema ? Decoded<B> : undefined;
  /** Lower hex; of the raw bytes. Undefined for streamed bodies. */
  readonly bodySha256: string | undefined;
  /** 32 hex, as in X-Request-Id. */
  readonly requestId: string;
  /** A path parameter by its name in the endpoint table, percent-decoded, NOT otherwise checked. */
  param(name: string): string;
  /** First value of a request header, undefined when absent; name in lower case. */
  header(name: string): string | undefined;
  /** Whether the caller has a further permission, e.g. to see secrets (v5 11, createDevices). */
  may(permission: string): boolean;
  /** Aborts when the client goes away or the server stops: for waits and event streams. */
  readonly signal: AbortSignal;
  /** Streamed bodies: resolves behind the last byte once its hash agrees with the signature, else rejects with 401. */
  bodyVerified(): Promise<void>;
  readonly request: FastifyRequest;
}

/** What the registration works with; made by `v5Route` alone. */
export interface V5Route {
  readonly endpoint: Endpoint;
  readonly bodyMode: 'json' | 'stream';
  readonly decodeQuery: Decoder<unknown> | undefined;
  readonly decodeBody: Decoder<unknown> | undefined;
  handle(call: ErasedCall): unknown;
}

/** A call whose query and body have the types of their decoders, which only the route's author knows. */
export type ErasedCall = Omit<V5Call, 'query' | 'body'> & { readonly query: unknown; readonly body: unknown };

export interface AnswerParts {
  /** Absent: the endpoint's. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object becomes JSON; a Readable is piped (give it a content-type); absent: no body. */
  readonly body?: unknown;
}

/** Returned by a handler that needs more than its endpoint's status and a JSON body. */
export class Answer {
  readonly parts: AnswerParts;

  constructor(parts: AnswerParts) {
    this.parts = parts;
  }
}
