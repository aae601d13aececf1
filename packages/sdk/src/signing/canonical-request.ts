/** What both algorithms sign: the request as text, free of what clients and proxies may spell differently. */
export interface SignableRequest {
  /** Upper case. */
  readonly method: string;
  /** Path of the URL, without query. */
  readonly path: string;
  /** Decoded pairs, in any order. */
  readonly query: readonly (readonly [string, string])[];
  /** Every header that is signed; names in any case. */
  readonly headers: Readonly<Record<string, string>>;
  /** hex(sha256(body)), or the value of `X-Sdk-Content-Sha256`. */
  readonly payloadHash: string;
}

const LEFT_BY_ENCODE_URI_COMPONENT = /[!'()*]/g;

/** Percent-encodes all but `A-Za-z0-9-_.~` (v5 2.2); blank becomes `%20`. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    LEFT_BY_ENCODE_URI_COMPONENT,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** v5 2.2: each segment decoded, then encoded; "/" appended if the end has none. */
export function canonicalPath(path: string): string {
  const encoded = path
    .split('/')
    .map((segment) => percentEncode(decodeURIComponent(segment)))
    .join('/');
  return encoded.endsWith('/') ? encoded : `${encoded}/`;
}

/** v5 2.2: sorted by key, then value, before they are encoded. */
export function canonicalQuery(query: SignableRequest['query']): string {
  return [...query]
    .sort(([keyA, valueA], [keyB, valueB]) => compareText(keyA, keyB) || compareText(valueA, valueB))
    .map(([key, value]) => `${percentEncode(key)}=${percentEncode(value)}`)
    .join('&');
}

const sortedHeaders = (headers: SignableRequest['headers']): [string, string][] =>
  Object.entries(headers)
    .map(([name, value]): [string, string] => [name.toLowerCase(), value.trim()])
    .sort(([a], [b]) => compareText(a, b));

/** Lower-case header names, sorted, joined by ";". */
export function signedHeaderNames(headers: SignableRequest['headers']): string {
  return sortedHeaders(headers)
    .map(([name]) => name)
    .join(';');
}

/** The text of v5 2.2 whose SHA-256 goes into the string to sign of both algorithms. */
export function canonicalRequest(request: SignableRequest): string {
  const headers = sortedHeaders(request.headers);
  return [
    request.method,
    canonicalPath(request.path),
    canonicalQuery(request.query),
    // Each line ends in "\n" itself, so that an empty line precedes the names.
    headers.map(([name, value]) => `${name}:${value}\n`).join(''),
    headers.map(([name]) => name).join(';'),
    request.payloadHash,
  ].join('\n');
}
