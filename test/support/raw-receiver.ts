import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** A receiver on this machine that keeps every body as it came, and takes none while it is down. */
export async function startRawReceiver() {
  const taken: string[] = [];
  const refused: string[] = [];
  let isDown = false;
  const server = createServer((request, response) => {
    text(request).then(
      (body) => {
        (isDown ? refused : taken).push(body);
        response.writeHead(isDown ? 503 : 200).end();
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/told`,
    taken: taken as readonly string[],
    refused: refused as readonly string[],
    setDown: (down: boolean): void => {
      isDown = down;
    },
  };
}
