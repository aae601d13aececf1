import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Store } from '../../../src/ports/store/store.ts';
import { createPostgresStore, type PostgresStoreOptions } from '../../../src/store/postgres/postgres-store.ts';
import { createRealClock } from '../../../src/system/real-clock.ts';
import { box, builtAt, random } from '../../builders/chance.ts';
import { createGiven, type Scope } from '../../builders/given.ts';
import { aTask, chunkOptions } from '../../builders/task-builders.ts';
import { type CuttingProxy, startCuttingProxy } from '../../support/postgres/cutting-proxy.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres/test-database.ts';
import { firstPage } from '../conformance/store-fixture.ts';

describe('a store whose connections break', () => {
  let database: TestDatabase;
  let proxy: CuttingProxy;
  let store: Store;
  let scope: Scope;

  const open = async (over: Partial<PostgresStoreOptions> = {}): Promise<Store> => {
    const clock = createRealClock();
    const made = createPostgresStore({ url: proxy.url, poolMax: 3, waitMs: 10_000, box, random, clock, ...over });
    await made.start();
    return made;
  };

  beforeEach(async () => {
    database = await createTestDatabase();
    proxy = await startCuttingProxy(database.url);
    store = await open();
    scope = await createGiven(store).scope();
  });
  afterEach(async () => {
    proxy.open();
    await store.stop();
    await proxy.stop();
    await database.drop();
  });

  const insertTask = () => store.tasks.insert(aTask(scope), { unfinishedMax: 1000, now: builtAt });

  it('does a thing once where its commit was not answered, and where it did not arrive', async () => {
    const taskIds: string[] = [];
    for (let round = 0; round < 12; round += 1) {
      proxy.next = round % 2 === 0 ? 'answer' : 'commit';
      taskIds.push((await insertTask()).task.taskId);
    }
    expect(proxy.cuts).toBe(12);
    const { items, count } = await store.tasks.list({ projectId: scope.projectId }, firstPage);
    expect(count).toBe(12);
    expect(items.map(({ taskId }) => taskId).toSorted()).toEqual(taskIds.toSorted());
  });

  it('counts once what a chunk has done, whichever commit is lost', async () => {
    const deviceIds = Array.from({ length: 60 }, (_, index) => `target-${index}` as never);
    const { taskNo } = await createGiven(store).task(scope, { source: { kind: 'devices', deviceIds } });
    await store.subtasks.expand(taskNo, { now: builtAt, limit: 1000 });
    const decider = {
      start: (runs: readonly unknown[]) => runs.map(() => ({ kind: 'done', output: {} }) as const),
      onEvent: () => [],
      abandon: () => [],
    };
    for (let round = 0; round < 6; round += 1) {
      proxy.next = round % 2 === 0 ? 'commit' : 'answer';
      await store.subtasks.dispatch(taskNo, { ...chunkOptions, limit: 10 }, decider);
    }
    expect((await store.tasks.findByNo(taskNo))?.counters).toMatchObject({ total: 60, success: 60, waitting: 0 });
  });

  it('waits for a database that is away, and goes on by itself', async () => {
    proxy.close();
    const asked = Promise.all([insertTask(), store.outbox.size(), insertTask()]);
    proxy.open();
    const [, size] = await asked;
    expect(size).toBe(0);
    expect((await store.tasks.list({ projectId: scope.projectId }, firstPage)).count).toBe(2);
  });

  it('tells once of each time that the database stays away, and not of a connection that broke', async () => {
    const told: unknown[] = [];
    const telling = await open({ onAway: (reason) => told.push(reason) });
    proxy.next = 'commit';
    await createGiven(telling).scope();
    expect(told).toEqual([]);
    for (let outage = 1; outage <= 2; outage += 1) {
      proxy.close();
      const calls = Promise.all([telling.outbox.size(), telling.outbox.size()]);
      await vi.waitFor(() => expect(told).toHaveLength(outage), { timeout: 10_000 });
      proxy.open();
      await calls;
    }
    expect(told.every((reason) => reason instanceof Error)).toBe(true);
    await telling.stop();
  });

  it('says that it is not ready where the database stays away', async () => {
    const hasty = await open({ waitMs: 300 });
    proxy.close();
    await expect(hasty.outbox.size()).rejects.toMatchObject({ problem: 'notReady' });
    await expect(hasty.outbox.finish([], 1)).rejects.toMatchObject({ problem: 'notReady' });
    proxy.open();
    expect(await hasty.outbox.size()).toBe(0);
    await hasty.stop();
  });

  it('does not start on a database that does not exist, and says which', async () => {
    const url = database.url.replace(/[^/]+$/, 'nowhere');
    await expect(open({ url })).rejects.toThrow('database "nowhere" does not exist');
  });

  it('takes the primary among several hosts', async () => {
    const { port } = new URL(database.url);
    const url = database.url.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:1,127.0.0.1:${port}`);
    const made = await open({ url });
    expect(await made.outbox.size()).toBe(0);
    await made.stop();
  });
});
