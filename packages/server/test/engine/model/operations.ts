import fc from 'fast-check';
import { expect } from 'vitest';
import type { DeviceId } from '../../../src/domain/ids.ts';
import type { RunEvent } from '../../../src/domain/device-event.ts';
import { isFinalTask } from '../../../src/domain/task-state.ts';
import { causeOf, Problem } from '../../../src/domain/problem.ts';
import { type RunRef, runOfRequestId } from '../../../src/domain/request-id.ts';
import type { NewTask, Task, TaskTypeName } from '../../../src/domain/task.ts';
import { command } from '../use-world.ts';
import { hour, minute } from '../../support/engine-harness.ts';
import type { ModelWorld } from './model-world.ts';

/** One thing that somebody does; indexes are taken modulo what there is. */
export type Operation =
  | {
      readonly kind: 'create';
      readonly type: TaskTypeName;
      readonly source: 'group' | readonly number[];
      readonly retries: number;
      readonly queue: boolean;
      readonly needConfirm: boolean;
      readonly startIn: number | undefined;
      readonly ttl: number;
    }
  | { readonly kind: 'step'; readonly pick: number; readonly times: number }
  | {
      readonly kind: 'stop' | 'retry' | 'confirm';
      readonly task: number;
      readonly targets: readonly number[] | undefined;
    }
  | { readonly kind: 'delete-task'; readonly task: number }
  | { readonly kind: 'purge' | 'crash' }
  | {
      readonly kind: 'connect' | 'disconnect' | 'freeze' | 'unfreeze' | 'delete-device' | 'add-device';
      readonly device: number;
    }
  | { readonly kind: 'version'; readonly device: number; readonly version: string }
  | {
      readonly kind: 'progress';
      readonly device: number;
      readonly resultCode: number;
      readonly progress: number;
      readonly version: string;
    }
  | {
      readonly kind: 'reply' | 'delivered' | 'undelivered';
      readonly run: number;
      readonly from: number;
      readonly resultCode: number;
    }
  | { readonly kind: 'time'; readonly ms: number };

const index = fc.nat(9);
const some = fc.uniqueArray(fc.nat(6), { minLength: 1, maxLength: 5 });
const version = fc.constantFrom('1.0', '2.0', '3.0', '');

const create = fc.record({
  kind: fc.constant('create' as const),
  type: fc.constantFrom<TaskTypeName>(
    'firmwareUpgrade',
    'firmwareUpgrade',
    'softwareUpgrade',
    'createCommands',
    'createMessages',
    'updateDeviceShadows',
    'freezeDevices',
    'unfreezeDevices',
  ),
  source: fc.oneof({ weight: 3, arbitrary: some }, { weight: 1, arbitrary: fc.constant('group' as const) }),
  retries: fc.constantFrom(0, 0, 1, 2),
  queue: fc.boolean(),
  needConfirm: fc.constantFrom(false, false, true),
  startIn: fc.constantFrom(undefined, undefined, 30_000),
  ttl: fc.constantFrom(0, 5, 60),
});

export const operations: fc.Arbitrary<Operation[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: create },
    {
      weight: 10,
      arbitrary: fc.record({ kind: fc.constant('step' as const), pick: index, times: fc.integer({ min: 1, max: 4 }) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constantFrom('stop' as const, 'retry' as const, 'retry' as const, 'confirm' as const),
        task: index,
        targets: fc.option(some, { nil: undefined }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete-task' as const), task: index }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('purge' as const, 'crash' as const) }) },
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constantFrom(
          'connect' as const,
          'connect' as const,
          'disconnect' as const,
          'freeze' as const,
          'unfreeze' as const,
          'delete-device' as const,
          'add-device' as const,
        ),
        device: index,
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('version' as const), device: index, version }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('progress' as const),
        device: index,
        resultCode: fc.constantFrom(0, 0, 0, 3, 42),
        progress: fc.constantFrom(0, 50, 100, 100, 101),
        version,
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constantFrom('reply' as const, 'delivered' as const, 'undelivered' as const),
        run: index,
        from: fc.constantFrom(0, 0, 0, 1),
        resultCode: fc.constantFrom(0, 0, 1),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('time' as const),
        ms: fc.constantFrom(1000, 20_000, minute, 3 * minute, 25 * hour),
      }),
    },
  ),
  { minLength: 20, maxLength: 80, size: 'max' },
);

