import type { ProjectId } from '../../../domain/ids.ts';
import type { ProductModel } from '../../../domain/product.ts';
import type { RunDevice } from '../../../domain/run.ts';
import type { DeviceFacts, DeviceFactsQuery } from '../../../ports/store/device-store.ts';
import { checked } from '../checked.ts';
import { all, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { readModel } from '../subtasks/run-reader.ts';
import { type RunDeviceRow, runDeviceColumns, runDeviceOf, sessionJoin } from './run-device.ts';

interface FactsRow extends RunDeviceRow {
  readonly device_id: string;
  readonly lane_taken: 0 | 1;
}

/** The same facts that a run of these devices would be started with (run-reader.ts), without subtasks. */
export function* readDeviceFacts(ctx: SqlContext, projectId: ProjectId, query: DeviceFactsQuery): Program<DeviceFacts> {
  const asked = ctx.dialect.rows(
    { id: 'text' },
    query.deviceIds.map((deviceId) => [deviceId]),
  );
  const rows = yield* all<FactsRow>({
    sql: `SELECT ${runDeviceColumns}, CASE WHEN EXISTS (
          SELECT 1 FROM subtasks l WHERE l.target = d.device_id AND l.lane IS NOT NULL) THEN 1 ELSE 0 END AS lane_taken
      FROM ${asked.from} ${ctx.dialect.orderedJoin} devices d ON d.device_id = r.id AND ${checked('d.project_id')} = ?
      ${sessionJoin}`,
    parameters: [...asked.parameters, projectId],
  });
  const known = new Map(rows.map((row) => [row.device_id, deviceOf(row)]));
  const models = query.usesModels ? yield* readModels(ctx, rows) : new Map<string, ProductModel>();
  return {
    devices: query.deviceIds.map((deviceId) => known.get(deviceId)),
    modelOf: (device) => models.get(keyOf({ app_id: device.appId, product_id: device.productId })),
  };
}

const deviceOf = (row: FactsRow): RunDevice =>
  runDeviceOf(row, { deviceId: row.device_id, laneTaken: row.lane_taken === 1 });

type ProductKey = Pick<FactsRow, 'app_id' | 'product_id'>;
const keyOf = ({ app_id, product_id }: ProductKey): string => `${app_id}/${product_id}`;

function* readModels(ctx: SqlContext, rows: readonly FactsRow[]): Program<Map<string, ProductModel>> {
  const models = new Map<string, ProductModel>();
  const products = new Map(rows.map((row) => [keyOf(row), row]));
  for (const [key, product] of products) {
    const model = yield* readModel(ctx, product);
    if (model !== undefined) models.set(key, model);
  }
  return models;
}
