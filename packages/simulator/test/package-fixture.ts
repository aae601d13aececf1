import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A package server after device 8.3: bearer token, Range, If-Range. */
export interface PackageFixture {
  readonly url: string;
  readonly content: Buffer;
  readonly sha256: string;
  readonly requests: IncomingMessage['headers'][];
  /** Bytes after which the answers break, first answer first; then they are whole. */
  breakAfter: number[];
  /** false: answers 200 to every Range. */
  ranges: boolean;
  /** Status instead of content, first answer first. */
  refuse: number[];
  close(): Promise<void>;
}

export const TOKEN = 'token-1';

export async function startPackages(size: number): Promise<PackageFixture> {
  const content = Buffer.alloc(size, 'muster');
  const sha256 = createHash('sha256').update(content).digest('hex');
  const requests: IncomingMessage['headers'][] = [];

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    requests.push(request.headers);
    const status = fixture.refuse.shift();
    if (status !== undefined) return void response.writeHead(status).end();
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return void response.writeHead(401).end();
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const partial = start > 0 && fixture.ranges && request.headers['if-range'] === `"${sha256}"`;
    const body = partial ? content.subarray(start) : content;
    response.writeHead(partial ? 206 : 200, {
      'Content-Length': body.length,
      ETag: `"${sha256}"`,
      ...(partial ? { 'Content-Range': `bytes ${start}-${size - 1}/${size}` } : {}),
    });
    const cut = fixture.breakAfter.shift();
    if (cut === undefined) response.end(body);
    else response.write(body.subarray(0, cut), () => response.destroy());
  };

  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fixture = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/package`,
    content,
    sha256,
    requests,
    breakAfter: [] as number[],
    ranges: true,
    refuse: [] as number[],
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return fixture;
}
