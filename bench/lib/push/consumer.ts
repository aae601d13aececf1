import rhea, { type Connection, type ConnectionOptions } from 'rhea';
import { obeyParent } from '../load-process.ts';
import { countArrivals } from './arrivals.ts';
import type { ConsumerAsk } from './consumer-asks.ts';

/** Accepts every message at once, with as much credit as the library grants by itself. */
const arrivals = countArrivals();
const container = rhea.create_container();
let connection: Connection | undefined;

container.on('message', () => arrivals.add());

async function connect(port: number, queue: string): Promise<void> {
  connection?.close();
  const opened = new Promise<void>((resolve, reject) => {
    container.once('receiver_open', () => resolve());
    container.removeAllListeners('disconnected');
    container.on('disconnected', () => reject(new Error('The consumer was disconnected.')));
  });
  const options: ConnectionOptions = {
    host: '127.0.0.1',
    port,
    username: 'bench',
    password: 'bench',
    reconnect: false,
  };
  connection = container.connect(options);
  connection.open_receiver(queue);
  await opened;
}

obeyParent<ConsumerAsk>(async (ask) =>
  ask.kind === 'connect' ? connect(ask.port, ask.queue) : arrivals.wait(ask.count),
);
