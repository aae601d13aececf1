import { describe, expect, it } from 'vitest';
import type { OutboxItem } from '../../../src/ports/store/push-store.ts';
import { builtAt } from '../../builders/chance.ts';
import { allDone, chunkOptions } from '../../builders/task-builders.ts';
import { type MakeStore, useStore } from './store-fixture.ts';

const now = builtAt + 1000;
const leaseUntil = now + 30_000;

export function describeOutbox(makeStore: MakeStore): void {
  describe('outbox', () => {
    const fixture = useStore(makeStore);
    const claim = (limit = 100, at = now) =>
      fixture().store.outbox.claim(at, { limit, leaseUntil: at + leaseUntil - now });
    const statusOf = ({ payload }: OutboxItem): unknown =>
      (payload as { notify_data?: { body?: { status?: unknown } } }).notify_data?.body?.status;
    const complete = (items: readonly OutboxItem[]) =>
      fixture().store.outbox.finish(
        items.map(({ no, actionId }) => ({ kind: 'delivered', no, actionId })),
        now,
      );

    it('hands out the head of each action and key, the next only when that one is gone', async () => {
      const { given, scope, store } = fixture();
      const action = await given.action(scope);
      const tasks = [await given.finishedTask(scope), await given.finishedTask(scope)];
      expect(await store.outbox.size()).toBe(6);
      const keys = tasks.map(({ taskId }) => taskId).toSorted();
      for (const status of ['Waitting', 'Processing', 'Success']) {
        const heads = await claim();
        expect(heads.map(({ key }) => key).toSorted()).toEqual(keys);
        expect(heads.map(statusOf)).toEqual([status, status]);
        expect(heads[0]).toMatchObject({ actionId: action.actionId, attempts: 0, target: action.target });
        expect(await claim()).toEqual([]);
        await complete(heads);
      }
      expect(await store.outbox.size()).toBe(0);
      expect(await store.outbox.nextWake()).toBeUndefined();
    });

    it('gives every action its own copy and order', async () => {
      const { given, scope, store } = fixture();
      const [first, second] = [await given.action(scope), await given.action(scope)];
      await given.finishedTask(scope);
      const heads = await claim();
      expect(heads.map(({ actionId }) => actionId).toSorted()).toEqual([first.actionId, second.actionId].toSorted());
      await complete(heads.filter(({ actionId }) => actionId === first.actionId));
      expect((await claim()).map((item) => [item.actionId, statusOf(item)])).toEqual([[first.actionId, 'Processing']]);
      expect(await store.outbox.size()).toBe(5);
    });

    it('hands out again what was claimed and not finished, once the lease is over', async () => {
      const { given, scope, store } = fixture();
      await given.action(scope);
      await given.finishedTask(scope);
      const [head] = await claim();
      await claim();
      expect(await store.outbox.nextWake()).toBe(leaseUntil);
      expect(await claim(100, leaseUntil - 1)).toEqual([]);
      expect(await claim(100, leaseUntil)).toEqual([head]);
    });

    it('keeps the order behind an item that is put off, and counts the attempt', async () => {
      const { given, scope, store } = fixture();
      await given.action(scope);
      await given.finishedTask(scope);
      const [head] = await claim();
      if (head === undefined) throw new Error('One is due.');
      const { no, actionId } = head;
      await store.outbox.finish([{ kind: 'failed', no, actionId, nextAt: now + 1000, error: 'e' }], now);
      expect(await claim()).toEqual([]);
      expect(await store.outbox.nextWake()).toBe(now + 1000);
      expect(await claim(100, now + 1000)).toEqual([{ ...head, attempts: 1 }]);
      await store.outbox.finish([{ kind: 'returned', no, actionId, nextAt: now }], now);
      expect(await claim()).toEqual([{ ...head, attempts: 1 }]);
      await store.outbox.finish([{ kind: 'failed', no: no + 1000, actionId, nextAt: 1, error: 'gone' }], now);
    });

    it('claims no more than asked for, and goes on with the rest', async () => {
      const { given, scope } = fixture();
      await given.action(scope);
      const keys = new Set<string>();
      for (let n = 0; n < 5; n++) keys.add((await given.finishedTask(scope)).taskId);
      const [first, second, third] = [await claim(2), await claim(2), await claim(2)];
      expect([first.length, second.length, third.length]).toEqual([2, 2, 1]);
      expect(new Set([...first, ...second, ...third].map(({ key }) => key))).toEqual(keys);
    });

    it('delivers what comes for a key while its head is out', async () => {
      const { given, scope } = fixture();
      await given.action(scope);
      const task = await given.task(scope);
      await fixture().store.subtasks.expand(task.taskNo, { now: builtAt, limit: 10 });
      const [head, ...none] = await claim();
      expect(none).toEqual([]);
      await given.finishedTask(scope);
      const stop = { kind: 'stop', taskNo: task.taskNo, targets: undefined, longRunning: false } as const;
      const { subtasks } = fixture().store;
      await subtasks.command(stop, chunkOptions, allDone);
      const sweeping = { options: chunkOptions, decider: allDone, longRunning: false };
      while (!(await subtasks.sweep(task.taskNo, sweeping)).done);
      if (head !== undefined) await complete([head]);
      const left = (await claim()).filter(({ key }) => key === task.taskId);
      expect(left.map(statusOf)).toEqual(['Stopped']);
    });

    it('drops what is too old and lets its successors go', async () => {
      const { given, scope, store } = fixture();
      await given.action(scope);
      await given.finishedTask(scope);
      await claim();
      const day = { bytesMax: 1e9, ageSecondsMax: 86_399 };
      expect(await store.outbox.trim(builtAt + 86_399_000, day)).toBe(0);
      expect(await store.outbox.trim(builtAt + 86_399_001, day)).toBe(3);
      expect(await store.outbox.size()).toBe(0);
    });

    it('drops the oldest of a project beyond its size, and nothing of others', async () => {
      const { given, scope, other, store } = fixture();
      await given.action(scope);
      await given.action(other);
      const tasks = [await given.finishedTask(scope), await given.finishedTask(scope)];
      const theirs = await given.finishedTask(other);
      const [sample] = await claim();
      const bytes = Buffer.byteLength(JSON.stringify(sample?.payload));
      // Room for four of about this size: two of our six must go, the oldest two.
      const dropped = await store.outbox.trim(now, { bytesMax: Math.floor(bytes * 4.5), ageSecondsMax: 86_399 });
      expect(dropped).toBe(2);
      expect(await store.outbox.size()).toBe(7);
      const heads = await claim(100, leaseUntil);
      const statuses = new Map(heads.map((item) => [item.key, statusOf(item)]));
      expect(statuses.get(tasks[0]?.taskId ?? '')).toBe('Success');
      expect(statuses.get(tasks[1]?.taskId ?? '')).toBe('Waitting');
      expect(statuses.get(theirs.taskId)).toBe('Waitting');
    });

    it('forgets what waits for a deleted action', async () => {
      const { given, scope, store } = fixture();
      const action = await given.action(scope);
      await given.finishedTask(scope);
      await claim();
      await store.rules.deleteAction(scope.projectId, action.actionId);
      expect(await store.outbox.size()).toBe(0);
      expect(await claim(100, leaseUntil)).toEqual([]);
    });
  });
}
