import type { Selectable } from 'kysely';
import { asId, type DeviceId, type ProductId } from '../../../domain/ids.ts';
import { type About, deviceMessages } from '../../../domain/legacy-notices/device-messages.ts';
import type { LegacyDevice } from '../../../domain/legacy-notices/legacy-device.ts';
import type { ProductModel } from '../../../domain/product.ts';
import type { Subject } from '../../../domain/rule.ts';
import { orUndefined } from '../columns.ts';
import type { DevicesTable } from '../device-tables.ts';
import { legacyOf } from '../devices/device-codec.ts';
import type { ProductTraitsTable } from '../legacy-tables.ts';
import { insertPosts } from '../outbox/insert-posts.ts';
import { all, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { readModel } from '../subtasks/run-reader.ts';

/** A subscription of an application (legacy 8) to something that has just happened. */
export interface Subscriber {
  readonly subscription_id: string;
  readonly project_id: string;
  readonly app_id: string;
  readonly notify_type: string;
  readonly url: string;
}

/** What of an occurrence is told here. */
export interface LegacyOccurrence {
  readonly projectId: string;
  readonly appId: string;
  /** The device, or the product. */
  readonly key: string;
  readonly about?: About;
}

export interface LegacyHappening {
  readonly subject: Subject;
  readonly at: number;
  readonly subscribers: readonly Subscriber[];
  readonly occurrences: readonly LegacyOccurrence[];
}

/** One post per message and subscription to it; devices are read as they are now, once for all that happened. */
export function* tellSubscribers(ctx: SqlContext, happening: LegacyHappening): Program<void> {
  const { subject, at, subscribers } = happening;
  const heard = happening.occurrences.filter(({ appId }) => subscribers.some(({ app_id }) => app_id === appId));
  if (heard.length === 0) return;
  const devices = subject.startsWith('product:') ? new Map<string, FoundLegacy>() : yield* readDevices(ctx, heard);
  const models = heard.some(({ about }) => about !== undefined) ? yield* readModels(ctx, devices) : noModels;
  const posts = heard.flatMap(({ projectId, appId, key, about }) => {
    const found = devices.get(key);
    const model = found && models.get(found.productKey);
    const messages = deviceMessages({
      ...{ subject, at, appId, about, device: found?.device },
      requestId: ctx.random.uuid(),
      serviceTypeOf: (id) => model?.capabilities.find(({ service_id }) => service_id === id)?.service_type ?? id,
    });
    return messages.flatMap((body) =>
      subscribers
        .filter((one) => one.app_id === appId && one.project_id === projectId && one.notify_type === body.notifyType)
        .map(({ url, subscription_id: subscriptionId }) => ({ projectId, url, deviceId: key, body, subscriptionId })),
    );
  });
  yield* insertPosts(ctx, posts, at);
}

interface FoundLegacy {
  readonly device: LegacyDevice;
  readonly appId: string;
  readonly productId: string;
  readonly productKey: string;
}

type LegacyRow = Pick<
  Selectable<DevicesTable>,
  | 'device_id'
  | 'app_id'
  | 'product_id'
  | 'parent_id'
  | 'node_id'
  | 'name'
  | 'description'
  | 'connectivity'
  | 'frozen'
  | 'fw_version'
  | 'sw_version'
  | 'active_at'
  | 'status_at'
  | 'created_at'
  | 'timeout_seconds'
  | 'secure_access'
  | 'location'
  | 'legacy'
> &
  Omit<ProductTraitsTable, 'record_id' | 'app_id' | 'product_id'>;

/** By id. */
function* readDevices(
  { dialect }: SqlContext,
  heard: readonly LegacyOccurrence[],
): Program<ReadonlyMap<string, FoundLegacy>> {
  const asked = dialect.rows(
    { id: 'text' },
    [...new Set(heard.map(({ key }) => key))].map((key) => [key]),
  );
  const rows = yield* all<LegacyRow>({
    sql: `SELECT d.device_id, d.app_id, d.product_id, d.parent_id, d.node_id, d.name, d.description, d.connectivity, d.frozen,
        d.fw_version, d.sw_version, d.active_at, d.status_at, d.created_at, d.timeout_seconds, d.secure_access, d.location, d.legacy,
        t.device_type, t.model, t.manufacturer_name, t.manufacturer_id, t.protocol_type
      FROM ${asked.from} ${dialect.orderedJoin} devices d ON d.device_id = r.id
      ${dialect.orderedJoin} product_traits t ON t.app_id = d.app_id AND t.product_id = d.product_id`,
    parameters: asked.parameters,
  });
  return new Map(rows.map((row) => [row.device_id, foundOf(row)]));
}

function foundOf(row: LegacyRow): FoundLegacy {
  const { app_id: appId, product_id: productId } = row;
  return { appId, productId, productKey: JSON.stringify([appId, productId]), device: legacyDeviceOf(row) };
}

const legacyDeviceOf = (row: LegacyRow): LegacyDevice => ({
  deviceId: asId<DeviceId>(row.device_id),
  productId: asId<ProductId>(row.product_id),
  parentId: row.parent_id === null ? undefined : asId<DeviceId>(row.parent_id),
  nodeId: row.node_id,
  name: orUndefined(row.name),
  description: orUndefined(row.description),
  connectivity: row.connectivity,
  frozen: row.frozen === 1,
  fwVersion: orUndefined(row.fw_version),
  swVersion: orUndefined(row.sw_version),
  activeAt: orUndefined(row.active_at),
  statusAt: orUndefined(row.status_at),
  createdAt: row.created_at,
  auth: { secureAccess: row.secure_access === 1, timeoutSeconds: row.timeout_seconds },
  legacy: legacyOf(row),
  traits: {
    deviceType: row.device_type,
    model: row.model,
    manufacturerName: orUndefined(row.manufacturer_name),
    manufacturerId: orUndefined(row.manufacturer_id),
    protocolType: row.protocol_type,
  },
});

const noModels: ReadonlyMap<string, ProductModel> = new Map();

/** Of each product once; parsed ones are kept. */
function* readModels(
  ctx: SqlContext,
  devices: ReadonlyMap<string, FoundLegacy>,
): Program<ReadonlyMap<string, ProductModel>> {
  const models = new Map<string, ProductModel>();
  const products = new Map([...devices.values()].map((found) => [found.productKey, found]));
  for (const [key, { appId, productId }] of products) {
    const model = yield* readModel(ctx, { app_id: appId, product_id: productId });
    if (model !== undefined) models.set(key, model);
  }
  return models;
}
