import type { Readable } from 'node:stream';
import type { Decoded, Decoder } from '@muster/contract';
import {
  createLegacyDecoder,
  createLegacyQueryDecoder,
  type LegacyEndpoint,
  legacyEndpoints,
} from '@muster/contract/legacy';
import type { TObject, TSchema } from 'typebox';
import type { App } from '../../domain/app.ts';
import type { LegacyCodes } from './problems.ts';

/**
 * How a legacy call is served. Method, path and success status come from the contract's endpoint table, by operation id; a route adds the
 * schemas and a handler that translates: wire -> use case -> wire. By the time `handle` runs everything of legacy 1.5 down to types and
 * ranges is checked, in its order. Expected failures are thrown as `Problem`, or as `LegacyError` where only this generation knows them.
 *
 *     legacyRoute('ShowUpgradePackage', {
 *       codes: { packageNotFound: '123002' },
 *       handle: async ({ owner, param }) => encodePackage(await packages.get(owner.projectId, …)),
 *     })
 *
 * What `handle` returns: an object is sent as JSON with the endpoint's status, a `StreamedList` bit by bit; nothing sends no body.
 */
export function legacyRoute<Q extends TObject | undefined = undefined, B extends TSchema | undefined = undefined>(
  operationId: string,
  spec: LegacyRouteSpec<Q, B>,
): LegacyRoute {
  const endpoint = legacyEndpoints.find((candidate) => candidate.operationId === operationId);
  if (endpoint === undefined) throw new Error(`The legacy contract has no endpoint ${operationId}.`);
  const { query, body, form, queryAliases = {}, missing = () => undefined } = spec;
  const createBodyDecoder = form === undefined ? createLegacyDecoder : createLegacyQueryDecoder;
  return {
    endpoint,
    bodyForm: form ?? 'json',
    bodyNames: Object.keys((body as TObject | undefined)?.properties ?? {}),
    codes: spec.codes ?? {},
    missing,
    queryAliases,
    decodeQuery: query === undefined ? undefined : createLegacyQueryDecoder(query),
    decodeBody: body === undefined ? undefined : createBodyDecoder(body as TObject),
    // The decoders above are made from the same schemas: the values have exactly these types.
    handle: (call) => spec.handle(call as unknown as LegacyCall<Q, B>),
  };
}

/** `form`: pairs, or JSON; `words`: JSON whose empty texts are as good as none. */
type BodyForm = 'form' | 'words' | 'json';

export interface LegacyRouteSpec<Q extends TObject | undefined, B extends TSchema | undefined> {
  readonly query?: Q;
  /** Absent: the body is ignored. */
  readonly body?: B;
  /** The path of a member of the body, as it was sent, that its other members make mandatory and that is absent. */
  readonly missing?: LegacyRoute['missing'];
  /** Absent: JSON. */
  readonly form?: Exclude<BodyForm, 'json'>;
  /** Other spellings of query parameters; the schema's own counts before them. */
  readonly queryAliases?: Readonly<Record<string, string>>;
  /** What problems of the core mean here and nowhere else. */
  readonly codes?: LegacyCodes;
  handle(call: LegacyCall<Q, B>): unknown;
}

export interface LegacyCall<Q extends TObject | undefined = undefined, B extends TSchema | undefined = undefined> {
  /** Who calls. Reading it on a public endpoint is a bug and throws, as with `owner`. */
  readonly caller: App;
  /** Whose things the call is about: the application that it names, else the caller. */
  readonly owner: App;
  readonly query: Q extends TObject ? Decoded<Q> : undefined;
  readonly body: B extends TSchema ? Decoded<B> : undefined;
  readonly remoteAddress: string;
  /** Hands the one file of a multipart body to `keep`, as a stream (receive-file.ts). */
  receiveFile<T>(keep: (fileName: string, body: Readable) => Promise<T>): Promise<T>;
  /** A path parameter by its name in the endpoint table, percent-decoded, NOT otherwise checked. */
  param(name: string): string;
}

/** What the registration works with; made by `legacyRoute` alone. */
export interface LegacyRoute {
  readonly endpoint: LegacyEndpoint;
  readonly bodyForm: BodyForm;
  /** The body's members as the schema spells them. */
  readonly bodyNames: readonly string[];
  readonly queryAliases: Readonly<Record<string, string>>;
  readonly codes: LegacyCodes;
  missing(body: Readonly<Record<string, unknown>>): string | undefined;
  readonly decodeQuery: Decoder<unknown> | undefined;
  readonly decodeBody: Decoder<unknown> | undefined;
  handle(call: ErasedLegacyCall): unknown;
}

/** A call whose query and body have the types of their decoders, which only the route's author knows. */
export type ErasedLegacyCall = Omit<LegacyCall, 'query' | 'body'> & { readonly query: unknown; readonly body: unknown };
