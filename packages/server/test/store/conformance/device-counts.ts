import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Device } from '../../../src/domain/device.ts';
import type { Effect } from '../../../src/domain/effect.ts';
import { asId, type DeviceId } from '../../../src/domain/ids.ts';
import { Problem } from '../../../src/domain/problem.ts';
import { matchesWhere } from '../../../src/domain/search/match-where.ts';
import { parseWhere } from '../../../src/domain/search/parse-search.ts';
import { builtAt } from '../../builders/chance.ts';
import { aDevice } from '../../builders/device-builders.ts';
import { type Fixture, firstPage, type MakeStore, useStore } from './store-fixture.ts';

type Operation =
  | { readonly kind: 'insert' | 'insertChild' | 'change-gateway'; readonly device: number; readonly other: number }
  | { readonly kind: 'report'; readonly device: number; readonly fwVersion?: string; readonly swVersion?: string }
  | {
      readonly kind: 'delete' | 'freeze' | 'unfreeze' | 'attach' | 'childOnline' | 'childOffline' | 'upgraded';
      readonly device: number;
    }
  | { readonly kind: 'offline' | 'fold' };

const device = fc.nat({ max: 11 });
const version = fc.constantFrom('1', '2');
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: fc.constantFrom('insert', 'insertChild', 'change-gateway'), device, other: device }),
  fc.record(
    { kind: fc.constant('report'), device, fwVersion: version, swVersion: version },
    { requiredKeys: ['kind', 'device'] },
  ),
  fc.record({
    kind: fc.constantFrom('delete', 'freeze', 'unfreeze', 'attach', 'childOnline', 'childOffline', 'upgraded'),
    device,
  }),
  fc.record({ kind: fc.constantFrom('offline', 'fold') }),
);

/** Whatever a kind of devices is told apart by, and what is not. */
const searches = [
  ...['INACTIVE', 'ONLINE', 'OFFLINE', 'ABNORMAL', 'FROZEN'].map((status) => `status = '${status}'`),
  ...["node_type = 'GATEWAY'", "node_type = 'ENDPOINT'", "fw_version = '1'", "fw_version != '1'", "sw_version = '2'"],
  ...["sw_version != '2' and status != 'ONLINE'", "fw_version = '1' or sw_version = '1' and node_type = 'ENDPOINT'"],
] as const;

/** What may happen to twelve devices of two products, in a project of its own. */
async function aFleet({ given, store }: Fixture) {
  const scope = await given.scope();
  const { projectId } = scope;
  const products = [await given.product(scope), await given.product(scope)] as const;
  const deviceIds = Array.from({ length: 12 }, (_, n) => asId<DeviceId>(`${projectId}-${n}`));
  const idOf = (n: number): DeviceId => deviceIds[n] ?? asId<DeviceId>('nobody');
  const insert = (n: number, parentId?: DeviceId) => {
    const { productId } = products[n % 2 === 0 ? 0 : 1];
    return store.devices.insert(aDevice({ ...scope, productId, deviceId: idOf(n), nodeId: `node-${n}`, parentId }));
  };
  const apply = (effect: Effect) => store.effects.apply(projectId, [effect]);
  const setChild = async (deviceId: DeviceId, status: 'ONLINE' | 'OFFLINE') => {
    const found = await store.devices.find(projectId, deviceId);
    if (found !== undefined) await store.devices.setChildStatuses(found.rootId, [{ deviceId, status }], builtAt);
  };
  const run = async (step: Operation): Promise<unknown> => {
    switch (step.kind) {
      case 'insert':
        return await insert(step.device);
      case 'insertChild':
        return await insert(step.device, idOf(step.other));
      case 'change-gateway':
        return await store.devices.changeGateway(projectId, idOf(step.device), { gatewayId: idOf(step.other), at: 1 });
      case 'report':
        return await store.devices.reportVersions(idOf(step.device), step);
      case 'delete':
        return await store.devices.delete(projectId, idOf(step.device), 1);
      case 'freeze':
        return await apply({ kind: 'freezeDevice', deviceId: idOf(step.device) });
      case 'unfreeze':
        return await apply({ kind: 'unfreezeDevice', deviceId: idOf(step.device) });
      case 'upgraded':
        return await apply({ kind: 'reportVersions', deviceId: idOf(step.device), versions: { fwVersion: '2' } });
      case 'attach':
        return await store.sessions.attach({
          deviceId: idOf(step.device),
          node: 'node-1',
          address: '::1',
          at: builtAt,
        });
      case 'childOnline':
        return await setChild(idOf(step.device), 'ONLINE');
      case 'childOffline':
        return await setChild(idOf(step.device), 'OFFLINE');
      case 'offline':
        await store.sessions.detachNode('node-1', builtAt);
        return await store.sessions.settleOffline(builtAt, 100);
      case 'fold':
        return await store.devices.foldCounts(8);
    }
  };
  return { projectId, products, run };
}

/** What is refused has changed nothing, and must have counted nothing. */
const refused = (error: unknown): void => {
  if (!(error instanceof Problem)) throw error;
};

export function describeDeviceCounts(makeStore: MakeStore): void {
  describe('the counts of devices', () => {
    const fixture = useStore(makeStore);

    it('are those of the devices, whatever happened to them, one after the other or at once', {
      timeout: 120_000,
    }, async () => {
      const { store } = fixture();
      const property = fc.asyncProperty(
        fc.array(fc.array(operation, { minLength: 1, maxLength: 6 }), { maxLength: 12 }),
        async (rounds) => {
          const { projectId, products, run } = await aFleet(fixture());
          for (const steps of rounds) await Promise.all(steps.map((step) => run(step).catch(refused)));
          const { items, count } = await store.devices.list({ projectId }, firstPage);
          expect(count).toBe(items.length);
          for (const { productId } of products) await expectCount(items, `product_id = '${productId}'`);
          for (const search of searches) await expectCount(items, search);

          async function expectCount(devices: readonly Device[], search: string): Promise<void> {
            const where = parseWhere(search);
            const expected = devices.filter((one) => matchesWhere(where, one, new Set()));
            expect(await store.search.count(projectId, where), search).toBe(expected.length);
          }
        },
      );
      await fc.assert(property, { numRuns: 40 });
    });

    it('are kept for every project by itself', async () => {
      const { store, given, scope, other } = fixture();
      const [deviceId] = await given.devices(scope, 3);
      await given.devices(other, 2);
      await store.devices.delete(scope.projectId, deviceId ?? asId<DeviceId>(''), 1);
      expect(await store.search.count(scope.projectId, undefined)).toBe(2);
      expect(await store.search.count(other.projectId, undefined)).toBe(2);
      while (await store.devices.foldCounts(8));
      expect(await store.search.count(scope.projectId, undefined)).toBe(2);
    });
  });
}
