import { type SqlBool, sql } from 'kysely';
import type { Device } from '../../../domain/device.ts';
import { asId, type DeviceId, type ProjectId, type RecordId } from '../../../domain/ids.ts';
import type { EitherEnd, Page } from '../../../domain/paging.ts';
import { Problem } from '../../../domain/problem.ts';
import type { DeviceFilter } from '../../../ports/store/device-store.ts';
import type { Where } from '../../../domain/search/where.ts';
import { checked, checkedNumber } from '../checked.ts';
import { selectPage } from '../page.ts';
import { all, first, type Program } from '../program.ts';
import { pageOfMatching } from '../search/list-matching.ts';
import type { SqlContext } from '../sql-context.ts';
import { deviceOf } from './device-codec.ts';
import { conditionsOf } from './filter-conditions.ts';

/** The names are looked up row by row of the page, not joined: a count of a million devices does not want them. */
export const devicesWithNames = (ctx: SqlContext) =>
  ctx.db
    .selectFrom('devices')
    .selectAll('devices')
    .select((eb) => [
      eb
        .selectFrom('apps')
        .select('apps.name')
        .whereRef('apps.app_id', '=', 'devices.app_id')
        .$asScalar()
        .$notNull()
        .as('app_name'),
      eb
        .selectFrom('products')
        .select('products.name')
        .whereRef('products.app_id', '=', 'devices.app_id')
        .whereRef('products.product_id', '=', 'devices.product_id')
        .$asScalar()
        .$notNull()
        .as('product_name'),
      eb
        .selectFrom('device_tags')
        .select(ctx.dialect.pairsOf('tag_key', 'tag_value').as('tags'))
        .whereRef('device_tags.device_id', '=', 'devices.device_id')
        .$asScalar()
        .$notNull()
        .as('tags'),
    ]);

export function* findDevice(ctx: SqlContext, projectId: ProjectId, deviceId: DeviceId): Program<Device | undefined> {
  const row = yield* first(
    devicesWithNames(ctx).where('devices.device_id', '=', deviceId).where('devices.project_id', '=', projectId),
  );
  return row && deviceOf(row, ctx.box);
}

export function* getDevice(ctx: SqlContext, projectId: ProjectId, deviceId: DeviceId): Program<Device> {
  const device = yield* findDevice(ctx, projectId, deviceId);
  if (device === undefined) throw new Problem('deviceNotFound');
  return device;
}

export function* listDevices(ctx: SqlContext, filter: DeviceFilter, page: EitherEnd): Program<Page<Device>> {
  return filter.gatewayId === undefined
    ? yield* listByConditions(ctx, filter, page)
    : yield* listChildrenOf(ctx, { ...filter, gatewayId: filter.gatewayId }, page);
}

/** As a search for the same, whose ways through a million devices are known. */
function* listByConditions(ctx: SqlContext, filter: DeviceFilter, page: EitherEnd): Program<Page<Device>> {
  const { projectId } = filter;
  const conditions = conditionsOf(filter);
  const matching = {
    where: conditions.length === 0 ? undefined : [conditions],
    scope: { projectId, rules: new Map<string, Where>() },
  };
  const { recordIds, count } = yield* pageOfMatching(ctx, matching, page);
  const devices = yield* devicesByRecordId(ctx, projectId, recordIds);
  return {
    items: recordIds.flatMap((recordId) => devices.get(recordId) ?? []),
    count,
    marker: asId<RecordId>(recordIds.at(-1) ?? '') || null,
  };
}

/** With all that is shown of them; one that was deleted meanwhile is left out. */
export function* devicesByRecordId(
  ctx: SqlContext,
  projectId: string,
  recordIds: readonly string[],
): Program<ReadonlyMap<string, Device>> {
  if (recordIds.length === 0) return new Map();
  const rows = yield* all(
    devicesWithNames(ctx)
      .where('devices.project_id', '=', projectId)
      .where(ctx.dialect.isOneOf('devices.record_id', recordIds)),
  );
  return new Map(rows.map((row) => [row.record_id, deviceOf(row, ctx.box)]));
}

/** A gateway has a few thousand children at most. */
function* listChildrenOf(
  ctx: SqlContext,
  filter: DeviceFilter & { readonly gatewayId: DeviceId },
  page: EitherEnd,
): Program<Page<Device>> {
  const { appId, productId, nodeId, name, createdFrom, createdTo } = filter;
  const column = yield* ancestorColumn(ctx, filter.gatewayId, filter.cascade === true);
  let base = devicesWithNames(ctx)
    .where('devices.project_id', '=', filter.projectId)
    .where('devices.parent_id', 'is not', null)
    .where(column, '=', filter.gatewayId);
  const only = (text: string, value: string | undefined) => {
    if (value !== undefined) base = base.where(sql<SqlBool>`${sql.raw(checked(text))} = ${value}`);
  };
  only('devices.app_id', appId);
  only('devices.product_id', productId);
  only('devices.node_id', nodeId);
  only('devices.name', name);
  if (createdFrom !== undefined) base = base.where(createdAt, '>=', createdFrom);
  if (createdTo !== undefined) base = base.where(createdAt, '<=', createdTo);
  return yield* selectPage(base, { key: 'devices.record_id', page, decode: (row) => deviceOf(row, ctx.box) });
}

const createdAt = sql<number>`${sql.raw(checkedNumber('devices.created_at'))}`;

/** Two levels at most: below a child there are only its direct children, below a direct device everything has it as root. */
function* ancestorColumn(
  ctx: SqlContext,
  gatewayId: DeviceId,
  cascade: boolean,
): Program<'devices.parent_id' | 'devices.root_id'> {
  if (!cascade) return 'devices.parent_id';
  const gateway = yield* first(ctx.db.selectFrom('devices').select('parent_id').where('device_id', '=', gatewayId));
  return gateway?.parent_id === null ? 'devices.root_id' : 'devices.parent_id';
}

/** Never-connected devices without children whose `timeout` is over (v5 6), the longest overdue first. */
export function* listLapsed(
  now: number,
  limit: number,
): Program<readonly { projectId: ProjectId; deviceId: DeviceId }[]> {
  return yield* all<{ projectId: ProjectId; deviceId: DeviceId }>({
    sql: `SELECT project_id AS "projectId", device_id AS "deviceId" FROM devices
      WHERE connectivity = 'INACTIVE' AND timeout_seconds > 0 AND created_at + timeout_seconds * 1000 <= ?
        AND NOT EXISTS (SELECT 1 FROM devices child WHERE child.project_id = devices.project_id AND child.parent_id = devices.device_id)
      ORDER BY created_at + timeout_seconds * 1000 LIMIT ?`,
    parameters: [now, limit],
  });
}
