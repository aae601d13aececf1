import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asId, type DeviceId } from '../../../src/domain/ids.ts';
import { lastMarker } from '../../../src/domain/paging.ts';
import { Problem } from '../../../src/domain/problem.ts';
import type { Task } from '../../../src/domain/task.ts';
import type { Verdict } from '../../../src/domain/verdict.ts';
import type { ChunkOptions, Decider } from '../../../src/ports/store/subtask-store.ts';
import type { Store } from '../../../src/ports/store/store.ts';
import { createPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { createRealClock } from '../../../src/system/real-clock.ts';
import { box, builtAt, random } from '../../builders/chance.ts';
import { createGiven, type Given, type Scope } from '../../builders/given.ts';
import { aTask, chunkOptions } from '../../builders/task-builders.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres/test-database.ts';

const nodes = 4;
const all = { limit: 2000, marker: lastMarker, offset: 0 };

const always = (verdict: Verdict): Decider => ({
  start: (runs) => runs.map(() => verdict),
  onEvent: (runs) => runs.map(() => ({ kind: 'done', output: {} })),
  abandon: (runs) => runs.map(() => []),
});
const done = always({ kind: 'done', output: {} });
const waiting = always({ kind: 'waiting', step: 's', until: builtAt + 1000 });
/** Takes the lane, or queues behind whoever has it. */
const inLane: Decider = {
  ...done,
  start: (runs) =>
    runs.map((run) =>
      run.device?.laneTaken === true
        ? { kind: 'queued' }
        : { kind: 'waiting', step: 's', until: builtAt + 1000, lane: true },
    ),
};

interface MessageOfDevice {
  readonly header: { readonly device_id: string };
  readonly body: { readonly content: unknown };
}

describe('several processes on one PostgreSQL', () => {
  let database: TestDatabase;
  let stores: readonly Store[];
  let given: Given;
  let scope: Scope;

  beforeEach(async () => {
    database = await createTestDatabase();
    const clock = createRealClock();
    stores = Array.from({ length: nodes }, (_, index) =>
      createPostgresStore({ url: database.url, poolMax: 4, waitMs: 5000, node: `node-${index}`, box, random, clock }),
    );
    await Promise.all(stores.map((store) => store.start()));
    given = createGiven(storeAt(0));
    scope = await given.scope();
  });
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.stop()));
    await database.drop();
  });

  const storeAt = (index: number): Store => stores[index % nodes] as Store;
  const onAll = <Value>(work: (store: Store, index: number) => Promise<Value>): Promise<Value[]> =>
    Promise.all(stores.map((store, index) => work(store, index)));
  const taskOf = async (taskNo: number): Promise<Task> => {
    const task = await storeAt(0).tasks.findByNo(taskNo);
    if (task === undefined) throw new Error('The task is gone.');
    return task;
  };

  async function taskOn(deviceIds: readonly DeviceId[]): Promise<number> {
    const { taskNo } = await given.task(scope, { source: { kind: 'devices', deviceIds } });
    // All of them at it: one walks, the others find it busy.
    const limit = { now: builtAt, limit: 1000 };
    while (!(await taskOf(taskNo)).expanded) await onAll((store) => store.subtasks.expand(taskNo, limit));
    return taskNo;
  }

  const targets = (count: number): readonly DeviceId[] =>
    Array.from({ length: count }, (_, index) => asId<DeviceId>(`target-${index}`));

  async function expectConsistent(taskNo: number): Promise<Task> {
    const task = await taskOf(taskNo);
    const { items } = await storeAt(0).subtasks.list(task, {}, all);
    const inState = (state: string) => items.filter((item) => item.state === state).length;
    const { counters } = task;
    expect(counters).toMatchObject({
      total: items.length,
      waitting: inState('Waitting'),
      processing: inState('Processing'),
      success: inState('Success'),
      fail: inState('Fail'),
      stopped: inState('Stopped'),
    });
    return task;
  }

  it('write a task’s subtasks once, however many set it up', async () => {
    const taskNo = await taskOn(targets(1700));
    const task = await expectConsistent(taskNo);
    expect(task).toMatchObject({ status: 'Waitting', counters: { total: 1700, waitting: 1700 } });
  });

  it('dispatch every run once, each chunk by one of them', async () => {
    const taskNo = await taskOn(targets(1500));
    const options = { ...chunkOptions, limit: 50 };
    let started = 0;
    await onAll(async (store) => {
      for (let idle = 0; idle < 2; ) {
        const { runs } = await store.subtasks.dispatch(taskNo, options, done);
        started += runs;
        if (runs === 0) idle += 1;
      }
    });
    expect(started).toBe(1500);
    expect(await expectConsistent(taskNo)).toMatchObject({ status: 'Success', counters: { success: 1500 } });
  });

  it('start nothing behind a stop, and leave nothing of it unstopped', async () => {
    const taskNo = await taskOn(targets(1200));
    const options = { ...chunkOptions, limit: 20 };
    const dispatching = onAll(async (store) => {
      for (let round = 0; round < 25; round += 1) await store.subtasks.dispatch(taskNo, options, waiting);
    });
    const stop = { kind: 'stop', taskNo, targets: undefined, longRunning: false } as const;
    const stopped = await storeAt(1).subtasks.command(stop, options, waiting);
    const processing = stopped.task.counters.processing;
    const work = { options: { ...options, limit: 100 }, decider: waiting, longRunning: false };
    await onAll(async (store) => {
      while ((await taskOf(taskNo)).counters.waitting > 0) await store.subtasks.sweep(taskNo, work);
    });
    await dispatching;
    const task = await expectConsistent(taskNo);
    expect(task.counters).toMatchObject({ waitting: 0, processing, stopped: 1200 - processing });
  });

  it('give a device’s lane to one run at a time, and wake every run that queues for it', async () => {
    const lanes: ChunkOptions = { ...chunkOptions, limit: 10, usesLanes: true };
    const ids = await given.devices(scope, 30);
    const taskNos = await Promise.all([taskOn(ids), taskOn(ids), taskOn(ids)]);
    const isOver = async () => (await Promise.all(taskNos.map(taskOf))).every(({ status }) => status === 'Success');
    /** Runs that were started are ended by whoever finds them. */
    const end = async (store: Store, taskNo: number): Promise<void> => {
      const task = await taskOf(taskNo);
      const { items } = await store.subtasks.list(task, { state: 'Processing' }, { ...all, limit: 5 });
      const held = await store.subtasks.findLaneHolders(items.map(({ target }) => asId<DeviceId>(target)));
      const own = held.filter((holder) => holder.taskNo === taskNo);
      const events = own.map(({ seq, attempt }) => ({
        seq,
        attempt,
        from: undefined,
        event: { kind: 'deadline' } as const,
      }));
      if (events.length > 0) await store.subtasks.react({ taskNo, items: events }, lanes, inLane);
    };
    const until = Date.now() + 25_000;
    await onAll(async (store, index) => {
      for (let turn = index; Date.now() < until && !(await isOver()); turn += 1) {
        const taskNo = taskNos[turn % taskNos.length] as number;
        await store.subtasks.dispatch(taskNo, lanes, inLane);
        await end(store, taskNo);
      }
    });
    for (const taskNo of taskNos) expect(await expectConsistent(taskNo)).toMatchObject({ status: 'Success' });
  });

  it('settle an event for a run once, however many bring it', async () => {
    const taskNo = await taskOn(targets(40));
    await storeAt(0).subtasks.dispatch(taskNo, chunkOptions, waiting);
    const items = Array.from({ length: 40 }, (_, seq) => ({
      seq,
      attempt: 1,
      from: undefined,
      event: { kind: 'deadline' } as const,
    }));
    const settled = await onAll((store) => store.subtasks.react({ taskNo, items }, chunkOptions, waiting));
    expect(settled.reduce((sum, { runs }) => sum + runs, 0)).toBe(40);
    expect(await expectConsistent(taskNo)).toMatchObject({ status: 'Success', counters: { success: 40 } });
  });

  it('hand out each notification to one of them, in order', async () => {
    const { actionId } = await given.action(scope);
    const finished = await Promise.all(Array.from({ length: 6 }, () => given.finishedTask(scope)));
    const seen = new Map<string, string[]>();
    await onAll(async (store) => {
      for (let idle = 0; idle < 3; ) {
        const items = await store.outbox.claim(builtAt + 1, { limit: 3, leaseUntil: builtAt + 60_000 });
        for (const item of items) {
          expect(item.actionId).toBe(actionId);
          const { notify_data: data } = item.payload as { notify_data: { body: { status: string } } };
          seen.set(item.key, [...(seen.get(item.key) ?? []), data.body.status]);
        }
        await store.outbox.finish(
          items.map(({ no, actionId }) => ({ kind: 'delivered', no, actionId })),
          builtAt + 1,
        );
        if (items.length === 0) idle += 1;
      }
    });
    expect(seen.size).toBe(finished.length);
    for (const statuses of seen.values()) expect(statuses).toEqual(['Waitting', 'Processing', 'Success']);
    expect(await storeAt(0).outbox.size()).toBe(0);
  });

  it('hand out each message of a queue to one of them, in order of its key', async () => {
    const queue = await given.queue(scope);
    const subject = { resource: 'device.message', event: 'report' };
    const target = { channel: 'AMQP_FORWARDING', amqp: { queueName: queue.name } } as const;
    await given.action(scope, { rule: await given.rule(scope, { subject }), target });
    const deviceIds = await given.devices(scope, 10);
    const { projectId } = scope;
    for (let content = 0; content < 20; content += 1) {
      await storeAt(content).events.received(
        deviceIds.map((deviceId) => ({ projectId, deviceId, topic: 't', content })),
      );
    }
    const seen = new Map<string, unknown[]>();
    const count = () => [...seen.values()].flat().length;
    await onAll(async (store, index) => {
      const held = { queueId: queue.queueId, holder: `node-${index}/1` };
      while (count() < 200) {
        const taken = (await store.queueMessages.take(held, { now: builtAt, countMax: 7, bytesMax: 1_000_000 })) ?? [];
        for (const { payload } of taken) {
          const { notify_data } = JSON.parse(payload) as { notify_data: MessageOfDevice };
          const { device_id } = notify_data.header;
          seen.set(device_id, [...(seen.get(device_id) ?? []), notify_data.body.content]);
        }
        const settled = taken.map(({ no }) => ({ no, holder: held.holder, kind: 'accepted' }) as const);
        await store.queueMessages.settle(settled, builtAt);
      }
    });
    const inOrder = Array.from({ length: 20 }, (_, content) => content);
    expect([...seen.values()]).toEqual(deviceIds.map(() => inOrder));
  });

  it('are all told of an access code that was forced, in the transaction that stores it', async () => {
    await onAll((store, index) => store.nodes.register({ name: `node-${index}`, instance: 'i' }));
    const code = { projectId: scope.projectId, type: 'AMQP', codeHash: 'hash', createdAt: builtAt } as const;
    await storeAt(0).accessCodes.replace({ ...code, accessKey: 'gentle' }, { disconnects: false });
    await storeAt(0).accessCodes.replace({ ...code, accessKey: 'forced' }, { disconnects: true });
    const letter = { kind: 'close-consumers', projectId: scope.projectId, exceptKey: 'forced' };
    const letters = await onAll((store, index) => store.nodes.take(`node-${index}`, 10));
    expect(letters).toEqual([[], ...[1, 2, 3].map(() => [letter])]);
    // A code that cannot be stored is told to nobody.
    const taken = { ...code, projectId: (await given.scope()).projectId, accessKey: 'forced' };
    await expect(storeAt(1).accessCodes.replace(taken, { disconnects: true })).rejects.toThrow();
    expect(await storeAt(2).nodes.take('node-2', 10)).toEqual([]);
  });

  it('take one task of equal requests, and no task beyond the limit', async () => {
    const idempotency = { key: 'k', requestHash: 'h', expiresAt: builtAt + 1000 };
    const replays = await onAll((_store, index) =>
      storeAt(index).tasks.insert(aTask({ ...scope }), { idempotency, unfinishedMax: 100, now: builtAt }),
    );
    expect(new Set(replays.map(({ task }) => task.taskId)).size).toBe(1);
    const limited = await Promise.allSettled(
      Array.from({ length: 12 }, (_, index) =>
        storeAt(index).tasks.insert(aTask({ ...scope }), { unfinishedMax: 5, now: builtAt }),
      ),
    );
    expect(limited.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    for (const result of limited) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ problem: 'unfinishedTaskLimit' });
    }
  });

  it('keep a gateway that gets a child, or refuse the child', async () => {
    const gateway = await given.device(scope);
    const results = await Promise.allSettled([
      storeAt(1).devices.delete(scope.projectId, gateway.deviceId, builtAt),
      createGiven(storeAt(2)).device(scope, { parent: gateway }),
    ]);
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(Problem);
  });
});
