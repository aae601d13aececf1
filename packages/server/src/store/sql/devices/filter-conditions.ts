import type { Condition, SearchField } from '../../../domain/search/where.ts';
import { toMillisTime } from '../../../domain/time.ts';
import type { DeviceFilter } from '../../../ports/store/device-store.ts';

/** What the filters of a list say in the words of a search; but for the gateway, whose children are a few and have their own indexes. */
export function conditionsOf({
  appId,
  productId,
  nodeId,
  name,
  createdFrom,
  createdTo,
  ...more
}: DeviceFilter): readonly Condition[] {
  return [
    ...equal('app_id', appId),
    ...equal('product_id', productId),
    ...equal('product_id', more.productIds),
    ...equal('node_id', nodeId),
    ...equal('device_name', name),
    ...equal('gateway_id', more.familyOf),
    ...equal('status', more.statuses),
    ...equal('node_type', more.nodeType),
    ...equal('location', more.location),
    // Ranges of searches are open, those of lists closed. Nothing was registered before 1970 or will be after 9999.
    ...(createdFrom === undefined || createdFrom <= 0 ? [] : [created('>', createdFrom - 1)]),
    ...(createdTo === undefined || createdTo >= lastMs ? [] : [created('<', Math.max(createdTo, -1) + 1)]),
  ];
}

const lastMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

const equal = (field: SearchField, value: string | readonly string[] | undefined): readonly Condition[] =>
  value === undefined ? [] : [{ kind: 'equal', field, negated: false, values: [value].flat() }];

const created = (side: '>' | '<', at: number): Condition => ({
  kind: 'range',
  field: 'create_time',
  side,
  value: toMillisTime(at),
});
