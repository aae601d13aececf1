import { describe, expect, it } from 'vitest';
import { type Device, gatewayDepthMax } from '../../../src/domain/device.ts';
import type { DeviceId } from '../../../src/domain/ids.ts';
import { builtAt } from '../../builders/chance.ts';
import { aDevice } from '../../builders/device-builders.ts';
import type { Given, Scope } from '../../builders/given.ts';
import { expectProblem, firstPage, type MakeStore, useStore } from './store-fixture.ts';

/** A gateway with a child and a child's child, all of one product. */
async function aFamily(given: Given, scope: Scope) {
  const product = await given.product(scope);
  const gateway = await given.device(scope, { product, online: true });
  const child = await given.device(scope, { product, parent: gateway });
  const grandchild = await given.device(scope, { product, parent: child });
  return { product, gateway, child, grandchild };
}

const idsOf = (devices: readonly Device[]): readonly DeviceId[] => devices.map(({ deviceId }) => deviceId);

export function describeChildren(makeStore: MakeStore): void {
  describe('children', () => {
    const fixture = useStore(makeStore);

    it('hang under a gateway on two levels and share its root', async () => {
      const { given, scope } = fixture();
      const { product, gateway, child, grandchild } = await aFamily(given, scope);
      expect(gateway.rootId).toBe(gateway.deviceId);
      expect([child.parentId, child.rootId]).toEqual([gateway.deviceId, gateway.deviceId]);
      expect([grandchild.parentId, grandchild.rootId]).toEqual([child.deviceId, gateway.deviceId]);
      expect(gatewayDepthMax).toBe(2);
      await expectProblem(given.device(scope, { product, parent: grandchild }), 'gatewayUnusable');
    });

    it('take no gateway that is unknown, of another project or of another application', async () => {
      const { store, given, scope, other } = fixture();
      const { product, gateway } = await aFamily(given, scope);
      const foreign = await given.device(other);
      await expectProblem(given.device(scope, { product, parent: foreign }), 'gatewayUnusable');
      const app = { ...scope, appId: (await given.app(scope)).appId };
      await expectProblem(given.device(app, { parent: gateway }), 'gatewayUnusable');
      const unknown = aDevice({ ...scope, productId: product.productId, parentId: 'no' as DeviceId });
      await expectProblem(store.devices.insert(unknown), 'gatewayUnusable');
      expect(await store.devices.find(scope.projectId, unknown.deviceId)).toBeUndefined();
    });

    it('are listed by gateway, directly or on all levels', async () => {
      const { store, given, scope } = fixture();
      const { gateway, child, grandchild } = await aFamily(given, scope);
      const list = async (gatewayId: DeviceId, cascade: boolean) =>
        idsOf((await store.devices.list({ projectId: scope.projectId, gatewayId, cascade }, firstPage)).items);
      expect(await list(gateway.deviceId, false)).toEqual([child.deviceId]);
      expect(await list(gateway.deviceId, true)).toEqual([grandchild.deviceId, child.deviceId]);
      expect(await list(child.deviceId, true)).toEqual([grandchild.deviceId]);
      const all = idsOf([child, grandchild]).toSorted();
      expect(idsOf(await store.devices.listChildren(gateway.deviceId, '', 10))).toEqual(all);
      expect(idsOf(await store.devices.listChildren(gateway.deviceId, '', 1))).toEqual(all.slice(0, 1));
      expect(idsOf(await store.devices.listChildren(gateway.deviceId, all[0] ?? '', 10))).toEqual(all.slice(1));
    });

    it('count the gateway’s list version up, once per added and deleted child', async () => {
      const { store, given, scope } = fixture();
      const { gateway, child, grandchild } = await aFamily(given, scope);
      expect(await store.devices.childListVersion(gateway.deviceId)).toBe(2);
      await expectProblem(store.devices.delete(scope.projectId, child.deviceId, builtAt), 'deviceHasChildren');
      await expectProblem(store.devices.delete(scope.projectId, gateway.deviceId, builtAt), 'deviceHasChildren');
      await store.devices.delete(scope.projectId, grandchild.deviceId, builtAt);
      expect(await store.devices.childListVersion(gateway.deviceId)).toBe(3);
      const { deviceId, nodeId } = grandchild;
      expect(await store.devices.listChildChanges(gateway.deviceId, 0, 10)).toEqual([
        { kind: 'add', version: 1, device: child },
        { kind: 'delete', version: 3, deviceId, nodeId, parentId: child.deviceId },
      ]);
      expect(await store.devices.listChildChanges(gateway.deviceId, 3, 10)).toEqual([]);
      expect(await store.devices.listChildChanges(gateway.deviceId, 1, 1)).toEqual([]);
      expect(await store.devices.listChildChanges(gateway.deviceId, 4, 10)).toBeUndefined();
    });

    it('go to another gateway on either level, take its root, and are OFFLINE where they were ONLINE', async () => {
      const { store, given, scope } = fixture();
      const { projectId } = scope;
      const { product, gateway, child, grandchild } = await aFamily(given, scope);
      const other = await given.device(scope, { product, online: true });
      const middle = await given.device(scope, { product, parent: other });
      const move = (who: Device, to: Device, at: number) =>
        store.devices.changeGateway(projectId, who.deviceId, { gatewayId: to.deviceId, at });
      await store.devices.setChildStatuses(gateway.deviceId, [{ deviceId: grandchild.deviceId, status: 'ONLINE' }], 1);

      const up = await move(grandchild, middle, 7);
      expect(up.device).toMatchObject({ parentId: middle.deviceId, rootId: other.deviceId, connectivity: 'OFFLINE' });
      expect(up.device).toMatchObject({ statusAt: 7, activeAt: 1 });
      expect(up.left).toEqual({ parentId: child.deviceId, rootId: gateway.deviceId, version: 3 });
      expect(up.version).toBe(2);
      expect(await store.devices.find(projectId, grandchild.deviceId)).toEqual(up.device);

      // Never connected: nothing changes about that.
      const down = await move(child, other, 8);
      expect(down.device).toMatchObject({ parentId: other.deviceId, rootId: other.deviceId, connectivity: 'INACTIVE' });
      expect(down.device.statusAt).toBeUndefined();

      // Within one family both steps are on one list.
      const within = await move(grandchild, other, 9);
      expect(within.left).toEqual({ parentId: middle.deviceId, rootId: other.deviceId, version: 4 });
      expect(within.version).toBe(5);
      const told = { accepted: [grandchild.deviceId], cameOnline: [grandchild.deviceId] };
      const online = [{ deviceId: grandchild.deviceId, status: 'ONLINE' }] as const;
      expect(await store.devices.setChildStatuses(gateway.deviceId, online, 10)).toMatchObject({ accepted: [] });
      expect(await store.devices.setChildStatuses(other.deviceId, online, 10)).toEqual(told);
    });

    it('that went away are on the list of the gateway that they left as deleted, and nowhere as its own', async () => {
      const { store, given, scope } = fixture();
      const { gateway, child, grandchild } = await aFamily(given, scope);
      const other = await given.device(scope);
      const to = { gatewayId: other.deviceId, at: builtAt };
      const { device } = await store.devices.changeGateway(scope.projectId, grandchild.deviceId, to);
      const { deviceId, nodeId } = grandchild;
      expect(await store.devices.listChildChanges(gateway.deviceId, 0, 10)).toEqual([
        { kind: 'add', version: 1, device: child },
        { kind: 'delete', version: 3, deviceId, nodeId, parentId: child.deviceId },
      ]);
      expect(await store.devices.listChildChanges(other.deviceId, 0, 10)).toEqual([
        { kind: 'add', version: 1, device },
      ]);
      expect(idsOf(await store.devices.listChildren(gateway.deviceId, '', 10))).toEqual([child.deviceId]);
      expect(idsOf(await store.devices.listChildren(other.deviceId, '', 10))).toEqual([deviceId]);
    });

    it('go to no gateway that is not another one of their application with room below it', async () => {
      const { store, given, scope, other } = fixture();
      const { product, gateway, child, grandchild } = await aFamily(given, scope);
      const second = await given.device(scope, { product });
      const foreign = await given.device(other);
      const app = { ...scope, appId: (await given.app(scope)).appId };
      const elsewhere = await given.device(app);
      const leaf = await given.device(scope, { product, parent: second });
      const refused = async (who: Device, to: DeviceId) =>
        (
          await expectProblem(
            store.devices.changeGateway(scope.projectId, who.deviceId, { gatewayId: to, at: 1 }),
            'gatewayUnusable',
          )
        ).message;
      const front = 'Invalid input. The gateway cannot be used for this device.';
      expect(await refused(gateway, second.deviceId)).toBe(`${front} The device is no child.`);
      expect(await refused(leaf, leaf.deviceId)).toBe(`${front} It is the device itself.`);
      expect(await refused(leaf, second.deviceId)).toBe(`${front} It is the gateway of the device already.`);
      for (const { deviceId } of [foreign, elsewhere]) {
        expect(await refused(leaf, deviceId)).toBe(`${front} It does not exist in the application of the device.`);
      }
      expect(await refused(leaf, grandchild.deviceId)).toBe(`${front} It is too deep below its gateway.`);
      expect(await refused(child, second.deviceId)).toBe(`${front} The device has children of its own.`);
      const to = { gatewayId: second.deviceId, at: 1 };
      await expectProblem(store.devices.changeGateway(scope.projectId, foreign.deviceId, to), 'deviceNotFound');
      await expectProblem(store.devices.changeGateway(other.projectId, leaf.deviceId, to), 'deviceNotFound');
      expect(await store.devices.childListVersion(second.deviceId)).toBe(1);
    });

    it('that many move back and forth at once are all counted, on the list of one gateway each', async () => {
      const { store, given, scope } = fixture();
      const { projectId } = scope;
      const product = await given.product(scope);
      const roots = [await given.device(scope, { product }), await given.device(scope, { product })] as const;
      const children: Device[] = [];
      for (let no = 0; no < 10; no += 1) {
        children.push(await given.device(scope, { product, parent: roots[no % 2] as Device }));
      }
      const to = (no: number) => (roots[no % 2] as Device).deviceId;
      await Promise.all(
        children.flatMap(({ deviceId }, no) => [
          store.devices.changeGateway(projectId, deviceId, { gatewayId: to(no + 1), at: 1 }),
          given.device(scope, { product, parent: roots[no % 2] as Device }),
        ]),
      );
      for (const [no, root] of roots.entries()) {
        expect(await store.devices.childListVersion(root.deviceId)).toBe(20);
        const moved = children.filter((_, index) => index % 2 !== no).map(({ deviceId }) => deviceId);
        const own = idsOf(await store.devices.listChildren(root.deviceId, '', 50));
        expect(own).toEqual(expect.arrayContaining(moved));
        expect(own).toHaveLength(10);
        const changes = await store.devices.listChildChanges(root.deviceId, 0, 50);
        expect(changes?.map(({ version }) => version)).toEqual([...new Set(changes?.map(({ version }) => version))]);
      }
    });

    it('change their status by their own gateway’s word alone', async () => {
      const { store, given, scope } = fixture();
      const { gateway, child, grandchild } = await aFamily(given, scope);
      const stranger = await given.device(scope, { online: true });
      const say = (of: Device, who: Device, status: 'ONLINE' | 'OFFLINE', at: number) =>
        store.devices.setChildStatuses(of.deviceId, [{ deviceId: who.deviceId, status }], at);

      const nobody = { accepted: [], cameOnline: [] };
      expect(await say(stranger, child, 'ONLINE', 1)).toEqual(nobody);
      expect(await say(gateway, gateway, 'OFFLINE', 1)).toEqual(nobody);
      expect(await say(gateway, stranger, 'OFFLINE', 1)).toEqual(nobody);
      const came = { accepted: [grandchild.deviceId], cameOnline: [grandchild.deviceId] };
      expect(await say(gateway, grandchild, 'ONLINE', 100)).toEqual(came);
      expect(await say(gateway, grandchild, 'ONLINE', 200)).toEqual({ ...came, cameOnline: [] });
      const shown = () => store.devices.find(scope.projectId, grandchild.deviceId);
      expect(await shown()).toMatchObject({ connectivity: 'ONLINE', activeAt: 100, statusAt: 100 });
      expect(await say(gateway, grandchild, 'OFFLINE', 300)).toEqual({ ...came, cameOnline: [] });
      expect(await shown()).toMatchObject({ connectivity: 'OFFLINE', activeAt: 100, statusAt: 300 });
    });

    it('are reachable while their gateway is connected and has said that they are ONLINE', async () => {
      const { store, given, scope } = fixture();
      const { gateway, child } = await aFamily(given, scope);
      const reachable = async () => (await store.sessions.findReach(scope.projectId, child.deviceId))?.reachable;
      expect(await reachable()).toBe(false);
      await store.devices.setChildStatuses(gateway.deviceId, [{ deviceId: child.deviceId, status: 'ONLINE' }], 1);
      expect(await reachable()).toBe(true);
      await store.sessions.detachNode('node-1', 2);
      expect(await reachable()).toBe(false);
    });
  });
}
