import type { Device } from '../domain/device.ts';
import type { Downlink } from '../domain/downlink.ts';
import type { DeviceId } from '../domain/ids.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import type { Product } from '../domain/product.ts';
import type { DeviceLink } from '../ports/device-link.ts';
import type { Log } from '../ports/log.ts';
import type { ProductStore } from '../ports/store/catalogue-stores.ts';
import type { ChildChange, DeviceStore, GatewayChange, SessionStore } from '../ports/store/device-store.ts';

const subDeviceService = '$sub_device_manager';
/** device 9: the C library drops what is beyond it. */
export const devicesPerNoticeMax = 10;

/** What a gateway is told of a child; keys without value are left out (device 9, DeviceInfo). */
export function deviceInfoOf(device: Device, product: Product | undefined): JsonObject {
  const info: Record<string, Json | undefined> = {
    parent_device_id: device.parentId,
    node_id: device.nodeId,
    device_id: device.deviceId,
    name: device.name,
    description: device.description,
    manufacturer_id: product?.manufacturerId ?? product?.manufacturerName,
    model: product?.model ?? product?.name,
    product_id: device.productId,
    fw_version: device.fwVersion,
    sw_version: device.swVersion,
    status: device.connectivity,
    extension_info: device.extensionInfo,
  };
  return Object.fromEntries(Object.entries(info).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

/** The same for one that is gone. */
export function deletedInfoOf({
  parentId,
  nodeId,
  deviceId,
}: Pick<Device, 'parentId' | 'nodeId' | 'deviceId'>): JsonObject {
  return { ...(parentId === undefined ? {} : { parent_device_id: parentId }), node_id: nodeId, device_id: deviceId };
}

export interface SubDevicesNotice {
  readonly kind: ChildChange['kind'];
  readonly gatewayId: DeviceId;
  /** Of the gateway's child list. */
  readonly version: number;
  readonly devices: readonly JsonObject[];
}

/** As many events as it takes; `version` comes before `devices`, because the C library scans the text for it (device 9). */
export function noticeDownlinks({ kind, gatewayId, version, devices }: SubDevicesNotice): Downlink[] {
  const downlinks: Downlink[] = [];
  for (let start = 0; start < devices.length; start += devicesPerNoticeMax) {
    downlinks.push({
      deviceId: gatewayId,
      rootId: gatewayId,
      content: {
        kind: 'event',
        serviceId: subDeviceService,
        eventType: `${kind}_sub_device_notify`,
        paras: { version, devices: devices.slice(start, start + devicesPerNoticeMax) },
      },
    });
  }
  return downlinks;
}

/** Tells connected gateways about children that the API adds, deletes or moves. */
export interface SubDevicesNotifier {
  /**
   * Makes the change, then tells the gateway. Changes of one gateway's children are made one after the other: made side by side, they
   * could come back in another order than that of their versions. Fails as the change does; its notice never fails it.
   */
  change(gatewayId: DeviceId, kind: ChildChange['kind'], make: () => Promise<Device>): Promise<Device>;
  /** The same for a child that goes from one gateway to another; both are told, the one that it leaves first. */
  move(gatewayIds: readonly DeviceId[], make: () => Promise<GatewayChange>): Promise<GatewayChange>;
}

export interface SubDevicesNotifierParts {
  readonly store: { readonly devices: DeviceStore; readonly sessions: SessionStore; readonly products: ProductStore };
  readonly link: DeviceLink;
  readonly log: Log;
}

/** Gateways drop a notice whose version is not above the last one, so those of one gateway go out one after the other. */
export function createSubDevicesNotifier(parts: SubDevicesNotifierParts): SubDevicesNotifier {
  const inTurn = createLines();
  const tell = async (notice: ChildNotice): Promise<void> => {
    try {
      await sendNotice(parts, notice);
    } catch (err) {
      parts.log.error({ err, gatewayId: notice.child.rootId }, 'a gateway was not told about its sub-devices');
    }
  };
  return {
    change: (gatewayId, kind, make) =>
      inTurn([gatewayId], async () => {
        const child = await make();
        await tell({ kind, child, version: undefined });
        return child;
      }),
    move: (gatewayIds, make) =>
      inTurn(gatewayIds, async () => {
        const moved = await make();
        const { device, left, version } = moved;
        const { parentId, rootId } = left;
        await tell({ kind: 'delete', child: { ...device, parentId, rootId }, version: left.version });
        await tell({ kind: 'add', child: device, version });
        return moved;
      }),
  };
}

/** Runs work of one gateway, or of several at once, after all that was handed in before for any of them. */
function createLines(): <Value>(gatewayIds: readonly DeviceId[], work: () => Promise<Value>) => Promise<Value> {
  const lines = new Map<DeviceId, Promise<unknown>>();
  return (gatewayIds, work) => {
    const turn = Promise.all(gatewayIds.map((gatewayId) => lines.get(gatewayId) ?? Promise.resolve())).then(work);
    const over = turn
      .catch(() => undefined)
      .finally(() => {
        for (const gatewayId of gatewayIds) if (lines.get(gatewayId) === over) lines.delete(gatewayId);
      });
    for (const gatewayId of gatewayIds) lines.set(gatewayId, over);
    return turn;
  };
}

interface ChildNotice {
  readonly kind: ChildChange['kind'];
  /** With the parent and the root that are told. */
  readonly child: Device;
  /** Of the root's list; undefined: looked up. */
  readonly version: number | undefined;
}

async function sendNotice(
  { store, link }: SubDevicesNotifierParts,
  { kind, child, version }: ChildNotice,
): Promise<void> {
  const { projectId, rootId, productId, appId } = child;
  // device 9: only to a connected gateway, not cached.
  const reach = await store.sessions.findReach(projectId, rootId);
  if (reach?.reachable !== true) return;
  const info =
    kind === 'add' ? deviceInfoOf(child, await store.products.find(projectId, productId, appId)) : deletedInfoOf(child);
  const told = version ?? (await versionOf(store.devices, kind, child));
  link.send(noticeDownlinks({ kind, gatewayId: rootId, version: told, devices: [info] }));
}

/** How many changes may come in between a change and its notice and still leave it its own version. */
const lookBack = 100;

/** The version that this very change made, though others may have followed meanwhile. */
async function versionOf(devices: DeviceStore, kind: ChildChange['kind'], child: Device): Promise<number> {
  const current = await devices.childListVersion(child.rootId);
  const changes = await devices.listChildChanges(child.rootId, Math.max(0, current - lookBack), lookBack);
  const own = changes?.findLast((change) => change.kind === kind && changedId(change) === child.deviceId);
  return own?.version ?? current;
}

const changedId = (change: ChildChange): DeviceId => (change.kind === 'add' ? change.device.deviceId : change.deviceId);
