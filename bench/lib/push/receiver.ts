import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { obeyParent } from '../load-process.ts';
import { countArrivals } from './arrivals.ts';
import type { ReceiverAsk } from './receiver-asks.ts';

/** Takes every post and answers at once, over connections that are kept. */
const arrivals = countArrivals();

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.end();
    arrivals.add();
  });
});

async function listen(): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

obeyParent<ReceiverAsk>(async (ask) => (ask.kind === 'listen' ? listen() : arrivals.wait(ask.count)));
