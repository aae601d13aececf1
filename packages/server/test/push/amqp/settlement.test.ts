import { describe, expect, it } from 'vitest';
import type { DeviceId } from '../../../src/domain/ids.ts';
import { useAmqpFixture } from './amqp-fixture.ts';

const fixture = useAmqpFixture();

/** A server, a queue with as many messages of one device each, and its devices. */
async function filled(contents: readonly string[]) {
  const { given, scope, fill, report, server } = fixture();
  await fill();
  const [deviceId] = (await given.devices(scope, 1)) as [DeviceId];
  for (const content of contents) await report([deviceId], content);
  return { deviceId, ...(await server()) };
}

const size = () => fixture().store.outbox.size();

async function until(holds: () => Promise<boolean>): Promise<void> {
  const { clock } = fixture();
  while (!(await holds())) await new Promise<void>((resolve) => clock.setTimer(5, resolve));
}

describe('a message', () => {
  it('is gone once it is accepted', async () => {
    const { queue, client } = fixture();
    const { port } = await filled(['one', 'two']);
    const consumer = client(port).receiver(queue.name, { credit_window: 10 });
    for (const { delivery } of await consumer.next(2)) delivery.accept();
    await until(async () => (await size()) === 0);
  });

  it('that is released comes again at once, behind what is in hand', async () => {
    const { queue, client } = fixture();
    const { port } = await filled(['one', 'two']);
    const consumer = client(port).receiver(queue.name, { credit_window: 10 });
    const [first] = await consumer.next(2);
    first?.delivery.release();
    const [again] = await consumer.next(1);
    expect([again?.content, again?.message.delivery_count ?? 0]).toEqual(['one', 0]);
  });

  it.each(['rejected', 'modified'] as const)('that is %s comes again after a second', async (how) => {
    const { queue, client } = fixture();
    const { port } = await filled(['one', 'two']);
    const consumer = client(port).receiver(queue.name);
    consumer.receiver.add_credit(1);
    const [first] = await consumer.next(1);
    const at = Date.now();
    if (how === 'rejected') first?.delivery.reject();
    else first?.delivery.modified({ delivery_failed: true });
    consumer.receiver.add_credit(2);
    const again = await consumer.next(2);
    // Nothing behind it is handed out before.
    expect(again.map(({ content }) => content)).toEqual(['one', 'two']);
    expect(again[0]?.message.delivery_count).toBe(1);
    expect(Date.now() - at).toBeGreaterThanOrEqual(1000);
  });

  it('is free again when its link or connection is lost', async () => {
    const { queue, client } = fixture();
    const { port } = await filled(['one']);
    const [first, second, third] = [client(port), client(port), client(port)];
    const consumer = first.receiver(queue.name, { credit_window: 10 });
    await consumer.next(1);
    consumer.receiver.close();
    const next = second.receiver(queue.name, { credit_window: 10 });
    expect((await next.next(1))[0]?.content).toBe('one');
    (second.connection as unknown as { socket: { destroy(): void } }).socket.destroy();
    expect((await third.receiver(queue.name, { credit_window: 10 }).next(1))[0]?.content).toBe('one');
  });

  it('is gone when it is sent to a consumer that wants it settled', async () => {
    const { queue, client } = fixture();
    const { port } = await filled(['one']);
    const consumer = client(port).receiver(queue.name, { credit_window: 10, snd_settle_mode: 1 });
    const [message] = await consumer.next(1);
    expect(message?.delivery.remote_settled).toBe(true);
    await until(async () => (await size()) === 0);
  });

  it('is settled for a consumer that settles second', async () => {
    const { queue, client } = fixture();
    const { port } = await filled(['one']);
    const consumer = client(port).receiver(queue.name, { credit_window: 10, rcv_settle_mode: 1 });
    const settled = new Promise((resolve) => consumer.receiver.once('settled', resolve));
    const [message] = await consumer.next(1);
    message?.delivery.accept();
    await settled;
    await until(async () => (await size()) === 0);
  });
});

it('a queue that is drained says so', async () => {
  const { queue, client } = fixture();
  const { port } = await filled(['one']);
  const consumer = client(port).receiver(queue.name);
  const drained = new Promise((resolve) => consumer.receiver.once('receiver_drained', resolve));
  consumer.receiver.add_credit(5);
  consumer.receiver.drain_credit();
  await drained;
  expect(consumer.heard.map(({ content }) => content)).toEqual(['one']);
});

it('what a stopped server had handed out is free for the next', async () => {
  const { queue, client, server } = fixture();
  const first = await filled(['one', 'two']);
  const consumer = client(first.port).receiver(queue.name, { credit_window: 10 });
  const [one] = await consumer.next(2);
  one?.delivery.accept();
  await until(async () => (await size()) === 1);
  await first.stop();
  const second = await server();
  const [two] = await client(second.port).receiver(queue.name, { credit_window: 10 }).next(1);
  expect(two?.content).toBe('two');
});
