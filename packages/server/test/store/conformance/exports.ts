import { describe, expect, it } from 'vitest';
import type { ExportJob } from '../../../src/ports/store/export-store.ts';
import type { Store } from '../../../src/ports/store/store.ts';
import { aProject, aUser, anAccessKey, anApp } from '../../builders/account-builders.ts';
import { builtAt, random } from '../../builders/chance.ts';
import { anExport, builtExportLifeMs } from '../../builders/export-builders.ts';
import type { Given, Scope } from '../../builders/given.ts';
import { expectPaging, expectProblem, type MakeStore, useStore } from './store-fixture.ts';

const leaseMs = 15_000;
const holder = 'this process';

const claim = (store: Store, now = builtAt): Promise<ExportJob | undefined> =>
  store.exports.claim({ now, leaseUntil: now + leaseMs, holder });

async function claimed(store: Store): Promise<ExportJob> {
  const job = await claim(store);
  if (job === undefined) throw new Error('Nothing is there to claim.');
  return job;
}

/** As many exports of one task. */
async function several(store: Store, { given, scope }: { given: Given; scope: Scope }, count: number) {
  const { projectId } = scope;
  const { taskId } = await given.finishedTask(scope);
  return Promise.all(Array.from({ length: count }, () => store.exports.insert(anExport({ projectId, taskId }))));
}

