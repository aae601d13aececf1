import type { FoundDevice as WireFoundDevice, SearchDevicesResponse } from '@muster/contract/v5';
import type { FoundDevice, SearchResult } from '../../../services/search.ts';
import { encodeSimpleDevice } from '../devices/encode.ts';

export function encodeSearchResult(result: SearchResult): SearchDevicesResponse {
  return 'count' in result ? { count: result.count } : { devices: result.devices.map(encodeFoundDevice) };
}

/** v5 6.1: Simple without its description, and more. */
function encodeFoundDevice({ device, groups }: FoundDevice): WireFoundDevice {
  const { description: _description, ...simple } = encodeSimpleDevice(device);
  return {
    ...simple,
    // None are known of any device.
    modules: [],
    marker: device.recordId,
    groups: groups.map(({ groupId, name }) => ({ group_id: groupId, name })),
  };
}
