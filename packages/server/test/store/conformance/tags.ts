import { describe, expect, it } from 'vitest';
import { asId, type DeviceId } from '../../../src/domain/ids.ts';
import { type Tag, tagsPerDeviceMax } from '../../../src/domain/tag.ts';
import { builtAt } from '../../builders/chance.ts';
import { expectProblem, type Fixture, firstPage, type MakeStore, useStore } from './store-fixture.ts';

const tag = (key: string, value?: string): Tag => ({ key, value });
const keys = (count: number, from = 0) => Array.from({ length: count }, (_, no) => tag(`key-${10 + from + no}`, 'v'));

export function describeTags(makeStore: MakeStore): void {
  describe('tags', () => {
    const fixture = useStore(makeStore);

    async function aTaggedDevice({ given, scope, store }: Fixture) {
      const { deviceId } = await given.device(scope);
      const device = { projectId: scope.projectId, deviceId };
      const shown = async () => (await store.devices.find(scope.projectId, deviceId))?.tags;
      return { device, shown };
    }

    it('are shown with their device in order of key, with a value or without', async () => {
      const { store, scope } = fixture();
      const { device, shown } = await aTaggedDevice(fixture());
      expect(await shown()).toEqual([]);
      await store.tags.bind(device, [tag('site', '上海'), tag('line'), tag('a', '')]);
      const expected = [tag('a', ''), tag('line'), tag('site', '上海')];
      expect(await shown()).toEqual(expected);
      const { items } = await store.devices.list({ projectId: scope.projectId }, firstPage);
      expect(items.map(({ tags }) => tags)).toEqual([expected]);
      await store.tags.bind(device, [tag('site', 'b'), tag('line', '2')]);
      expect(await shown()).toEqual([tag('a', ''), tag('line', '2'), tag('site', 'b')]);
    });

    it('are ten at most, and an eleventh changes nothing', async () => {
      const { store } = fixture();
      const { device, shown } = await aTaggedDevice(fixture());
      const ten = keys(tagsPerDeviceMax);
      await store.tags.bind(device, ten);
      await store.tags.bind(device, ten);
      await expectProblem(store.tags.bind(device, [tag('key-10', 'new'), tag('more')]), 'tagLimit');
      expect(await shown()).toEqual(ten);
    });

    it('are ten at most, also of those that come at the same time', async () => {
      const { store } = fixture();
      const { device, shown } = await aTaggedDevice(fixture());
      const bound = await Promise.allSettled([0, 4, 8, 12].map((from) => store.tags.bind(device, keys(4, from))));
      expect(bound.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
      expect(await shown()).toHaveLength(8);
    });

    it('are taken away all or none', async () => {
      const { store } = fixture();
      const { device, shown } = await aTaggedDevice(fixture());
      await store.tags.bind(device, keys(3));
      await expectProblem(store.tags.unbind(device, ['key-10', 'no']), 'tagNotBound');
      expect(await shown()).toHaveLength(3);
      await store.tags.unbind(device, ['key-10', 'key-12']);
      expect(await shown()).toEqual([tag('key-11', 'v')]);
    });

    it('go with their device, and are of no other project', async () => {
      const { store, other } = fixture();
      const { device, shown } = await aTaggedDevice(fixture());
      await store.tags.bind(device, keys(2));
      const foreign = { ...device, projectId: other.projectId };
      const nobody = { ...device, deviceId: asId<DeviceId>('nobody') };
      for (const unknown of [foreign, nobody]) {
        await expectProblem(store.tags.bind(unknown, keys(1)), 'deviceNotFound');
        await expectProblem(store.tags.unbind(unknown, ['key-10']), 'deviceNotFound');
      }
      expect(await shown()).toEqual(keys(2));
      await store.devices.delete(device.projectId, device.deviceId, builtAt);
      const where = [[{ kind: 'equal', field: 'tag_key', negated: false, values: ['key-10'] }]] as const;
      expect(await store.search.count(device.projectId, where)).toBe(0);
    });
  });
}
