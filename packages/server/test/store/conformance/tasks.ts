import { describe, expect, it } from 'vitest';
import { asId, type DeviceId, type PackageId } from '../../../src/domain/ids.ts';
import type { OtaPackage } from '../../../src/domain/package.ts';
import type { Task } from '../../../src/domain/task.ts';
import type { TaskFilter } from '../../../src/ports/store/task-store.ts';
import { builtAt } from '../../builders/chance.ts';
import { aTask, chunkOptions } from '../../builders/task-builders.ts';
import { expectPaging, expectProblem, firstPage, type MakeStore, useStore } from './store-fixture.ts';

const ids = (count: number): readonly DeviceId[] =>
  Array.from({ length: count }, (_, n) => asId<DeviceId>(`target-${String(n).padStart(5, '0')}`));

const insertOptions = { unfinishedMax: 100, now: builtAt };

export function describeTasks(makeStore: MakeStore): void {
  describe('tasks', () => {
    const fixture = useStore(makeStore);

    it('say how much of the unfinished ones has not ended', async () => {
      const { store, given, scope } = fixture();
      expect(await store.tasks.queueDepth()).toEqual({ Waitting: 0, Processing: 0, FailWaitRetry: 0 });
      await given.finishedTask(scope);
      const task = await given.task(scope, { source: { kind: 'devices', deviceIds: ids(3) } });
      await store.subtasks.expand(task.taskNo, { now: chunkOptions.now, limit: 10 });
      expect(await store.tasks.queueDepth()).toEqual({ Waitting: 3, Processing: 0, FailWaitRetry: 0 });
    });

    it('come back as they were inserted, by id and by number', async () => {
      const { store, scope } = fixture();
      const wished = aTask({
        ...scope,
        document: { a: [1, null] },
        echo: { task_mode: 'GATEWAY' },
        gatewayMode: true,
        needConfirm: true,
        extInfo: { x: 1 },
        policy: { startAt: builtAt + 1, retryCount: 2, retryIntervalMinutes: 3, onConflict: 'queue' },
      });
      const { task, replayed } = await store.tasks.insert(wished, insertOptions);
      const { source: _source, ...rest } = wished;
      expect(replayed).toBe(false);
      expect(task).toMatchObject({
        ...rest,
        status: 'Initializing',
        confirmed: false,
        expanded: false,
        counters: { total: 0 },
      });
      expect(await store.tasks.find(scope.projectId, wished.taskId)).toEqual(task);
      expect(await store.tasks.findByNo(task.taskNo)).toEqual(task);
    });

    it('are not found in another project', async () => {
      const { store, given, scope, other } = fixture();
      const task = await given.finishedTask(scope);
      expect(await store.tasks.find(other.projectId, task.taskId)).toBeUndefined();
      await expectProblem(store.tasks.delete(other.projectId, task.taskId), 'taskNotFound');
      expect((await store.tasks.list({ projectId: other.projectId }, firstPage)).count).toBe(0);
    });

    it('keep their targets in order, across the parts they are stored in', async () => {
      const { store, given, scope } = fixture();
      const deviceIds = ids(2345).toReversed();
      const { taskNo } = await given.task(scope, { source: { kind: 'devices', deviceIds } });
      expect(await store.tasks.listTargets(taskNo)).toEqual(deviceIds);
      expect(await store.tasks.listTargets(taskNo, 1500)).toEqual(deviceIds.slice(0, 1500));
      expect(await store.tasks.listTargets(taskNo, 0)).toEqual([]);
      expect(await store.tasks.listFirstTargets([taskNo, taskNo + 1000], 100)).toEqual(
        new Map([[taskNo, deviceIds.slice(0, 100)]]),
      );
      expect(await store.tasks.listFirstTargets([], 100)).toEqual(new Map());
    });

    it('are paged, and filtered by application, type and status', async () => {
      const { store, given, scope } = fixture();
      const app = await given.app(scope);
      const made: Task[] = [];
      for (let n = 0; n < 12; n++)
        made.push(await given.task(scope, n % 3 === 0 ? { appId: app.appId } : { type: 'unfreezeDevices' }));
      made.push(await given.finishedTask(scope));
      const { projectId } = scope;
      await expectPaging(
        (page) => store.tasks.list({ projectId }, page),
        made.map((task) => task.recordId),
      );
      const count = async (filter: object): Promise<number> =>
        (await store.tasks.list({ projectId, ...filter }, firstPage)).count;
      expect(await count({ appId: app.appId })).toBe(4);
      expect(await count({ type: 'unfreezeDevices' })).toBe(8);
      expect(await count({ status: 'Success' })).toBe(1);
      expect(await count({ status: 'Success', type: 'unfreezeDevices' })).toBe(0);
    });

    it('are paged by status, by the product of their package and by a target, from whichever end', async () => {
      const { store, given, scope } = fixture();
      const products = await Promise.all([given.product(scope, { deviceType: 'Pump' }), given.product(scope)]);
      const packages = await Promise.all(products.map(({ productId }) => given.pkg(scope, { productId })));
      const deviceIds = ids(2);
      const made: { readonly task: Task; readonly n: number }[] = [];
      for (let n = 0; n < 24; n += 1) {
        const named = n % 3 === 0 ? deviceIds : deviceIds.slice(1);
        const source = { kind: 'devices', deviceIds: named } as const;
        const { packageId } = packages[n % 2] as OtaPackage;
        const task = await given.task(scope, { type: 'firmwareUpgrade', packageId, source });
        if (n % 4 === 0) await given.finish(task);
        else await store.subtasks.expand(task.taskNo, { now: chunkOptions.now, limit: 10 });
        made.push({ task, n });
      }
      const { projectId, appId } = scope;
      const expectPages = (filter: Partial<TaskFilter>, isMeant: (n: number) => boolean): Promise<void> =>
        expectPaging(
          (page) =>
            store.tasks.list({ projectId, appId, types: ['firmwareUpgrade', 'softwareUpgrade'], ...filter }, page),
          made.filter(({ n }) => isMeant(n)).map(({ task }) => task.recordId),
        );
      const done = [{ statuses: ['Success'], failures: false }] as const;
      const traits = { deviceType: 'Pump' };
      const [target] = deviceIds as [DeviceId];
      await expectPages({}, () => true);
      await expectPages({ states: done }, (n) => n % 4 === 0);
      await expectPages({ traits }, (n) => n % 2 === 0);
      await expectPages({ target }, (n) => n % 3 === 0);
      await expectPages({ states: done, traits, target }, (n) => n % 12 === 0);
      for (const filter of [{ traits: { deviceType: 'Fan' } }, { target: asId<DeviceId>('nobody') }]) {
        expect((await store.tasks.list({ projectId, ...filter }, firstPage)).count).toBe(0);
      }
    });

    it('are refused beyond the limit of unfinished ones, per project', async () => {
      const { store, given, scope, other } = fixture();
      await given.finishedTask(scope);
      const insert = (of: typeof scope) => store.tasks.insert(aTask(of), { unfinishedMax: 2, now: builtAt });
      await insert(scope);
      const { task } = await insert(scope);
      await expectProblem(insert(scope), 'unfinishedTaskLimit');
      await insert(other);
      while (!(await store.subtasks.expand(task.taskNo, chunkOptions)).done);
      await expectProblem(insert(scope), 'unfinishedTaskLimit');
    });

    it('need the package that they name', async () => {
      const { store, given, scope, other } = fixture();
      const foreign = await given.pkg(other);
      for (const packageId of [asId<PackageId>('0'.repeat(24)), foreign.packageId]) {
        await expectProblem(store.tasks.insert(aTask(scope), { ...insertOptions, packageId }), 'packageNotFound');
      }
      expect((await store.tasks.list({ projectId: scope.projectId }, firstPage)).count).toBe(0);
    });

    it('are deleted once finished, and their rows taken away in steps', async () => {
      const { store, given, scope } = fixture();
      const deviceIds = ids(25);
      const kept = await given.finishedTask(scope);
      const task = await given.finishedTask(scope, { source: { kind: 'devices', deviceIds } });
      await store.effects.apply(scope.projectId, [
        { kind: 'recordHistory', entry: { taskNo: task.taskNo, seq: 3, at: builtAt, kind: 'note', body: {} } },
      ]);
      await store.tasks.delete(scope.projectId, task.taskId);
      expect(await store.tasks.findByNo(task.taskNo)).toBeUndefined();
      let steps = 0;
      while (await store.tasks.purge(10)) steps++;
      expect(steps).toBeGreaterThanOrEqual(3);
      const page = { ...firstPage, offset: 0 };
      expect((await store.subtasks.list(task, {}, page)).items).toEqual([]);
      expect(await store.subtasks.listHistory(task.taskNo, 3)).toEqual([]);
      expect(await store.tasks.listTargets(task.taskNo)).toEqual([]);
      expect((await store.subtasks.list(kept, {}, page)).items).toHaveLength(1);
      await expectProblem(store.tasks.delete(scope.projectId, task.taskId), 'taskNotFound');
    });

    it('are not deleted before they have finished', async () => {
      const { store, given, scope } = fixture();
      const { taskId } = await given.task(scope);
      await expectProblem(store.tasks.delete(scope.projectId, taskId), 'taskState');
    });

    it('go after their retention, oldest first, unfinished ones never', async () => {
      const { store, given, scope } = fixture();
      const { taskId } = await given.task(scope);
      const finished = [
        await given.finishedTask(scope),
        await given.finishedTask(scope),
        await given.finishedTask(scope),
      ];
      expect(await store.tasks.deleteFinished(builtAt, 10)).toBe(0);
      expect(await store.tasks.deleteFinished(builtAt + 1, 2)).toBe(2);
      expect(await store.tasks.deleteFinished(builtAt + 1, 2)).toBe(1);
      expect(await store.tasks.find(scope.projectId, taskId)).toBeDefined();
      for (const task of finished) expect(await store.tasks.findByNo(task.taskNo)).toBeUndefined();
    });
  });

  describe('idempotency keys', () => {
    const fixture = useStore(makeStore);
    const idempotency = { key: 'key-1', requestHash: 'hash-1', expiresAt: builtAt + 1000 };
    const options = { ...insertOptions, idempotency };

    it('make one task of ten parallel requests', async () => {
      const { store, scope } = fixture();
      const inserted = await Promise.all(Array.from({ length: 10 }, () => store.tasks.insert(aTask(scope), options)));
      expect(new Set(inserted.map(({ task }) => task.taskId)).size).toBe(1);
      expect(inserted.filter(({ replayed }) => !replayed)).toHaveLength(1);
      expect((await store.tasks.list({ projectId: scope.projectId }, firstPage)).count).toBe(1);
      const found = await store.tasks.findReplayed(scope.projectId, idempotency, builtAt);
      expect(found?.taskId).toBe(inserted[0]?.task.taskId);
    });

    it('refuse another request, also where only asked', async () => {
      const { store, scope } = fixture();
      await store.tasks.insert(aTask(scope), options);
      const other = { ...idempotency, requestHash: 'hash-2' };
      await expectProblem(store.tasks.insert(aTask(scope), { ...options, idempotency: other }), 'idempotencyConflict');
      await expectProblem(store.tasks.findReplayed(scope.projectId, other, builtAt), 'idempotencyConflict');
    });

    it('are free again in another project, after their time, and with their task gone', async () => {
      const { store, given, scope, other } = fixture();
      const { task } = await store.tasks.insert(aTask(scope), options);
      expect((await store.tasks.insert(aTask(other), options)).replayed).toBe(false);
      const later = await store.tasks.insert(aTask(scope), { ...options, now: builtAt + 1000 });
      expect(later.replayed).toBe(false);
      expect(await store.tasks.findByNo(task.taskNo)).toBeDefined();
      const fresh = { ...idempotency, key: 'key-2' };
      const { task: second } = await store.tasks.insert(aTask(scope), { ...options, idempotency: fresh });
      await given.finish(second);
      await store.tasks.delete(scope.projectId, second.taskId);
      expect(await store.tasks.findReplayed(scope.projectId, fresh, builtAt)).toBeUndefined();
    });

    it('are taken away when their time is over', async () => {
      const { store, scope } = fixture();
      await store.tasks.insert(aTask(scope), options);
      expect(await store.tasks.purgeExpired(builtAt + 999, 10)).toBe(0);
      expect(await store.tasks.purgeExpired(builtAt + 1000, 10)).toBe(1);
      expect(await store.tasks.purgeExpired(builtAt + 1000, 10)).toBe(0);
    });
  });
}
