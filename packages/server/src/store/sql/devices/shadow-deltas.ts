import { shadowLimits } from '../../../domain/device.ts';
import { asId, type DeviceId } from '../../../domain/ids.ts';
import type { ProductModel } from '../../../domain/product.ts';
import { deltaOf, type ServiceDelta } from '../../../domain/shadow.ts';
import type { DeviceDelta, ShadowDeltas } from '../../../ports/store/device-store.ts';
import { objectOf } from '../columns.ts';
import { all, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { restOfLook } from './shadow.ts';
import { readModel } from '../subtasks/run-reader.ts';

interface DifferingRow {
  readonly device_id: string;
  readonly root_id: string;
  readonly app_id: string;
  readonly product_id: string;
  readonly service_id: string;
  readonly desired: string;
  readonly reported: string;
}

/** Services of one look; a device never has more, so that each look gets on. */
const rowsMax = shadowLimits.services;
/** What texts can tell: the same text is no difference, another one may be none. */
const mayDiffer = `s.desired <> '{}' AND s.desired <> s.reported`;

export function* listShadowDeltas(ctx: SqlContext, deviceIds: readonly DeviceId[]): Program<ShadowDeltas> {
  if (deviceIds.length === 0) return { deltas: [], rest: [] };
  const asked = ctx.dialect.rows(
    { id: 'text' },
    deviceIds.map((deviceId) => [deviceId]),
  );
  const rows = yield* all<DifferingRow>({
    sql: `SELECT d.device_id, d.root_id, d.app_id, d.product_id, s.service_id, s.desired, s.reported
      FROM ${asked.from} ${ctx.dialect.orderedJoin} devices d ON d.device_id = r.id AND d.frozen = 0
        AND (d.parent_id IS NULL OR d.connectivity = 'ONLINE')
      ${ctx.dialect.orderedJoin} device_shadows s ON s.device_id = d.device_id AND ${mayDiffer}
      ORDER BY d.device_id, s.service_id LIMIT ${rowsMax}`,
    parameters: asked.parameters,
  });
  const byDevice = Map.groupBy(rows, (row) => row.device_id);
  const rest = restOfLook(deviceIds, {
    last: rows.length < rowsMax ? undefined : rows.at(-1)?.device_id,
    devicesRead: byDevice.size,
  });
  for (const deviceId of rest) byDevice.delete(deviceId);
  const models = yield* readModels(ctx, rows);
  return { deltas: [...byDevice.values()].flatMap((services) => deltaOfDevice(services, models)), rest };
}

const productOf = (row: Pick<DifferingRow, 'app_id' | 'product_id'>): string => `${row.app_id}/${row.product_id}`;

function* readModels(ctx: SqlContext, rows: readonly DifferingRow[]): Program<ReadonlyMap<string, ProductModel>> {
  const models = new Map<string, ProductModel>();
  for (const [product, row] of new Map(rows.map((row) => [productOf(row), row]))) {
    const model = yield* readModel(ctx, row);
    if (model !== undefined) models.set(product, model);
  }
  return models;
}

/** Of the rows of one device; none where nothing differs. */
function deltaOfDevice(
  rows: readonly DifferingRow[],
  models: ReadonlyMap<string, ProductModel>,
): readonly DeviceDelta[] {
  const [first] = rows;
  const model = first && models.get(productOf(first));
  if (first === undefined || model === undefined) return [];
  const services = rows.flatMap(({ service_id: serviceId, desired, reported }): readonly ServiceDelta[] => {
    const delta = deltaOf(model, { serviceId, desired: objectOf(desired), reported: objectOf(reported) });
    return delta === undefined ? [] : [delta];
  });
  if (services.length === 0) return [];
  return [{ deviceId: asId<DeviceId>(first.device_id), rootId: asId<DeviceId>(first.root_id), services }];
}

const childrenPerStep = 200;

export function* listDifferingChildren(
  rootId: DeviceId,
  after: string,
): Program<{ readonly deviceIds: readonly DeviceId[]; readonly next: DeviceId | undefined }> {
  const rows = yield* all<{ device_id: string; differs: number }>({
    sql: `SELECT d.device_id, CASE WHEN d.connectivity = 'ONLINE' AND EXISTS (
        SELECT 1 FROM device_shadows s WHERE s.device_id = d.device_id AND ${mayDiffer}) THEN 1 ELSE 0 END AS differs
      FROM devices d WHERE d.root_id = ? AND d.parent_id IS NOT NULL AND d.device_id > ? ORDER BY d.device_id LIMIT ?`,
    parameters: [rootId, after, childrenPerStep],
  });
  const last = rows.length < childrenPerStep ? undefined : rows.at(-1);
  const differing = rows.filter((row) => row.differs === 1);
  return {
    deviceIds: differing.map((row) => asId<DeviceId>(row.device_id)),
    next: last && asId<DeviceId>(last.device_id),
  };
}