/** What most histories begin with: somebody is there, and something is to do. */
export const openings: fc.Arbitrary<Operation[]> = fc
  .tuple(fc.uniqueArray(fc.nat(4), { maxLength: 5 }), fc.array(create, { minLength: 1, maxLength: 3 }))
  .map(([devices, creates]) => [...devices.map((device): Operation => ({ kind: 'connect', device })), ...creates]);

/** Does one thing and calls `onCommit` after each transaction. What the contract refuses is refused, and changes nothing. */
export async function perform(
  world: ModelWorld,
  operation: Operation,
  onCommit: (step: string) => Promise<void>,
): Promise<void> {
  try {
    await act(world, operation, onCommit);
    await onCommit(operation.kind);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
  keepRuns(world);
}

async function act(world: ModelWorld, operation: Operation, onCommit: (step: string) => Promise<void>): Promise<void> {
  switch (operation.kind) {
    case 'create':
      world.tasks.push(await world.given().task(world.scope, taskOf(world, operation)));
      return;
    case 'step':
      for (let done = 0; done < operation.times && (await world.step(operation.pick)); done++) {
        await onCommit('step');
      }
      return;
    case 'stop':
    case 'retry':
    case 'confirm':
      return await commandTask(world, operation);
    case 'delete-task':
      return await deleteTask(world, operation.task);
    case 'purge':
      await world.store().tasks.purge(3);
      return;
    case 'crash':
      return await world.crash();
    case 'time':
      return await world.clock.advance(operation.ms);
    case 'version':
    case 'progress':
      return await report(world, operation);
    case 'reply':
    case 'delivered':
    case 'undelivered':
      return await answer(world, operation);
    default:
      return await touchDevice(world, operation);
  }
}

const at = <Item>(items: readonly Item[], position: number): Item | undefined =>
  items[position % Math.max(1, items.length)];

const deviceAt = (world: ModelWorld, position: number) => {
  const device = at(world.devices, position);
  if (device === undefined) throw new Error('There are devices.');
  return device;
};

/** Position 6 names a device that never was. */
const targetsOf = (world: ModelWorld, positions: readonly number[]): DeviceId[] => [
  ...new Set(
    positions.map((position) => (position === 6 ? ('nobody' as DeviceId) : deviceAt(world, position).deviceId)),
  ),
];

function taskOf(
  world: ModelWorld,
  wish: Extract<Operation, { kind: 'create' }>,
): Partial<NewTask> & { packageId?: Task['document'] & never } {
  const isUpgrade = wish.type === 'firmwareUpgrade' || wish.type === 'softwareUpgrade';
  const documents: Partial<Record<TaskTypeName, NewTask['document']>> = {
    createCommands: command,
    createMessages: { message: 'hello', ttl: wish.ttl },
    updateDeviceShadows: { shadow: [{ service_id: 's', desired: {} }] },
  };
  return {
    type: wish.type,
    document: isUpgrade ? { package_id: world.pkg.packageId } : documents[wish.type],
    source:
      wish.source === 'group'
        ? { kind: 'groups', groupIds: [world.group.groupId] }
        : { kind: 'devices', deviceIds: targetsOf(world, wish.source) },
    needConfirm: isUpgrade && wish.needConfirm,
    policy: {
      retryCount: wish.retries,
      retryIntervalMinutes: wish.retries,
      onConflict: wish.queue ? 'queue' : 'fail',
      ...(wish.startIn === undefined ? {} : { startAt: world.clock.now() + wish.startIn }),
    },
    createdAt: world.clock.now(),
  };
}

async function commandTask(
  world: ModelWorld,
  wish: Extract<Operation, { kind: 'stop' | 'retry' | 'confirm' }>,
): Promise<void> {
  const task = at(world.tasks, wish.task);
  if (task === undefined) return;
  const targets = wish.targets === undefined ? undefined : targetsOf(world, wish.targets);
  const { settled } = await world.engine().commandTask({ kind: wish.kind, taskNo: task.taskNo, targets });
  world.link().send(settled.downlinks);
}

async function deleteTask(world: ModelWorld, position: number): Promise<void> {
  const task = at(world.tasks, position);
  if (task === undefined) return;
  const found = await world.store().tasks.findByNo(task.taskNo);
  if (found === undefined || !isFinalTask(found.status)) return;
  await world.store().tasks.delete(world.scope.projectId, task.taskId);
}

async function report(world: ModelWorld, wish: Extract<Operation, { kind: 'version' | 'progress' }>): Promise<void> {
  const { deviceId } = deviceAt(world, wish.device);
  if (wish.kind === 'version') {
    const versions = wish.version === '' ? {} : { fwVersion: wish.version };
    await world.store().devices.reportVersions(deviceId, versions);
    await world.engine().collectForDevice(deviceId, { kind: 'version-report', ...versions });
    return;
  }
  const { resultCode, progress, version } = wish;
  await world
    .engine()
    .collectForDevice(deviceId, { kind: 'progress-report', report: { resultCode, progress, version } });
}

async function answer(
  world: ModelWorld,
  wish: Extract<Operation, { kind: 'reply' | 'delivered' | 'undelivered' }>,
): Promise<void> {
  const run = at(world.runs, wish.run);
  if (run === undefined) return;
  const from = wish.from === 1 ? deviceAt(world, wish.run).deviceId : undefined;
  const events: Record<typeof wish.kind, RunEvent> = {
    reply: { kind: 'command-reply', reply: { resultCode: wish.resultCode, body: {} } },
    delivered: { kind: 'message-delivered' },
    undelivered: { kind: 'message-undelivered', cause: causeOf('deviceOffline') },
  };
  const all = 'SELECT * FROM subtasks ORDER BY task_no, seq';
  const before = await world.rows(all);
  const isLate = (await attemptOf(world, run)) !== run.attempt;
  await world.engine().collect(run, from, events[wish.kind]);
  if (isLate) expect(await world.rows(all), 'a late answer').toEqual(before);
}

async function attemptOf({ rows }: ModelWorld, { taskNo, seq }: RunRef): Promise<unknown> {
  const [row] = await rows('SELECT attempt FROM subtasks WHERE task_no = ? AND seq = ?', taskNo, seq);
  return row?.['attempt'];
}

async function touchDevice(
  world: ModelWorld,
  {
    kind,
    device: position,
  }: Extract<Operation, { readonly device: number; readonly kind: `${string}${'connect' | 'freeze' | 'device'}` }>,
): Promise<void> {
  const device = deviceAt(world, position);
  const { deviceId, rootId } = device;
  const store = world.store();
  if (kind === 'delete-device')
    return void (await store.devices.delete(world.scope.projectId, deviceId, world.clock.now()));
  if (kind === 'add-device') return await world.addDevice(device);
  if (kind === 'freeze')
    return void (await store.effects.apply(world.scope.projectId, [{ kind: 'freezeDevice', deviceId }]));
  if (kind === 'unfreeze')
    return void (await store.effects.apply(world.scope.projectId, [{ kind: 'unfreezeDevice', deviceId }]));
  await switchConnection(world, { deviceId, rootId, isOn: kind === 'connect' });
}

async function switchConnection(
  world: ModelWorld,
  { deviceId, rootId, isOn }: { readonly deviceId: DeviceId; readonly rootId: DeviceId; readonly isOn: boolean },
): Promise<void> {
  const store = world.store();
  const now = world.clock.now();
  const event: RunEvent = isOn ? { kind: 'reachable' } : { kind: 'unreachable' };
  if (rootId !== deviceId) {
    await store.devices.setChildStatuses(rootId, [{ deviceId, status: isOn ? 'ONLINE' : 'OFFLINE' }], now);
  } else {
    const attached = await store.sessions.attach({ deviceId, node: 'node-1', address: '127.0.0.1', at: now });
    if (attached === undefined) return;
    if (!isOn) await store.sessions.detach(deviceId, attached.session, now);
    for (const run of await store.subtasks.listChildLaneHolders(deviceId, '', 100))
      await world.engine().collect(run, deviceId, event);
  }
  await world.engine().collectForDevice(deviceId, event);
}

/** The runs that answers may name, those of ended ones included. */
function keepRuns(world: ModelWorld): void {
  for (const { content } of world.link().take()) {
    const run =
      content.kind === 'message'
        ? content.run
        : content.kind === 'command'
          ? runOfRequestId(content.requestId)
          : undefined;
    if (run !== undefined) world.runs.push(run);
  }
}
