import { setTimeout as pause } from 'node:timers/promises';
import type { NewTask } from '../../packages/server/src/domain/task.ts';
import { isFinalTask } from '../../packages/server/src/domain/task-state.ts';
import { createEngine, type Engine } from '../../packages/server/src/engine/engine.ts';
import { engineDefaults } from '../../packages/server/src/engine/engine-defaults.ts';
import type { Store } from '../../packages/server/src/ports/store/store.ts';
import { createRealClock } from '../../packages/server/src/system/real-clock.ts';
import { createRealRandom } from '../../packages/server/src/system/real-random.ts';
import { taskTypes } from '../../packages/server/src/task-types/index.ts';
import type { BenchDatabase } from './bench-database.ts';
import { stderrLog } from './stderr-log.ts';

export interface BenchEngine extends AsyncDisposable {
  readonly store: Store;
  /** Stores the task and waits for its end. Throws where it does not end in Success. */
  runToEnd(task: NewTask): Promise<void>;
}

/** Store and engine as the server runs them, in this process, with no devices connected. */
export async function startBenchEngine(database: BenchDatabase): Promise<BenchEngine> {
  const store = database.createStore();
  await store.start();
  const engine = engineOn(store, database);
  engine.start();
  return {
    store,
    runToEnd: (task) => runToEnd(store, engine, task),
    [Symbol.asyncDispose]: async () => {
      await engine.stop();
      await store.stop();
    },
  };
}

function engineOn(store: Store, database: BenchDatabase): Engine {
  const random = createRealRandom(() => Date.now());
  return createEngine({
    store,
    random,
    types: taskTypes,
    clock: createRealClock(),
    log: stderrLog,
    metrics: { count: () => undefined, observe: () => undefined, gauge: () => undefined },
    link: { send: () => undefined, close: () => undefined, posted: () => undefined },
    settings: {
      ...engineDefaults[database.url === undefined ? 'oneWriter' : 'manyWriters'],
      timers: noTimers,
      retryMinuteMs: 60_000,
    },
    newToken: () => ({ token: random.uuid(), hash: random.uuid() }),
    objects: { sign: () => Promise.resolve(undefined) },
    downloadBase: () => 'http://127.0.0.1:1',
    onPushed: () => undefined,
  });
}

const noTimers = {
  commandTimeoutMs: 20_000,
  otaOnlineTimeoutMs: 90_000_000,
  otaVersionTimeoutMs: 180_000,
  otaResultTimeoutMs: 86_400_000,
  otaMismatchGraceMs: 10_000,
  otaOffersMax: 3,
  otaTokenMs: 86_400_000,
  asyncCommands: true,
};

/** A task on a million devices takes a minute or two; one that cannot go on is tried for ever, and must not hold up a bench as long. */
const endWithinMs = 20 * 60_000;

async function runToEnd(store: Store, engine: Engine, task: NewTask): Promise<void> {
  const until = Date.now() + endWithinMs;
  const { task: stored } = await store.tasks.insert(task, { unfinishedMax: 1000, now: Date.now() });
  engine.nudge();
  for (;;) {
    const now = await store.tasks.findByNo(stored.taskNo);
    if (now !== undefined && isFinalTask(now.status)) {
      if (now.status !== 'Success') throw new Error(`The task ended ${now.status}: ${JSON.stringify(now.counters)}.`);
      return;
    }
    if (Date.now() > until) throw new Error(`The task is still ${now?.status ?? 'unknown'} after 20 minutes.`);
    await pause(5);
  }
}
