import { asId, type DeviceId, type TaskId } from '../../src/domain/ids.ts';
import { noCounters } from '../../src/domain/counters.ts';
import { noTimeFailures } from '../../src/domain/time-cause.ts';
import type { NewTask, Task } from '../../src/domain/task.ts';
import type { ChunkOptions, Decider } from '../../src/ports/store/subtask-store.ts';
import { builtAt, random, recordId, uniqueName } from './chance.ts';

/** freezeDevices at once, without retries, on a device that does not exist: enough to move through every state. */
export function aTask(over: Partial<NewTask> & Pick<NewTask, 'projectId' | 'appId'>): NewTask {
  return {
    taskId: asId<TaskId>(random.orderedId()),
    name: uniqueName('task'),
    type: 'freezeDevices',
    document: undefined,
    source: { kind: 'devices', deviceIds: [asId<DeviceId>('nobody')] },
    echo: {},
    gatewayMode: false,
    needConfirm: false,
    extInfo: undefined,
    policy: { retryCount: 0, retryIntervalMinutes: 0, onConflict: 'fail' },
    createdAt: builtAt,
    ...over,
  };
}

/** As it stands in the store when its targets are being worked on. */
export function aRunningTask(over: Partial<Task> & Pick<Task, 'projectId' | 'appId'>): Task {
  const { source: _source, ...made } = aTask(over);
  return {
    ...made,
    sourceKind: 'devices',
    taskNo: 7,
    recordId: recordId(),
    status: 'Processing',
    counters: noCounters,
    timeFailures: noTimeFailures,
    startedAt: undefined,
    finishedAt: undefined,
    revision: 1,
    expanded: true,
    confirmed: true,
    stopped: false,
    setupFailure: undefined,
    commonestCause: undefined,
    ...over,
  };
}

export const chunkOptions: ChunkOptions = {
  now: builtAt,
  limit: 1000,
  retryMinuteMs: 60_000,
  usesModels: false,
  usesLanes: false,
};

/** Ends every run well at once. */
export const allDone: Decider = {
  start: (runs) => runs.map(() => ({ kind: 'done', output: {} })),
  onEvent: (runs) => runs.map(() => ({ kind: 'done', output: {} })),
  abandon: (runs) => runs.map(() => []),
};
