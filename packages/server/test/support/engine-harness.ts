import { createHash } from 'node:crypto';
import type { RunEvent } from '../../src/domain/device-event.ts';
import type { DeviceId, GroupId, PackageId } from '../../src/domain/ids.ts';
import { asId } from '../../src/domain/ids.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { lastMarker } from '../../src/domain/paging.ts';
import type { SubtaskState } from '../../src/domain/subtask-state.ts';
import type { NewTask, Task, TaskTypeName } from '../../src/domain/task.ts';
import { createEngine, type Engine, type EngineParts, type EngineSettings } from '../../src/engine/engine.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Store } from '../../src/ports/store/store.ts';
import type { Subtask, TaskCommandResult } from '../../src/ports/store/subtask-store.ts';
import type { TaskTimers, TaskTypeTable } from '../../src/ports/task-type.ts';
import { taskTypes } from '../../src/task-types/index.ts';
import { builtAt, random } from '../builders/chance.ts';
import { createGiven, type Given, type Scope } from '../builders/given.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';
import { noObjectStores } from './no-object-stores.ts';
import { createRecordedLink, type RecordedLink } from './recorded-link.ts';
import { openTestStore, type TestData } from './test-store.ts';
import { settleWork } from './work-under-way.ts';

export const minute = 60_000;
export const hour = 60 * minute;

/** The device page's defaults. */
export const timers: TaskTimers = {
  commandTimeoutMs: 20_000,
  otaOnlineTimeoutMs: 25 * hour,
  otaVersionTimeoutMs: 3 * minute,
  otaResultTimeoutMs: 24 * hour,
  otaMismatchGraceMs: 10_000,
  otaOffersMax: 3,
  otaTokenMs: 24 * hour,
  asyncCommands: true,
};

export interface WorldOptions {
  /** For worlds one after the other; absent: its own. */
  readonly data?: TestData;
  readonly clock?: ManualClock;
  readonly settings?: Partial<EngineSettings>;
  readonly types?: TaskTypeTable;
  /** Around the store, to watch or to hold its operations. */
  readonly wrapStore?: (store: Store) => Store;
}

export interface TaskWish {
  readonly type?: TaskTypeName;
  readonly targets?: readonly string[];
  readonly groups?: readonly GroupId[];
  readonly document?: JsonObject;
  readonly packageId?: PackageId;
  /** ms from now. */
  readonly startIn?: number;
  readonly retries?: number;
  readonly retryMinutes?: number;
  readonly onConflict?: 'fail' | 'queue';
  readonly needConfirm?: boolean;
  readonly gatewayMode?: boolean;
  readonly extInfo?: JsonObject;
}

/** A task and its subtasks as they stand, `states` by target. */
export interface Shown {
  readonly task: Task;
  readonly states: Readonly<Record<string, SubtaskState>>;
  readonly subtasks: readonly Subtask[];
}

export interface World {
  readonly store: Store;
  readonly engine: Engine;
  readonly clock: ManualClock;
  readonly link: RecordedLink;
  readonly given: Given;
  readonly scope: Scope;
  /** What the engine had to say of kind `error` or `warn`. */
  readonly complaints: readonly string[];
  /** Runs the engine until it has nothing to do at this moment. */
  settle(): Promise<void>;
  /** Moves time on, stopping at every start and deadline on the way, as the engine's own timers would. */
  advance(ms: number): Promise<void>;
  task(wish: TaskWish): Promise<Task>;
  /** A task, with the engine run until it rests. */
  run(wish: TaskWish): Promise<Task>;
  show(task: Pick<Task, 'taskId' | 'taskNo'>): Promise<Shown>;
  stop(task: Pick<Task, 'taskNo'>, targets?: readonly string[]): Promise<TaskCommandResult>;
  retry(task: Pick<Task, 'taskNo'>, targets?: readonly string[]): Promise<TaskCommandResult>;
  confirm(task: Pick<Task, 'taskNo'>, targets?: readonly string[]): Promise<TaskCommandResult>;
  /** Attaches a session and says so to the run that waits for the device, and to those of its ONLINE children. */
  connect(deviceId: DeviceId): Promise<void>;
  disconnect(deviceId: DeviceId): Promise<void>;
  /** An event for the run that holds the device's lane; false: none does. */
  tell(deviceId: DeviceId, event: RunEvent): Promise<boolean>;
  /** A version report: stored on the device, then told to the run (device 7.2). */
  reportVersion(
    deviceId: DeviceId,
    versions: { readonly fwVersion?: string; readonly swVersion?: string },
  ): Promise<boolean>;
  deleteDevice(deviceId: DeviceId): Promise<void>;
  /** Ends engine and store in order. */
  close(): Promise<void>;
  /** Ends them as a killed process would: what was committed stays, what was not sent is lost. */
  crash(): Promise<void>;
}

