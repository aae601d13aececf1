import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Device } from '../../../src/domain/device.ts';
import { matchesWhere } from '../../../src/domain/search/match-where.ts';
import { parseSearch, parseWhere } from '../../../src/domain/search/parse-search.ts';
import type { Where } from '../../../src/domain/search/where.ts';
import { drivenRowsMax } from '../../../src/store/sql/search/plan-search.ts';
import { builtAt } from '../../builders/chance.ts';
import { printWhere, type Values, whereArbitrary } from '../../domain/search/search-arbitraries.ts';
import { expectPaging, type Fixture, firstPage, type MakeStore, useStore } from './store-fixture.ts';

/** A few devices of every kind, with much in common. */
async function aFleet({ given, store, scope, other }: Fixture) {
  const app = await given.app(scope);
  const products = [await given.product(scope), await given.product({ ...scope, appId: app.appId })] as const;
  const [product] = products;
  const gateway = await given.device(scope, {
    product,
    nodeId: 'node-gate',
    name: 'gate 1',
    legacy: { location: 'hall' },
  });
  const child = await given.device(scope, { product, parent: gateway, nodeId: 'node-child', online: true });
  await given.device(scope, { product, parent: child, nodeId: 'node_grand' });
  const plain = await given.device(scope, {
    product: products[1],
    nodeId: 'NODE-x',
    name: "it's 100%_a\\b",
    createdAt: builtAt + 1,
    versions: { fwVersion: '1.2' },
    legacy: { location: 'yard', license: 'l' },
    online: true,
  });
  const frozen = await given.device(scope, {
    product,
    nodeId: 'ice',
    online: true,
    frozen: true,
    name: '中国设备',
    versions: { swVersion: '1.2' },
  });
  const tags = [
    [gateway, 'site', 'north'],
    [child, 'site', 'north'],
    [child, 'line', 'south'],
    [plain, 'site', 'south'],
    [plain, 'sitemap', undefined],
    [frozen, 'line', 'north-west'],
  ] as const;
  for (const [{ deviceId, projectId }, key, value] of tags)
    await store.tags.bind({ deviceId, projectId }, [{ key, value }]);
  const groups = [
    await given.group(scope, { members: [gateway.deviceId, plain.deviceId] }),
    await given.group(scope, { members: [child.deviceId] }),
    await given.group(scope, { rule: "tag_key = 'site' and tag_value = 'north' or fw_version = '1.2'" }),
  ];
  const foreign = await given.device(other, {
    nodeId: 'node-gate',
    name: 'gate 1',
    legacy: { location: 'hall' },
    versions: { fwVersion: '1.2' },
  });
  await store.tags.bind({ deviceId: foreign.deviceId, projectId: other.projectId }, [{ key: 'site', value: 'north' }]);
  const { items } = await store.devices.list({ projectId: scope.projectId }, firstPage);
  return { devices: items, groups, products, app, foreign };
}

type Fleet = Awaited<ReturnType<typeof aFleet>>;

/** Mostly what some device has. */
function valuesOf({ devices, groups, foreign }: Fleet): Values {
  const some = (of: (device: Device) => string | undefined, ...more: string[]) =>
    fc.constantFrom(...devices.flatMap((device) => of(device) ?? []), ...more, 'nothing');
  const time = (at: number) => new Date(at).toISOString();
  return {
    app_id: some(({ appId }) => appId),
    device_id: some(({ deviceId }) => deviceId, foreign.deviceId),
    gateway_id: some(({ rootId }) => rootId, ...devices.map(({ deviceId }) => deviceId)),
    product_id: some(({ productId }) => productId, foreign.productId),
    device_name: some(({ name }) => name, 'gate 2', "it's", '中国设备中'),
    node_id: some(({ nodeId }) => nodeId, 'node-', 'node_'),
    status: fc.constantFrom('ONLINE', 'OFFLINE', 'ABNORMAL', 'INACTIVE', 'FROZEN', 'online'),
    node_type: fc.constantFrom('GATEWAY', 'ENDPOINT', 'UNKNOWN'),
    tag_key: fc.constantFrom('site', 'sitemap', 'line', 'no'),
    tag_value: fc.constantFrom('north', 'south', 'north-west', 'no'),
    sw_version: fc.constantFrom('1.2', '1.3'),
    fw_version: fc.constantFrom('1.2', '1.3'),
    group_id: fc.constantFrom(...groups.map(({ groupId }) => groupId), 'nothing'),
    create_time: fc.constantFrom(time(builtAt), time(builtAt + 1), time(builtAt - 1)),
    marker: some(({ recordId }) => recordId),
    location: fc.constantFrom('hall', 'yard', 'nothing'),
  };
}

