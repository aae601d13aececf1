import type { DeviceId } from '../../../domain/ids.ts';
import type { JsonObject } from '../../../domain/json.ts';
import type { PropertyReport, ShadowService } from '../../../ports/store/device-store.ts';
import { objectOf, orUndefined } from '../columns.ts';
import { all, changeEach, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';

export function* getShadow(ctx: SqlContext, deviceId: DeviceId): Program<readonly ShadowService[]> {
  const rows = yield* all(
    ctx.db.selectFrom('device_shadows').selectAll().where('device_id', '=', deviceId).orderBy('service_id'),
  );
  return rows.map((row) => ({
    serviceId: row.service_id,
    desired: objectOf(row.desired),
    desiredAt: orUndefined(row.desired_at),
    reported: objectOf(row.reported),
    reportedAt: orUndefined(row.reported_at),
    version: row.version,
  }));
}

interface Merged {
  readonly deviceId: string;
  readonly serviceId: string;
  properties: JsonObject;
  at: number;
}

/** Merged one level deep, per property; the order of the reports decides, whatever their times. Unknown devices are left out. */
export function* reportProperties(ctx: SqlContext, reports: readonly PropertyReport[]): Program<void> {
  if (reports.length === 0) return;
  const merged = mergeReports(reports);
  const deviceIds = [...new Set(reports.map(({ deviceId }) => deviceId))];
  for (const row of yield* all(
    ctx.db
      .selectFrom('device_shadows')
      .select(['device_id', 'service_id', 'reported'])
      .where(ctx.dialect.isOneOf('device_id', deviceIds)),
  )) {
    const entry = merged.get(keyOf(row.device_id, row.service_id));
    if (entry !== undefined) entry.properties = { ...objectOf(row.reported), ...entry.properties };
  }
  yield* changeEach(
    `INSERT INTO device_shadows (device_id, service_id, desired, reported, reported_at, version)
      SELECT device_id, ?, '{}', ?, ?, 0 FROM devices WHERE device_id = ?
      ON CONFLICT (device_id, service_id) DO UPDATE SET reported = excluded.reported, reported_at = excluded.reported_at`,
    [...merged.values()].map(({ deviceId, serviceId, properties, at }) => [
      serviceId,
      JSON.stringify(properties),
      at,
      deviceId,
    ]),
  );
}

const keyOf = (deviceId: string, serviceId: string): string => JSON.stringify([deviceId, serviceId]);

function mergeReports(reports: readonly PropertyReport[]): Map<string, Merged> {
  const merged = new Map<string, Merged>();
  for (const { deviceId, serviceId, properties, at } of reports) {
    const key = keyOf(deviceId, serviceId);
    const entry = merged.get(key);
    if (entry === undefined) merged.set(key, { deviceId, serviceId, properties, at });
    else {
      entry.properties = { ...entry.properties, ...properties };
      entry.at = at;
    }
  }
  return merged;
}
