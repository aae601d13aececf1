import type { NewDevice } from '../../../domain/device.ts';
import type { PossibleGateway } from '../../../domain/gateway-rule.ts';
import type { ProjectId } from '../../../domain/ids.ts';
import type { NewDeviceFacts } from '../../../ports/store/dry-run-store.ts';
import { checked } from '../checked.ts';
import { gatewayOf } from '../devices/child-list.ts';
import { refuseNew } from '../devices/insert-device.ts';
import { all, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';

/** As `insertDeviceSet` would judge them, but nothing is stored or held. */
export function* judgeNew(
  ctx: SqlContext,
  projectId: ProjectId,
  devices: readonly NewDevice[],
): Program<readonly NewDeviceFacts[]> {
  if (devices.length === 0) return [];
  const { problems } = yield* refuseNew(ctx, projectId, devices);
  const named = new Set(devices.flatMap(({ parentId }) => (parentId === undefined ? [] : [parentId])));
  const gateways = yield* gatewaysOf(ctx, projectId, [...named]);
  return devices.map(({ parentId }, index) => ({
    problem: problems.get(index),
    gateway: parentId === undefined ? undefined : gateways.get(parentId),
  }));
}

function* gatewaysOf(
  { dialect }: SqlContext,
  projectId: ProjectId,
  ids: readonly string[],
): Program<ReadonlyMap<string, PossibleGateway>> {
  if (ids.length === 0) return new Map();
  const asked = dialect.rows(
    { id: 'text' },
    ids.map((id) => [id]),
  );
  const rows = yield* all<{ device_id: string; app_id: string; parent_id: string | null; root_id: string }>({
    sql: `SELECT d.device_id, d.app_id, d.parent_id, d.root_id FROM ${asked.from}
      ${dialect.orderedJoin} devices d ON d.device_id = r.id AND ${checked('d.project_id')} = ?`,
    parameters: [...asked.parameters, projectId],
  });
  return new Map(rows.map((row) => [row.device_id, gatewayOf(row)]));
}
