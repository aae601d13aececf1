import { connect } from 'node:net';
import { once } from 'node:events';
import type { Sender } from 'rhea';
import { describe, expect, it } from 'vitest';
import { useAmqpFixture } from './amqp-fixture.ts';

const fixture = useAmqpFixture();

const conditionOf = (error: unknown): string => String((error as { condition?: unknown } | undefined)?.condition);

/** Why the server ended a link. */
async function refusalOf(
  link: { once(event: string, run: () => void): unknown; readonly error?: unknown },
  event: string,
) {
  await new Promise<void>((resolve) => link.once(event, resolve));
  return conditionOf(link.error);
}

describe('a link', () => {
  it('to a queue that does not exist, or of another project, is refused', async () => {
    const { server, client, given } = fixture();
    const { port } = await server();
    const foreign = await given.queue(await given.scope());
    const { connection } = client(port);
    for (const source of ['nowhere-at-all', foreign.name, { address: '', dynamic: true }]) {
      const receiver = connection.open_receiver({ source });
      const wanted = typeof source === 'string' ? 'amqp:not-found' : 'amqp:not-implemented';
      expect(await refusalOf(receiver as never, 'receiver_error')).toBe(wanted);
    }
  });

  it('to send over is refused', async () => {
    const { server, client, queue } = fixture();
    const { port } = await server();
    const sender: Sender = client(port).connection.open_sender(queue.name);
    expect(await refusalOf(sender as never, 'sender_error')).toBe('amqp:not-allowed');
  });

  it('must be there in time, and there are ten at most', async () => {
    const { server, client, queue } = fixture();
    const { port } = await server({ limits: { linkTimeoutMs: 300 } });
    const idle = client(port);
    const { connection } = await idle.when('connection_close');
    expect(conditionOf(connection.error)).toBe('amqp:connection:forced');
    const busy = client(port);
    for (let n = 0; n < 10; n++) busy.receiver(queue.name);
    const oneMore = busy.connection.open_receiver(queue.name);
    expect(await refusalOf(oneMore as never, 'receiver_error')).toBe('amqp:resource-limit-exceeded');
  });

  it('ends with its queue', async () => {
    const { server, client, queue, store } = fixture();
    const { port, nudge } = await server();
    const { receiver } = client(port).receiver(queue.name, { credit_window: 1 });
    await new Promise((resolve) => receiver.once('receiver_open', resolve));
    await store.queues.delete(queue.projectId, queue.queueId);
    nudge();
    expect(await refusalOf(receiver as never, 'receiver_error')).toBe('amqp:resource-deleted');
  });
});

describe('connections', () => {
  it('of one key are limited', async () => {
    const { server, client } = fixture();
    const { port } = await server({ limits: { connectionsPerKeyMax: 2 } });
    for (let n = 0; n < 2; n++) await client(port).when('connection_open');
    const { connection } = await client(port).when('connection_close');
    expect(conditionOf(connection.error)).toBe('amqp:resource-limit-exceeded');
  });

  it('that say nothing, or too little, are cut off', async () => {
    const { server } = fixture();
    const { port } = await server({ limits: { openTimeoutMs: 200 } });
    const silent = connect(port, '127.0.0.1');
    silent.resume();
    await once(silent, 'close');
  });

  it('have as many sessions as they may', async () => {
    const { server, client } = fixture();
    const { port } = await server({ limits: { sessionsMax: 3 } });
    const { connection, when } = client(port);
    for (let n = 0; n < 4; n++) connection.create_session().open();
    await when('connection_close');
    expect(conditionOf(connection.error)).toBe('amqp:resource-limit-exceeded');
  });
});

it('a consumer has no more unsettled than it may, whatever credit it gives', async () => {
  const { given, scope, queue, fill, report, server, client } = fixture();
  await fill();
  await report(await given.devices(scope, 30), 'x');
  const { port } = await server({ limits: { unsettledMax: 20 } });
  const consumer = client(port).receiver(queue.name);
  consumer.receiver.add_credit(1000);
  const first = await consumer.next(20);
  first[0]?.delivery.accept();
  await consumer.next(1);
  expect(consumer.heard).toHaveLength(21);
});
