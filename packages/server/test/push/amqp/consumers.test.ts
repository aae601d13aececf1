import { expect, it } from 'vitest';
import { useAmqpFixture } from './amqp-fixture.ts';

const fixture = useAmqpFixture();

it('a consumer gets what its queue is filled with, in order, as many as it gives credit for', async () => {
  const { given, scope, queue, fill, server, report, client } = fixture();
  await fill();
  const deviceIds = await given.devices(scope, 3);
  for (const content of ['one', 'two']) await report(deviceIds, content);
  const { port, nudge } = await server();
  const consumer = client(port).receiver(queue.name);
  consumer.receiver.add_credit(4);
  const first = await consumer.next(4);
  expect(first.map(({ deviceId, content }) => [deviceId, content])).toEqual([
    ...deviceIds.map((deviceId) => [deviceId, 'one']),
    [deviceIds[0], 'two'],
  ]);
  for (const { delivery } of first) delivery.accept();
  await report(deviceIds, 'three');
  nudge();
  consumer.receiver.add_credit(10);
  const rest = await consumer.next(5);
  expect(rest.map(({ content }) => content)).toEqual(['two', 'two', 'three', 'three', 'three']);
  expect(fixture().errors).toEqual([]);
});