export function describeExports(makeStore: MakeStore): void {
  describe('exports', () => {
    const fixture = useStore(makeStore);

    it('keep every field, with the name of their task', async () => {
      const { store, given, scope } = fixture();
      const task = await given.finishedTask(scope);
      const wishes = [{}, { appType: 'APP', appId: task.appId, format: 'csv', showsSecrets: true } as const];
      for (const wish of wishes) {
        const fresh = anExport({ projectId: scope.projectId, taskId: task.taskId, ...wish });
        const stored = await store.exports.insert(fresh);
        const started = { status: 'Processing', rows: 0, progress: 1, hasSecrets: false, size: 0 };
        expect(stored).toEqual({ ...fresh, ...started, name: task.name, endedAt: undefined });
        const key = { projectId: scope.projectId, exportId: fresh.exportId, now: builtAt };
        expect(await store.exports.find(key)).toEqual({ task: stored, run: 0 });
      }
    });

    it('are of a task that exists, in its own application where they are of one', async () => {
      const { store, given, scope, other } = fixture();
      const { taskId } = await given.finishedTask(other);
      await expectProblem(store.exports.insert(anExport({ projectId: scope.projectId, taskId })), 'taskNotFound');
      const own = await given.finishedTask(scope);
      const { appId } = await given.app(scope);
      const elsewhere = anExport({ projectId: scope.projectId, taskId: own.taskId, appType: 'APP', appId });
      expect((await expectProblem(store.exports.insert(elsewhere), 'taskNotFound')).status).toBe(400);
    });

    it('are at most ten under way in a project, however many come at once', async () => {
      const { store, given, scope } = fixture();
      const { projectId } = scope;
      const { taskId } = await given.finishedTask(scope);
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, () => store.exports.insert(anExport({ projectId, taskId }))),
      );
      const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
      expect(refused).toHaveLength(10);
      for (const reason of refused) expect(reason).toMatchObject({ problem: 'exportLimit' });
    });

    it('page, by task, kind and application', async () => {
      const { store, given, scope, other } = fixture();
      const { projectId } = scope;
      await several(store, { given, scope: other }, 1);
      const all = await several(store, { given, scope }, 5);
      const { taskId, appId } = await given.finishedTask(scope);
      const one = await store.exports.insert(anExport({ projectId, taskId, appType: 'APP', appId }));
      const ids = [...all, one].map(({ recordId }) => recordId);
      await expectPaging((page) => store.exports.list({ projectId }, page, builtAt), ids);
      for (const filter of [{ taskId }, { appType: 'APP' as const }, { appId }]) {
        await expectPaging((page) => store.exports.list({ projectId, ...filter }, page, builtAt), [one.recordId]);
      }
    });

    it('are claimed by one at a time, and by another when that one is silent', async () => {
      const { store, given, scope } = fixture();
      const made = await several(store, { given, scope }, 4);
      const jobs = await Promise.all(Array.from({ length: 8 }, () => claim(store)));
      const taken = jobs.filter((job) => job !== undefined);
      // Of those that look at once some may find what they saw taken, and look again later.
      while (taken.length < made.length) taken.push(await claimed(store));
      expect(taken.map(({ exportId }) => exportId).toSorted()).toEqual(made.map(({ exportId }) => exportId).toSorted());
      expect(await claim(store, builtAt + leaseMs - 1)).toBeUndefined();
      expect(await claim(store, builtAt + leaseMs)).toMatchObject({ run: 2 });
    });

    it('come from the projects in turn: one with many lets others go first', async () => {
      const { store, given, scope, other } = fixture();
      await several(store, { given, scope }, 3);
      const [late] = await several(store, { given, scope: other }, 1);
      expect((await claimed(store)).task.projectId).toBe(scope.projectId);
      expect((await claimed(store)).exportId).toBe(late?.exportId);
    });

    it('have a file of sealed chunks, that of one run alone', async () => {
      const { store, given, scope } = fixture();
      await several(store, { given, scope }, 1);
      const first = await claimed(store);
      const bytes = random.bytes(256 * 1024);
      expect(await store.exports.addChunk(first, { part: 0, bytes })).toBe(true);
      expect(await store.exports.release(first, builtAt)).toBe(true);
      const second = await claimed(store);
      expect(second.task.size).toBe(0);
      expect(await store.exports.addChunk(first, { part: 1, bytes })).toBe(false);
      expect(await store.exports.discardEarlier(second, 1)).toBe(true);
      expect(await store.exports.discardEarlier(second, 1)).toBe(false);
      expect(await store.exports.readChunk(first, 0)).toBeUndefined();
      for (const part of [0, 1]) expect(await store.exports.addChunk(second, { part, bytes })).toBe(true);
      const end = { rows: 7, hasSecrets: true, endedAt: builtAt + 1, expiresAt: builtAt + 9 };
      expect(await store.exports.succeed(second, end)).toBe(true);
      const key = { projectId: scope.projectId, exportId: second.exportId, now: builtAt };
      expect(await store.exports.find(key)).toMatchObject({
        task: { status: 'Success', progress: 100, size: 2 * bytes.length, ...end },
        run: 2,
      });
      for (const part of [0, 1]) {
        expect(Buffer.from((await store.exports.readChunk(second, part)) ?? []).equals(bytes)).toBe(true);
      }
      expect(await store.exports.addChunk(second, { part: 2, bytes })).toBe(false);
      expect(await store.exports.fail(second, end)).toBe(false);
    });

    it('are purged in steps when they are deleted or past their life, whatever became of them', async () => {
      const { store, given, scope } = fixture();
      const { projectId } = scope;
      const [gone, old, kept] = await several(store, { given, scope }, 3);
      const job = await claimed(store);
      for (let part = 0; part < 5; part += 1) {
        await store.exports.addChunk(job, { part, bytes: Buffer.from('x') });
      }
      const key = (made: typeof gone) => ({ projectId, exportId: made?.exportId as never, now: builtAt });
      await store.exports.delete(key(gone));
      await expectProblem(store.exports.delete(key(gone)), 'exportNotFound');
      expect(await store.exports.addChunk(job, { part: 5, bytes: Buffer.from('x') })).toBe(false);
      let steps = 0;
      while (await store.exports.purge(builtAt, 2)) steps += 1;
      expect(steps).toBe(4);
      expect(await store.exports.find(key(old))).toBeDefined();
      const late = builtAt + builtExportLifeMs;
      expect(await claim(store, late)).toBeUndefined();
      expect(
        (await store.exports.list({ projectId }, { limit: 9, marker: 'f'.repeat(24) as never, offset: 0 }, late)).count,
      ).toBe(0);
      while (await store.exports.purge(late, 2));
      expect(await store.exports.find(key(kept))).toBeUndefined();
    });

    it('go with their project', async () => {
      const { store, given, scope } = fixture();
      const { projectId } = scope;
      // Somebody must be left who administers.
      const [user, project] = [aUser(), aProject()];
      const own = { projectId: project.projectId };
      await store.accounts.insertFirst({
        ...{ user, project, defaultApp: anApp({ ...own, isDefault: true }) },
        accessKey: anAccessKey({ ...own, userId: user.userId }),
      });
      const { taskId } = await given.finishedTask(scope);
      const { exportId } = await store.exports.insert(anExport({ projectId, taskId }));
      await store.tasks.delete(projectId, taskId);
      await store.accounts.deleteProject(projectId);
      expect(await store.exports.find({ projectId, exportId, now: builtAt })).toBeUndefined();
      expect(await claim(store)).toBeUndefined();
      expect(await store.exports.purge(builtAt, 1)).toBe(true);
    });

    it('read the subtasks of a task in input order, a step at a time, until it is deleted', async () => {
      const { store, given, scope } = fixture();
      const deviceIds = ['d', 'b', 'c', 'a'] as never[];
      const task = await given.finishedTask(scope, { source: { kind: 'devices', deviceIds } });
      const step = await store.subtasks.listRows(task.taskNo, -1, 3);
      expect(step).toMatchObject({ total: 4, rows: [{ target: 'd' }, { target: 'b' }, { target: 'c' }] });
      const rest = await store.subtasks.listRows(task.taskNo, step?.rows.at(-1)?.seq ?? 0, 3);
      expect(rest?.rows.map(({ target, state }) => [target, state])).toEqual([['a', 'Success']]);
      const fresh = await given.task(scope);
      expect(await store.subtasks.listRows(fresh.taskNo, -1, 3)).toEqual({ total: 0, rows: [] });
      await store.tasks.delete(scope.projectId, task.taskId);
      expect(await store.subtasks.listRows(task.taskNo, -1, 3)).toBeUndefined();
    });
  });
}
