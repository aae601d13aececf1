import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** The HTTP side of a local application that is pushed to. */
export interface PushListener {
  /** Without a path. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Hands each body to `take`, with its path. What `take` throws on is refused with 400. */
export async function startPushListener(take: (body: string, path: string) => void): Promise<PushListener> {
  const server = createServer((request, response) => {
    text(request)
      .then((body) => {
        take(body, request.url ?? '');
        response.writeHead(200).end();
      })
      .catch(() => response.writeHead(400).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