/**
 * The engine on a real store, under simulated time, with the devices' sessions as its only far end. It begins a round only while `settle`
 * or `advance` runs, so that whatever a test does between two of them is seen before the engine goes on.
 */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const clock = options.clock ?? createManualClock(builtAt);
  const bare = await openTestStore(options.data);
  const store = options.wrapStore?.(bare) ?? bare;
  const rest = createRestWatch(clock);
  const gate = createRoundGate();
  const link = createRecordedLink();
  const complaints: string[] = [];
  const parts: EngineParts = {
    store: gate.guard(store),
    types: options.types ?? taskTypes,
    clock: rest.clock,
    random,
    log: complainingLog(complaints),
    metrics: { count: () => {}, observe: () => {}, gauge: () => {} },
    link,
    settings: {
      timers,
      chunkSize: 1000,
      shareMin: 1,
      concurrency: 2,
      chunksPerTask: 2,
      // The engine is nudged instead of polling through hours of simulated time.
      pollMs: 1000 * hour,
      retryMinuteMs: minute,
      eventsMax: 10_000,
      ...options.settings,
    },
    newToken: createTokens(),
    objects: noObjectStores,
    downloadBase: () => 'https://muster.test:8943',
    onPushed: () => {},
  };
  const engine = createEngine(parts);
  engine.start();
  const given = createGiven(store);
  const core = { store, engine, clock, link, given, scope: await given.scope(), complaints };
  return { ...core, ...createActions(core, { rest, gate, bare }) };
}

type Core = Pick<World, 'store' | 'engine' | 'clock' | 'link' | 'given' | 'scope' | 'complaints'>;

interface Levers {
  readonly rest: RestWatch;
  readonly gate: RoundGate;
  readonly bare: Store;
}

function createActions(core: Core, { rest, gate, bare }: Levers): Omit<World, keyof Core> {
  const { store, engine, clock, link } = core;

  const settle = async (): Promise<void> => {
    gate.open();
    // Twice: what the first round left behind (a pushed-out message) may reach runs only after it.
    for (let pass = 0; pass < 2; pass++) {
      const rested = rest.next();
      engine.nudge();
      await rested;
      await settleWork();
    }
    gate.close();
    if (core.complaints.length > 0) throw new Error(core.complaints.join('\n'));
  };

  const advance = async (ms: number): Promise<void> => {
    const end = clock.now() + ms;
    await settle();
    for (let next = await store.subtasks.nextWake(clock.now()); next !== undefined && next <= end; ) {
      if (next <= clock.now()) throw new Error(`Something that was due at ${next} is left undone at ${clock.now()}.`);
      await clock.advanceTo(next);
      await settle();
      next = await store.subtasks.nextWake(clock.now());
    }
    await clock.advanceTo(end);
    await settle();
  };

  const command =
    (kind: 'stop' | 'retry' | 'confirm') => async (task: Pick<Task, 'taskNo'>, targets?: readonly string[]) =>
      await engine.commandTask({ kind, taskNo: task.taskNo, targets });

  return {
    settle,
    advance,
    ...createTasks(core, settle),
    stop: command('stop'),
    retry: command('retry'),
    confirm: command('confirm'),
    ...createDevices(core),
    close: async () => {
      gate.open();
      await engine.stop();
      await store.stop();
    },
    crash: async () => {
      link.cut();
      gate.open();
      const stopped = engine.stop();
      await bare.stop();
      await stopped;
    },
  };
}

function createTasks(
  { store, clock, given, scope }: Core,
  settle: () => Promise<void>,
): Pick<World, 'task' | 'run' | 'show'> {
  const task = async (wish: TaskWish): Promise<Task> => {
    const { packageId, ...over } = taskOfWish(wish, clock.now());
    return await given.task(scope, { ...over, ...(packageId === undefined ? {} : { packageId }) });
  };
  return {
    task,
    run: async (wish) => {
      const made = await task(wish);
      await settle();
      return made;
    },
    show: async ({ taskId }) => {
      const found = await store.tasks.find(scope.projectId, taskId);
      if (found === undefined) throw new Error(`Task ${taskId} does not exist.`);
      const page = { limit: 100_000, marker: lastMarker, offset: 0 };
      const { items } = await store.subtasks.list(found, {}, page);
      const subtasks = items.toReversed();
      return { task: found, subtasks, states: Object.fromEntries(subtasks.map((item) => [item.target, item.state])) };
    },
  };
}

