import { setTimeout as pause } from 'node:timers/promises';
import { isFinalTaskStatus, type V5Client } from '@muster/sdk';
import { type Bench, type BenchOptions, median, note, rounded, timed } from './lib/bench.ts';
import { openBenchDatabase } from './lib/open-bench-database.ts';
import { startBenchServer } from './lib/bench-server.ts';
import type { PublisherAsk, SubscriberAsk } from './lib/fanout-asks.ts';
import { installation } from './lib/installation.ts';
import { type LoadProcess, startLoadProcess } from './lib/load-process.ts';
import { findMosquitto, startMosquitto } from './lib/mosquitto-broker.ts';
import { seedFleet } from './lib/seed-fleet.ts';

const devicesDefault = 2000;
const tasks = 10;
/** A broker's round is over in a second or two and varies more; more of them cost little and steady the median. */
const brokerRounds = 3;
/** A round takes more than a second: neither the looks nor the last one's delay show. */
const lookMs = 40;
const message = 'a message of the usual size, as an application sends it';

/** createMessages to 2,000 connected devices, 10 tasks at once, beside brokers alone with the same clients. */
export const fanout: Bench = {
  name: 'fanout',
  about: 'createMessages to 2,000 connected devices in 10 tasks, beside Mosquitto and Aedes alone (QoS 1, no storage)',
  rounds: 3,
  async run({ count = devicesDefault, rounds, store }) {
    const own = median(await measureMuster({ store, count, rounds }));
    const mosquitto = await measureMosquitto(count, rounds * brokerRounds);
    const aedes = median(await measureBroker(undefined, { count, rounds: rounds * brokerRounds }));
    const yardsticks = { ...(mosquitto !== undefined && { mosquitto: median(mosquitto) }), aedes };
    const ratios = Object.entries(yardsticks).map(([name, rate]) => [name, rounded(own / rate)] as const);
    // The broker that people run, where it is there; else the one that npm brings.
    const ratio = own / (yardsticks.mosquitto ?? aedes);
    return {
      bench: 'fanout',
      store,
      value: Math.round(own),
      unit: 'messages/s settled',
      yardsticks: Object.fromEntries(Object.entries(yardsticks).map(([name, rate]) => [name, Math.round(rate)])),
      ratios: Object.fromEntries(ratios),
      bar: `at least 0.6 of the rate of ${mosquitto === undefined ? 'Aedes' : 'Mosquitto'}`,
      pass: ratio >= 0.6,
    };
  },
};

/** From the first POST until every task has ended: every message was sent, acknowledged and its subtask settled. */
async function measureMuster({ store, count = devicesDefault, rounds }: BenchOptions): Promise<readonly number[]> {
  await using database = await openBenchDatabase(store);
  const { deviceIds } = await seedFleet(database, count);
  await using server = await startBenchServer(database);
  await using subscribers = startSubscribers();
  const topicOf = (deviceId: string): string => `$oc/devices/${deviceId}/sys/messages/down`;
  const secret = installation.deviceSecret;
  const devices = deviceIds.map((deviceId) => ({ deviceId, secret, topic: topicOf(deviceId) }));
  await subscribers.ask({ kind: 'connect', url: server.mqttUrl, devices });
  const createTask = (index: number) =>
    server.client.batchTasks.create({
      task_name: `fanout_${index}`,
      task_type: 'createMessages',
      targets: deviceIds,
      document: { message },
    });
  note('Muster');
  return await repeat(rounds, count * tasks, async () => {
    const created = await Promise.all(Array.from({ length: tasks }, (_, index) => createTask(index)));
    // One after the other: as many looks as for one task, and the last to end is waited for whichever it is.
    for (const { task_id } of created) await untilSuccess(server.client, task_id);
  });
}

/** Progress events come once a second at most (v5 11.6), as long as half a round takes: whoever measures has to look himself. */
async function untilSuccess(client: V5Client, taskId: string): Promise<void> {
  for (;;) {
    const { batchtask } = await client.batchTasks.show(taskId, { limit: 1 });
    const { status, status_desc: description } = batchtask;
    if (status === 'Success') return;
    if (isFinalTaskStatus(status)) throw new Error(`A task ended ${status}: ${description}`);
    await pause(lookMs);
  }
}

type BrokerWork = { readonly count: number; readonly rounds: number };

/** Undefined where it is not installed. */
async function measureMosquitto(count: number, rounds: number): Promise<readonly number[] | undefined> {
  const program = await findMosquitto();
  if (program === undefined) return undefined;
  await using broker = await startMosquitto(program);
  return await measureBroker(broker.url, { count, rounds });
}

/** Without an address: Aedes. Done when the broker has taken all messages and every client has got its own. */
async function measureBroker(url: string | undefined, { count, rounds }: BrokerWork): Promise<readonly number[]> {
  await using publisher = startLoadProcess<PublisherAsk>(new URL('./lib/publisher.ts', import.meta.url));
  await using subscribers = startSubscribers();
  const opened = await publisher.ask<string>({ kind: 'open', url });
  const topics = Array.from({ length: count }, (_, index) => `bench/${index}/down`);
  const devices = topics.map((topic, index) => ({ deviceId: `bench-${index}`, secret: '', topic }));
  await subscribers.ask({ kind: 'connect', url: opened, devices });
  note(url === undefined ? 'Aedes' : 'Mosquitto');
  const messages = count * tasks;
  return await repeat(rounds, messages, async () => {
    await Promise.all([
      subscribers.ask({ kind: 'receive', messages }),
      publisher.ask({ kind: 'publish', topics, repeats: tasks }),
    ]);
  });
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

const startSubscribers = (): LoadProcess<SubscriberAsk> =>
  startLoadProcess(new URL('./lib/subscribers.ts', import.meta.url));
