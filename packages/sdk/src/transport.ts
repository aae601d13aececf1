import type { Authorizer } from './credentials.ts';
import { errorOfResponse, MusterError, NETWORK_ERROR, reasonOf } from './muster-error.ts';
import { percentEncode } from './signing/canonical-request.ts';
import { sha256Hex, utf8Bytes } from './signing/hash.ts';

/** The standard `fetch`, or one that behaves like it. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Query values; `undefined` leaves the key out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** What every typed method takes last. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** One call in terms of the API; segments and values are encoded on the way. */
export interface ApiCall extends CallOptions {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Segments behind the endpoint, not encoded. */
  readonly path: readonly string[];
  readonly query?: Query | undefined;
  readonly json?: unknown;
  /** Body instead of `json`: multipart, which is streamed and not part of the signature (v5 2.2), or the pairs of a form. */
  readonly form?: FormData | URLSearchParams | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Sends calls; answers that are not 2xx throw {@link MusterError}. */
export interface Transport {
  send(call: ApiCall): Promise<Response>;
  /** The JSON body; an empty one (204) is `undefined`. */
  json<T>(call: ApiCall): Promise<T>;
}

interface TransportOptions {
  readonly endpoint: string;
  readonly fetch: Fetch;
  readonly authorizer: Authorizer | undefined;
}

/** Base URL without the slash at its end; throws a TypeError for anything but http and https. */
function parseEndpoint(endpoint: string): URL {
  const url = new URL(endpoint);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new TypeError(`Not an HTTP address: ${endpoint}`);
  url.pathname = url.pathname.replace(/\/+$/, '');
  return url;
}

const queryPairs = (query: Query = {}): [string, string][] =>
  Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]));

/** A blank or dotted segment would silently name another resource: `devices/` + `''` is the list. */
function encodeSegment(segment: string): string {
  if (segment === '' || segment === '.' || segment === '..') throw new TypeError(`Not usable in a path: "${segment}"`);
  return percentEncode(segment);
}

const encodePairs = (pairs: readonly (readonly [string, string])[]): string =>
  pairs.map(([key, value]) => `${percentEncode(key)}=${percentEncode(value)}`).join('&');

/** Headers and body as they are sent, before authentication. */
function encodeBody(call: ApiCall): {
  headers: Record<string, string>;
  body: Uint8Array<ArrayBuffer> | FormData | undefined;
} {
  if (call.form instanceof URLSearchParams) {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', ...call.headers };
    return { headers, body: utf8Bytes(call.form.toString()) };
  }
  if (call.form !== undefined) {
    // fetch writes the Content-Type, its boundary is not known here: it stays out of the signature.
    return { headers: { ...call.headers, 'X-Sdk-Content-Sha256': 'UNSIGNED-PAYLOAD' }, body: call.form };
  }
  if (call.json === undefined) return { headers: { ...call.headers }, body: undefined };
  const headers = { 'Content-Type': 'application/json', ...call.headers };
  return { headers, body: utf8Bytes(JSON.stringify(call.json)) };
}

async function payloadHash(body: Uint8Array<ArrayBuffer> | FormData | undefined): Promise<string> {
  return body instanceof FormData ? 'UNSIGNED-PAYLOAD' : sha256Hex(body ?? '');
}

async function fetchOrFail(send: Fetch, url: string, init: RequestInit): Promise<Response> {
  try {
    return await send(url, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    const message = `No answer from ${new URL(url).host}: ${reasonOf(error)}`;
    throw new MusterError(message, { code: NETWORK_ERROR, status: 0, requestId: '', cause: error });
  }
}

/** A transport over `fetch`; without an authorizer calls go out unauthenticated (`/v3/auth/tokens`). */
export function createTransport(options: TransportOptions): Transport {
  const base = parseEndpoint(options.endpoint);

  async function sendOnce(call: ApiCall, proof: (headers: Record<string, string>) => void): Promise<Response> {
    const { headers, body } = encodeBody(call);
    const query = queryPairs(call.query);
    const path = `${base.pathname === '/' ? '' : base.pathname}/${call.path.map(encodeSegment).join('/')}`;
    const signable = {
      method: call.method,
      path,
      query,
      // fetch sets Host itself, from the same URL.
      headers: { ...headers, host: base.host },
      payloadHash: options.authorizer?.signsBody === true ? await payloadHash(body) : '',
    };
    const authentication = (await options.authorizer?.headersFor(signable)) ?? {};
    proof(authentication);
    const url = `${base.origin}${path}${query.length > 0 ? `?${encodePairs(query)}` : ''}`;
    return fetchOrFail(options.fetch, url, {
      method: call.method,
      headers: { ...headers, ...authentication },
      ...(body === undefined ? {} : { body }),
      ...(call.signal === undefined ? {} : { signal: call.signal }),
    });
  }

  const isRefusal = async (response: Response): Promise<boolean> =>
    (await options.authorizer?.isRefusal?.(response)) ?? response.status === 401;

  async function send(call: ApiCall): Promise<Response> {
    let authentication: Record<string, string> = {};
    const keep = (headers: Record<string, string>): void => {
      authentication = headers;
    };
    let response = await sendOnce(call, keep);
    if ((await isRefusal(response)) && options.authorizer?.renew(authentication)) {
      await response.body?.cancel();
      response = await sendOnce(call, keep);
    }
    if (!response.ok) throw await errorOfResponse(response);
    return response;
  }

  async function json<T>(call: ApiCall): Promise<T> {
    const response = await send(call);
    const text = await response.text();
    try {
      // The caller's type says what the contract promises for this route.
      return (text === '' ? undefined : JSON.parse(text)) as T;
    } catch (error) {
      const requestId = response.headers.get('x-request-id') ?? '';
      const details = { code: `HTTP.${response.status}`, status: response.status, requestId, cause: error };
      throw new MusterError('The answer is not JSON', details);
    }
  }

  return { send, json };
}
