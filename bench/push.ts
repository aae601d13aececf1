import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import type { DeviceId } from '../packages/server/src/domain/ids.ts';
import type { Store } from '../packages/server/src/ports/store/store.ts';
import { createHttpPush } from '../packages/server/src/push/http/http-push.ts';
import { createRealClock } from '../packages/server/src/system/real-clock.ts';
import { createRealRandom } from '../packages/server/src/system/real-random.ts';
import { type Bench, median, note, rounded, timed } from './lib/bench.ts';
import { installation } from './lib/installation.ts';
import { type LoadProcess, startLoadProcess } from './lib/load-process.ts';
import { openBenchDatabase } from './lib/open-bench-database.ts';
import { addPushRule } from './lib/push-rule.ts';
import type { ReceiverAsk } from './lib/receiver-asks.ts';
import { seedFleet } from './lib/seed-fleet.ts';
import { stderrLog } from './lib/stderr-log.ts';

const postsDefault = 20_000;
/** So many notifications of one device wait for each other. */
const perDevice = 10;
const rateMin = 2000;
/** As many as deliveries of one action are under way at once. */
const connections = 16;
const content = { content: 'a message of the usual size, as a device sends it' };

/** Messages of devices from the full outbox to one receiver on this machine, beside the bare client. */
export const push: Bench = {
  name: 'push',
  about: '20,000 messages of 2,000 devices from the outbox to one HTTP receiver, beside a bare loop of the same client',
  rounds: 3,
  async run({ count = postsDefault, rounds, store: name }) {
    await using database = await openBenchDatabase(name);
    const { deviceIds } = await seedFleet(database, Math.ceil(count / perDevice));
    await using receiver = startLoadProcess<ReceiverAsk>(new URL('./lib/receiver.ts', import.meta.url));
    const url = await receiver.ask<string>({ kind: 'listen' });
    const store = database.createStore();
    await store.start();
    const posts = deviceIds.length * perDevice;
    const measured: { own: number; bare: number }[] = [];
    try {
      await addPushRule(store, { resource: 'device.message', event: 'report' }, url);
      for (let round = 0; round < rounds; round += 1) {
        await fillOutbox(store, deviceIds);
        await database.rest();
        const own = (posts / (await timed(() => deliver(store, receiver, posts)))) * 1000;
        const bare = (posts / (await timed(() => postAll(receiver, url, posts)))) * 1000;
        note(`${Math.round(own)} notifications/s, the bare client ${Math.round(bare)}`);
        measured.push({ own, bare });
      }
    } finally {
      await store.stop();
    }
    const rate = median(measured.map(({ own }) => own));
    return {
      bench: 'push',
      store: name,
      value: Math.round(rate),
      unit: 'notifications/s',
      yardsticks: { bareClient: Math.round(median(measured.map(({ bare }) => bare))) },
      ratios: { bareClient: rounded(median(measured.map(({ own, bare }) => own / bare))) },
      bar: `at least ${rateMin} notifications/s`,
      pass: rate >= rateMin,
    };
  },
};

async function fillOutbox(store: Store, deviceIds: readonly DeviceId[]): Promise<void> {
  const { projectId } = installation;
  for (let nth = 0; nth < perDevice; nth += 1) {
    await store.events.received(
      deviceIds.map((deviceId) => ({ projectId, deviceId, topic: 'up', content: { nth, ...content } })),
    );
  }
}

/** Until everything is taken, and gone from the outbox. */
async function deliver(store: Store, receiver: LoadProcess<ReceiverAsk>, posts: number): Promise<void> {
  const worker = createHttpPush({
    ...{ store, clock: createRealClock(), random: createRealRandom(() => Date.now()), log: stderrLog },
    metrics: { count: () => undefined, observe: () => undefined, gauge: () => undefined },
    settings: { allowPrivate: [{ address: '127.0.0.0', prefix: 8, family: 'ipv4' }], perActionMax: connections },
  });
  worker.start();
  await receiver.ask({ kind: 'receive', posts });
  while ((await store.outbox.size()) > 0) await pause(5);
  await worker.stop();
}

async function postAll(receiver: LoadProcess<ReceiverAsk>, url: string, posts: number): Promise<void> {
  await using pool = closing(new Pool(url, { connections, pipelining: 1 }));
  const body = JSON.stringify({ resource: 'device.message', event: 'report', notify_data: { body: content } });
  const headers = { 'content-type': 'application/json' };
  let left = posts;
  const worker = async (): Promise<void> => {
    for (; left > 0; ) {
      left -= 1;
      const answer = await pool.it.request({ path: '/', method: 'POST', headers, body });
      await answer.body.dump();
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  await receiver.ask({ kind: 'receive', posts });
}

const closing = (it: Pool) => ({ it, [Symbol.asyncDispose]: () => it.close() });
