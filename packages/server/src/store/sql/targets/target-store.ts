import { asId, type DeviceId, type GroupId, type ProductId } from '../../../domain/ids.ts';
import type { PackageType } from '../../../domain/package.ts';
import type { AppScope, NamedGroup, PackageBrief, TargetStore } from '../../../ports/store/target-store.ts';
import { type TraitRow, traitsOfRow } from '../products/trait-columns.ts';
import { all, type Program } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';

export function createTargetStore({ read }: Runner, ctx: SqlContext): TargetStore {
  return {
    findGroups: (scope, by) => read(() => findGroups(ctx, scope, by)),
    findProductsOf: (scope, deviceIds) =>
      read(() => findColumnOf<ProductId>(ctx, scope, { column: 'product_id', deviceIds })),
    findNodesOf: (scope, deviceIds) => read(() => findColumnOf(ctx, scope, { column: 'node_id', deviceIds })),
    findByNode: (scope, nodeId) => read(() => findByNode(ctx, scope, nodeId)),
    findPackages: (scope, packageIds) => read(() => findPackages(ctx, scope, packageIds)),
    findTaskPackages: (scope, packageIds) => read(() => findTaskPackages(ctx, scope, packageIds)),
  };
}

function* findGroups(
  { dialect }: SqlContext,
  { projectId, appId }: AppScope,
  by: Parameters<TargetStore['findGroups']>[1],
): Program<readonly NamedGroup[]> {
  const [column, values] = 'names' in by ? ['name', by.names] : ['group_id', by.ids];
  if (values.length === 0) return [];
  const asked = dialect.rows(
    { app_id: 'text', value: 'text' },
    [...new Set(values)].map((value) => [appId, value]),
  );
  const rows = yield* all<{ group_id: string; name: string }>({
    sql: `SELECT g.group_id, g.name FROM ${asked.from} ${dialect.orderedJoin} device_groups g
      ON g.app_id = r.app_id AND g.${column} = r.value WHERE g.project_id = ? AND g.rule IS NULL`,
    parameters: [...asked.parameters, projectId],
  });
  return rows.map((row) => ({ groupId: asId<GroupId>(row.group_id), name: row.name }));
}

function* findColumnOf<Value extends string>(
  { dialect }: SqlContext,
  { projectId, appId }: AppScope,
  { column, deviceIds }: { readonly column: 'product_id' | 'node_id'; readonly deviceIds: readonly string[] },
): Program<ReadonlyMap<string, Value>> {
  const asked = dialect.rows(
    { id: 'text' },
    [...new Set(deviceIds)].map((deviceId) => [deviceId]),
  );
  const rows = yield* all<{ device_id: string; value: Value }>({
    sql: `SELECT d.device_id, d.${column} AS value FROM ${asked.from} ${dialect.orderedJoin} devices d ON d.device_id = r.id
      WHERE d.project_id = ? AND d.app_id = ?`,
    parameters: [...asked.parameters, projectId, appId],
  });
  return new Map(rows.map((row) => [row.device_id, row.value]));
}

/** A node is one in each product; of a thousand of them nobody asks. */
const nodesMax = 100;

function* findByNode({ db }: SqlContext, { projectId, appId }: AppScope, nodeId: string): Program<readonly DeviceId[]> {
  const found = db.selectFrom('devices').select('device_id').where('project_id', '=', projectId);
  const rows = yield* all(
    found.where('node_id', '=', nodeId).where('app_id', '=', appId).orderBy('record_id').limit(nodesMax),
  );
  return rows.map((row) => asId<DeviceId>(row.device_id));
}

interface BriefRow extends TraitRow {
  readonly package_id: string;
  readonly type: string;
  readonly product_id: string;
  readonly version: string;
}

type Briefs = ReadonlyMap<string, PackageBrief>;

function findPackages(ctx: SqlContext, scope: AppScope, packageIds: readonly string[]): Program<Briefs> {
  const { orderedJoin } = ctx.dialect;
  const joined = `packages p ON p.package_id = r.id
      ${orderedJoin} product_traits t ON t.app_id = p.app_id AND t.product_id = p.product_id`;
  return readBriefs(ctx, scope, { packageIds, joined, traits: 't' });
}

function* findTaskPackages(ctx: SqlContext, scope: AppScope, packageIds: readonly string[]): Program<Briefs> {
  const found = yield* findPackages(ctx, scope, packageIds);
  const gone = packageIds.filter((packageId) => !found.has(packageId));
  if (gone.length === 0) return found;
  const joined = 'former_packages p ON p.package_id = r.id';
  return new Map([...found, ...(yield* readBriefs(ctx, scope, { packageIds: gone, joined, traits: 'p' }))]);
}

interface BriefsAsked {
  readonly packageIds: readonly string[];
  /** What the ids are joined with, the package as `p`. */
  readonly joined: string;
  /** What of that has the traits. */
  readonly traits: string;
}

function* readBriefs(
  { dialect }: SqlContext,
  { projectId, appId }: AppScope,
  { packageIds, joined, traits: t }: BriefsAsked,
): Program<Briefs> {
  const asked = dialect.rows(
    { id: 'text' },
    [...new Set(packageIds)].map((packageId) => [packageId]),
  );
  const rows = yield* all<BriefRow>({
    sql: `SELECT p.package_id, p.type, p.product_id, p.version,
      ${t}.device_type, ${t}.model, ${t}.manufacturer_name, ${t}.manufacturer_id, ${t}.protocol_type
      FROM ${asked.from} ${dialect.orderedJoin} ${joined}
      WHERE p.project_id = ? AND p.app_id = ?`,
    parameters: [...asked.parameters, projectId, appId],
  });
  return new Map(rows.map((row) => [row.package_id, briefOf(row)]));
}

const briefOf = (row: BriefRow): PackageBrief => ({
  type: row.type as PackageType,
  productId: asId<ProductId>(row.product_id),
  version: row.version,
  traits: traitsOfRow(row),
});
