import type { ServerResponse } from 'node:http';
import { encodeWireError, type WireError } from '../wire-error.ts';
import type { HeaderLines } from './file-headers.ts';

const requestIdHeader = 'X-Request-Id';

/** Status and headers in one write of their own, in the order given; the request's id, if it has one, comes last. */
export function sendHead(response: ServerResponse, status: number, headers: HeaderLines): void {
  const requestId = response.getHeader(requestIdHeader);
  response.removeHeader(requestIdHeader);
  const last = typeof requestId === 'string' ? [requestIdHeader, requestId] : [];
  response.writeHead(status, [...headers, ...last]);
  response.flushHeaders();
}

export function sendRefusal(response: ServerResponse, wire: WireError, further: HeaderLines = []): void {
  const body = JSON.stringify(encodeWireError(wire, '/'));
  const headers = [
    'Content-Length',
    String(Buffer.byteLength(body)),
    'Content-Type',
    'application/json; charset=utf-8',
  ];
  sendHead(response, wire.status, [...headers, ...further]);
  // A HEAD gets the same headers; Node drops the body.
  response.end(body);
}
