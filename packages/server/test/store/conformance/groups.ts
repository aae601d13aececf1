import { describe, expect, it } from 'vitest';
import { groupLimits } from '../../../src/domain/group.ts';
import { asId, type DeviceId, type GroupId, type RecordId } from '../../../src/domain/ids.ts';
import { type EitherEnd, firstMarker, type Page } from '../../../src/domain/paging.ts';
import { aGroup } from '../../builders/catalogue-builders.ts';
import { builtAt } from '../../builders/chance.ts';
import { expectPaging, expectProblem, firstPage, type MakeStore, useStore } from './store-fixture.ts';

export function describeGroups(makeStore: MakeStore): void {
  describe('groups', () => {
    const fixture = useStore(makeStore);

    it('keep every field and change what is named', async () => {
      const { store, given, scope } = fixture();
      const above = await given.group(scope);
      const group = await given.group(scope, { description: 'd', superGroupId: above.groupId });
      expect(await store.groups.find(scope.projectId, group.groupId)).toEqual(group);
      const changed = await store.groups.update(scope.projectId, group.groupId, { name: 'new', modifiedAt: 5 });
      expect(changed).toEqual({ ...group, name: 'new', modifiedAt: 5 });
      const unknown = store.groups.update(scope.projectId, asId<GroupId>('no'), { modifiedAt: 5 });
      await expectProblem(unknown, 'groupNotFound');
    });

    it('have a name of their own in the application', async () => {
      const { store, given, scope } = fixture();
      const [first, second] = [await given.group(scope), await given.group(scope)];
      await expectProblem(given.group(scope, { name: first.name }), 'groupNameTaken');
      const renamed = store.groups.update(scope.projectId, second.groupId, { name: first.name, modifiedAt: 1 });
      await expectProblem(renamed, 'groupNameTaken');
      await given.group({ ...scope, appId: (await given.app(scope)).appId }, { name: first.name });
    });

    it('stand at most five deep, under a group that exists', async () => {
      const { given, scope } = fixture();
      let superGroupId: GroupId | undefined;
      for (let depth = 0; depth < groupLimits.depth; depth++) {
        superGroupId = (await given.group(scope, { superGroupId })).groupId;
      }
      await expectProblem(given.group(scope, { superGroupId }), 'groupLimit');
      await expectProblem(given.group(scope, { superGroupId: asId<GroupId>('no') }), 'groupNotFound');
    });

    it('are at most a thousand in a project', async () => {
      const { given, scope, other } = fixture();
      await Promise.all(Array.from({ length: groupLimits.perProject }, () => given.group(scope)));
      await expectProblem(given.group(scope), 'groupLimit');
      await given.group(other);
    });

    it('take a member once, twice changes nothing', async () => {
      const { store, given, scope } = fixture();
      const group = await given.group(scope);
      const device = await given.device(scope, { name: 'n' });
      await store.groups.addMember(scope.projectId, group.groupId, device.deviceId);
      await store.groups.addMember(scope.projectId, group.groupId, device.deviceId);
      const { items } = await store.groups.listMembers(scope.projectId, group.groupId, firstPage);
      const { deviceId, nodeId, productId } = device;
      expect(items).toEqual([{ recordId: items[0]?.recordId, deviceId, nodeId, productId, deviceName: 'n' }]);
      expect(await store.groups.listOf(scope.projectId, deviceId)).toEqual([{ ...group, deviceCount: 1 }]);
      await expectProblem(
        store.groups.addMember(scope.projectId, group.groupId, asId<DeviceId>('no')),
        'deviceNotFound',
      );
    });

    it('count many new members and leave out unknown ones', async () => {
      const { store, given, scope, other } = fixture();
      const group = await given.group(scope);
      const ids = await given.devices(scope, 5);
      const foreign = (await given.device(other)).deviceId;
      const add = (deviceIds: readonly DeviceId[]) =>
        store.groups.addMembers(scope.projectId, group.groupId, deviceIds);
      expect(await add(ids.slice(0, 2))).toBe(2);
      expect(await add([...ids, foreign, asId<DeviceId>('no')])).toBe(3);
      expect(await add(ids)).toBe(0);
      expect(await add([])).toBe(0);
    });

    it('have at most 20,000 devices', { timeout: 60_000 }, async () => {
      const { store, given, scope } = fixture();
      const group = await given.group(scope);
      const ids = await given.devices(scope, groupLimits.devices + 1);
      const add = (deviceIds: readonly DeviceId[]) =>
        store.groups.addMembers(scope.projectId, group.groupId, deviceIds);
      await expectProblem(add(ids), 'groupFull');
      expect((await store.groups.listMembers(scope.projectId, group.groupId, firstPage)).count).toBe(0);
      await add(ids.slice(1));
      await expectProblem(add(ids.slice(0, 1)), 'groupFull');
      expect(await add(ids.slice(1))).toBe(0);
      await store.groups.removeMember(scope.projectId, group.groupId, ids[1] ?? asId<DeviceId>(''));
      expect(await add(ids.slice(0, 1))).toBe(1);
    });

    it('hold a device at most ten times', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope);
      const groups = await Promise.all(Array.from({ length: groupLimits.perDevice + 1 }, () => given.group(scope)));
      const last = groups.pop();
      for (const { groupId } of groups) await store.groups.addMember(scope.projectId, groupId, deviceId);
      const groupId = last?.groupId ?? asId<GroupId>('');
      await expectProblem(store.groups.addMember(scope.projectId, groupId, deviceId), 'groupFull');
      for (const { groupId: full } of groups) await store.groups.addMember(scope.projectId, full, deviceId);
      await store.devices.delete(scope.projectId, deviceId, builtAt);
      for (const { groupId: empty } of groups) await store.groups.delete(scope.projectId, empty);
    });

    it('take a set of devices of their application as a whole or not at all, and give it back so', async () => {
      const { store, given, scope, other } = fixture();
      const { projectId, appId } = scope;
      const { groupId } = await given.group(scope);
      const ids = await given.devices(scope, 4);
      const [first, second] = ids;
      const elsewhere = { ...scope, appId: (await given.app(scope)).appId };
      const strangers = [
        (await given.device(other)).deviceId,
        (await given.device(elsewhere)).deviceId,
        asId<DeviceId>('no'),
      ];
      const countOf = async () => (await store.groups.find(projectId, groupId))?.deviceCount;
      const add = (deviceIds: readonly DeviceId[]) => store.groups.addAll(projectId, groupId, { deviceIds, appId });
      const remove = (deviceIds: readonly DeviceId[]) =>
        store.groups.removeAll(projectId, groupId, { deviceIds, appId });
      if (first === undefined || second === undefined) throw new Error('Unreachable.');
      expect([await add([first, first, second]), await add([second, first]), await countOf()]).toEqual([2, 0, 2]);
      for (const stranger of strangers) {
        await expectProblem(add([...ids, stranger]), 'deviceNotFound');
        await expectProblem(remove([first, stranger]), 'deviceNotFound');
      }
      expect([await add(ids), await countOf()]).toEqual([2, 4]);
      await remove([first, first]);
      await remove([first, second]);
      expect(await countOf()).toBe(2);
      const dynamic = await given.group(scope, { rule: "node_id = 'x'" });
      await expectProblem(store.groups.addAll(projectId, dynamic.groupId, { deviceIds: ids, appId }), 'groupType');
      await expectProblem(store.groups.removeAll(projectId, dynamic.groupId, { deviceIds: ids, appId }), 'groupType');
      await expectProblem(store.groups.addAll(other.projectId, groupId, { deviceIds: ids, appId }), 'groupNotFound');
      const theirs = { deviceIds: [(await given.device(elsewhere)).deviceId], appId: elsewhere.appId };
      await expectProblem(store.groups.addAll(projectId, groupId, theirs), 'groupNotFound');
      await expectProblem(store.groups.removeAll(projectId, groupId, theirs), 'groupNotFound');
    });

    it('may have fewer devices than others, begin with some, and be dissolved with all of them', async () => {
      const { store, given, scope, other } = fixture();
      const { projectId, appId } = scope;
      const ids = await given.devices(scope, 3);
      const wish = aGroup({ ...scope, maxDevices: 2, creator: appId });
      await expectProblem(store.groups.insert(wish, ids), 'groupFull');
      await expectProblem(store.groups.insert(wish, [asId<DeviceId>('no')]), 'deviceNotFound');
      expect(await store.groups.find(projectId, wish.groupId)).toBeUndefined();
      const group = await store.groups.insert(wish, ids.slice(1));
      expect(await store.groups.find(projectId, group.groupId)).toEqual({ ...wish, deviceCount: 2 });
      await expectProblem(store.groups.addMembers(projectId, group.groupId, ids.slice(0, 1)), 'groupFull');
      const wider = await store.groups.update(projectId, group.groupId, { maxDevices: 0, modifiedAt: builtAt + 1 });
      expect([wider.maxDevices, await store.groups.addMembers(projectId, group.groupId, ids)]).toEqual([0, 1]);
      const below = await given.group(scope, { superGroupId: group.groupId });
      await expectProblem(store.groups.dissolve(projectId, group.groupId), 'groupNotEmpty');
      expect((await store.groups.find(projectId, group.groupId))?.deviceCount).toBe(3);
      await store.groups.dissolve(projectId, below.groupId);
      await expectProblem(store.groups.dissolve(other.projectId, group.groupId), 'groupNotFound');
      await store.groups.dissolve(projectId, group.groupId);
      expect(await store.groups.find(projectId, group.groupId)).toBeUndefined();
      expect((await store.devices.list({ projectId }, firstPage)).count).toBe(3);
    });

    it('and their members are read from either end', async () => {
      const { store, given, scope } = fixture();
      const { projectId } = scope;
      const groups = await Promise.all(Array.from({ length: 5 }, () => given.group(scope)));
      const [group] = groups;
      if (group === undefined) throw new Error('Unreachable.');
      await store.groups.addMembers(projectId, group.groupId, await given.devices(scope, 5));
      const fromOldest = async <Item extends { readonly recordId: RecordId }>(
        list: (page: EitherEnd) => Promise<Page<Item>>,
      ) => {
        const newest = (await list(firstPage)).items.map(({ recordId }) => recordId);
        const found: RecordId[] = [];
        for (let marker: RecordId | null = firstMarker; marker !== null; ) {
          const page: Page<Item> = await list({ limit: 2, marker, offset: 0, order: 'oldest-first' });
          expect(page.count).toBe(5);
          found.push(...page.items.map(({ recordId }) => recordId));
          marker = page.marker;
        }
        expect(found).toEqual(newest.toReversed());
        const skipped = await list({ limit: 9, marker: firstMarker, offset: 4, order: 'oldest-first' });
        expect(skipped.items.map(({ recordId }) => recordId)).toEqual(found.slice(4));
      };
      await fromOldest((page) => store.groups.list({ projectId }, page));
      await fromOldest((page) => store.groups.listMembers(projectId, group.groupId, page));
    });

    it('are deleted when nothing is in them', async () => {
      const { store, given, scope } = fixture();
      const group = await given.group(scope);
      const below = await given.group(scope, { superGroupId: group.groupId });
      const { deviceId } = await given.device(scope);
      await expectProblem(store.groups.delete(scope.projectId, group.groupId), 'groupNotEmpty');
      await store.groups.addMember(scope.projectId, below.groupId, deviceId);
      await expectProblem(store.groups.delete(scope.projectId, below.groupId), 'groupNotEmpty');
      await store.groups.removeMember(scope.projectId, below.groupId, deviceId);
      await store.groups.removeMember(scope.projectId, below.groupId, deviceId);
      await store.groups.delete(scope.projectId, below.groupId);
      await store.groups.delete(scope.projectId, group.groupId);
      await expectProblem(store.groups.delete(scope.projectId, group.groupId), 'groupNotFound');
    });

    it('page, and so do their members', async () => {
      const { store, given, scope, other } = fixture();
      await given.group(other);
      const app = { ...scope, appId: (await given.app(scope)).appId };
      const groups = await Promise.all(Array.from({ length: 6 }, () => given.group(scope)));
      const late = await given.group(app, { modifiedAt: builtAt + 1 });
      const ids = groups.map(({ recordId }) => recordId);
      const { projectId } = scope;
      await expectPaging((page) => store.groups.list({ projectId }, page), [...ids, late.recordId]);
      await expectPaging((page) => store.groups.list(scope, page), ids);
      const changed = await store.groups.list({ projectId, modifiedAfter: builtAt }, firstPage);
      expect(changed.items).toEqual([late]);
      expect((await store.groups.list({ projectId, name: late.name }, firstPage)).items).toEqual([late]);

      await store.groups.addMembers(projectId, late.groupId, await given.devices(scope, 8));
      const list = (page: typeof firstPage) => store.groups.listMembers(projectId, late.groupId, page);
      const members = (await list(firstPage)).items.map(({ recordId }) => recordId);
      expect(members).toHaveLength(8);
      await expectPaging(list, members);
    });
  });
}
