import type { Device } from '../../domain/device.ts';
import type { DeviceId, ProductId } from '../../domain/ids.ts';
import { lastMarker } from '../../domain/paging.ts';
import type { Product } from '../../domain/product.ts';
import type { ChildChange } from '../../ports/store/device-store.ts';
import type { Store } from '../../ports/store/store.ts';
import {
  deletedInfoOf,
  deviceInfoOf,
  devicesPerNoticeMax,
  type SubDevicesNotice,
} from '../../domain/sub-device-notice.ts';
import type { Speaker } from './family.ts';

type ListStore = Pick<Store, 'devices' | 'products'>;

/** As many changes as are ever known. */
const changesMax = 1000;

/**
 * What a gateway is told when it asks for its sub-devices (device 9): the changes after `since`, or all of them as additions where
 * `since` is absent, 0 or not known any more. At most ten devices each, versions rising; nothing at all where nothing changed.
 */
export async function* listSubDevices(
  store: ListStore,
  gateway: Speaker,
  since: number | undefined,
): AsyncGenerator<SubDevicesNotice> {
  const changes =
    since === undefined || since <= 0
      ? undefined
      : await store.devices.listChildChanges(gateway.deviceId, since, changesMax);
  const describe = createDescriber(store);
  if (changes === undefined) yield* listAll(store, gateway, describe);
  else for (const group of groupsOf(changes)) yield await noticeOf(gateway.deviceId, group, describe);
}

type Describe = (device: Device) => Promise<ReturnType<typeof deviceInfoOf>>;

/** The products of one list are few: each is read once. */
function createDescriber({ products }: ListStore): Describe {
  const known = new Map<ProductId, Product | undefined>();
  return async (device) => {
    const { projectId, appId, productId } = device;
    if (!known.has(productId)) known.set(productId, await products.find(projectId, productId, appId));
    return deviceInfoOf(device, known.get(productId));
  };
}

/** Gateways drop a notice whose version is not above the last one, so the parts count up to the list's version. */
async function* listAll(store: ListStore, gateway: Speaker, describe: Describe): AsyncGenerator<SubDevicesNotice> {
  const { deviceId: gatewayId, projectId } = gateway;
  const version = await store.devices.childListVersion(gatewayId);
  const page = { limit: 1, marker: lastMarker, offset: 0 };
  const { count } = await store.devices.list({ projectId, gatewayId, cascade: true }, page);
  let partsLeft = Math.ceil(count / devicesPerNoticeMax);
  let after = '';
  for (;;) {
    const children = await store.devices.listChildren(gatewayId, after, devicesPerNoticeMax);
    const last = children.at(-1);
    if (last === undefined) return;
    after = last.deviceId;
    partsLeft = Math.max(0, partsLeft - 1);
    const devices = await Promise.all(children.map(describe));
    yield { kind: 'add', gatewayId, version: Math.max(1, version - partsLeft), devices };
  }
}

type Group = readonly [ChildChange, ...ChildChange[]];

/** Neighbours of one kind, at most ten. */
function groupsOf(changes: readonly ChildChange[]): readonly Group[] {
  const groups: [ChildChange, ...ChildChange[]][] = [];
  for (const change of changes) {
    const group = groups.at(-1);
    if (group?.[0].kind === change.kind && group.length < devicesPerNoticeMax) group.push(change);
    else groups.push([change]);
  }
  return groups;
}

async function noticeOf(gatewayId: DeviceId, group: Group, describe: Describe): Promise<SubDevicesNotice> {
  const devices = await Promise.all(
    group.map(async (change) => (change.kind === 'add' ? describe(change.device) : deletedInfoOf(change))),
  );
  return { kind: group[0].kind, gatewayId, version: group.at(-1)?.version ?? group[0].version, devices };
}
