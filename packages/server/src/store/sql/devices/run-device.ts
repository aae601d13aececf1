import type { Connectivity } from '../../../domain/device.ts';
import { type AppId, asId, type DeviceId, type ProductId } from '../../../domain/ids.ts';
import type { RunDevice } from '../../../domain/run.ts';

/** What a task type is told of a device, as columns of `devices d` and of the session `e` of its root. */
export interface RunDeviceRow {
  readonly app_id: string;
  readonly product_id: string;
  readonly root_id: string;
  readonly frozen: number;
  readonly connectivity: Connectivity;
  readonly fw_version: string | null;
  readonly sw_version: string | null;
  readonly node: string | null;
  readonly epoch: number;
}

export const runDeviceColumns =
  'd.device_id, d.app_id, d.product_id, d.root_id, d.frozen, d.connectivity, d.fw_version, d.sw_version, e.node, e.epoch';

/** A child is reached through its gateway (device 7.2): the session is that of its root. */
export const sessionJoin = 'LEFT JOIN sessions e ON e.device_id = d.root_id AND e.ended_at IS NULL';

export function runDeviceOf(
  row: RunDeviceRow,
  { deviceId, laneTaken }: { readonly deviceId: string; readonly laneTaken: boolean },
): RunDevice {
  return {
    deviceId: asId<DeviceId>(deviceId),
    appId: asId<AppId>(row.app_id),
    productId: asId<ProductId>(row.product_id),
    rootId: asId<DeviceId>(row.root_id),
    frozen: row.frozen === 1,
    connectivity: row.connectivity,
    fwVersion: row.fw_version ?? undefined,
    swVersion: row.sw_version ?? undefined,
    session: row.node === null ? undefined : { node: row.node, epoch: row.epoch },
    laneTaken,
  };
}
