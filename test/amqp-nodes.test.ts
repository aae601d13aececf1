import { expect, it } from 'vitest';
import { createProduct } from '../scripts/demo/preparation.ts';
import { type Cluster, type ClusterNode, createCluster } from './support/cluster.ts';
import { type ProtonConsumer, type ProtonMessage, startProton } from './support/proton-consumer.ts';

const patient = { timeout: 120_000 };
const queue = 'updates-of-devices';

interface DeviceEvent {
  readonly notify_data: { readonly body: { readonly device_id: string; readonly device_name: string } };
}

type Consumer = ProtonConsumer<DeviceEvent>;

/** Two nodes, and a queue that every change of a device's name goes to. */
async function startTwo() {
  const cluster = await createCluster({ names: ['one', 'two'], settings: { MUSTER_NODE_LEASE_SECONDS: '2' } });
  const [one, two] = cluster.nodes as readonly [ClusterNode, ClusterNode];
  await Promise.all([one.start(), two.start()]);
  const { client } = one;
  await client.queues.create({ queue_name: queue });
  const { rule_id } = await client.rules.create({ subject: { resource: 'device', event: 'update' } });
  const channel_detail = { amqp_forwarding: { queue_name: queue } };
  await client.actions.create({ rule_id, channel: 'AMQP_FORWARDING', channel_detail });
  await client.rules.update(rule_id, { active: true });
  return { cluster, one, two, code: await client.accessCodes.create() };
}

interface Code {
  readonly access_key: string;
  readonly access_code: string;
}

const consume = (node: ClusterNode, code: Code, over: { prefetch?: number; accepts?: number } = {}): Consumer =>
  startProton({
    url: node.amqpUrl,
    queue,
    user: `accessKey=${code.access_key}|timestamp=${Date.now()}|`,
    password: code.access_code,
    ...over,
  });

async function addDevices({ client }: ClusterNode, count: number): Promise<readonly string[]> {
  const product_id = await createProduct(client);
  const devices = Array.from({ length: count }, (_, n) =>
    client.devices.create({ node_id: `device-${n}`, product_id }),
  );
  return (await Promise.all(devices)).map(({ device_id }) => String(device_id));
}

/** Devices are given their next number as a name, one after the other, each time by another node. */
function createRounds(nodes: readonly ClusterNode[], deviceIds: readonly string[]) {
  let count = 0;
  return {
    get count() {
      return count;
    },
    async run(by = nodes) {
      const { client } = by[count % by.length] as ClusterNode;
      await Promise.all(deviceIds.map((deviceId) => client.devices.update(deviceId, { device_name: `${count}` })));
      count += 1;
    },
  };
}

const keyOf = ({ body }: ProtonMessage<DeviceEvent>): string => body.notify_data.body.device_id;
const numberOf = ({ body }: ProtonMessage<DeviceEvent>): number => Number(body.notify_data.body.device_name);

const numbersOf = (messages: readonly ProtonMessage<DeviceEvent>[], deviceId: string): number[] =>
  messages.filter((message) => keyOf(message) === deviceId).map(numberOf);

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

async function waitingIn(cluster: Cluster): Promise<number> {
  const [row] = await cluster.query<{ count: string }>('SELECT count(*) AS count FROM queue_messages');
  return Number(row?.count);
}

it(
  'consumers of two nodes share a queue in order, and one gets what the other had when its node was killed',
  patient,
  async () => {
    const { cluster, one, two, code } = await startTwo();
    const deviceIds = await addDevices(two, 8);
    const rounds = createRounds([one, two], deviceIds);
    const [accepts, inHand] = [40, 5];
    // Takes its share, and then keeps what it gets.
    const lost = consume(one, code, { prefetch: inHand, accepts });
    const other = consume(two, code);
    await Promise.all([lost, other].map((consumer) => consumer.until(() => consumer.isOpen)));
    while (lost.messages.length < accepts + inHand) await rounds.run();
    await other.until(() => other.messages.length > 0);
    // Up to here nothing was lost, so that nothing came twice.
    const early = [...lost.messages, ...other.messages];
    expect(new Set(early.map(({ id }) => id)).size).toBe(early.length);
    await one.kill();
    for (let n = 0; n < 3; n += 1) await rounds.run([two]);

    const all = () => [...lost.messages, ...other.messages].toSorted((a, b) => a.at - b.at);
    const isComplete = (deviceId: string) => new Set(numbersOf(all(), deviceId)).size === rounds.count;
    await other.until(() => deviceIds.every(isComplete));
    await expect.poll(() => waitingIn(cluster), { timeout: 30_000 }).toBe(0);
    const ofOther = new Set(other.messages.map(({ id }) => id));
    expect(lost.messages.slice(accepts).filter(({ id }) => !ofOther.has(id))).toEqual([]);
    for (const deviceId of deviceIds) {
      for (const { messages } of [lost, other]) {
        const numbers = numbersOf(messages, deviceId);
        expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
      }
      // Whoever gets it, the next one of a key comes when all before it have come.
      const firsts = [...new Set(numbersOf(all(), deviceId))];
      expect(firsts).toEqual(upTo(rounds.count));
    }
  },
);

it(
  'an access code that is forced on one node ends the consumers of another, and what they had goes on',
  patient,
  async () => {
    const { one, two, code } = await startTwo();
    const rounds = createRounds([one], await addDevices(one, 4));
    const old = consume(two, code, { accepts: 0 });
    await rounds.run();
    await old.until(() => old.messages.length === 4);

    // A new code alone ends nothing but the old code.
    const gentle = await one.client.accessCodes.create();
    const refused = consume(two, code);
    await refused.until(() => refused.ended !== undefined);
    expect(refused.isOpen).toBe(false);
    const middle = consume(two, gentle);
    await middle.until(() => middle.isOpen);
    expect([old.ended, middle.ended]).toEqual([undefined, undefined]);

    const forced = await one.client.accessCodes.create({ force_disconnect: true });
    const fresh = consume(two, forced);
    await Promise.all([old, middle].map((consumer) => consumer.until(() => consumer.ended !== undefined)));
    expect([old.ended, middle.ended]).toEqual(['amqp:connection:forced', 'amqp:connection:forced']);
    await rounds.run();
    await fresh.until(() => fresh.messages.length === 8);
    expect(fresh.messages.map(numberOf).toSorted()).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
    expect(fresh.ended).toBeUndefined();
  },
);
