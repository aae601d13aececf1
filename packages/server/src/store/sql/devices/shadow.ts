import type { Selectable } from 'kysely';
import { asId, type DeviceId, type ProjectId } from '../../../domain/ids.ts';
import { shadowLimits } from '../../../domain/device.ts';
import type { Json } from '../../../domain/json.ts';
import { propertiesNotice } from '../../../domain/notices/device-notices.ts';
import { Problem } from '../../../domain/problem.ts';
import type { PropertyReport, PushedReports, Shadows, ShadowService } from '../../../ports/store/device-store.ts';
import { objectOf, orUndefined } from '../columns.ts';
import type { DeviceShadowsTable } from '../device-tables.ts';
import { publishOfDevices } from '../events/device-events.ts';
import { locked, lockedRows } from '../locks.ts';
import { all, change, first, type Program, type SqlValue } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';

export function* getShadow(ctx: SqlContext, deviceId: DeviceId): Program<readonly ShadowService[]> {
  const rows = yield* all(
    ctx.db.selectFrom('device_shadows').selectAll().where('device_id', '=', deviceId).orderBy('service_id'),
  );
  return rows.map(shadowServiceOf);
}

const shadowServiceOf = (row: Selectable<DeviceShadowsTable>): ShadowService => ({
  serviceId: row.service_id,
  desired: objectOf(row.desired),
  desiredAt: orUndefined(row.desired_at),
  reported: objectOf(row.reported),
  reportedAt: orUndefined(row.reported_at),
  version: row.version,
});

/** Services of one look; a device never has more, so that each look gets on. */
const lookMax = shadowLimits.services;

export function* listShadows({ dialect }: SqlContext, deviceIds: readonly DeviceId[]): Program<Shadows> {
  if (deviceIds.length === 0) return { shadows: new Map(), rest: [] };
  const asked = dialect.rows(
    { id: 'text' },
    deviceIds.map((deviceId) => [deviceId]),
  );
  const rows = yield* all<Selectable<DeviceShadowsTable>>({
    sql: `SELECT s.* FROM ${asked.from} ${dialect.orderedJoin} device_shadows s ON s.device_id = r.id
      ORDER BY s.device_id, s.service_id LIMIT ${lookMax}`,
    parameters: asked.parameters,
  });
  const byDevice = Map.groupBy(rows, (row) => asId<DeviceId>(row.device_id));
  const rest = restOfLook(deviceIds, {
    last: rows.length < lookMax ? undefined : rows.at(-1)?.device_id,
    devicesRead: byDevice.size,
  });
  for (const deviceId of rest) byDevice.delete(deviceId);
  const shadows = new Map([...byDevice].map(([deviceId, services]) => [deviceId, services.map(shadowServiceOf)]));
  return { shadows, rest };
}

/** The devices behind the last row of a look that was cut off, and the last one itself where its rows may have been. */
export function restOfLook(
  deviceIds: readonly DeviceId[],
  { last, devicesRead }: { readonly last: string | undefined; readonly devicesRead: number },
): readonly DeviceId[] {
  if (last === undefined) return [];
  return deviceIds.filter((deviceId) => deviceId > last || (devicesRead > 1 && deviceId === last));
}

/** Who has the device's row writes its shadow (set-desired.ts): nothing comes back that was there before. */
export function* clearShadow(ctx: SqlContext, projectId: ProjectId, deviceId: DeviceId): Program<void> {
  const found = ctx.db.selectFrom('devices').select('device_id').where('device_id', '=', deviceId);
  const device = yield* first(locked(ctx, found.where('project_id', '=', projectId)));
  if (device === undefined) throw new Problem('deviceNotFound');
  yield* change(ctx.db.deleteFrom('device_shadows').where('device_id', '=', deviceId));
}

interface Merged {
  readonly deviceId: string;
  readonly serviceId: string;
  /** Own and changing: thousands of entries for one service must not copy it thousands of times. */
  readonly properties: Record<string, Json>;
  at: number;
}

/**
 * Merged one level deep, per property; the order of the reports decides, whatever their times. Unknown devices are left out, and so is
 * what would take a shadow beyond its limits: a device that reports for ever fills neither disk nor memory.
 */
export function* reportProperties(
  ctx: SqlContext,
  reports: readonly PropertyReport[],
  pushed?: PushedReports,
): Program<void> {
  if (reports.length > 0) yield* mergeIntoShadows(ctx, reports);
  if (pushed === undefined) return;
  yield* publishOfDevices(
    ctx,
    { subject: 'device.property:report', projectIds: [pushed.projectId] },
    {
      events: pushed.reports,
      notice: (device, { services }) => propertiesNotice(device, services),
      about: ({ services }) => ({ kind: 'report', services }),
    },
  );
}

