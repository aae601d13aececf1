import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Device } from '../../src/domain/device.ts';
import { matchesWhere, type SearchableDevice } from '../../src/domain/search/match-where.ts';
import { asId, type AppId, type DeviceId, type ProductId, type RecordId } from '../../src/domain/ids.ts';
import { type CountTerm, countTermsOf, termsBesideRange } from '../../src/store/sql/search/count-terms.ts';
import { printWhere, whereArbitrary } from '../domain/search/search-arbitraries.ts';

const some = fc.constantFrom('a', 'b', 'abcd', 'abce');
const maybe = fc.option(some, { nil: undefined });
const time = fc.constantFrom(1, 2, 3);

const device = fc.record({
  recordId: some.map((text) => asId<RecordId>(text)),
  deviceId: some.map((text) => asId<DeviceId>(text)),
  appId: some.map((text) => asId<AppId>(text)),
  productId: some.map((text) => asId<ProductId>(text)),
  nodeId: some,
  name: maybe,
  parentId: fc.option(
    some.map((text) => asId<DeviceId>(text)),
    { nil: undefined },
  ),
  connectivity: fc.constantFrom<Device['connectivity'][]>('ONLINE', 'OFFLINE'),
  frozen: fc.boolean(),
  fwVersion: maybe,
  swVersion: maybe,
  createdAt: time,
  tags: fc.array(fc.record({ key: some, value: maybe }), { maxLength: 3 }),
  legacy: fc.oneof(
    fc.constant({}),
    some.map((location) => ({ location })),
  ),
});

const where = whereArbitrary({
  app_id: some,
  device_id: some,
  gateway_id: some,
  product_id: some,
  device_name: some,
  node_id: some,
  status: fc.constantFrom('ONLINE', 'OFFLINE', 'FROZEN'),
  node_type: fc.constantFrom('GATEWAY', 'ENDPOINT'),
  tag_key: some,
  tag_value: some,
  sw_version: some,
  fw_version: some,
  group_id: some,
  create_time: time.map((at) => new Date(at).toISOString()),
  marker: some,
  location: some,
});

const sumOf = (
  terms: readonly CountTerm[],
  devices: readonly SearchableDevice[],
  groupIds: ReadonlySet<string>,
): number =>
  terms.reduce((total, { sign, lists }) => {
    const met = devices.filter((each) => lists.every((list) => matchesWhere([list], each, groupIds)));
    return total + sign * met.length;
  }, 0);

it('the terms of a count add up to the matches, whatever the conditions are', () => {
  fc.assert(
    fc.property(
      where,
      fc.array(device, { minLength: 1, maxLength: 10 }),
      fc.subarray(['a', 'b']),
      (one, devices, groups) => {
        const groupIds = new Set(groups);
        const expected = devices.filter((each) => matchesWhere(one, each, groupIds)).length;
        for (const terms of [countTermsOf(one), termsBesideRange(one)?.terms])
          if (terms !== undefined) expect(sumOf(terms, devices, groupIds), printWhere(one)).toBe(expected);
      },
    ),
    { numRuns: 2000 },
  );
});
