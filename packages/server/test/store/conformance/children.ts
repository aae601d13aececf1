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
