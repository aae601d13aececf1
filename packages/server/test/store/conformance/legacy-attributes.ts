import { describe, expect, it } from 'vitest';
import type { DeviceRowChanges } from '../../../src/domain/device.ts';
import { asId, type DeviceId, type ProductId } from '../../../src/domain/ids.ts';
import type { LegacyAttributes } from '../../../src/domain/legacy-attributes.ts';
import type { Where } from '../../../src/domain/search/where.ts';
import { firstPage, type Fixture, type MakeStore, useStore } from './store-fixture.ts';

const everything: LegacyAttributes = {
  location: 'hall 3, "east"',
  license: 'L-1',
  imsi: '460001',
  verifyCode: 'ab12',
  mute: true,
  dataAgingTime: 7,
  customFields: [{ fieldName: 'a', fieldType: 'string', fieldValue: "'; --" }],
};

/** What legacy clients say of devices (legacy 5.2). */
export function describeLegacyAttributes(makeStore: MakeStore): void {
  describe('legacy attributes', () => {
    const fixture = useStore(makeStore);

    const change = async (
      { store, scope }: Fixture,
      changes: readonly (readonly [DeviceId, DeviceRowChanges])[],
    ): Promise<readonly (string | undefined)[]> => {
      const { problems } = await store.effects.apply(
        scope.projectId,
        changes.map(([deviceId, one]) => ({ kind: 'updateDevice', deviceId, changes: one })),
      );
      return changes.map((_change, index) => problems.get(index)?.problem);
    };
    const legacyOf = async ({ store, scope }: Fixture, deviceId: DeviceId) =>
      (await store.devices.find(scope.projectId, deviceId))?.legacy;

    it('are kept with a new device, and change one by one, in sets', async () => {
      const { given, scope, other, store } = fixture();
      const first = await given.device(scope, { legacy: everything });
      const second = await given.device(scope);
      const foreign = await given.device(other, { legacy: { license: 'mine' } });
      expect(first.legacy).toEqual(everything);
      expect(second.legacy).toEqual({});
      const changes = [
        [first.deviceId, { name: 'new', legacy: { license: 'L-2', customFields: [] } }],
        [second.deviceId, { legacy: { location: 'yard' } }],
        [foreign.deviceId, { legacy: { license: 'stolen' } }],
      ] as const;
      expect(await change(fixture(), changes)).toEqual([undefined, undefined, 'deviceNotFound']);
      expect(await legacyOf(fixture(), first.deviceId)).toEqual({ ...everything, license: 'L-2', customFields: [] });
      expect(await legacyOf(fixture(), second.deviceId)).toEqual({ location: 'yard' });
      expect((await store.devices.find(other.projectId, foreign.deviceId))?.legacy).toEqual({ license: 'mine' });
      expect(await change(fixture(), [[first.deviceId, { description: 'd' }]])).toEqual([undefined]);
      expect(await legacyOf(fixture(), first.deviceId)).toMatchObject({
        location: everything.location,
        license: 'L-2',
      });
    });

    it('find devices by their location', async () => {
      const { given, scope, other, store } = fixture();
      const [a, b] = [
        await given.device(scope, { legacy: { location: 'hall' } }),
        await given.device(scope, { legacy: { location: 'yard' } }),
      ];
      await given.device(scope);
      await given.device(other, { legacy: { location: 'hall' } });
      const at = (location: string): Where => [
        [{ kind: 'equal', field: 'location', negated: false, values: [location] }],
      ];
      const listed = async (location: string) =>
        (await store.search.list(scope.projectId, at(location), firstPage)).items.map(({ deviceId }) => deviceId);
      expect(await listed('hall')).toEqual([a.deviceId]);
      await change(fixture(), [[b.deviceId, { legacy: { location: 'hall' } }]]);
      expect(await listed('hall')).toEqual([b.deviceId, a.deviceId]);
      expect(await listed('yard')).toEqual([]);
      expect(await store.search.count(scope.projectId, at('hall'))).toBe(2);
    });
  });

  describe('another product', () => {
    const fixture = useStore(makeStore);

    it('takes a device with its shadow, and adds what it says of services that are not in it', async () => {
      const { given, scope, store } = fixture();
      const lamp = (service_id: string, default_value: number) => ({
        service_id,
        service_type: service_id,
        properties: [{ property_name: 'level', data_type: 'int', method: 'RW', default_value }],
      });
      const from = await given.product(scope, { capabilities: [lamp('a', 1)] });
      const to = await given.product(scope, { capabilities: [lamp('a', 2), lamp('b', 3)] });
      const { deviceId } = await given.device(scope, { product: from, online: true });
      const update = { kind: 'updateDevice', deviceId, changes: { productId: to.productId } } as const;
      for (let times = 0; times < 2; times++) {
        expect((await store.effects.apply(scope.projectId, [update])).conflicts).toEqual([]);
        const moved = await store.devices.find(scope.projectId, deviceId);
        expect(moved).toMatchObject({ productId: to.productId, productName: to.name });
        const shadow = await store.devices.getShadow(deviceId);
        expect(shadow.map(({ serviceId, desired }) => [serviceId, desired])).toEqual([
          ['a', { level: 1 }],
          ['b', { level: 3 }],
        ]);
      }
      const { projectId } = scope;
      expect((await store.devices.list({ projectId, productId: from.productId }, firstPage)).count).toBe(0);
      expect((await store.devices.list({ projectId, productId: to.productId }, firstPage)).count).toBe(1);
      await store.products.delete(from);
    });

    it('refuses a node that it has, and what does not exist, for itself alone', async () => {
      const { given, scope, store } = fixture();
      const [from, to, elsewhere] = [
        await given.product(scope),
        await given.product(scope),
        await given.product(scope),
      ];
      const foreign = await given.product({ ...scope, appId: (await given.app(scope)).appId });
      const device = async (product: typeof from, nodeId: string) =>
        (await given.device(scope, { product, nodeId })).deviceId;
      const [taken, twin, free, other] = [
        await device(from, 'taken'),
        await device(elsewhere, 'free'),
        await device(from, 'free'),
        await device(from, 'other'),
      ];
      await device(to, 'taken');
      const moves: readonly (readonly [DeviceId, ProductId])[] = [
        [taken, to.productId],
        [free, to.productId],
        [twin, to.productId],
        [other, foreign.productId],
        [asId<DeviceId>('nobody'), to.productId],
      ];
      const { problems } = await store.effects.apply(
        scope.projectId,
        moves.map(([deviceId, productId]) => ({
          kind: 'updateDevice',
          deviceId,
          changes: { productId, name: 'moved' },
        })),
      );
      const expected = ['deviceExists', undefined, 'deviceExists', 'productNotFound', 'deviceNotFound'];
      expect(moves.map((_move, index) => problems.get(index)?.problem)).toEqual(expected);
      const shown = await Promise.all(
        [taken, free, twin, other].map((deviceId) => store.devices.find(scope.projectId, deviceId)),
      );
      expect(shown.map((one) => [one?.productId, one?.name])).toEqual([
        [from.productId, undefined],
        [to.productId, 'moved'],
        [elsewhere.productId, undefined],
        [from.productId, undefined],
      ]);
    });

    it('is found by its traits, exactly, the oldest first', async () => {
      const { given, scope, other, store } = fixture();
      const traits = { deviceType: 'Pump', model: 'P-7', manufacturerId: 'acme', protocolType: 'MQTT' };
      const first = await given.product(scope, traits);
      const second = await given.product(scope, traits);
      const third = await given.product(scope, { ...traits, model: 'P-8' });
      await given.product(other, traits);
      await given.product({ ...scope, appId: (await given.app(scope)).appId }, traits);
      const found = (asked: Partial<typeof traits>, limit = 10) => store.products.listByTraits(scope, asked, limit);
      expect(await found(traits)).toEqual([first.productId, second.productId]);
      expect(await found(traits, 1)).toEqual([first.productId]);
      expect(await found({ deviceType: 'Pump' })).toEqual([first, second, third].map(({ productId }) => productId));
      expect(await found({ ...traits, protocolType: 'CoAP' })).toEqual([]);
      expect(await store.products.listByTraits({ ...scope, projectId: other.projectId }, traits, 10)).toEqual([]);
    });
  });
}
