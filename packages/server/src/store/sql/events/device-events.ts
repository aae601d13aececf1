import type { Selectable } from 'kysely';
import type { Device } from '../../../domain/device.ts';
import { asId, type AppId, type DeviceId, type ProductId } from '../../../domain/ids.ts';
import type { JsonObject } from '../../../domain/json.ts';
import type { About } from '../../../domain/legacy-notices/device-messages.ts';
import { deviceNotice, type NoticeDevice, statusNotice } from '../../../domain/notices/device-notices.ts';
import { orUndefined } from '../columns.ts';
import { deviceOf, tagsOf } from '../devices/device-codec.ts';
import { devicesWithNames } from '../devices/device-queries.ts';
import { all, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import type { DevicesTable } from '../device-tables.ts';
import { type Happening, type Occurrence, publish } from './publish.ts';

/** A device as notifications name it, and what a change of its status says. */
export type EventDevice = NoticeDevice & Pick<Device, 'rootId' | 'connectivity' | 'frozen' | 'statusAt'>;

export interface DeviceEvent {
  readonly deviceId: string;
}

interface ToldOfDevices<Event extends DeviceEvent> {
  readonly events: readonly Event[];
  notice(device: EventDevice, event: Event): JsonObject;
  /** What legacy receivers are told beyond what the device shows. */
  about?(event: Event): About;
}

/** Tells of each of these in their order; those whose device is gone are left out. */
export function* publishOfDevices<Event extends DeviceEvent>(
  ctx: SqlContext,
  happening: Happening,
  { events, notice, about }: ToldOfDevices<Event>,
): Program<void> {
  if (events.length === 0) return;
  yield* publish(ctx, happening, function* () {
    const devices = yield* eventDevices(ctx, events);
    return events.flatMap((event) => {
      const found = devices.get(event.deviceId);
      if (found === undefined) return [];
      return [{ ...occurrenceOf(found, notice(found.device, event)), ...(about && { about: about(event) }) }];
    });
  });
}

/** `device.status:update` of devices whose shown status has just changed (device 5). */
export const publishStatuses = (
  ctx: SqlContext,
  projectIds: readonly string[],
  deviceIds: readonly string[],
): Program<void> =>
  publishOfDevices(
    ctx,
    { subject: 'device.status:update', projectIds },
    { events: deviceIds.map((deviceId) => ({ deviceId })), notice: statusNotice },
  );

/** `device:create` and `device:update`, with the devices as they are now. */
export function* publishDevices(
  ctx: SqlContext,
  happening: Happening & { readonly subject: 'device:create' | 'device:update' },
  deviceIds: readonly string[],
): Program<void> {
  if (deviceIds.length === 0) return;
  yield* publish(ctx, happening, function* () {
    const rows = yield* all(
      devicesWithNames(ctx).where(ctx.dialect.isOneOf('devices.device_id', deviceIds)).orderBy('devices.record_id'),
    );
    // Nobody is shown a secret: none is opened.
    return rows.map((row) => {
      const device = deviceOf({ ...row, secret_cipher: null, secondary_secret_cipher: null }, ctx.box);
      return {
        projectId: device.projectId,
        appId: device.appId,
        key: device.deviceId,
        notifyData: deviceNotice(device),
      };
    });
  });
}

/** Where whoever changed something of devices does not know whose they are. */
export function* projectsOf(ctx: SqlContext, events: readonly DeviceEvent[]): Program<readonly string[]> {
  const ids = [...new Set(events.map(({ deviceId }) => deviceId))];
  const rows = yield* all(
    ctx.db.selectFrom('devices').select('project_id').distinct().where(ctx.dialect.isOneOf('device_id', ids)),
  );
  return rows.map((row) => row.project_id);
}

export interface FoundDevice {
  readonly projectId: string;
  readonly device: EventDevice;
}

export const occurrenceOf = ({ projectId, device }: FoundDevice, notifyData: JsonObject): Occurrence => ({
  projectId,
  appId: device.appId,
  key: device.deviceId,
  notifyData,
});

/** By id. */
export function* eventDevices(
  ctx: SqlContext,
  events: readonly DeviceEvent[],
): Program<ReadonlyMap<string, FoundDevice>> {
  const ids = [...new Set(events.map(({ deviceId }) => deviceId))];
  const rows = yield* all(
    ctx.db
      .selectFrom('devices')
      .select(['project_id', 'app_id', 'device_id', 'node_id', 'product_id', 'parent_id', 'root_id'])
      .select(['connectivity', 'frozen', 'status_at'])
      .select((eb) =>
        eb
          .selectFrom('device_tags')
          .select(ctx.dialect.pairsOf('tag_key', 'tag_value').as('tags'))
          .whereRef('device_tags.device_id', '=', 'devices.device_id')
          .$asScalar()
          .$notNull()
          .as('tags'),
      )
      .where(ctx.dialect.isOneOf('devices.device_id', ids)),
  );
  return new Map(rows.map((row) => [row.device_id, { projectId: row.project_id, device: eventDeviceOf(row) }]));
}

interface EventRow
  extends Pick<
    Selectable<DevicesTable>,
    | 'app_id'
    | 'device_id'
    | 'node_id'
    | 'product_id'
    | 'parent_id'
    | 'root_id'
    | 'connectivity'
    | 'frozen'
    | 'status_at'
  > {
  readonly tags: string;
}

const eventDeviceOf = (row: EventRow): EventDevice => ({
  appId: asId<AppId>(row.app_id),
  deviceId: asId<DeviceId>(row.device_id),
  nodeId: row.node_id,
  productId: asId<ProductId>(row.product_id),
  parentId: row.parent_id === null ? undefined : asId<DeviceId>(row.parent_id),
  rootId: asId<DeviceId>(row.root_id),
  connectivity: row.connectivity,
  frozen: row.frozen === 1,
  statusAt: orUndefined(row.status_at),
  tags: tagsOf(row.tags),
});
