import { describe, expect, it } from 'vitest';
import { asId, type DeviceId, type RecordId } from '../../../src/domain/ids.ts';
import { lastMarker } from '../../../src/domain/paging.ts';
import { causeOf } from '../../../src/domain/problem.ts';
import { subtaskStates } from '../../../src/domain/subtask-state.ts';
import type { Task } from '../../../src/domain/task.ts';
import type { Verdict } from '../../../src/domain/verdict.ts';
import type { ChunkOptions, Decider } from '../../../src/ports/store/subtask-store.ts';
import { builtAt } from '../../builders/chance.ts';
import { allDone, chunkOptions } from '../../builders/task-builders.ts';
import { expectPaging, type MakeStore, useStore } from './store-fixture.ts';

const laneOptions: ChunkOptions = { ...chunkOptions, usesLanes: true };
const all = { limit: 1000, marker: lastMarker, offset: 0 };

const id = (text: string): DeviceId => asId<DeviceId>(text);
const targetsOf = (count: number): readonly DeviceId[] => Array.from({ length: count }, (_, n) => id(`target-${n}`));

/** Decides each run by its target. */
const decide = (verdictOf: (target: string) => Verdict): Decider => ({
  start: (runs) => runs.map((run) => verdictOf(run.target)),
  onEvent: (runs) => runs.map((run) => verdictOf(run.target)),
  abandon: (runs) => runs.map(() => []),
});

const waiting = (over: Partial<Extract<Verdict, { kind: 'waiting' }>> = {}): Verdict => ({
  kind: 'waiting',
  step: 'asked',
  until: builtAt + 1000,
  ...over,
});

