import type { Connectivity } from '../../../domain/device.ts';
import { type AppId, asId, type DeviceId, type ProductId, type ProjectId } from '../../../domain/ids.ts';
import type { ProductModel } from '../../../domain/product.ts';
import type { RunDevice } from '../../../domain/run.ts';
import type { TargetFacts, TargetQuery } from '../../../ports/store/dry-run-store.ts';
import { all, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { readModel } from '../subtasks/run-reader.ts';

interface TargetRow {
  readonly device_id: string;
  readonly app_id: string;
  readonly product_id: string;
  readonly root_id: string;
  readonly frozen: 0 | 1;
  readonly connectivity: Connectivity;
  readonly fw_version: string | null;
  readonly sw_version: string | null;
  readonly node: string | null;
  readonly epoch: number;
  readonly lane_taken: 0 | 1;
}

/** The same facts that a run of these devices would be started with (run-reader.ts), without subtasks. */
export function* readTargets(ctx: SqlContext, projectId: ProjectId, query: TargetQuery): Program<TargetFacts> {
  const rows = yield* all<TargetRow>({
    sql: `SELECT d.device_id, d.app_id, d.product_id, d.root_id, d.frozen, d.connectivity, d.fw_version, d.sw_version, e.node, e.epoch,
        EXISTS (SELECT 1 FROM subtasks l WHERE l.target = d.device_id AND l.lane IS NOT NULL) AS lane_taken
      FROM json_each(?) j CROSS JOIN devices d ON d.device_id = j.value AND d.project_id = ?
      LEFT JOIN sessions e ON e.device_id = d.root_id AND e.ended_at IS NULL`,
    parameters: [JSON.stringify(query.deviceIds), projectId],
  });
  const known = new Map(rows.map((row) => [row.device_id, deviceOf(row)]));
  const models = query.usesModels ? yield* readModels(ctx, rows) : new Map<string, ProductModel>();
  return {
    devices: query.deviceIds.map((deviceId) => known.get(deviceId)),
    modelOf: (device) => models.get(keyOf({ app_id: device.appId, product_id: device.productId })),
  };
}

function deviceOf(row: TargetRow): RunDevice {
  return {
    deviceId: asId<DeviceId>(row.device_id),
    appId: asId<AppId>(row.app_id),
    productId: asId<ProductId>(row.product_id),
    rootId: asId<DeviceId>(row.root_id),
    frozen: row.frozen === 1,
    connectivity: row.connectivity,
    fwVersion: row.fw_version ?? undefined,
    swVersion: row.sw_version ?? undefined,
    session: row.node === null ? undefined : { node: row.node, epoch: row.epoch },
    laneTaken: row.lane_taken === 1,
  };
}

type ProductKey = Pick<TargetRow, 'app_id' | 'product_id'>;
const keyOf = ({ app_id, product_id }: ProductKey): string => `${app_id}/${product_id}`;

function* readModels(ctx: SqlContext, rows: readonly TargetRow[]): Program<Map<string, ProductModel>> {
  const models = new Map<string, ProductModel>();
  const products = new Map(rows.map((row) => [keyOf(row), row]));
  for (const [key, product] of products) {
    const model = yield* readModel(ctx, product);
    if (model !== undefined) models.set(key, model);
  }
  return models;
}
