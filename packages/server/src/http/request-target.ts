import { Problem } from '../domain/problem.ts';

/** Path and query as the client wrote them, and the query's decoded pairs. */
export interface RequestTarget {
  /** Raw, still percent-encoded. */
  readonly path: string;
  /** Decoded, in the order of the wire, repeated keys kept. */
  readonly query: readonly (readonly [string, string])[];
}

/**
 * Splits a request target ourselves: what is signed and what is obeyed must be the same reading of it (v5 2.2).
 * Throws badRequest for escapes that are no UTF-8 and for a fragment, which no client may send.
 */
export function parseTarget(url: string): RequestTarget {
  if (url.includes('#')) throw new Problem('badRequest', { args: ['The URL must not have a fragment.'] });
  const mark = url.indexOf('?');
  if (mark === -1) return { path: url, query: [] };
  const pairs = url
    .slice(mark + 1)
    .split('&')
    .filter((part) => part !== '');
  return { path: url.slice(0, mark), query: pairs.map(decodePair) };
}

function decodePair(part: string): readonly [string, string] {
  const equals = part.indexOf('=');
  const key = equals === -1 ? part : part.slice(0, equals);
  const value = equals === -1 ? '' : part.slice(equals + 1);
  return [decodeQueryText(key), decodeQueryText(value)];
}

// A plus sign is a blank in queries: Python clients write blanks so; a real plus arrives as %2B from every client.
function decodeQueryText(text: string): string {
  return decodePercent(text.replaceAll('+', ' '));
}

/** Percent-decodes; throws badRequest where that gives no UTF-8. */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Problem('badRequest', { args: ['The URL has an invalid percent escape.'] });
  }
}

/** As decoders want it: one value is text, a repeated key a list. Own properties only, whatever the names. */
export function queryRecord(pairs: RequestTarget['query']): Record<string, string | string[]> {
  const values = new Map<string, string[]>();
  for (const [key, value] of pairs) {
    const list = values.get(key);
    if (list === undefined) values.set(key, [value]);
    else list.push(value);
  }
  return Object.fromEntries([...values].map(([key, list]) => [key, list.length === 1 ? (list[0] ?? '') : list]));
}
