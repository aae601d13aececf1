import { describe, expect, it } from 'vitest';
import { shadowLimits } from '../../../src/domain/device.ts';
import { asId, type DeviceId } from '../../../src/domain/ids.ts';
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