export function describeSearch(makeStore: MakeStore): void {
  describe('search', () => {
    const fixture = useStore(makeStore);

    it('finds and counts exactly what the conditions say, whatever they are', { timeout: 120_000 }, async () => {
      const { store, scope } = fixture();
      const fleet = await aFleet(fixture());
      const { devices } = fleet;
      const { projectId } = scope;
      const groupsOf = new Map<string, ReadonlySet<string>>();
      for (const { deviceId } of devices) {
        const groups = await store.groups.listOf(projectId, deviceId);
        groupsOf.set(deviceId, new Set(groups.map(({ groupId }) => groupId)));
      }
      const expectedOf = (where: Where) =>
        devices.filter((device) => matchesWhere(where, device, groupsOf.get(device.deviceId) ?? new Set()));
      const property = fc.asyncProperty(whereArbitrary(valuesOf(fleet)), fc.boolean(), async (where, ascending) => {
        const expected = expectedOf(where).map(({ deviceId }) => deviceId);
        const order = ascending ? 'asc' : 'desc';
        const found = await store.search.find(projectId, { where, order, limit: 50, offset: 0 });
        const ids = found.map(({ device }) => device.deviceId);
        expect(ids, printWhere(where)).toEqual(ascending ? expected.toReversed() : expected);
        expect(await store.search.count(projectId, where), printWhere(where)).toBe(expected.length);
        const second = await store.search.find(projectId, { where, order, limit: 2, offset: 1 });
        expect(second.map(({ device }) => device.deviceId)).toEqual(ids.slice(1, 3));
      });
      await fc.assert(property, { numRuns: 300 });
    });

    it('shows devices as they are, with their groups, static and dynamic', async () => {
      const { store, scope } = fixture();
      const { groups, devices } = await aFleet(fixture());
      const { projectId } = scope;
      const found = await store.search.find(projectId, parseSearch('select * from device limit 50'));
      expect(found.map(({ device }) => device)).toEqual(devices);
      const [fixed, second, dynamic] = groups.map(({ groupId }) => groupId);
      const byNode = new Map(found.map(({ device, groups: of }) => [device.nodeId, of.map(({ groupId }) => groupId)]));
      expect(byNode.get('node-gate')).toEqual([dynamic, fixed]);
      expect(byNode.get('node-child')).toEqual([dynamic, second]);
      expect(byNode.get('node_grand')).toEqual([]);
      expect(byNode.get('NODE-x')).toEqual([dynamic, fixed]);
    });

    it.each([
      ["node_id like 'node-%'", ['node-child', 'node-gate']],
      ["node_id like 'node_%'", ['node_grand']],
      ["device_name like '中国设备%'", 1],
      ["device_name like 'it''s%'", ['NODE-x']],
      ["device_name = 'it''s 100%_a\\b'", ['NODE-x']],
      ["device_name = '中国设备'", 1],
      // Nothing of a value is a word of the language.
      ["device_name = '''; drop table devices; --'", 0],
      ["device_name = 'x'' or ''1'' = ''1'", 0],
      // Tags joined with and are one tag.
      ["tag_key = 'site' and tag_value = 'south'", ['NODE-x']],
      ["tag_key = 'line' and tag_value = 'north'", 0],
      ["tag_key = 'site' and tag_value != 'north'", ['NODE-x']],
      ["tag_key = 'sitemap' and tag_value != 'north'", ['NODE-x']],
      ["tag_key like 'site%' and node_id != 'NODE-x'", ['node-child', 'node-gate']],
      ["status = 'FROZEN'", 1],
      ["status = 'ONLINE'", ['NODE-x', 'node-child']],
      ["status != 'INACTIVE' and status != 'FROZEN'", ['NODE-x', 'node-child']],
      ["fw_version != '1.2' and node_type = 'GATEWAY'", 2],
      ["gateway_id = 'nothing' or node_type = 'UNKNOWN'", 0],
    ] as const)('finds %s', async (rule, expected) => {
      const { store, scope } = fixture();
      await aFleet(fixture());
      const { items, count } = await store.search.list(scope.projectId, parseWhere(rule), firstPage);
      expect(items).toHaveLength(count);
      if (typeof expected === 'number') expect(count).toBe(expected);
      else {
        const found = await store.search.find(scope.projectId, { ...firstPage, where: parseWhere(rule), order: 'asc' });
        expect(found.map(({ device }) => device.nodeId).toSorted()).toEqual([...expected].toSorted());
      }
    });

    it('pages by record id', async () => {
      const { store, scope } = fixture();
      const { projectId } = scope;
      const ids = await fixture().given.devices(scope, 12);
      for (const deviceId of ids.slice(0, 9))
        await store.tags.bind({ projectId, deviceId }, [{ key: 'k', value: 'v' }]);
      const { items } = await store.devices.list({ projectId }, firstPage);
      const tagged = new Set<string>(ids.slice(0, 9));
      const expected = items.filter(({ deviceId }) => tagged.has(deviceId)).map(({ recordId }) => recordId);
      for (const rule of ["tag_key = 'k' and tag_value = 'v'", "tag_key = 'k'", "tag_value != 'x'"]) {
        await expectPaging((page) => store.search.list(projectId, parseWhere(rule), page), expected);
      }
    });

    it('finds in every way that it knows, however much there is', { timeout: 120_000 }, async () => {
      const { store, given, scope } = fixture();
      const { projectId } = scope;
      const many = await given.devices(scope, drivenRowsMax + 100);
      const { device: newest } = (await store.search.find(projectId, parseSearch('select * from device')))[0] ?? {};
      const productId = newest?.productId ?? '';
      const few = await given.device(scope, { nodeId: 'node-last', product: await given.product(scope) });
      const of = async (rule: string, order = 'desc') => {
        const found = await store.search.find(
          projectId,
          parseSearch(`select * from device where ${rule} order by marker ${order}`),
        );
        return found.map(({ device }) => device.deviceId);
      };
      // By the index, by a walk, by one of two, by both.
      const likeAll = "node_id like 'node%'";
      expect(await of(likeAll)).toEqual([few.deviceId, ...many.toReversed().slice(0, 9)]);
      expect(await of(likeAll, 'asc')).toEqual(many.slice(0, 10));
      expect(await of(`product_id = '${productId}' and ${likeAll}`)).toEqual(many.toReversed().slice(0, 10));
      expect(await of(`product_id = '${few.productId}' and ${likeAll}`)).toEqual([few.deviceId]);
      expect(await of(`product_id = '${few.productId}' or ${likeAll}`, 'asc')).toEqual(many.slice(0, 10));
      expect(await of(`product_id = '${few.productId}' or node_id = 'node-no'`)).toEqual([few.deviceId]);
      expect(await of(`status = 'INACTIVE' and ${likeAll} and marker < '${few.recordId}'`)).toEqual(
        many.toReversed().slice(0, 10),
      );
      for (const rule of [
        likeAll,
        `${likeAll} and status = 'INACTIVE'`,
        `${likeAll} or product_id = '${few.productId}'`,
      ]) {
        expect(await store.search.count(projectId, parseWhere(rule))).toBe(many.length + 1);
      }
      expect(await store.search.count(projectId, undefined)).toBe(many.length + 1);
    });

    it('counts exactly where no index has few, by differences', { timeout: 120_000 }, async () => {
      const { store, given, scope } = fixture();
      const { projectId } = scope;
      const many = await given.devices(scope, drivenRowsMax + 100);
      const { productId } = await given.product(scope);
      const few = await given.device(scope, { nodeId: 'node-last', name: 'last', product: await given.product(scope) });
      const tagged = many.slice(0, 40);
      for (const deviceId of tagged) await store.tags.bind({ projectId, deviceId }, [{ key: 'k', value: 'v' }]);
      for (const deviceId of many.slice(0, 10))
        await store.tags.bind({ projectId, deviceId }, [{ key: 'k', value: 'w' }]);
      await store.effects.apply(
        projectId,
        many.map((deviceId) => ({ kind: 'updateDevice', deviceId, changes: { tags: [{ key: 'all', value: 'x' }] } })),
      );
      const all = many.length + 1;
      const likeAll = "node_id like 'node%'";
      for (const [rule, expected] of [
        ["device_name != 'last'", all - 1],
        [`node_id != 'node-last' and ${likeAll}`, all - 1],
        [`device_id not in ('${few.deviceId}', '${many[0] ?? ''}') and ${likeAll} and device_name != 'x'`, all - 2],
        [`device_name != 'last' or node_id != 'node-last'`, all - 1],
        [`device_name != 'last' or product_id = '${few.productId}'`, all],
        [`${likeAll} or product_id = '${productId}'`, all],
        ["tag_key = 'all' or tag_value = 'v'", many.length],
        [`tag_value = 'x' and product_id = '${few.productId}'`, 0],
        [`tag_value = 'x' and node_id != '${few.nodeId}' and status != 'FROZEN'`, many.length],
        [`tag_key = 'all' and device_name != 'x' and status not in ('ONLINE', 'OFFLINE')`, many.length],
        ["tag_value = 'x' and status != 'INACTIVE'", 0],
        ["tag_key = 'all' and tag_value = 'x' or tag_key = 'k' and tag_value = 'w'", many.length],
        [`tag_key = 'all' and device_id != '${many[1] ?? ''}' or tag_value = 'w' or device_name = 'last'`, all],
        [`tag_key = 'all' and tag_value != 'x' or tag_key = 'all' and tag_value = 'x'`, many.length],
      ] as const)
        expect(await store.search.count(projectId, parseWhere(rule)), rule).toBe(expected);
    });
  });
}
