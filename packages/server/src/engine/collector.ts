import type { RunEvent } from '../domain/device-event.ts';
import type { DeviceId } from '../domain/ids.ts';
import type { RunRef } from '../domain/request-id.ts';
import type { TaskNo } from '../domain/task.ts';
import type { RunEventItem, SubtaskStore } from '../ports/store/subtask-store.ts';
import type { Aftermath } from './aftermath.ts';
import type { EngineParts } from './engine.ts';
import type { Frames } from './frames.ts';

/** Device events on their way into their runs: whatever comes while a commit is under way shares the next one (design 2). */
export interface Collector {
  collect(ref: RunRef, from: DeviceId | undefined, event: RunEvent): Promise<void>;
  /** For the run that holds the device's lane; false: none does. */
  collectForDevice(deviceId: DeviceId, event: RunEvent): Promise<boolean>;
  /** Resolves when everything that was taken is settled. */
  stop(): Promise<void>;
}

interface Waiting {
  /** Undefined: the holder of the device's lane, found when the batch is made. */
  readonly ref: RunRef | undefined;
  readonly from: DeviceId | undefined;
  readonly event: RunEvent;
  readonly resolve: (concerned: boolean) => void;
  readonly reject: (error: unknown) => void;
}

type Addressed = Waiting & { readonly ref: Pick<RunRef, 'taskNo' | 'seq'> & { readonly attempt: number | undefined } };

const batchMax = 1000;

export function createCollector(
  parts: EngineParts,
  {
    frames,
    aftermath,
    nudge,
  }: {
    readonly frames: Frames;
    readonly aftermath: Aftermath;
    /** There may be work. */
    readonly nudge: () => void;
  },
): Collector {
  const { store, settings, clock } = parts;
  let queue: Waiting[] = [];
  let running: Promise<void> | undefined;

  function take(waiting: Omit<Waiting, 'resolve' | 'reject'>): Promise<boolean> {
    if (queue.length >= settings.eventsMax) return Promise.reject(new Error('Too many device events are waiting.'));
    return new Promise((resolve, reject) => {
      queue.push({ ...waiting, resolve, reject });
      running ??= drain();
    });
  }

  async function drain(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.slice(0, batchMax);
      queue = queue.slice(batchMax);
      await settleBatch(batch);
    }
    running = undefined;
  }

  /** Never rejects: whoever waits is told. */
  async function settleBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const addressed = await address(store.subtasks, batch);
      await release(batch);
      await Promise.all([...byTask(addressed)].map(([taskNo, items]) => settleTask(taskNo, items)));
    } catch (error) {
      for (const item of batch) item.reject(error);
    }
  }

  /** What has not begun because its device could not be reached. */
  async function release(batch: readonly Waiting[]): Promise<void> {
    const back = batch.filter(({ ref, event }) => ref === undefined && event.kind === 'reachable');
    const devices = new Set(back.flatMap(({ from }) => (from === undefined ? [] : [from])));
    if (devices.size > 0 && (await store.subtasks.releaseOffline([...devices], clock.now()))) nudge();
  }

  async function settleTask(taskNo: TaskNo, items: readonly Addressed[]): Promise<void> {
    try {
      const frame = await frames.findByNo(taskNo);
      if (frame !== undefined) {
        const batch = { taskNo, items: items.map(itemOf) };
        aftermath.follow(await store.subtasks.react(batch, frame.options(), frame.decider));
      }
      for (const item of items) item.resolve(frame !== undefined);
    } catch (error) {
      for (const item of items) item.reject(error);
    }
  }

  return {
    collect: async (ref, from, event) => {
      await take({ ref, from, event });
    },
    collectForDevice: (deviceId, event) => take({ ref: undefined, from: deviceId, event }),
    stop: async () => {
      await running;
    },
  };
}

/** Finds the runs of events that name only their device; whoever sent one that no run waits for is told so. */
async function address(
  subtasks: Pick<SubtaskStore, 'findLaneHolders'>,
  batch: readonly Waiting[],
): Promise<readonly Addressed[]> {
  const nameless = batch.filter((item) => item.ref === undefined);
  if (nameless.length === 0) return batch as readonly Addressed[];
  const devices = new Set(nameless.flatMap((item) => (item.from === undefined ? [] : [item.from])));
  const holders = await subtasks.findLaneHolders([...devices]);
  const byDevice = new Map(holders.map((holder) => [holder.deviceId, holder]));
  return batch.flatMap((item): readonly Addressed[] => {
    if (item.ref !== undefined) return [item as Addressed];
    const holder = item.from === undefined ? undefined : byDevice.get(item.from);
    if (holder !== undefined) return [{ ...item, ref: holder }];
    item.resolve(false);
    return [];
  });
}

function byTask(items: readonly Addressed[]): ReadonlyMap<TaskNo, readonly Addressed[]> {
  return Map.groupBy(items, (item) => item.ref.taskNo);
}

const itemOf = ({ ref, from, event }: Addressed): RunEventItem => ({ seq: ref.seq, attempt: ref.attempt, from, event });
