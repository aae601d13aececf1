import { asId, type DeviceId, type ProjectId } from '../../../domain/ids.ts';
import type { FamilyFacts } from '../../../ports/store/dry-run-store.ts';
import { checked } from '../checked.ts';
import { all, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';

export function* listFamilies(
  { dialect }: SqlContext,
  projectId: ProjectId,
  deviceIds: readonly DeviceId[],
): Program<readonly FamilyFacts[]> {
  const asked = dialect.rows(
    { id: 'text' },
    deviceIds.map((id) => [id]),
  );
  const rows = yield* all<{ device_id: string; parent_id: string | null; children: number }>({
    sql: `SELECT f.device_id, f.parent_id, f.children FROM (SELECT d.device_id, d.parent_id,
        (SELECT count(*) FROM devices c WHERE c.project_id = ? AND c.parent_id = d.device_id) AS children
      FROM ${asked.from} ${dialect.orderedJoin} devices d ON d.device_id = r.id AND ${checked('d.project_id')} = ?) f
      WHERE f.parent_id IS NOT NULL OR f.children > 0`,
    parameters: [projectId, ...asked.parameters, projectId],
  });
  return rows.map((row) => ({
    deviceId: asId<DeviceId>(row.device_id),
    parentId: row.parent_id === null ? undefined : asId<DeviceId>(row.parent_id),
    children: row.children,
  }));
}