function taskOfWish(wish: TaskWish, now: number): Partial<NewTask> & { packageId?: PackageId } {
  const { type = 'freezeDevices', targets = [], groups, packageId } = wish;
  const isUpgrade = type === 'firmwareUpgrade' || type === 'softwareUpgrade';
  const document = wish.document ?? (isUpgrade && packageId !== undefined ? { package_id: packageId } : undefined);
  return {
    type,
    document,
    source:
      groups === undefined
        ? { kind: 'devices', deviceIds: targets.map((target) => asId<DeviceId>(target)) }
        : { kind: 'groups', groupIds: groups },
    needConfirm: wish.needConfirm ?? false,
    gatewayMode: wish.gatewayMode ?? false,
    extInfo: wish.extInfo,
    policy: {
      retryCount: wish.retries ?? 0,
      retryIntervalMinutes: wish.retryMinutes ?? (wish.retries === undefined ? 0 : 1),
      onConflict: wish.onConflict ?? 'fail',
      ...(wish.startIn === undefined ? {} : { startAt: now + wish.startIn }),
    },
    createdAt: now,
    ...(packageId === undefined ? {} : { packageId }),
  };
}

type DeviceActions = Pick<World, 'connect' | 'disconnect' | 'tell' | 'reportVersion' | 'deleteDevice'>;

function createDevices({ store, engine, clock, given, scope }: Core): DeviceActions {
  const tell = (deviceId: DeviceId, event: RunEvent): Promise<boolean> => engine.collectForDevice(deviceId, event);
  const tellWithChildren = async (deviceId: DeviceId, event: RunEvent): Promise<void> => {
    await tell(deviceId, event);
    for (const run of await store.subtasks.listChildLaneHolders(deviceId, '', 1000)) {
      await engine.collect(run, deviceId, event);
    }
  };
  return {
    tell,
    connect: async (deviceId) => {
      await given.connect(deviceId, clock.now());
      await tellWithChildren(deviceId, { kind: 'reachable' });
    },
    disconnect: async (deviceId) => {
      // A newer session is the one that ends: its reference is what attach has just given.
      const session = await given.connect(deviceId, clock.now());
      await store.sessions.detach(deviceId, session, clock.now());
      await tellWithChildren(deviceId, { kind: 'unreachable' });
    },
    reportVersion: async (deviceId, versions) => {
      await store.devices.reportVersions(deviceId, versions);
      return await tell(deviceId, { kind: 'version-report', ...versions });
    },
    deleteDevice: async (deviceId) => {
      await store.devices.delete(scope.projectId, deviceId, clock.now());
    },
  };
}

interface RestWatch {
  readonly clock: Clock;
  /** Resolves when the engine next lies down to wait: its loop sets a timer for nothing else. */
  next(): Promise<void>;
}

function createRestWatch(clock: Clock): RestWatch {
  let waiting: (() => void)[] = [];
  return {
    clock: {
      now: () => clock.now(),
      setTimer: (delayMs, run) => {
        const timer = clock.setTimer(delayMs, run);
        const woken = waiting;
        waiting = [];
        for (const wake of woken) wake();
        return timer;
      },
    },
    next: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
      }),
  };
}

interface RoundGate {
  /** The store for the engine: what its rounds begin with waits for the gate. */
  guard(store: Store): Store;
  open(): void;
  close(): void;
}

function createRoundGate(): RoundGate {
  let passage = Promise.withResolvers<void>();
  return {
    guard: (store) => {
      const { subtasks } = store;
      const guarded = {
        ...subtasks,
        listTurns: (...query) => passage.promise.then(() => subtasks.listTurns(...query)),
        listDue: (...query) => passage.promise.then(() => subtasks.listDue(...query)),
        settleDeleted: (...query) => passage.promise.then(() => subtasks.settleDeleted(...query)),
      } satisfies Store['subtasks'];
      return { ...store, subtasks: guarded };
    },
    open: () => passage.resolve(),
    close: () => {
      passage = Promise.withResolvers();
    },
  };
}

function complainingLog(complaints: string[]): Log {
  const complain = (fields: Readonly<Record<string, unknown>>, message: string): void => {
    const { err: error } = fields;
    complaints.push(error instanceof Error ? `${message}: ${error.stack ?? error.message}` : message);
  };
  const log: Log = { debug: () => {}, info: () => {}, warn: complain, error: complain, child: () => log };
  return log;
}

function createTokens(): () => { token: string; hash: string } {
  let made = 0;
  return () => {
    const token = Buffer.from(`token ${++made}`.padEnd(32)).toString('base64url');
    return { token, hash: createHash('sha256').update(token).digest('hex') };
  };
}
