import type { DeviceId } from '../packages/server/src/domain/ids.ts';
import type { Store } from '../packages/server/src/ports/store/store.ts';
import { type Bench, median, note, rounded, timed } from './lib/bench.ts';
import type { BenchDatabase } from './lib/bench-database.ts';
import { installation } from './lib/installation.ts';
import { openBenchDatabase } from './lib/open-bench-database.ts';
import { openConsuming } from './lib/push/consume-queue.ts';
import { openPosting } from './lib/push/post-outbox.ts';
import { addPushRule, removeRule } from './lib/push/push-rule.ts';
import { content, type PushWay } from './lib/push/push-way.ts';
import { seedFleet } from './lib/seed-fleet.ts';

const countDefault = 20_000;
/** So many notifications of one device wait for each other. */
const perDevice = 10;
const rateMin = { http: 2000, amqp: 5000 };

/** Messages of devices from the full outbox or queue to one receiver or consumer on this machine, beside the bare client of each. */
export const push: Bench = {
  name: 'push',
  about:
    '20,000 messages of 2,000 devices to one HTTP receiver and to one AMQP consumer, beside bare loops of the same clients',
  rounds: 3,
  async run({ count = countDefault, rounds, store: name }) {
    await using database = await openBenchDatabase(name);
    const { deviceIds } = await seedFleet(database, Math.ceil(count / perDevice));
    await using posting = await openPosting();
    await using consuming = await openConsuming();
    const store = database.createStore();
    await store.start();
    try {
      const http = await measure(posting, { database, store, deviceIds, rounds });
      const amqp = await measure(consuming, { database, store, deviceIds, rounds });
      return {
        bench: 'push',
        store: name,
        value: Math.round(http.own),
        unit: 'notifications/s over HTTP',
        details: { amqpNotificationsPerSecond: Math.round(amqp.own) },
        yardsticks: { bareHttp: Math.round(http.bare), bareAmqp: Math.round(amqp.bare) },
        ratios: { bareHttp: rounded(http.ratio), bareAmqp: rounded(amqp.ratio) },
        bar: `at least ${rateMin.http} notifications/s over HTTP, ${rateMin.amqp} over AMQP`,
        pass: http.own >= rateMin.http && amqp.own >= rateMin.amqp,
      };
    } finally {
      await store.stop();
    }
  },
};

interface Measuring {
  readonly database: BenchDatabase;
  readonly store: Store;
  readonly deviceIds: readonly DeviceId[];
  readonly rounds: number;
}

/** Notifications per second, the medians of all rounds. */
async function measure(way: PushWay, { database, store, deviceIds, rounds }: Measuring) {
  const { channel } = way.target;
  const count = deviceIds.length * perDevice;
  const rateOf = async (work: () => Promise<void>): Promise<number> => (count / (await timed(work))) * 1000;
  const measured: { own: number; bare: number }[] = [];
  const ruleId = await addPushRule(store, { resource: 'device.message', event: 'report' }, way.target);
  for (let round = 0; round < rounds; round += 1) {
    await fill(store, deviceIds);
    await database.rest();
    const own = await rateOf(() => way.deliver(store, count));
    const bare = await rateOf(() => way.deliverBare(count));
    note(`${channel}: ${Math.round(own)} notifications/s, the bare client ${Math.round(bare)}`);
    measured.push({ own, bare });
  }
  await removeRule(store, ruleId);
  return {
    own: median(measured.map(({ own }) => own)),
    bare: median(measured.map(({ bare }) => bare)),
    ratio: median(measured.map(({ own, bare }) => own / bare)),
  };
}

async function fill(store: Store, deviceIds: readonly DeviceId[]): Promise<void> {
  const { projectId } = installation;
  for (let nth = 0; nth < perDevice; nth += 1) {
    await store.events.received(
      deviceIds.map((deviceId) => ({ projectId, deviceId, topic: 'up', content: { nth, ...content } })),
    );
  }
}
