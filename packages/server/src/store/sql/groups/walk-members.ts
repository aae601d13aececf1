import { asId, type DeviceId } from '../../../domain/ids.ts';
import type { GroupWalk } from '../../../ports/store/dry-run-store.ts';
import { deviceOf } from '../devices/device-codec.ts';
import { devicesWithNames } from '../devices/device-queries.ts';
import { all, type Program } from '../program.ts';
import { scopeOf } from '../search/search-scope.ts';
import { nextMatching } from '../search/select-matching.ts';
import type { SqlContext } from '../sql-context.ts';
import { groupsOfDevices } from './groups-of-devices.ts';
import { parsedRule } from './parsed-rule.ts';

interface MembersQuery {
  readonly walk: GroupWalk;
  readonly at: number;
  /** Of a static group the last device id, of a dynamic one the last record id. */
  readonly after: string;
  readonly limit: number;
}

interface Members {
  readonly deviceIds: readonly DeviceId[];
  readonly last: string | undefined;
}

/** A device of several groups counts with the first. Nothing is remembered: a device is in few groups, so each is asked for. */
export function* listWalkedMembers(ctx: SqlContext, query: MembersQuery): Program<Members> {
  const rule = query.walk.rules[query.walk.groups[query.at] ?? ''];
  return rule === undefined ? yield* fixedMembers(ctx, query) : yield* matchingMembers(ctx, query, rule);
}

/** Static groups stand first, so that none before this one is dynamic. */
function* fixedMembers({ dialect }: SqlContext, { walk, at, after, limit }: MembersQuery): Program<Members> {
  const earlier = dialect.rows(
    { id: 'text' },
    walk.groups.slice(0, at).map((groupId) => [groupId]),
  );
  const rows = yield* all<{ device_id: string; counted: 0 | 1 }>({
    sql: `SELECT m.device_id, CASE WHEN EXISTS (SELECT 1 FROM group_members o WHERE o.device_id = m.device_id
        AND o.group_id IN (SELECT r.id FROM ${earlier.from})) THEN 1 ELSE 0 END AS counted
      FROM group_members m WHERE m.group_id = ? AND m.device_id > ? ORDER BY m.device_id LIMIT ?`,
    parameters: [...earlier.parameters, walk.groups[at] ?? '', after, limit],
  });
  const fresh = rows.filter((row) => row.counted === 0).map((row) => asId<DeviceId>(row.device_id));
  return { deviceIds: fresh, last: rows.at(-1)?.device_id };
}

function* matchingMembers(ctx: SqlContext, query: MembersQuery, rule: string): Program<Members> {
  const { walk, at, after: above, limit } = query;
  const { projectId, until } = walk;
  const { recordIds, last } = yield* nextMatching(ctx, yield* matchingRule(ctx, walk, rule), { above, until, limit });
  const rows = yield* all(
    devicesWithNames(ctx)
      .where('devices.project_id', '=', projectId)
      .where(ctx.dialect.isOneOf('devices.record_id', recordIds)),
  );
  const devices = rows.map((row) => deviceOf(row, ctx.box));
  const groups = yield* groupsOfDevices(ctx, projectId, devices);
  const earlier = new Set<string>(walk.groups.slice(0, at));
  const fresh = devices.filter(({ deviceId }) => !groups.get(deviceId)?.some(({ groupId }) => earlier.has(groupId)));
  return { deviceIds: fresh.map(({ deviceId }) => deviceId), last };
}

/** What a dynamic group's members are searched by. */
export function* matchingRule(ctx: SqlContext, { projectId }: Pick<GroupWalk, 'projectId'>, rule: string) {
  const where = parsedRule(ctx, rule);
  return { where, scope: yield* scopeOf(ctx, projectId, where) };
}
