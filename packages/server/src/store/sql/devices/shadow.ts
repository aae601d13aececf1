import type { DeviceId } from '../../../domain/ids.ts';
import { shadowLimits } from '../../../domain/device.ts';
import type { Json } from '../../../domain/json.ts';
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
  /** Own and changing: thousands of entries for one service must not copy it thousands of times. */
  readonly properties: Record<string, Json>;
  at: number;
}

/**
 * Merged one level deep, per property; the order of the reports decides, whatever their times. Unknown devices are left out, and so is
 * what would take a shadow beyond its limits: a device that reports for ever fills neither disk nor memory.
 */
export function* reportProperties(_ctx: SqlContext, reports: readonly PropertyReport[]): Program<void> {
  if (reports.length === 0) return;
  const merged = mergeReports(reports);
  yield* addStored(merged);
  const rows = [...merged.values()].flatMap(({ deviceId, serviceId, properties, at }) => {
    const text = JSON.stringify(properties);
    const fits = Object.keys(properties).length <= shadowLimits.properties && text.length <= shadowLimits.serviceBytes;
    return fits ? [[serviceId, text, at, deviceId, serviceId]] : [];
  });
  yield* changeEach(insertReportedSql, rows);
}

const insertReportedSql = `INSERT INTO device_shadows (device_id, service_id, desired, reported, reported_at, version)
  SELECT d.device_id, ?, '{}', ?, ?, 0 FROM devices d WHERE d.device_id = ? AND (
    EXISTS (SELECT 1 FROM device_shadows s WHERE s.device_id = d.device_id AND s.service_id = ?)
    OR (SELECT count(*) FROM device_shadows s WHERE s.device_id = d.device_id) < ${shadowLimits.services})
  ON CONFLICT (device_id, service_id) DO UPDATE SET reported = excluded.reported, reported_at = excluded.reported_at`;

/** What is stored of the reported services, and of no others; what is reported wins. */
function* addStored(merged: ReadonlyMap<string, Merged>): Program<void> {
  const stored = yield* all<{ device_id: string; service_id: string; reported: string }>({
    sql: `SELECT s.device_id, s.service_id, s.reported FROM json_each(?) j
      CROSS JOIN device_shadows s ON s.device_id = j.value ->> 0 AND s.service_id = j.value ->> 1`,
    parameters: [JSON.stringify([...merged.values()].map(({ deviceId, serviceId }) => [deviceId, serviceId]))],
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
