import { describe, expect, it } from 'vitest';
import { asId, type DeviceId, type GroupId, type ProductId } from '../../../src/domain/ids.ts';
import { firstMarker } from '../../../src/domain/paging.ts';
import { builtAt } from '../../builders/chance.ts';
import { aDevice } from '../../builders/device-builders.ts';
import { expectPaging, expectProblem, firstPage, type MakeStore, useStore } from './store-fixture.ts';

export function describeDevices(makeStore: MakeStore): void {
  describe('devices', () => {
    const fixture = useStore(makeStore);

    it('keeps every field, secrets readable again', async () => {
      const { store, given, scope } = fixture();
      const product = await given.product(scope);
      const wanted = aDevice({
        ...scope,
        productId: product.productId,
        name: '压机 7',
        description: 'at the gate',
        extensionInfo: { floor: 2 },
        auth: {
          authType: 'SECRET',
          secret: '9f8e7d6c5b4a',
          secondarySecret: 'another-one',
          fingerprint: 'ab'.repeat(20),
          secondaryFingerprint: 'cd'.repeat(20),
          secureAccess: true,
          timeoutSeconds: 60,
        },
      });
      const device = await store.devices.insert(wanted);
      const { desired: _, ...kept } = wanted;
      expect(device).toEqual({
        ...kept,
        rootId: wanted.deviceId,
        appName: 'DefaultApp',
        productName: product.name,
        connectivity: 'INACTIVE',
        frozen: false,
        fwVersion: undefined,
        swVersion: undefined,
        sdkVersion: undefined,
        activeAt: undefined,
        statusAt: undefined,
        tags: [],
        legacy: {},
        modifiedAt: undefined,
      });
      expect(await store.devices.find(scope.projectId, device.deviceId)).toEqual(device);
    });

    it('refuses the same node with 014031 and the same id with 014115', async () => {
      const { store, given, scope, other } = fixture();
      const product = await given.product(scope);
      const device = aDevice({ ...scope, productId: product.productId });
      await store.devices.insert(device);
      const again = aDevice({ ...scope, productId: product.productId, nodeId: device.nodeId });
      await expectProblem(store.devices.insert(again), 'deviceExists');
      await expectProblem(store.devices.insert({ ...again, deviceId: asId<DeviceId>('x') }), 'deviceExists');
      const foreign = await given.product(other);
      const sameId = aDevice({ ...other, productId: foreign.productId, deviceId: device.deviceId });
      await expectProblem(store.devices.insert(sameId), 'deviceIdExists');
    });

    it('refuses an unknown product', async () => {
      const { store, given, scope, other } = fixture();
      const foreign = await given.product(other);
      await expectProblem(store.devices.insert(aDevice({ ...scope, productId: foreign.productId })), 'productNotFound');
    });

    it('stores many at once, or none where one does not fit', async () => {
      const { store, given, scope } = fixture();
      const product = await given.product(scope);
      const many = Array.from({ length: 300 }, () => aDevice({ ...scope, productId: product.productId, name: 'seed' }));
      await store.devices.insertMany(many);
      expect((await store.devices.list({ projectId: scope.projectId, name: 'seed' }, firstPage)).count).toBe(300);
      const deviceId = many[0]?.deviceId ?? asId<DeviceId>('');
      const sameId = aDevice({ ...scope, productId: product.productId, deviceId });
      const more = aDevice({ ...scope, productId: product.productId });
      await expectProblem(store.devices.insertMany([more, sameId]), 'deviceIdExists');
      expect(await store.devices.find(scope.projectId, more.deviceId)).toBeUndefined();
      await store.devices.insertMany([]);
    });

    it('changes what is named and leaves the rest', async () => {
      const { store, given, scope } = fixture();
      const device = await given.device(scope, { name: 'old', description: 'stays' });
      const changed = await store.devices.update(scope.projectId, device.deviceId, {
        name: 'new',
        extensionInfo: { a: 1 },
        secureAccess: true,
        timeoutSeconds: 9,
      });
      expect(changed).toEqual({
        ...device,
        name: 'new',
        extensionInfo: { a: 1 },
        auth: { ...device.auth, secureAccess: true, timeoutSeconds: 9 },
        modifiedAt: expect.any(Number),
      });
      expect(await store.devices.update(scope.projectId, device.deviceId, {})).toEqual(changed);
      await expectProblem(store.devices.update(scope.projectId, asId<DeviceId>('no'), { name: 'x' }), 'deviceNotFound');
    });

    it('sets either secret, the other stays', async () => {
      const { store, given, scope } = fixture();
      const device = await given.device(scope);
      await store.devices.setSecret(scope.projectId, device.deviceId, { secret: 'second-one', slot: 'SECONDARY' });
      await store.devices.setSecret(scope.projectId, device.deviceId, { secret: 'first-one', slot: 'PRIMARY' });
      const { auth } = (await store.devices.find(scope.projectId, device.deviceId)) ?? device;
      expect(auth).toMatchObject({ secret: 'first-one', secondarySecret: 'second-one' });
      const setting = store.devices.setSecret(scope.projectId, asId<DeviceId>('no'), { secret: 's', slot: 'PRIMARY' });
      await expectProblem(setting, 'deviceNotFound');
    });

    it('deletes one with all that hangs on it; a new one of that id begins afresh', async () => {
      const { store, given, scope } = fixture();
      const device = await given.device(scope, { online: true, desired: { s: { p: 1 } } });
      const group = await given.group(scope, { members: [device.deviceId] });
      await given.message(scope, { deviceId: device.deviceId });
      expect(await store.devices.delete(scope.projectId, device.deviceId, builtAt)).toEqual(device);
      expect(await store.devices.find(scope.projectId, device.deviceId)).toBeUndefined();
      expect(await store.messages.list(device.deviceId)).toEqual([]);
      expect(await store.devices.getShadow(device.deviceId)).toEqual([]);
      await store.groups.delete(scope.projectId, group.groupId);
      await expectProblem(store.devices.delete(scope.projectId, device.deviceId, builtAt), 'deviceNotFound');

      const { productId, nodeId } = device;
      const again = await store.devices.insert(aDevice({ ...scope, productId, nodeId }));
      expect(again.connectivity).toBe('INACTIVE');
      await store.devices.delete(scope.projectId, device.deviceId, builtAt + 1);
    });

    it('reported versions never clear known ones', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope, { versions: { fwVersion: '1', sdkVersion: 'c 1' } });
      await store.devices.reportVersions(deviceId, { fwVersion: '2', swVersion: '5' });
      await store.devices.reportVersions(deviceId, {});
      const device = await store.devices.find(scope.projectId, deviceId);
      expect(device).toMatchObject({ fwVersion: '2', swVersion: '5', sdkVersion: 'c 1' });
    });

    it('names never-connected devices whose time is over, the longest overdue first', async () => {
      const { store, given, scope } = fixture();
      const auth = (timeoutSeconds: number) => ({ authType: 'SECRET', secureAccess: false, timeoutSeconds }) as const;
      const late = await given.device(scope, { auth: auth(20) });
      const early = await given.device(scope, { auth: auth(10) });
      await given.device(scope, { auth: auth(0) });
      await given.device(scope, { auth: auth(10), online: true });
      const lapsed = async (now: number, limit = 10) =>
        (await store.devices.listLapsed(now, limit)).map(({ deviceId }) => deviceId);
      expect(await lapsed(builtAt + 9_999)).toEqual([]);
      expect(await lapsed(builtAt + 10_000)).toEqual([early.deviceId]);
      expect(await lapsed(builtAt + 20_000)).toEqual([early.deviceId, late.deviceId]);
      expect(await lapsed(builtAt + 20_000, 1)).toEqual([early.deviceId]);
    });

    it('pages them, whatever the filter', async () => {
      const { store, given, scope, other } = fixture();
      const product = await given.product(scope);
      const app = { ...scope, appId: (await given.app(scope)).appId };
      await given.device(other, { name: 'n' });
      const [a, b, c, d] = [
        await given.device(scope, { product, name: 'n', createdAt: 1000 }),
        await given.device(scope, { product, nodeId: 'press-07', createdAt: 2000 }),
        await given.device(scope, { name: 'n', createdAt: 3000 }),
        await given.device(app, { name: 'm', nodeId: 'press-07', createdAt: 4000 }),
      ];
      const { projectId } = scope;
      const cases: [Omit<Parameters<typeof store.devices.list>[0], 'projectId'>, (typeof a)[]][] = [
        [{}, [a, b, c, d]],
        [{ appId: scope.appId }, [a, b, c]],
        [{ productId: product.productId }, [a, b]],
        [{ nodeId: 'press-07' }, [b, d]],
        [{ nodeId: 'press-07', appId: app.appId }, [d]],
        [{ name: 'n' }, [a, c]],
        [{ createdFrom: 2000, createdTo: 3000 }, [b, c]],
        [{ gatewayId: a.deviceId }, []],
        [{ productIds: [product.productId, c.productId] }, [a, b, c]],
        [{ statuses: ['INACTIVE', 'FROZEN'], appId: app.appId }, [d]],
        [{ statuses: ['ONLINE'] }, []],
        [{ nodeType: 'GATEWAY', name: 'n' }, [a, c]],
        [{ nodeType: 'UNKNOW' }, []],
        [{ familyOf: a.deviceId }, [a]],
        [{ location: 'hall' }, []],
      ];
      for (const [filter, expected] of cases) {
        const ids = expected.map(({ recordId }) => recordId);
        const list = (page: typeof firstPage) => store.devices.list({ projectId, ...filter }, page);
        expect((await list(firstPage)).items.map(({ recordId }) => recordId)).toEqual(ids.toSorted().reverse());
        if (ids.length > 0) await expectPaging(list, ids);
        const ascending = { limit: 2, marker: firstMarker, offset: 1, order: 'oldest-first' } as const;
        const { items, count } = await store.devices.list({ projectId, ...filter }, ascending);
        expect(items.map(({ recordId }) => recordId)).toEqual(ids.toSorted().slice(1, 3));
        expect(count).toBe(ids.length);
      }
    });

    it('finds a gateway with its children, and those of more products than a statement has branches for', async () => {
      const { store, given, scope, other } = fixture();
      const { projectId } = scope;
      const gateway = await given.device(scope);
      const child = await given.device(scope, { parent: gateway, legacy: { location: 'hall' } });
      await given.device(scope, { parent: child });
      await given.device(scope);
      const listed = async (filter: object, of = projectId) =>
        (await store.devices.list({ projectId: of, ...filter }, firstPage)).items.map(({ deviceId }) => deviceId);
      const { deviceId: familyOf } = gateway;
      expect(await listed({ familyOf })).toEqual([child.deviceId, familyOf]);
      expect(await listed({ familyOf, location: 'hall' })).toEqual([child.deviceId]);
      expect(await listed({ familyOf, nodeType: 'ENDPOINT' })).toEqual([child.deviceId]);
      expect(await listed({ familyOf }, other.projectId)).toEqual([]);
      const productIds = Array.from({ length: 600 }, (_, n) => asId<ProductId>(`none-${n}`));
      expect(await listed({ productIds: [...productIds, child.productId] })).toEqual([child.deviceId]);
      expect(await listed({ productIds })).toEqual([]);
    });

    it('takes a new device into a group, or not at all', async () => {
      const { store, given, scope } = fixture();
      const { productId } = await given.product(scope);
      const group = await given.group(scope);
      const dynamic = await given.group(scope, { rule: "node_id = 'x'" });
      const create = (groupId: GroupId) => {
        const device = aDevice({ ...scope, productId });
        const done = store.effects.apply(scope.projectId, [{ kind: 'createDevice', device, groupId }]);
        return { deviceId: device.deviceId, done };
      };
      const good = create(group.groupId);
      expect((await good.done).conflicts).toEqual([]);
      const { items } = await store.groups.listMembers(scope.projectId, group.groupId, firstPage);
      expect(items.map(({ deviceId }) => deviceId)).toEqual([good.deviceId]);
      const elsewhere = await given.group({ ...scope, appId: (await given.app(scope)).appId });
      for (const [{ groupId }, problem] of [
        [dynamic, 'groupType'],
        [elsewhere, 'groupNotFound'],
      ] as const) {
        const wrong = create(groupId);
        await expectProblem(wrong.done, problem);
        expect(await store.devices.find(scope.projectId, wrong.deviceId)).toBeUndefined();
      }
    });
  });
}
