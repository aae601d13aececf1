import type { Device } from '../../../src/domain/device.ts';
import type { DeviceGroup } from '../../../src/domain/group.ts';
import type { DeviceId } from '../../../src/domain/ids.ts';
import type { OtaPackage } from '../../../src/domain/package.ts';
import { causeOf } from '../../../src/domain/problem.ts';
import type { RunRef } from '../../../src/domain/request-id.ts';
import type { Task } from '../../../src/domain/task.ts';
import { createEngine, type Engine, type EngineParts } from '../../../src/engine/engine.ts';
import { createFrames, type Frames } from '../../../src/engine/frames.ts';
import type { Store } from '../../../src/ports/store/store.ts';
import type { Settled } from '../../../src/ports/store/subtask-store.ts';
import { taskTypes } from '../../../src/task-types/index.ts';
import { aDevice } from '../../builders/device-builders.ts';
import { aPackageFile } from '../../builders/catalogue-builders.ts';
import { builtAt, random } from '../../builders/chance.ts';
import { createGiven, type Given, type Scope } from '../../builders/given.ts';
import { minute, timers } from '../../support/engine-harness.ts';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';
import { noObjectStores } from '../../support/no-object-stores.ts';
import { createRecordedLink, type RecordedLink } from '../../support/recorded-link.ts';
import { createTestData, openTestStore, type TestData } from '../../support/test-store.ts';

/** Small, so that every task takes several chunks. */
const chunkSize = 2;

/** What does not change while the steps of a history are played. */
interface Scene {
  readonly scope: Scope;
  readonly devices: readonly Device[];
  readonly group: DeviceGroup;
  readonly pkg: OtaPackage;
}

/**
 * The engine without its loop: a history says when each chunk is taken, so that any interleaving can be played again. The database is
 * looked into from outside, as the next process would find it.
 */
export interface ModelWorld extends Scene {
  readonly clock: ManualClock;
  readonly rows: TestData['rows'];
  readonly tasks: Task[];
  /** What was sent, also by processes that have crashed since. */
  readonly runs: RunRef[];
  store(): Store;
  engine(): Engine;
  link(): RecordedLink;
  given(): Given;
  /** Takes one of the chunks that wait now; false: none does. */
  step(pick: number): Promise<boolean>;
  crash(): Promise<void>;
  addDevice(device: Device): Promise<void>;
  close(): Promise<void>;
}

interface Process {
  readonly store: Store;
  readonly engine: Engine;
  readonly frames: Frames;
  readonly link: RecordedLink;
}

export async function openModelWorld(): Promise<ModelWorld> {
  const data = await createTestData();
  const clock = createManualClock(builtAt);
  let process = await startProcess(data, clock);
  const scene = await setScene(process.store);
  const runs: RunRef[] = [];

  const follow = async (settled: Settled): Promise<void> => {
    process.link.send(settled.downlinks);
    for (const { run } of settled.displaced) {
      await process.engine.collect(run, undefined, { kind: 'message-undelivered', cause: causeOf('notDelivered') });
    }
  };

  return {
    ...scene,
    clock,
    rows: data.rows,
    tasks: [],
    runs,
    store: () => process.store,
    engine: () => process.engine,
    link: () => process.link,
    given: () => createGiven(process.store),
    step: async (pick) => {
      const hasTombstones = (await data.rows('SELECT 1 FROM device_tombstones LIMIT 1')).length > 0;
      const chunks = await chunksOf(process, clock.now(), hasTombstones);
      const chunk = chunks[pick % Math.max(1, chunks.length)];
      if (chunk === undefined) return false;
      await follow(await chunk());
      return true;
    },
    crash: async () => {
      await process.store.stop();
      process = await startProcess(data, clock);
      await process.store.sessions.detachNode('node-1', clock.now());
    },
    addDevice: async ({ projectId, appId, productId, deviceId, nodeId, parentId }) => {
      const createdAt = clock.now();
      await process.store.devices.insert(
        aDevice({ projectId, appId, productId, deviceId, nodeId, parentId, createdAt }),
      );
    },
    close: async () => {
      await process.store.stop();
      await data.dispose();
    },
  };
}

async function setScene(store: Store): Promise<Scene> {
  const given = createGiven(store);
  const scope = await given.scope();
  await given.action(scope);
  const product = await given.product(scope);
  const gateway = await given.device(scope, { product });
  const devices = [gateway];
  for (let made = 0; made < 3; made++) devices.push(await given.device(scope, { product }));
  devices.push(await given.device(scope, { product, parent: gateway }));
  const members: DeviceId[] = devices.slice(1).map((device) => device.deviceId);
  const group = await given.group(scope, { members });
  const file = aPackageFile({ projectId: scope.projectId });
  await store.packages.insertFile(file);
  const pkg = await given.pkg(scope, {
    productId: product.productId,
    version: '2.0',
    sourceVersions: ['1.0'],
    location: { kind: 'file', file },
  });
  return { scope, devices, group, pkg };
}

async function startProcess(data: TestData, clock: ManualClock): Promise<Process> {
  const store = await openTestStore(data);
  const link = createRecordedLink();
  const parts: EngineParts = {
    store,
    types: taskTypes,
    clock,
    random,
    log: { debug: () => {}, info: () => {}, warn: raise, error: raise, child: () => parts.log },
    metrics: { count: () => {}, observe: () => {}, gauge: () => {} },
    link,
    settings: {
      timers,
      chunkSize,
      shareMin: 1,
      concurrency: 1,
      chunksPerTask: 2,
      pollMs: 1000,
      retryMinuteMs: minute,
      eventsMax: 1000,
    },
    newToken: () => ({ token: random.uuid(), hash: random.uuid() }),
    objects: noObjectStores,
    downloadBase: () => 'https://muster.test:8943',
    onPushed: () => {},
  };
  return { store, link, engine: createEngine(parts), frames: createFrames(parts) };
}

function raise(fields: Readonly<Record<string, unknown>>, message: string): void {
  throw fields['err'] instanceof Error ? fields['err'] : new Error(message);
}

type Chunk = () => Promise<Settled>;

const none: Settled = {
  runs: 0,
  delta: {},
  downlinks: [],
  posted: false,
  closed: [],
  deleted: [],
  displaced: [],
  task: undefined,
  released: false,
};

/** What the engine's loop would take next, each as one transaction. */
async function chunksOf({ store, frames }: Process, now: number, hasTombstones: boolean): Promise<readonly Chunk[]> {
  const { subtasks } = store;
  const turns = await subtasks.listTurns(now, 10);
  const due = await subtasks.listDue(now, chunkSize);
  const chunks: Chunk[] = turns.map(({ task, work }) => async () => {
    const { taskNo } = task;
    const frame = await frames.ofTask(task);
    const options = frame.options();
    if (work === 'expand') await subtasks.expand(taskNo, options);
    if (work === 'sweep') return await subtasks.sweep(taskNo, { ...frame, options });
    return work === 'dispatch' ? await subtasks.dispatch(taskNo, options, frame.decider) : none;
  });
  for (const item of due) {
    chunks.push(async () => {
      const frame = await frames.findByNo(item.taskNo);
      return frame === undefined ? none : await subtasks.settleDue(item, frame.options(), frame.decider);
    });
  }
  if (hasTombstones) {
    chunks.push(() =>
      subtasks.settleDeleted(
        (type) => frames.ofType(type).options(),
        (type) => frames.ofType(type).decider,
      ),
    );
  }
  return chunks;
}
