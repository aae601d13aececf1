import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { obeyParent } from './load-process.ts';
import type { ReceiverAsk } from './receiver-asks.ts';

/** Takes every post and answers at once, over connections that are kept. */
let received = 0;
let enough: { readonly posts: number; readonly resolve: () => void } | undefined;

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.end();
    received += 1;
    finishIfEnough();
  });
});

function finishIfEnough(): void {
  if (enough === undefined || received < enough.posts) return;
  received -= enough.posts;
  enough.resolve();
  enough = undefined;
}

async function listen(): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

obeyParent<ReceiverAsk>(async (ask) => {
  if (ask.kind === 'listen') return listen();
  return new Promise<void>((resolve) => {
    enough = { posts: ask.posts, resolve };
    finishIfEnough();
  });
});
