import type { DeviceId } from '../../../src/domain/ids.ts';
import type { Holder, QueueMessage } from '../../../src/ports/store/queue-store.ts';
import type { Fixture } from './store-fixture.ts';

export const takeOptions = { now: Number.MAX_SAFE_INTEGER, countMax: 100, bytesMax: 1_000_000 };

/** A queue that messages of two devices fill. */
export async function fillQueue({ store, given, scope }: Fixture) {
  const queue = await given.queue(scope);
  const subject = { resource: 'device.message', event: 'report' };
  const target = { channel: 'AMQP_FORWARDING', amqp: { queueName: queue.name } } as const;
  const action = await given.action(scope, { rule: await given.rule(scope, { subject }), target });
  const [a, b] = (await given.devices(scope, 2)) as [DeviceId, DeviceId];
  const { projectId } = scope;
  const report = (...devices: readonly DeviceId[]) =>
    store.events.received(devices.map((deviceId) => ({ projectId, deviceId, topic: 't', content: null })));
  const holder = (name: string): Holder => ({ queueId: queue.queueId, holder: name });
  const take = async (name: string, over: Partial<typeof takeOptions> = {}) =>
    (await store.queueMessages.take(holder(name), { ...takeOptions, ...over })) ?? [];
  return { ...{ store, scope, queue, action, a, b, report, holder, take } };
}

export const deviceOf = ({ payload }: QueueMessage): string =>
  (JSON.parse(payload) as { notify_data: { header: { device_id: string } } }).notify_data.header.device_id;
