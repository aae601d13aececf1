import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Store } from '../../../packages/server/src/ports/store/store.ts';
import { createHttpPush } from '../../../packages/server/src/push/http/http-push.ts';
import { createRealClock } from '../../../packages/server/src/system/real-clock.ts';
import { createRealRandom } from '../../../packages/server/src/system/real-random.ts';
import { startLoadProcess } from '../load-process.ts';
import { stderrLog } from '../stderr-log.ts';
import { noMetrics, type PushWay, samplePayload } from './push-way.ts';
import type { ReceiverAsk } from './receiver-asks.ts';

/** As many as deliveries of one action are under way at once. */
const connections = 16;

/** Over HTTP to one receiver on this machine. The bare client is undici, which Muster posts with. */
export async function openPosting(): Promise<PushWay> {
  const receiver = startLoadProcess<ReceiverAsk>(new URL('./receiver.ts', import.meta.url));
  const url = await receiver.ask<string>({ kind: 'listen' });
  const received = (count: number): Promise<undefined> => receiver.ask({ kind: 'receive', count });
  return {
    target: { channel: 'HTTP_FORWARDING', http: { url } },
    deliver: (store, count) => deliver(store, () => received(count)),
    async deliverBare(count) {
      await postAll(url, count);
      await received(count);
    },
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  };
}

/** Until everything is taken, and gone from the outbox. */
async function deliver(store: Store, received: () => Promise<void>): Promise<void> {
  const worker = createHttpPush({
    ...{ store, clock: createRealClock(), random: createRealRandom(() => Date.now()), log: stderrLog },
    metrics: noMetrics,
    settings: { allowPrivate: [{ address: '127.0.0.0', prefix: 8, family: 'ipv4' }], perActionMax: connections },
  });
  worker.start();
  await received();
  while ((await store.outbox.size()) > 0) await pause(5);
  await worker.stop();
}

async function postAll(url: string, posts: number): Promise<void> {
  await using pool = closing(new Pool(url, { connections, pipelining: 1 }));
  const headers = { 'content-type': 'application/json' };
  let left = posts;
  const worker = async (): Promise<void> => {
    for (; left > 0; ) {
      left -= 1;
      const answer = await pool.it.request({ path: '/', method: 'POST', headers, body: samplePayload });
      await answer.body.dump();
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
}

const closing = (it: Pool) => ({ it, [Symbol.asyncDispose]: () => it.close() });
