import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import rhea, { type EventContext } from 'rhea';
import { defaultQueueName } from '../../../packages/server/src/domain/queue.ts';
import type { Store } from '../../../packages/server/src/ports/store/store.ts';
import { createAmqpServer } from '../../../packages/server/src/push/amqp/amqp-server.ts';
import { createRealClock } from '../../../packages/server/src/system/real-clock.ts';
import { createRealRandom } from '../../../packages/server/src/system/real-random.ts';
import { installation } from '../installation.ts';
import { startLoadProcess } from '../load-process.ts';
import { stderrLog } from '../stderr-log.ts';
import type { ConsumerAsk } from './consumer-asks.ts';
import { noMetrics, type PushWay, samplePayload } from './push-way.ts';

/** Connects the consumer, and resolves once so many have come. */
type Consume = (port: number, count: number) => Promise<void>;

/** Over AMQP to one consumer on this machine. The bare library is rhea, which Muster serves with. */
export async function openConsuming(): Promise<PushWay> {
  const consumer = startLoadProcess<ConsumerAsk>(new URL('./consumer.ts', import.meta.url));
  const consume: Consume = async (port, count) => {
    await consumer.ask({ kind: 'connect', port, queue: defaultQueueName });
    await consumer.ask({ kind: 'receive', count });
  };
  return {
    target: { channel: 'AMQP_FORWARDING', amqp: { queueName: defaultQueueName } },
    deliver: (store, count) => deliver(store, (port) => consume(port, count)),
    deliverBare: (count) => sendAll(count, (port) => consume(port, count)),
    [Symbol.asyncDispose]: () => consumer[Symbol.asyncDispose](),
  };
}

/** Until everything is accepted, and gone from the queue. */
async function deliver(store: Store, consumed: (port: number) => Promise<void>): Promise<void> {
  const server = createAmqpServer({
    ...{ store, clock: createRealClock(), random: createRealRandom(() => Date.now()), log: stderrLog },
    ...{ metrics: noMetrics, nodeName: 'bench' },
    signIn: async () => ({ projectId: installation.projectId, accessKey: installation.accessKey }),
    settings: { host: '127.0.0.1', port: 0, tls: undefined },
  });
  const { port } = await server.start();
  await consumed(port);
  while ((await store.outbox.size()) > 0) await pause(5);
  await server.stop();
}

/** Until everything is accepted. */
async function sendAll(count: number, consumed: (port: number) => Promise<void>): Promise<void> {
  const container = rhea.create_container();
  container.sasl_server_mechanisms.enable_plain(() => true);
  let accepted = 0;
  let left = count;
  const allAccepted = new Promise<void>((resolve) => {
    container.on('accepted', () => {
      accepted += 1;
      if (accepted === count) resolve();
    });
  });
  container.on('sendable', ({ sender }: EventContext) => {
    for (; left > 0 && sender?.sendable() === true; left -= 1) sender.send({ durable: true, body: samplePayload });
  });
  container.on('disconnected', () => undefined);
  const server = container.listen({ host: '127.0.0.1', port: 0 });
  await new Promise<void>((resolve) => server.once('listening', resolve));
  await consumed((server.address() as AddressInfo).port);
  await allAccepted;
  server.close();
}
