import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Aedes } from 'aedes';

/** The yardstick: a broker that stores nothing, told by its parent to publish to each topic so many times. */
const broker = await Aedes.createBroker();
const server = createServer(broker.handle);
let acknowledged = 0;
let wanted = Number.POSITIVE_INFINITY;

broker.on('ack', () => {
  acknowledged += 1;
  if (acknowledged === wanted) process.send?.({ done: true });
});

process.on('message', ({ topics, repeats }: { topics: readonly string[]; repeats: number }) => {
  acknowledged = 0;
  wanted = topics.length * repeats;
  publishAll(topics, repeats).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  });
});

const payload = Buffer.from(JSON.stringify({ content: 'a message of the usual size, as an application sends it' }));

async function publishAll(topics: readonly string[], repeats: number): Promise<void> {
  for (let round = 0; round < repeats; round += 1) {
    await Promise.all(
      topics.map(
        (topic) =>
          new Promise<void>((resolve, reject) => {
            const packet = { cmd: 'publish', topic, payload, qos: 1, dup: false, retain: false } as const;
            broker.publish(packet, (error) => (error ? reject(error) : resolve()));
          }),
      ),
    );
  }
}

server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.send?.({ url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}` });
