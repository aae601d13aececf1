import { setTimeout as pause } from 'node:timers/promises';
import type { BenchServer } from './bench-server.ts';
import { installation } from './installation.ts';

/** Milliseconds of single calls while something else goes on, or nothing does. */
export interface Latencies {
  readonly getTask: readonly number[];
  /** Create, show, change and delete, all of them. */
  readonly deviceCalls: readonly number[];
}

/** A GET, and a device's four calls, begin this often, whether or not earlier ones are answered: a stall delays every call it meets. */
const getEveryMs = 40;
const deviceEveryMs = 160;
/** Under way at once, of each kind. Beyond that the server is not slow but stuck. */
const underWayMax = 500;

/** Probes until `until` settles and returns once every call is answered. A call that fails rejects. */
export async function probe(server: BenchServer, taskId: string, until: Promise<unknown>): Promise<Latencies> {
  const getTask: number[] = [];
  const deviceCalls: number[] = [];
  const run = Date.now().toString(36);
  await Promise.all([
    repeat(getEveryMs, until, () => clocked(getTask, () => server.client.batchTasks.show(taskId))),
    repeat(deviceEveryMs, until, (index) => liveAndDie(server, `probe_${run}_${index}`, deviceCalls)),
  ]);
  await until;
  return { getTask, deviceCalls };
}

async function repeat(everyMs: number, until: Promise<unknown>, call: (index: number) => Promise<void>): Promise<void> {
  let isOver = false;
  const stop = (): void => {
    isOver = true;
  };
  until.then(stop, stop);
  const underWay = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  const begunAt = performance.now();
  for (let index = 0; !isOver && failure === undefined; index += 1) {
    await pause(Math.max(0, begunAt + index * everyMs - performance.now()));
    if (underWay.size >= underWayMax) throw new Error(`${underWayMax} calls are unanswered.`);
    const one = call(index)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => underWay.delete(one));
    underWay.add(one);
  }
  await Promise.all(underWay);
  if (failure !== undefined) throw failure.error;
}

async function clocked<T>(into: number[], call: () => Promise<T>): Promise<void> {
  const from = performance.now();
  await call();
  into.push(performance.now() - from);
}

/** One device from its creation to its deletion. */
async function liveAndDie({ client }: BenchServer, deviceId: string, into: number[]): Promise<void> {
  const created = { device_id: deviceId, node_id: deviceId, product_id: installation.productId };
  await clocked(into, () => client.devices.create(created));
  await clocked(into, () => client.devices.get(deviceId));
  await clocked(into, () => client.devices.update(deviceId, { description: 'changed' }));
  await clocked(into, () => client.devices.delete(deviceId));
}
