import { describe, expect, it } from 'vitest';
import { asId, type DeviceId } from '../../../src/domain/ids.ts';
import { expectProblem, type MakeStore, useStore } from './store-fixture.ts';

export function describeSessions(makeStore: MakeStore): void {
  describe('sessions', () => {
    const fixture = useStore(makeStore);
    const at = 1_000_000;
    const attach = (deviceId: DeviceId, node = 'a', when = at) =>
      fixture().store.sessions.attach({ deviceId, node, address: '10.0.0.1', at: when });
    const show = async (deviceId: DeviceId) => fixture().store.devices.find(fixture().scope.projectId, deviceId);

    it('tell what a CONNECT is checked against', async () => {
      const { store, given, scope } = fixture();
      const gateway = await given.device(scope);
      const child = await given.device(scope, { parent: gateway, frozen: false });
      expect(await store.sessions.findLogin(gateway.deviceId)).toEqual({
        deviceId: gateway.deviceId,
        projectId: scope.projectId,
        auth: gateway.auth,
        frozen: false,
        isChild: false,
        lastAddress: undefined,
      });
      expect((await store.sessions.findLogin(child.deviceId))?.isChild).toBe(true);
      expect(await store.sessions.findLogin(asId<DeviceId>('no'))).toBeUndefined();
      await attach(gateway.deviceId);
      expect((await store.sessions.findLogin(gateway.deviceId))?.lastAddress).toBe('10.0.0.1');
    });

    it('give a certificate device without a fingerprint the first one that comes, and none to others', async () => {
      const { store, given, scope } = fixture();
      const auth = { authType: 'CERTIFICATES', secureAccess: true, timeoutSeconds: 0 } as const;
      const { deviceId } = await given.device(scope, { auth });
      const prints = Array.from({ length: 20 }, (_, no) => String(no).padStart(64, '0'));
      const adopted = await Promise.all(prints.map((print) => store.sessions.adoptFingerprint(deviceId, print)));
      expect(adopted.filter(Boolean)).toHaveLength(1);
      expect((await show(deviceId))?.auth.fingerprint).toBe(prints[adopted.indexOf(true)]);

      const second = await given.device(scope, { auth: { ...auth, secondaryFingerprint: 'f'.repeat(40) } });
      const secret = await given.device(scope);
      for (const device of [second, secret]) {
        expect(await store.sessions.adoptFingerprint(device.deviceId, 'a'.repeat(64))).toBe(false);
        expect((await show(device.deviceId))?.auth).toEqual(device.auth);
      }
      expect(await store.sessions.adoptFingerprint(asId<DeviceId>('no'), 'a'.repeat(64))).toBe(false);
    });

    it('activate a device with its first one, set it ONLINE, and name its project', async () => {
      const { given, scope } = fixture();
      const { deviceId, appId, productId } = await given.device(scope);
      const attached = await attach(deviceId);
      expect(attached).toMatchObject({ replaced: undefined, projectId: scope.projectId, appId, productId });
      expect(await show(deviceId)).toMatchObject({ connectivity: 'ONLINE', activeAt: at, statusAt: at });
    });

    it('replace each other by a higher epoch, without a change of status', async () => {
      const { given, scope } = fixture();
      const { deviceId } = await given.device(scope);
      const first = await attach(deviceId, 'a');
      const second = await attach(deviceId, 'b', at + 5);
      expect(second?.replaced).toEqual(first?.session);
      expect(second?.session.epoch).toBeGreaterThan(first?.session.epoch ?? Number.NaN);
      expect(await show(deviceId)).toMatchObject({ connectivity: 'ONLINE', activeAt: at, statusAt: at });
    });

    it('are refused to devices that are gone, frozen or children', async () => {
      const { given, scope } = fixture();
      const gateway = await given.device(scope);
      const child = await given.device(scope, { parent: gateway });
      const frozen = await given.device(scope, { frozen: true });
      for (const deviceId of [child.deviceId, frozen.deviceId, asId<DeviceId>('no')]) {
        expect(await attach(deviceId)).toBeUndefined();
      }
    });

    it('end OFFLINE only after the delay, and not where the device is back', async () => {
      const { store, given, scope } = fixture();
      const [gone, back] = [await given.device(scope), await given.device(scope)];
      for (const { deviceId } of [gone, back]) {
        const attached = await attach(deviceId);
        if (attached !== undefined) await store.sessions.detach(deviceId, attached.session, at + 10);
      }
      expect(await store.sessions.earliestEnded()).toBe(at + 10);
      expect((await attach(back.deviceId, 'a', at + 12))?.replaced).toBeUndefined();
      expect(await store.sessions.settleOffline(at + 9, 10)).toBe(0);
      expect(await show(gone.deviceId)).toMatchObject({ connectivity: 'ONLINE' });
      expect(await store.sessions.settleOffline(at + 10, 10)).toBe(1);
      expect(await show(gone.deviceId)).toMatchObject({ connectivity: 'OFFLINE', activeAt: at, statusAt: at + 10 });
      expect(await show(back.deviceId)).toMatchObject({ connectivity: 'ONLINE', statusAt: at });
      expect(await store.sessions.earliestEnded()).toBeUndefined();
      await attach(gone.deviceId, 'a', at + 20);
      expect(await show(gone.deviceId)).toMatchObject({ connectivity: 'ONLINE', activeAt: at, statusAt: at + 20 });
    });

    it('settle OFFLINE in steps, whoever left first', async () => {
      const { store, given, scope } = fixture();
      const ids = await given.devices(scope, 5);
      for (const [index, deviceId] of ids.entries()) {
        const attached = await attach(deviceId);
        if (attached !== undefined) await store.sessions.detach(deviceId, attached.session, at + index);
      }
      expect(await store.sessions.settleOffline(at + 100, 2)).toBe(2);
      expect(await store.sessions.earliestEnded()).toBe(at + 2);
      expect(await store.sessions.settleOffline(at + 100, 10)).toBe(3);
      expect(await store.sessions.settleOffline(at + 100, 10)).toBe(0);
    });

    it('are not ended by the end of an older one', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope);
      const older = await attach(deviceId);
      await attach(deviceId);
      if (older !== undefined) await store.sessions.detach(deviceId, older.session, at);
      expect(await store.sessions.earliestEnded()).toBeUndefined();
      expect((await store.sessions.findReach(scope.projectId, deviceId))?.reachable).toBe(true);
    });

    it('all end with their node, others go on', async () => {
      const { store, given, scope } = fixture();
      const ids = await given.devices(scope, 3);
      const [first, second, third] = ids;
      if (first === undefined || second === undefined || third === undefined) throw new Error('Three were made.');
      await Promise.all([attach(first, 'a'), attach(second, 'a'), attach(third, 'b')]);
      await store.sessions.detachNode('a', at + 1);
      const reachable = await Promise.all(ids.map((id) => store.sessions.findReach(scope.projectId, id)));
      expect(reachable.map((reach) => reach?.reachable)).toEqual([false, false, true]);
      expect(await store.sessions.settleOffline(at + 1, 10)).toBe(2);
    });

    it('make a device reachable, unless it is frozen', async () => {
      const { store, given, scope } = fixture();
      const device = await given.device(scope, { online: true });
      const { deviceId, appId, productId } = device;
      const reach = { deviceId, rootId: deviceId, appId, productId, frozen: false, reachable: true };
      expect(await store.sessions.findReach(scope.projectId, deviceId)).toEqual(reach);
      await store.effects.apply(scope.projectId, [{ kind: 'freezeDevice', deviceId }]);
      expect(await store.sessions.findReach(scope.projectId, deviceId)).toEqual({
        ...reach,
        frozen: true,
        reachable: false,
      });
    });

    it('go with their device', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope, { online: true });
      await store.devices.delete(scope.projectId, deviceId, at);
      await store.sessions.detachNode('node-1', at);
      expect(await store.sessions.earliestEnded()).toBeUndefined();
      await expectProblem(store.devices.delete(scope.projectId, deviceId, at), 'deviceNotFound');
    });
  });
}
