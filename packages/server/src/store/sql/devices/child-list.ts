import type { Selectable } from 'kysely';
import { childrenPerGatewayMax, type Device, type NewDevice } from '../../../domain/device.ts';
import { type PossibleGateway, problemOfGateway } from '../../../domain/gateway-rule.ts';
import { asId, type DeviceId, type ProjectId } from '../../../domain/ids.ts';
import { Problem } from '../../../domain/problem.ts';
import type { ChildChange } from '../../../ports/store/device-store.ts';
import { checked } from '../checked.ts';
import { present } from '../columns.ts';
import { insertRows } from '../insert-rows.ts';
import { lockedRows } from '../locks.ts';
import { all, change, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import type { ChildChangesTable } from '../device-tables.ts';
import { deviceOf } from './device-codec.ts';
import { devicesWithNames } from './device-queries.ts';

/** How far back a gateway may ask for changes; further back it gets the full list, which is right, too (device 9). */
const changesKept = 1000;

export type Child = Pick<Device, 'deviceId' | 'nodeId'> & { readonly parentId: DeviceId; readonly rootId: DeviceId };

/** The direct devices above new ones. */
export interface Families {
  /** The direct device above it, or itself. */
  rootOf(device: NewDevice): DeviceId;
}

interface ParentRow {
  readonly device_id: string;
  readonly app_id: string;
  readonly parent_id: string | null;
  readonly root_id: string;
}

/**
 * Finds the gateways of new devices and holds them: a parent must not be deleted before its child stands. A parent that cannot be one
 * (v5 6: of the same application, at most two levels below a direct device) and a family that is full are problems of their devices.
 */
export function* joinFamilies(
  ctx: SqlContext,
  set: {
    readonly projectId: ProjectId;
    readonly devices: readonly NewDevice[];
    readonly problems: Map<number, Problem>;
  },
): Program<Families> {
  const { devices, problems } = set;
  const wanted = devices.flatMap(({ parentId }, index) =>
    parentId === undefined || problems.has(index) ? [] : [parentId],
  );
  const parents = yield* holdParents(ctx, set.projectId, [...new Set(wanted)]);
  const room = yield* roomOf(ctx, [...new Set([...parents.values()].map((row) => row.root_id))]);
  devices.forEach((device, index) => {
    if (device.parentId === undefined || problems.has(index)) return;
    const parent = parents.get(device.parentId);
    const problem = problemOfParent(parent, device.appId) ?? takeRoom(room, parent);
    if (problem !== undefined) problems.set(index, problem);
  });
  return {
    rootOf: ({ deviceId, parentId }) =>
      parentId === undefined ? deviceId : asId<DeviceId>(parents.get(parentId)?.root_id ?? deviceId),
  };
}

/** Children before direct devices, each by id: whoever moves a child locks in that order, too. */
function* holdParents(
  ctx: SqlContext,
  projectId: ProjectId,
  parentIds: readonly DeviceId[],
): Program<ReadonlyMap<string, ParentRow>> {
  if (parentIds.length === 0) return new Map();
  const asked = ctx.dialect.rows(
    { id: 'text' },
    parentIds.map((id) => [id]),
  );
  const rows = yield* all<ParentRow>({
    sql: `SELECT d.device_id, d.app_id, d.parent_id, d.root_id FROM ${asked.from} ${ctx.dialect.orderedJoin} devices d
      ON d.device_id = r.id AND ${checked('d.project_id')} = ?
      ORDER BY CASE WHEN d.parent_id IS NULL THEN 1 ELSE 0 END, d.device_id ${lockedRows(ctx, 'd')}`,
    parameters: [...asked.parameters, projectId],
  });
  return new Map(rows.map((row) => [row.device_id, row]));
}

export function problemOfParent(
  parent: Pick<ParentRow, 'app_id' | 'parent_id' | 'root_id'> | undefined,
  appId: string,
): Problem | undefined {
  return problemOfGateway(parent && gatewayOf(parent), appId);
}

export function gatewayOf(row: Pick<ParentRow, 'app_id' | 'parent_id' | 'root_id'>): PossibleGateway {
  const depth = row.parent_id === null ? 1 : row.parent_id === row.root_id ? 2 : 3;
  return { appId: row.app_id, depth };
}

/** How many children each root may still get; the roots are held, so that nobody else takes the same room. */
function* roomOf(ctx: SqlContext, rootIds: readonly string[]): Program<Map<string, number>> {
  if (rootIds.length === 0) return new Map();
  const asked = ctx.dialect.rows(
    { id: 'text' },
    rootIds.map((id) => [id]),
  );
  const rows = yield* all<{ device_id: string; child_count: number }>({
    sql: `SELECT d.device_id, d.child_count FROM ${asked.from} ${ctx.dialect.orderedJoin} devices d ON d.device_id = r.id
      ORDER BY d.device_id ${lockedRows(ctx, 'd')}`,
    parameters: asked.parameters,
  });
  return new Map(rows.map((row) => [row.device_id, childrenPerGatewayMax - row.child_count]));
}

function takeRoom(room: Map<string, number>, parent: ParentRow | undefined): Problem | undefined {
  const rootId = parent?.root_id ?? '';
  const left = room.get(rootId) ?? 0;
  if (left <= 0) return new Problem('childLimit');
  room.set(rootId, left - 1);
  return undefined;
}

/** Whose gateways have room: `joinFamilies` has looked. */
export function addToChildLists(ctx: SqlContext, children: readonly Child[]): Program<ListVersions> {
  return recordChanges(ctx, 'add', children);
}

export function removeFromChildLists(ctx: SqlContext, children: readonly Child[]): Program<ListVersions> {
  return recordChanges(ctx, 'delete', children);
}

/** The last version of each list that has changed, by root. */
export type ListVersions = ReadonlyMap<string, number>;

/** Returns the version of the list with it. Problems: childLimit. */
export function* addToChildList(ctx: SqlContext, child: Child): Program<number> {
  const room = yield* roomOf(ctx, [child.rootId]);
  if ((room.get(child.rootId) ?? 0) <= 0) throw new Problem('childLimit');
  return present((yield* recordChanges(ctx, 'add', [child])).get(child.rootId));
}

/** Returns the version of the list without it. */
export function* removeFromChildList(ctx: SqlContext, child: Child): Program<number> {
  return present((yield* recordChanges(ctx, 'delete', [child])).get(child.rootId));
}

/** Each change of a family has a version of its own (device 9); returns the last ones by root. */
function* recordChanges(ctx: SqlContext, kind: ChildChange['kind'], children: readonly Child[]): Program<ListVersions> {
  if (children.length === 0) return new Map();
  const counts = new Map<string, number>();
  for (const { rootId } of children) counts.set(rootId, (counts.get(rootId) ?? 0) + 1);
  const set = ctx.dialect.rows(
    { id: 'text', n: 'int' },
    [...counts].sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const sign = kind === 'add' ? '+' : '-';
  const roots = yield* all<{ device_id: string; version: number }>({
    sql: `UPDATE devices SET child_list_version = child_list_version + r.n, child_count = child_count ${sign} r.n FROM ${set.from}
      WHERE devices.device_id = r.id RETURNING devices.device_id, devices.child_list_version AS version`,
    parameters: set.parameters,
  });
  const last = new Map(roots.map((row) => [row.device_id, row.version]));
  const next = new Map(roots.map((row) => [row.device_id, row.version - (counts.get(row.device_id) ?? 0)]));
  const rows = children.flatMap(({ rootId, deviceId, parentId, nodeId }) => {
    const version = (next.get(rootId) ?? 0) + 1;
    next.set(rootId, version);
    // What is further back is not kept in any case.
    const isKept = version > (last.get(rootId) ?? 0) - changesKept;
    return isKept ? [[rootId, version, kind, deviceId, parentId, nodeId] as const] : [];
  });
  yield* insertRows(ctx, { into: 'child_changes', columns: changeColumns, rows });
  yield* forgetOld(ctx, last);
  return last;
}

const changeColumns = {
  root_id: 'text',
  version: 'int',
  kind: 'text',
  device_id: 'text',
  parent_id: 'text',
  node_id: 'text',
} as const;

function* forgetOld({ dialect }: SqlContext, last: ReadonlyMap<string, number>): Program<void> {
  const set = dialect.rows(
    { root_id: 'text', version: 'int' },
    [...last].map(([rootId, version]) => [rootId, version - changesKept]),
  );
  yield* change({
    sql: `DELETE FROM child_changes WHERE (root_id, version) IN (SELECT c.root_id, c.version FROM ${set.from}
      ${dialect.orderedJoin} child_changes c ON c.root_id = r.root_id AND c.version <= r.version)`,
    parameters: set.parameters,
  });
}

export function* childListVersion(ctx: SqlContext, gatewayId: DeviceId): Program<number> {
  const row = yield* first(
    ctx.db.selectFrom('devices').select('child_list_version').where('device_id', '=', gatewayId),
  );
  return row?.child_list_version ?? 0;
}

/** Undefined where the changes since then are not all known (device 9, sub_device_sync_request). */
export function* listChildChanges(
  ctx: SqlContext,
  gatewayId: DeviceId,
  { after, limit }: { after: number; limit: number },
): Program<readonly ChildChange[] | undefined> {
  const version = yield* childListVersion(ctx, gatewayId);
  if (after > version || after < version - changesKept) return undefined;
  const changes = yield* all(
    ctx.db
      .selectFrom('child_changes')
      .selectAll()
      .where('root_id', '=', gatewayId)
      .where('version', '>', after)
      .orderBy('version')
      .limit(limit),
  );
  const added = yield* devicesOf(
    ctx,
    changes.filter(({ kind }) => kind === 'add').map((row) => row.device_id),
  );
  return changes.flatMap((row) => childChangesOf(row, added));
}

function childChangesOf(row: Selectable<ChildChangesTable>, added: ReadonlyMap<string, Device>): ChildChange[] {
  const { version, kind } = row;
  if (kind === 'add') {
    const device = added.get(row.device_id);
    // What it is elsewhere is no business of a gateway that it has left.
    return device?.rootId === row.root_id ? [{ kind, version, device }] : [];
  }
  const [deviceId, parentId] = [asId<DeviceId>(row.device_id), asId<DeviceId>(row.parent_id)];
  return [{ kind, version, deviceId, parentId, nodeId: row.node_id }];
}

function* devicesOf(ctx: SqlContext, deviceIds: readonly string[]): Program<ReadonlyMap<string, Device>> {
  if (deviceIds.length === 0) return new Map();
  const rows = yield* all(devicesWithNames(ctx).where(ctx.dialect.isOneOf('devices.device_id', deviceIds)));
  return new Map(rows.map((row) => [row.device_id, deviceOf(row, ctx.box)]));
}

/** Children on all levels, ordered by id after `after`. */
export function* listChildren(
  ctx: SqlContext,
  gatewayId: DeviceId,
  { after, limit }: { after: string; limit: number },
): Program<readonly Device[]> {
  const rows = yield* all(
    devicesWithNames(ctx)
      .where('devices.root_id', '=', gatewayId)
      .where('devices.parent_id', 'is not', null)
      .where('devices.device_id', '>', after)
      .orderBy('devices.device_id')
      .limit(limit),
  );
  return rows.map((row) => deviceOf(row, ctx.box));
}
