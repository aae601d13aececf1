import { describe, expect, it } from 'vitest';
import { shadowLimits } from '../../../src/domain/device.ts';
import { asId, type DeviceId } from '../../../src/domain/ids.ts';
import type { DesiredWrite } from '../../../src/domain/shadow.ts';
import type { ShadowService } from '../../../src/ports/store/device-store.ts';
import { motorAndLamp } from '../../builders/catalogue-builders.ts';
import { builtAt } from '../../builders/chance.ts';
import { type MakeStore, useStore } from './store-fixture.ts';

const property = (property_name: string, default_value?: number) => ({
  property_name,
  data_type: 'int',
  method: 'RW',
  ...(default_value === undefined ? {} : { default_value }),
});

export function describeShadows(makeStore: MakeStore): void {
  describe('shadows', () => {
    const fixture = useStore(makeStore);

    it('of several devices are read together, as far as one look goes', async () => {
      const { store, given, scope } = fixture();
      const [one, two, none, many] = [
        await given.device(scope, { nodeId: 'a', desired: { s: { p: 1 } } }),
        await given.device(scope, { nodeId: 'b' }),
        await given.device(scope, { nodeId: 'c' }),
        await given.device(scope, { nodeId: 'd' }),
      ];
      const services = Array.from({ length: shadowLimits.services }, (_, n) => `s-${String(n).padStart(3, '0')}`);
      await store.devices.reportProperties([
        { deviceId: two.deviceId, serviceId: 't', properties: { q: 2 }, at: builtAt },
        ...services.map((serviceId) => ({ deviceId: many.deviceId, serviceId, properties: { q: 3 }, at: builtAt })),
      ]);
      const ids = [one, two, none, many].map(({ deviceId }) => deviceId);
      const found = new Map<DeviceId, readonly ShadowService[]>();
      let looks = 0;
      for (let left: readonly DeviceId[] = ids; left.length > 0; looks++) {
        const { shadows, rest } = await store.devices.listShadows(left);
        for (const [deviceId, shadow] of shadows) found.set(deviceId, shadow);
        left = rest;
      }
      expect(looks).toBeGreaterThan(1);
      expect(found.has(none.deviceId)).toBe(false);
      for (const { deviceId } of [one, two, many]) {
        expect(found.get(deviceId)).toEqual(await store.devices.getShadow(deviceId));
      }
      expect(await store.devices.listShadows([])).toEqual({ shadows: new Map(), rest: [] });
    });

    it('begin with the product’s defaults under the device’s own desired values', async () => {
      const { store, given, scope } = fixture();
      const product = await given.product(scope, {
        capabilities: [
          { service_id: 'a', service_type: 'a', properties: [property('p', 1), property('q', 2), property('r')] },
          { service_id: 'b', service_type: 'b', properties: [property('s')] },
        ],
      });
      const { deviceId } = await given.device(scope, { product, desired: { a: { q: 9 }, c: { t: 3 } } });
      const untouched = { desiredAt: builtAt, reported: {}, reportedAt: undefined, version: 0 };
      expect(await store.devices.getShadow(deviceId)).toEqual([
        { serviceId: 'a', desired: { p: 1, q: 9 }, ...untouched },
        { serviceId: 'c', desired: { t: 3 }, ...untouched },
      ]);
    });

    it('merge reports per property, in the order of the reports, without counting a version', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope, { desired: { s: { p: 1 } } });
      const second = await given.device(scope);
      await store.devices.reportProperties([
        { deviceId, serviceId: 's', properties: { p: 1, deep: { a: 1, b: 2 } }, at: 100 },
        { deviceId, serviceId: 's', properties: { q: 2 }, at: 200 },
        { deviceId: second.deviceId, serviceId: 's', properties: { x: null }, at: 300 },
      ]);
      await store.devices.reportProperties([
        { deviceId, serviceId: 's', properties: { p: 5, deep: { c: 3 } }, at: 150 },
      ]);
      expect(await store.devices.getShadow(deviceId)).toEqual([
        {
          serviceId: 's',
          desired: { p: 1 },
          desiredAt: builtAt,
          reported: { p: 5, q: 2, deep: { c: 3 } },
          reportedAt: 150,
          version: 0,
        },
      ]);
      expect((await store.devices.getShadow(second.deviceId))[0]?.reported).toEqual({ x: null });
    });

    it('take no more services and properties than a product may declare', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope);
      const report = (serviceId: string, names: readonly string[]) =>
        store.devices.reportProperties([
          { deviceId, serviceId, properties: Object.fromEntries(names.map((name) => [name, 1])), at: 100 },
        ]);
      const names = Array.from({ length: shadowLimits.properties }, (_, index) => `p${index}`);
      await report('s0', names);
      await report('s0', ['one more']);
      await report('s0', ['p0']);
      await store.devices.reportProperties(
        Array.from({ length: shadowLimits.services + 5 }, (_, index) => ({
          deviceId,
          serviceId: `s${index}`,
          properties: { p0: 2 },
          at: 200,
        })),
      );
      await report('large', ['x'.repeat(shadowLimits.serviceBytes)]);
      const shadow = await store.devices.getShadow(deviceId);
      expect(shadow).toHaveLength(shadowLimits.services);
      const first = shadow.find(({ serviceId }) => serviceId === 's0')?.reported ?? {};
      expect(Object.keys(first)).toHaveLength(shadowLimits.properties);
      expect(first.p0).toBe(2);
      expect(shadow.some(({ serviceId }) => serviceId === 'large')).toBe(false);
    });

    it('take desired values as effects, device by device all or nothing, and give the versions back', async () => {
      const { store, given, scope } = fixture();
      const first = await given.device(scope, { desired: { s: { p: 1, q: 2 } } });
      const second = await given.device(scope);
      const foreign = await given.device(await given.scope());
      const set = (deviceId: DeviceId, ...writes: readonly DesiredWrite[]) =>
        ({ kind: 'setDesired', deviceId, writes, at: 500 }) as const;
      const clear = { serviceId: 's', desired: { p: null, r: 3 } };
      const applied = await store.effects.apply(scope.projectId, [
        set(first.deviceId, { serviceId: 't', desired: { x: 1 }, version: 0 }, clear),
        set(asId<DeviceId>('nobody'), clear),
        set(second.deviceId, clear, { serviceId: 't', desired: { x: 1 }, version: 3 }),
        set(foreign.deviceId, clear),
        set(second.deviceId, clear),
        set(second.deviceId, { serviceId: 's', desired: {}, version: 1 }),
      ]);
      expect(applied.conflicts).toEqual([1, 2, 3]);
      expect([...applied.problems].map(([index, { problem }]) => [index, problem])).toEqual([
        [1, 'deviceNotFound'],
        [2, 'shadowVersion'],
        [3, 'deviceNotFound'],
      ]);
      const versions = (...services: readonly (readonly [string, number])[]) => ({
        shadow: services.map(([service_id, version]) => ({ service_id, version })),
      });
      expect([...applied.outputs]).toEqual([
        [0, versions(['t', 1], ['s', 1])],
        [4, versions(['s', 1])],
        [5, versions(['s', 2])],
      ]);
      const untold = { reported: {}, reportedAt: undefined, desiredAt: 500 };
      expect(await store.devices.getShadow(first.deviceId)).toEqual([
        { serviceId: 's', desired: { q: 2, r: 3 }, version: 1, ...untold },
        { serviceId: 't', desired: { x: 1 }, version: 1, ...untold },
      ]);
      expect(await store.devices.getShadow(second.deviceId)).toEqual([
        { serviceId: 's', desired: {}, version: 2, ...untold },
      ]);
      expect(await store.devices.getShadow(foreign.deviceId)).toEqual([]);
    });

    it('take the same desired values for a thousand devices of five services at once', async () => {
      const { store, given, scope } = fixture();
      const deviceIds = await given.devices(scope, 1000);
      const writes = Array.from({ length: 5 }, (_, n) => ({ serviceId: `s${n}`, desired: { p: n } }));
      const effects = deviceIds.map((deviceId) => ({ kind: 'setDesired', deviceId, writes, at: 1 }) as const);
      for (const version of [1, 2]) {
        const { conflicts, outputs } = await store.effects.apply(scope.projectId, effects);
        expect([conflicts, outputs.size]).toEqual([[], 1000]);
        const last = await store.devices.getShadow(deviceIds.at(-1) ?? asId(''));
        expect(last.map((service) => [service.serviceId, service.desired, service.version])).toEqual(
          writes.map(({ serviceId, desired }) => [serviceId, desired, version]),
        );
      }
    });

    it('take no more desired values than a shadow may hold', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope);
      const set = async (...writes: readonly DesiredWrite[]) => {
        const effect = { kind: 'setDesired', deviceId, writes, at: 1 } as const;
        return (await store.effects.apply(scope.projectId, [effect])).problems.get(0)?.problem;
      };
      const names = Array.from({ length: shadowLimits.properties }, (_, index) => `p${index}`);
      const full = Object.fromEntries(names.map((name) => [name, 1]));
      expect(await set({ serviceId: 's0', desired: full })).toBeUndefined();
      expect(await set({ serviceId: 's0', desired: { more: 1 } })).toBe('contentTooLarge');
      expect(await set({ serviceId: 's0', desired: { more: 1, p0: null } })).toBeUndefined();
      expect(await set({ serviceId: 's1', desired: { p: 'x'.repeat(shadowLimits.serviceBytes) } })).toBe(
        'contentTooLarge',
      );
      const services = Array.from({ length: shadowLimits.services - 1 }, (_, n) => `t${n}`);
      expect(await set(...services.map((serviceId) => ({ serviceId, desired: {} })))).toBeUndefined();
      expect(await set({ serviceId: 'one more', desired: {} })).toBe('contentTooLarge');
      expect(await set({ serviceId: 't0', desired: { p: 1 } })).toBeUndefined();
      expect(await store.devices.getShadow(deviceId)).toHaveLength(shadowLimits.services);
    });

    it('let one of twenty writers win that expect the same version, and lose no report beside them', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope);
      const calls = await Promise.all(
        Array.from({ length: 20 }, async (_, n) => {
          const writes = [{ serviceId: 's', desired: { [`d${n}`]: n }, version: 0 }];
          await store.devices.reportProperties([{ deviceId, serviceId: 's', properties: { [`r${n}`]: n }, at: n }]);
          return store.effects.apply(scope.projectId, [{ kind: 'setDesired', deviceId, writes, at: n }]);
        }),
      );
      expect(calls.filter(({ conflicts }) => conflicts.length === 0)).toHaveLength(1);
      const free = Array.from({ length: 20 }, (_, n) => {
        const writes = [{ serviceId: 's', desired: { [`e${n}`]: n } }];
        return store.effects.apply(scope.projectId, [{ kind: 'setDesired', deviceId, writes, at: n }]);
      });
      await Promise.all(free);
      const [service] = await store.devices.getShadow(deviceId);
      expect(service?.version).toBe(21);
      expect(Object.keys(service?.desired ?? {})).toHaveLength(21);
      expect(Object.keys(service?.reported ?? {})).toHaveLength(20);
    });

    it('are cleared as a whole, in their own project alone', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope, { desired: { s: { p: 1 } } });
      const { projectId: elsewhere } = await given.scope();
      await expect(store.devices.clearShadow(elsewhere, deviceId)).rejects.toMatchObject({ problem: 'deviceNotFound' });
      expect(await store.devices.getShadow(deviceId)).toHaveLength(1);
      await store.devices.clearShadow(scope.projectId, deviceId);
      expect(await store.devices.getShadow(deviceId)).toEqual([]);
      await store.devices.clearShadow(scope.projectId, deviceId);
    });

    it('tell what devices are to be told: writable differences of those that can be told', async () => {
      const { store, given, scope } = fixture();
      const product = await given.product(scope, { capabilities: motorAndLamp });
      const desired = { Motor: { speed: 1, mode: { a: 1 }, temperature: 5 }, Lamp: { on: true }, Other: { p: 1 } };
      const gateway = await given.device(scope, { product, desired });
      const online = await given.device(scope, { product, desired, parent: gateway, online: true });
      const offline = await given.device(scope, { product, desired, parent: gateway });
      const frozen = await given.device(scope, { product, desired, frozen: true });
      const equal = await given.device(scope, { product, desired: { Motor: { speed: 1 } } });
      await store.devices.reportProperties([
        { deviceId: gateway.deviceId, serviceId: 'Motor', properties: { mode: { a: 1 } }, at: 1 },
        { deviceId: gateway.deviceId, serviceId: 'Lamp', properties: { on: true }, at: 1 },
        { deviceId: equal.deviceId, serviceId: 'Motor', properties: { speed: 1, mode: 2 }, at: 1 },
      ]);
      const asked = [gateway, online, offline, frozen, equal].map(({ deviceId }) => deviceId);
      const { deltas, rest } = await store.devices.listShadowDeltas([...asked, asId<DeviceId>('nobody')]);
      expect(rest).toEqual([]);
      const rootId = gateway.deviceId;
      const all = [
        { serviceId: 'Lamp', properties: { on: true } },
        { serviceId: 'Motor', properties: { speed: 1, mode: { a: 1 } } },
      ];
      expect(deltas.toSorted((a, b) => (a.deviceId < b.deviceId ? -1 : 1))).toEqual(
        [
          { deviceId: gateway.deviceId, rootId, services: [{ serviceId: 'Motor', properties: { speed: 1 } }] },
          { deviceId: online.deviceId, rootId, services: all },
        ].toSorted((a, b) => (a.deviceId < b.deviceId ? -1 : 1)),
      );
      expect(await store.devices.listDifferingChildren(rootId, '')).toEqual({
        deviceIds: [online.deviceId],
        next: undefined,
      });
      expect(await store.devices.listDifferingChildren(rootId, online.deviceId)).toMatchObject({ deviceIds: [] });
    });

    it('tell of many large ones in several looks', async () => {
      const { store, given, scope } = fixture();
      const names = Array.from({ length: shadowLimits.services }, (_, n) => `s${n}`);
      const product = await given.product(scope, {
        capabilities: names.map((name) => ({ service_id: name, service_type: name, properties: [property('p', 1)] })),
      });
      const devices: DeviceId[] = [];
      for (let n = 0; n < 3; n++) devices.push((await given.device(scope, { product })).deviceId);
      const small = await given.device(scope, { desired: { s: { p: 1 } } });
      let rest: readonly DeviceId[] = [...devices, small.deviceId];
      const told: (readonly [string, number])[] = [];
      for (let looks = 0; rest.length > 0 && looks < 10; looks++) {
        const look = await store.devices.listShadowDeltas(rest);
        told.push(...look.deltas.map(({ deviceId, services }) => [deviceId, services.length] as const));
        expect(look.rest.length).toBeLessThan(rest.length);
        rest = look.rest;
      }
      expect(told.toSorted()).toEqual(devices.toSorted().map((deviceId) => [deviceId, shadowLimits.services]));
    });

    it('leave out reports of devices that do not exist', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope);
      const nobody = asId<DeviceId>('nobody');
      await store.devices.reportProperties([
        { deviceId: nobody, serviceId: 's', properties: { p: 1 }, at: 1 },
        { deviceId, serviceId: 's', properties: { p: 1 }, at: 1 },
      ]);
      await store.devices.reportProperties([]);
      expect(await store.devices.getShadow(nobody)).toEqual([]);
      expect(await store.devices.getShadow(deviceId)).toHaveLength(1);
    });
  });
}
