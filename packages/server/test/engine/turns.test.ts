import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/ports/store/store.ts';
import { taskTypes } from '../../src/task-types/index.ts';
import { openWorld } from '../support/engine-harness.ts';
import { someDevices, useWorld } from './use-world.ts';

type Dispatch = Store['subtasks']['dispatch'];

const withDispatch =
  (wrap: (dispatch: Dispatch) => Dispatch) =>
  (store: Store): Store => ({
    ...store,
    subtasks: { ...store.subtasks, dispatch: wrap((...chunk) => store.subtasks.dispatch(...chunk)) },
  });

/** Tells of which task each dispatched chunk was, in order. */
const watched = (chunks: number[]): ((store: Store) => Store) =>
  withDispatch((dispatch) => (taskNo, options, decider) => {
    chunks.push(taskNo);
    return dispatch(taskNo, options, decider);
  });

describe('fair turns (v5 13.4)', () => {
  it('finishes a one-target task beside a running 30,000-target one within a few chunks', async () => {
    const chunks: number[] = [];
    const world = await openWorld({ wrapStore: watched(chunks) });
    const big = await world.task({ targets: Array.from({ length: 30_000 }, (_, n) => `device-${n}`) });
    const small = await world.task({ targets: ['nobody'] });
    await world.settle();
    expect((await world.show(small)).task.status).toBe('Fail');
    expect((await world.show(big)).task).toMatchObject({ status: 'Fail', counters: { fail: 30_000 } });
    expect(chunks.indexOf(small.taskNo)).toBeLessThan(4);
    await world.close();
  });

  it('goes round among more tasks than it takes in one go', async () => {
    const chunks: number[] = [];
    const world = await openWorld({ wrapStore: watched(chunks), settings: { chunkSize: 1 } });
    for (let made = 0; made < 70; made++) await world.task({ targets: ['a', 'b', 'c', 'd'], startIn: 1000 });
    const small = await world.task({ targets: ['nobody'], startIn: 1000 });
    await world.advance(1000);
    expect((await world.show(small)).task.status).toBe('Fail');
    // 64 in the first round, the others in the second.
    expect(chunks.indexOf(small.taskNo)).toBeLessThan(80);
    await world.close();
  });
});

describe('the chunk that tasks share', () => {
  it.each([
    { tasks: 1, limit: 12 },
    { tasks: 3, limit: 4 },
    { tasks: 5, limit: 3 },
  ])('gives each of $tasks tasks $limit subtasks of 12, and never less than 3', async ({ tasks, limit }) => {
    const limits = new Set<number>();
    const wrapStore = withDispatch((dispatch) => (taskNo, options, decider) => {
      limits.add(options.limit);
      return dispatch(taskNo, options, decider);
    });
    const world = await openWorld({ wrapStore, settings: { chunkSize: 12, shareMin: 3 } });
    for (let made = 0; made < tasks; made++) await world.task({ targets: ['a', 'b', 'c'], startIn: 1000 });
    await world.advance(1000);
    expect([...limits]).toEqual([limit]);
    await world.close();
  });
});

describe('the chunks of one task that are under way at once', () => {
  it.each([
    { tasks: 1, atOnce: 3 },
    { tasks: 2, atOnce: 2 },
    { tasks: 4, atOnce: 1 },
  ])('are $atOnce where $tasks tasks have work, with room for 4 and 3 a task', async ({ tasks, atOnce }) => {
    const underWay = new Map<number, number>();
    let most = 0;
    const wrapStore = withDispatch((dispatch) => async (taskNo, options, decider) => {
      const now = (underWay.get(taskNo) ?? 0) + 1;
      most = Math.max(most, now);
      underWay.set(taskNo, now);
      try {
        return await dispatch(taskNo, options, decider);
      } finally {
        underWay.set(taskNo, (underWay.get(taskNo) ?? 0) - 1);
      }
    });
    const settings = { chunkSize: 1, shareMin: 1, concurrency: 4, chunksPerTask: 3 };
    const world = await openWorld({ wrapStore, settings });
    const targets = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const made = await Promise.all(Array.from({ length: tasks }, () => world.task({ targets, startIn: 1000 })));
    await world.advance(1000);
    expect(most).toBe(atOnce);
    for (const task of made) expect((await world.show(task)).task).toMatchObject({ counters: { total: 7, fail: 7 } });
    await world.close();
  });
});

describe('a task that cannot go on', () => {
  const broken = { ...taskTypes.unfreezeDevices, start: () => [] };
  const world = useWorld({ types: { ...taskTypes, unfreezeDevices: broken } });

  it('keeps no other from working, rests, and is tried again', async () => {
    const [device] = await someDevices(world(), 1);
    const bad = await world().task({ type: 'unfreezeDevices', targets: [device] });
    const good = await world().task({ targets: [device] });
    await expect(world().settle()).rejects.toThrow('0 verdicts for 1 runs');
    expect((await world().show(good)).task.status).toBe('Success');
    expect((await world().show(bad)).task.status).toBe('Waitting');
    expect(world().clock.pending()).toHaveLength(1);
  });
});
