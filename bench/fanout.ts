import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { registerDevices } from '@muster/simulator';
import { type Bench, median, note, rounded, timed } from './lib/bench.ts';
import { startBenchServer } from './lib/bench-server.ts';
import type { FromClients, ToClients } from './lib/fanout-messages.ts';

const devicesDefault = 2000;
const tasks = 10;

/** createMessages to 2,000 connected devices, 10 tasks at once, beside a broker alone with the same clients. */
export const fanout: Bench = {
  name: 'fanout',
  about: 'createMessages to 2,000 connected devices in 10 tasks, beside Aedes alone (QoS 1, no storage)',
  stores: ['sqlite'],
  async run({ count = devicesDefault, rounds, store }) {
    const own = await measureMuster(count, rounds);
    const broker = await measureBroker(count, rounds);
    const ratio = median(own) / median(broker);
    return {
      bench: 'fanout',
      store,
      value: Math.round(median(own)),
      unit: 'messages/s settled',
      yardsticks: { aedes: Math.round(median(broker)) },
      ratios: { aedes: rounded(ratio) },
      bar: "at least 0.6 of the broker's rate",
      pass: ratio >= 0.6,
    };
  },
};

/** From the first POST until every task has ended: every message was sent, acknowledged and its subtask settled. */
async function measureMuster(devices: number, rounds: number): Promise<readonly number[]> {
  const server = await startBenchServer();
  const product = await server.client.products.create({
    name: 'bench',
    device_type: 'bench',
    protocol_type: 'MQTT',
    data_format: 'json',
    service_capabilities: [],
  });
  const specs = await registerDevices(server.client, { productId: product.product_id, count: devices });
  const clients = startClients();
  try {
    const topicOf = (deviceId: string): string => `$oc/devices/${deviceId}/sys/messages/down`;
    await ask(clients, {
      kind: 'connect',
      url: server.mqttUrl,
      devices: specs.map(({ deviceId, secret }) => ({ deviceId, secret, topic: topicOf(deviceId) })),
    });
    const targets = specs.map((spec) => spec.deviceId);
    return await repeat(rounds, devices * tasks, async () => {
      const created = await Promise.all(
        Array.from({ length: tasks }, (_, index) =>
          server.client.batchTasks.create({
            task_name: `fanout_${index}`,
            task_type: 'createMessages',
            targets,
            document: { message: 'a message of the usual size, as an application sends it' },
          }),
        ),
      );
      const ended = await Promise.all(created.map((task) => server.client.waitForTask(task.task_id)));
      const wrong = ended.find((task) => task.status !== 'Success');
      if (wrong !== undefined) throw new Error(`A task ended ${wrong.status}: ${wrong.status_desc}`);
    });
  } finally {
    await ask(clients, { kind: 'end' });
    await server.stop();
  }
}

/** A broker in a process of its own publishes each message to its client's topic; done when all are acknowledged. */
async function measureBroker(devices: number, rounds: number): Promise<readonly number[]> {
  const broker = fork(join(import.meta.dirname, 'lib/fanout-broker.ts'));
  const clients = startClients();
  try {
    const [{ url }] = (await once(broker, 'message')) as [{ url: string }];
    const topics = Array.from({ length: devices }, (_, index) => `bench/${index}/down`);
    await ask(clients, {
      kind: 'connect',
      url,
      devices: topics.map((topic, index) => ({ deviceId: `bench-${index}`, secret: '', topic })),
    });
    return await repeat(rounds, devices * tasks, async () => {
      broker.send({ topics, repeats: tasks });
      await once(broker, 'message');
    });
  } finally {
    await ask(clients, { kind: 'end' });
    broker.kill();
  }
}

/** Messages per second of each round; the first one warms up. */
async function repeat(rounds: number, messages: number, work: () => Promise<void>): Promise<readonly number[]> {
  const rates: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const rate = (messages / (await timed(work))) * 1000;
    if (round > 0) rates.push(rate);
    note(`${Math.round(rate)} messages/s${round === 0 ? ' (warm-up)' : ''}`);
  }
  return rates;
}

const startClients = (): ChildProcess => fork(join(import.meta.dirname, 'lib/fanout-clients.ts'));

async function ask(clients: ChildProcess, message: ToClients): Promise<void> {
  clients.send(message);
  const [answer] = (await once(clients, 'message')) as [FromClients];
  if (answer.kind === 'failed') throw new Error(answer.reason);
}