function* mergeIntoShadows(ctx: SqlContext, reports: readonly PropertyReport[]): Program<void> {
  const merged = mergeReports(reports);
  yield* claimReporters(ctx, new Set(reports.map(({ deviceId }) => deviceId)));
  yield* addStored(ctx, merged);
  const rows = [...merged.values()].flatMap(({ deviceId, serviceId, properties, at }) => {
    const text = JSON.stringify(properties);
    const fits = Object.keys(properties).length <= shadowLimits.properties && text.length <= shadowLimits.serviceBytes;
    return fits ? [[deviceId, serviceId, text, at]] : [];
  });
  yield* writeReported(ctx, rows);
}

/**
 * A device that has fewer services than it may gets as many of the new ones as there is room for. The rank counts them by themselves: what
 * one statement writes it does not see.
 */
function* writeReported({ dialect }: SqlContext, rows: readonly (readonly SqlValue[])[]): Program<void> {
  if (rows.length === 0) return;
  const set = dialect.rows({ device_id: 'text', service_id: 'text', reported: 'text', at: 'int' }, rows);
  yield* change({
    sql: `INSERT INTO device_shadows (device_id, service_id, desired, reported, reported_at, version)
      SELECT device_id, service_id, '{}', reported, at, 0 FROM (
        SELECT r.device_id, r.service_id, r.reported, r.at, s.service_id AS known,
          row_number() OVER (PARTITION BY r.device_id, CASE WHEN s.service_id IS NULL THEN 1 ELSE 0 END ORDER BY r.service_id) AS position,
          (SELECT count(*) FROM device_shadows c WHERE c.device_id = r.device_id) AS stored
        FROM ${set.from} ${dialect.orderedJoin} devices d ON d.device_id = r.device_id
        LEFT JOIN device_shadows s ON s.device_id = r.device_id AND s.service_id = r.service_id) ranked
      WHERE known IS NOT NULL OR stored + position <= ${shadowLimits.services}
      ON CONFLICT (device_id, service_id) DO UPDATE SET reported = excluded.reported, reported_at = excluded.reported_at`,
    parameters: set.parameters,
    keyChecks: rows.length,
  });
}

/**
 * Two reports of one service must not overwrite what the other has just added, nor may both think that they are its first: who has the
 * device's row writes its shadow.
 */
function* claimReporters(ctx: SqlContext, deviceIds: ReadonlySet<DeviceId>): Program<void> {
  if (ctx.dialect.locks === undefined) return;
  const asked = ctx.dialect.rows(
    { id: 'text' },
    [...deviceIds].map((deviceId) => [deviceId]),
  );
  yield* all({
    sql: `SELECT d.device_id FROM ${asked.from} JOIN devices d ON d.device_id = r.id ORDER BY d.device_id ${lockedRows(ctx, 'd')}`,
    parameters: asked.parameters,
  });
}

/** What is stored of the reported services, and of no others; what is reported wins. */
function* addStored(ctx: SqlContext, merged: ReadonlyMap<string, Merged>): Program<void> {
  const asked = ctx.dialect.rows(
    { device_id: 'text', service_id: 'text' },
    [...merged.values()].map(({ deviceId, serviceId }) => [deviceId, serviceId]),
  );
  const stored = yield* all<{ device_id: string; service_id: string; reported: string }>({
    sql: `SELECT s.device_id, s.service_id, s.reported FROM ${asked.from}
      ${ctx.dialect.orderedJoin} device_shadows s ON s.device_id = r.device_id AND s.service_id = r.service_id`,
    parameters: asked.parameters,
  });
  for (const row of stored) {
    const properties = merged.get(keyOf(row.device_id, row.service_id))?.properties;
    if (properties === undefined) continue;
    for (const [name, value] of Object.entries(objectOf(row.reported))) {
      if (!Object.hasOwn(properties, name)) properties[name] = value;
    }
  }
}

const keyOf = (deviceId: string, serviceId: string): string => JSON.stringify([deviceId, serviceId]);

function mergeReports(reports: readonly PropertyReport[]): Map<string, Merged> {
  const merged = new Map<string, Merged>();
  for (const { deviceId, serviceId, properties, at } of reports) {
    const key = keyOf(deviceId, serviceId);
    const entry = merged.get(key);
    if (entry === undefined) merged.set(key, { deviceId, serviceId, properties: { ...properties }, at });
    else {
      Object.assign(entry.properties, properties);
      entry.at = at;
    }
  }
  return merged;
}