export function describeSubtasks(makeStore: MakeStore): void {
  describe('subtasks', () => {
    const fixture = useStore(makeStore);

    const expanded = async (targets: readonly DeviceId[], over: object = {}): Promise<Task> => {
      const { store, given, scope } = fixture();
      const { taskNo } = await given.task(scope, { source: { kind: 'devices', deviceIds: targets }, ...over });
      while (!(await store.subtasks.expand(taskNo, chunkOptions)).done);
      return await found(taskNo);
    };

    const found = async (taskNo: number): Promise<Task> => {
      const task = await fixture().store.tasks.findByNo(taskNo);
      if (task === undefined) throw new Error('The task is gone.');
      return task;
    };

    const states = async (task: Task): Promise<readonly string[]> => {
      const { items } = await fixture().store.subtasks.list(await found(task.taskNo), {}, all);
      return items.toReversed().map((item) => item.state);
    };

    it('are written for groups and their subgroups, each device once, in order of id, from where the last step ended', async () => {
      const { store, given, scope } = fixture();
      const ids = (await given.devices(scope, 7)).toSorted();
      const [upper, other] = [await given.group(scope), await given.group(scope)];
      const below = await given.group(scope, { superGroupId: upper.groupId });
      const add = (group: typeof upper, members: readonly DeviceId[]) =>
        store.groups.addMembers(scope.projectId, group.groupId, members);
      await add(upper, ids.slice(0, 3));
      await add(below, ids.slice(2, 5));
      await add(other, ids.slice(4));
      const groupIds = [upper.groupId, other.groupId];
      const { taskNo } = await given.task(scope, { source: { kind: 'groups', groupIds } });
      while (!(await store.subtasks.expand(taskNo, { now: builtAt, limit: 2 })).done);
      const { items, count } = await store.subtasks.list(await found(taskNo), {}, all);
      expect(count).toBe(7);
      expect(items.map(({ target }) => target).toSorted()).toEqual(ids);
    });

    it('are written for dynamic groups as they were resolved, from where the last step ended', async () => {
      const { store, given, scope } = fixture();
      const { projectId } = scope;
      // Thousands that do not match lie between the matches, so that the walk has windows without any.
      const ids = [...(await given.devices(scope, 5)), ...(await given.devices(scope, 6000))];
      const last = await given.device(scope, { name: 'last' });
      const wanted = [...ids.slice(0, 5), last.deviceId];
      for (const deviceId of wanted) await store.tags.bind({ projectId, deviceId }, [{ key: 'k', value: 'v' }]);
      const fixed = await given.group(scope, { members: ids.slice(0, 2) });
      const rules = [
        "tag_key = 'k' and tag_value = 'v'",
        "tag_value != 'x'",
        "status = 'INACTIVE' and tag_key like 'none%'",
      ];
      const groups = [];
      for (const rule of rules) groups.push(await given.group(scope, { rule }));
      const groupIds = [...groups, fixed].map(({ groupId }) => groupId);
      const { taskNo } = await given.task(scope, { source: { kind: 'groups', groupIds } });
      const step = () => store.subtasks.expand(taskNo, { now: builtAt, limit: 2 });
      expect(await step()).toMatchObject({ written: 0, done: false });
      // Neither a device that comes later nor a group that goes changes what was resolved.
      const { deviceId } = await given.device(scope);
      await store.tags.bind({ projectId, deviceId }, [{ key: 'k', value: 'v' }]);
      for (const { groupId } of groups) await store.groups.delete(projectId, groupId);
      let steps = 1;
      for (let done = false; !done; steps++) {
        const { written, done: isDone } = await step();
        expect(written).toBeLessThanOrEqual(2);
        done = isDone;
      }
      expect(steps).toBeLessThan(30);
      const { items, count } = await store.subtasks.list(await found(taskNo), {}, all);
      expect(count).toBe(6);
      expect(items.map(({ target }) => target).toSorted()).toEqual(wanted.toSorted());
    });

    it('are written a chunk a call, and nothing more once they stand', async () => {
      const { store, given, scope } = fixture();
      const { taskNo } = await given.task(scope, { source: { kind: 'devices', deviceIds: targetsOf(1001) } });
      const options = { now: builtAt, limit: 1000 };
      expect(await store.subtasks.expand(taskNo, options)).toMatchObject({ written: 1000, done: false });
      expect(await found(taskNo)).toMatchObject({ status: 'Initializing', expanded: false });
      expect(await store.subtasks.expand(taskNo, options)).toMatchObject({ written: 1, done: true });
      expect(await store.subtasks.expand(taskNo, options)).toMatchObject({ written: 0, done: true });
      expect(await found(taskNo)).toMatchObject({
        status: 'Waitting',
        expanded: true,
        counters: { total: 1001, waitting: 1001 },
      });
    });

    it('are paged in descending order of input, with and without filters', async () => {
      const { store } = fixture();
      const task = await expanded(targetsOf(30));
      const failing = decide((target) =>
        target.endsWith('5') ? { kind: 'failed', cause: causeOf('deviceOffline') } : { kind: 'done', output: {} },
      );
      await store.subtasks.dispatch(task.taskNo, chunkOptions, failing);
      const done = await found(task.taskNo);
      const { items } = await store.subtasks.list(done, {}, all);
      expect(items.map((item) => item.target)).toEqual(targetsOf(30).toReversed());
      await expectPaging(
        (page) => store.subtasks.list(done, {}, page),
        items.map((item) => item.recordId),
      );
      const failed = items.filter((item) => item.state === 'Fail');
      expect(failed.map((item) => item.target)).toEqual(['target-25', 'target-15', 'target-5']);
      await expectPaging(
        (page) => store.subtasks.list(done, { state: 'Fail' }, page),
        failed.map((item) => item.recordId),
      );
      for (const state of subtaskStates) {
        const count = items.filter((item) => item.state === state).length;
        expect(await store.subtasks.list(done, { state }, all)).toMatchObject({ count, items: { length: count } });
      }
      const one = { target: 'target-15' };
      expect(await store.subtasks.list(done, one, all)).toMatchObject({
        count: 1,
        items: [{ ...one, state: 'Fail', cause: { code: '014016' } }],
      });
      expect(await store.subtasks.list(done, { ...one, state: 'Success' }, all)).toMatchObject({
        count: 0,
        items: [],
        marker: null,
      });
      expect(await store.subtasks.list(done, { target: 'nobody' }, all)).toMatchObject({ count: 0 });
      expect((await store.subtasks.list(done, {}, { ...all, offset: 100_000 })).items).toEqual([]);
      expect((await store.subtasks.list(done, {}, { ...all, marker: asId<RecordId>('0'.repeat(24)) })).items).toEqual(
        [],
      );
    });

    it('change all together or not at all', async () => {
      const { store, given, scope } = fixture();
      const [device] = await given.devices(scope, 1);
      const task = await expanded([device as DeviceId, id('b')]);
      const short: Decider = { ...allDone, start: () => [{ kind: 'done', output: {} }] };
      await expect(store.subtasks.dispatch(task.taskNo, chunkOptions, short)).rejects.toThrow('1 verdicts for 2 runs');
      await store.subtasks.dispatch(
        task.taskNo,
        chunkOptions,
        decide(() => waiting()),
      );
      // A running subtask cannot be Removed: a defect of its type, which takes the whole chunk back, effects included.
      const illegal = decide((target) =>
        target === 'b'
          ? { kind: 'removed' }
          : { kind: 'done', output: {}, effects: [{ kind: 'freezeDevice', deviceId: id(target) }] },
      );
      const event = { kind: 'message-delivered' } as const;
      const items = [0, 1].map((seq) => ({ seq, attempt: 1, from: undefined, event }));
      await expect(store.subtasks.react({ taskNo: task.taskNo, items }, chunkOptions, illegal)).rejects.toThrow(
        'Removed',
      );
      expect(await states(task)).toEqual(['Processing', 'Processing']);
      expect((await store.devices.find(scope.projectId, device as DeviceId))?.frozen).toBe(false);
      expect((await found(task.taskNo)).counters).toMatchObject({ processing: 2, success: 0 });
    });

    it('fail alone where their effect meets a conflict, and send nothing', async () => {
      const { store, given, scope } = fixture();
      const [device] = await given.devices(scope, 1);
      const task = await expanded([device as DeviceId, id('nobody')]);
      const settled = await store.subtasks.dispatch(
        task.taskNo,
        chunkOptions,
        decide((target) => ({
          kind: 'done',
          output: {},
          effects: [{ kind: 'freezeDevice', deviceId: id(target) }],
          downlinks: [
            { deviceId: id(target), rootId: id(target), content: { kind: 'shadow', requestId: 'r', shadow: [] } },
          ],
        })),
      );
      expect(settled).toMatchObject({ runs: 2, downlinks: [{ deviceId: device }], task: { status: 'PartialSuccess' } });
      expect(settled.downlinks).toHaveLength(1);
      expect(await states(task)).toEqual(['Success', 'Fail']);
    });

    it('hear events of their own device, attempt and time alone', async () => {
      const { store, given, scope } = fixture();
      const gateway = await given.device(scope);
      const child = await given.device(scope, { parent: gateway });
      const stranger = await given.device(scope);
      const task = await expanded([child.deviceId]);
      const event = { kind: 'message-delivered' } as const;
      const tell = (attempt: number | undefined, from: DeviceId | undefined) =>
        store.subtasks.react({ taskNo: task.taskNo, items: [{ seq: 0, attempt, from, event }] }, chunkOptions, allDone);
      expect((await tell(1, child.deviceId)).runs).toBe(0);
      await store.subtasks.dispatch(
        task.taskNo,
        chunkOptions,
        decide(() => waiting()),
      );
      expect((await tell(2, child.deviceId)).runs).toBe(0);
      expect((await tell(1, stranger.deviceId)).runs).toBe(0);
      expect(await states(task)).toEqual(['Processing']);
      expect((await tell(1, gateway.deviceId)).runs).toBe(1);
      expect(await states(task)).toEqual(['Success']);
      expect((await tell(1, child.deviceId)).runs).toBe(0);
    });

    it('take two events for one run one after the other', async () => {
      const { store } = fixture();
      const task = await expanded([id('a')]);
      await store.subtasks.dispatch(
        task.taskNo,
        chunkOptions,
        decide(() => waiting()),
      );
      const item = { seq: 0, attempt: 1, from: undefined, event: { kind: 'message-delivered' } } as const;
      expect(
        await store.subtasks.react({ taskNo: task.taskNo, items: [item, item] }, chunkOptions, allDone),
      ).toMatchObject({ runs: 1 });
      expect((await found(task.taskNo)).counters).toMatchObject({ success: 1, total: 1 });
    });

    it('are due at their deadline, oldest first, by task', async () => {
      const { store } = fixture();
      const [first, second] = [await expanded([id('a'), id('b')]), await expanded([id('c')])];
      await store.subtasks.dispatch(
        first.taskNo,
        chunkOptions,
        decide((target) => waiting({ until: builtAt + (target === 'a' ? 30 : 10) })),
      );
      await store.subtasks.dispatch(
        second.taskNo,
        chunkOptions,
        decide(() => waiting({ until: builtAt + 20 })),
      );
      expect(await store.subtasks.nextWake(builtAt)).toBe(builtAt + 10);
      expect(await store.subtasks.listDue(builtAt + 9, 10)).toEqual([]);
      expect(await store.subtasks.listDue(builtAt + 20, 10)).toEqual([
        { taskNo: first.taskNo, seqs: [1] },
        { taskNo: second.taskNo, seqs: [0] },
      ]);
      expect(await store.subtasks.listDue(builtAt + 30, 1)).toEqual([{ taskNo: first.taskNo, seqs: [1] }]);
      const late = { ...chunkOptions, now: builtAt + 10 };
      const settled = await store.subtasks.settleDue({ taskNo: first.taskNo, seqs: [0, 1] }, late, allDone);
      expect(settled.runs).toBe(1);
      expect(await states(first)).toEqual(['Processing', 'Success']);
    });

    it('have turns by task: oldest first, behind a number, only where something is to do', async () => {
      const { store, given, scope } = fixture();
      const [a, b] = [await expanded([id('x')]), await expanded([id('y')])];
      await expanded([id('z')], {
        policy: { startAt: builtAt + 50, retryCount: 0, retryIntervalMinutes: 0, onConflict: 'fail' },
      });
      const fresh = await given.task(scope);
      const turns = async (limit: number, after?: number, now = builtAt) =>
        (await store.subtasks.listTurns(now, limit, after)).map(({ task, work }) => [task.taskNo, work]);
      expect(await turns(10)).toEqual([
        [a.taskNo, 'dispatch'],
        [b.taskNo, 'dispatch'],
        [fresh.taskNo, 'expand'],
      ]);
      expect(await turns(1)).toEqual([[a.taskNo, 'dispatch']]);
      expect(await turns(1, a.taskNo)).toEqual([[b.taskNo, 'dispatch']]);
      expect(await turns(10, b.taskNo, builtAt + 50)).toHaveLength(2);
      expect(await store.subtasks.nextWake(builtAt)).toBe(builtAt + 50);
      await store.subtasks.dispatch(a.taskNo, chunkOptions, allDone);
      expect(await turns(1)).toEqual([[b.taskNo, 'dispatch']]);
    });

    it('hold a lane of their device alone, and release those who queue', async () => {
      const { store, given, scope } = fixture();
      const [device] = await given.devices(scope, 1);
      const [holder, queued] = [await expanded([device as DeviceId]), await expanded([device as DeviceId])];
      await store.subtasks.dispatch(
        holder.taskNo,
        laneOptions,
        decide(() => waiting({ lane: true })),
      );
      expect(await store.subtasks.findLaneHolders([device as DeviceId, id('nobody')])).toEqual([
        { deviceId: device, taskNo: holder.taskNo, seq: 0, attempt: 1 },
      ]);
      const start: Decider['start'] = (runs) =>
        runs.map((run) => (run.device?.laneTaken === true ? { kind: 'queued' } : waiting({ lane: true })));
      await store.subtasks.dispatch(queued.taskNo, laneOptions, { ...allDone, start });
      expect(await states(queued)).toEqual(['Waitting']);
      expect(await store.subtasks.listTurns(builtAt, 10)).toEqual([]);
      const end = { seq: 0, attempt: 1, from: undefined, event: { kind: 'deadline' } } as const;
      const settled = await store.subtasks.react({ taskNo: holder.taskNo, items: [end] }, laneOptions, allDone);
      expect(settled.released).toBe(true);
      expect(await store.subtasks.findLaneHolders([device as DeviceId])).toEqual([]);
      await store.subtasks.dispatch(queued.taskNo, laneOptions, { ...allDone, start });
      expect(await states(queued)).toEqual(['Processing']);
    });

    it('of ONLINE children with a lane are listed by their gateway, in steps', async () => {
      const { store, given, scope } = fixture();
      const gateway = await given.device(scope);
      const children = [];
      for (let n = 0; n < 3; n++) children.push(await given.device(scope, { parent: gateway, online: n !== 1 }));
      const ids = children.map((child) => child.deviceId);
      const task = await expanded(ids);
      await store.subtasks.dispatch(
        task.taskNo,
        laneOptions,
        decide(() => waiting({ lane: true })),
      );
      const online = ids.filter((_, n) => n !== 1).toSorted();
      const [first] = await store.subtasks.listChildLaneHolders(gateway.deviceId, '', 1);
      expect(first?.deviceId).toBe(online[0]);
      const rest = await store.subtasks.listChildLaneHolders(gateway.deviceId, first?.deviceId ?? '', 10);
      expect(rest.map((run) => run.deviceId)).toEqual(online.slice(1));
    });

    it('give a download as long as their attempt runs and the token lives', async () => {
      const { store, scope } = fixture();
      const task = await expanded([id('a')]);
      const grant = {
        taskNo: task.taskNo,
        seq: 0,
        attempt: 1,
        tokenHash: 'hash',
        deviceId: id('a'),
        packageId: asId<never>('pkg'),
        expiresAt: builtAt + 500,
      };
      await store.subtasks.dispatch(
        task.taskNo,
        chunkOptions,
        decide(() => ({ ...waiting(), effects: [{ kind: 'grantDownload', grant }] })),
      );
      expect(await store.subtasks.findGrant('hash', builtAt + 499)).toEqual({
        deviceId: 'a',
        packageId: 'pkg',
        projectId: scope.projectId,
        run: { taskNo: task.taskNo, seq: 0, attempt: 1 },
      });
      expect(await store.subtasks.findGrant('hash', builtAt + 500)).toBeUndefined();
      expect(await store.subtasks.findGrant('other', builtAt)).toBeUndefined();
      const end = { seq: 0, attempt: 1, from: undefined, event: { kind: 'deadline' } } as const;
      await store.subtasks.react({ taskNo: task.taskNo, items: [end] }, chunkOptions, allDone);
      expect(await store.subtasks.findGrant('hash', builtAt)).toBeUndefined();
      expect(await store.tasks.purgeExpired(builtAt + 500, 10)).toBe(1);
    });

    it('keep what was reported, oldest first, and no more than 200 entries', async () => {
      const { store, scope } = fixture();
      const task = await expanded([id('a')]);
      const entries = Array.from({ length: 205 }, (_, n) => ({
        taskNo: task.taskNo,
        seq: 0,
        at: builtAt + n,
        kind: 'report',
        body: { n },
      }));
      await store.effects.apply(
        scope.projectId,
        entries.map((entry) => ({ kind: 'recordHistory' as const, entry })),
      );
      const history = await store.subtasks.listHistory(task.taskNo, 0);
      expect(history).toHaveLength(200);
      expect(history.slice(0, 2)).toEqual([
        { at: builtAt, kind: 'report', body: { n: 0 } },
        { at: builtAt + 1, kind: 'report', body: { n: 1 } },
      ]);
    });
  });

  describe('effects', () => {
    const fixture = useStore(makeStore);

    it('freeze direct devices of the project, frozen ones too, and close them, connected or not', async () => {
      const { store, given, scope, other } = fixture();
      const connected = await given.device(scope, { online: true });
      const frozen = await given.device(scope, { frozen: true });
      const child = await given.device(scope, { parent: connected });
      const foreign = await given.device(other);
      const ids = [connected.deviceId, frozen.deviceId, child.deviceId, foreign.deviceId, id('nobody')];
      const applied = await store.effects.apply(
        scope.projectId,
        ids.map((deviceId) => ({ kind: 'freezeDevice' as const, deviceId })),
      );
      expect(applied).toMatchObject({ conflicts: [2, 3, 4], closed: [connected.deviceId, frozen.deviceId] });
      const isFrozen = async (deviceId: DeviceId, of = scope) =>
        (await store.devices.find(of.projectId, deviceId))?.frozen;
      expect(await Promise.all(ids.slice(0, 3).map((deviceId) => isFrozen(deviceId)))).toEqual([true, true, false]);
      expect(await isFrozen(foreign.deviceId, other)).toBe(false);
      const thawed = await store.effects.apply(
        scope.projectId,
        ids.map((deviceId) => ({ kind: 'unfreezeDevice' as const, deviceId })),
      );
      expect(thawed.conflicts).toEqual([2, 3, 4]);
      expect(await isFrozen(connected.deviceId)).toBe(false);
    });

    it('store reported versions of the project’s devices, and clear none', async () => {
      const { store, given, scope, other } = fixture();
      const own = await given.device(scope, { versions: { fwVersion: '1', swVersion: '2' } });
      const foreign = await given.device(other);
      await store.effects.apply(scope.projectId, [
        { kind: 'reportVersions', deviceId: own.deviceId, versions: { fwVersion: '9' } },
        { kind: 'reportVersions', deviceId: foreign.deviceId, versions: { fwVersion: '9' } },
      ]);
      expect(await store.devices.find(scope.projectId, own.deviceId)).toMatchObject({ fwVersion: '9', swVersion: '2' });
      expect((await store.devices.find(other.projectId, foreign.deviceId))?.fwVersion).toBeUndefined();
    });

    it('tell conflicts by their place among effects of several kinds', async () => {
      const { store, given, scope } = fixture();
      const [a, b] = [await given.device(scope), await given.device(scope, { frozen: true })];
      const { conflicts } = await store.effects.apply(scope.projectId, [
        { kind: 'unfreezeDevice', deviceId: a.deviceId },
        { kind: 'freezeDevice', deviceId: id('nobody') },
        { kind: 'unfreezeDevice', deviceId: b.deviceId },
        { kind: 'freezeDevice', deviceId: a.deviceId },
      ]);
      expect(conflicts.toSorted()).toEqual([0, 1]);
    });
  });
}
