import type { ProjectId } from '../../../domain/ids.ts';
import type { Where } from '../../../domain/search/where.ts';
import type { FoundDevice, SearchStore } from '../../../ports/store/search-store.ts';
import { devicesByRecordId } from '../devices/device-queries.ts';
import { groupsOfDevices } from '../groups/groups-of-devices.ts';
import type { Program } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import { countMatching } from './count-matching.ts';
import { listMatching } from './list-matching.ts';
import { scopeOf } from './search-scope.ts';
import { type Matching, selectMatching } from './select-matching.ts';

export function createSearchStore({ read }: Runner, ctx: SqlContext): SearchStore {
  return {
    find: (projectId, search) => read(() => findDevices(ctx, projectId, search)),
    count: (projectId, where) =>
      read(function* () {
        return yield* countMatching(ctx, yield* matchingOf(ctx, projectId, where));
      }),
    list: (projectId, where, page) =>
      read(function* () {
        return yield* listMatching(ctx, yield* matchingOf(ctx, projectId, where), page);
      }),
  };
}

function* matchingOf(ctx: SqlContext, projectId: ProjectId, where: Where | undefined): Program<Matching> {
  return { where, scope: yield* scopeOf(ctx, projectId, where) };
}

/** The page first, its devices then, with all that is shown of them. */
function* findDevices(
  ctx: SqlContext,
  projectId: ProjectId,
  { where, ...slice }: Parameters<SearchStore['find']>[1],
): Program<readonly FoundDevice[]> {
  const recordIds = yield* selectMatching(ctx, yield* matchingOf(ctx, projectId, where), slice);
  const devices = yield* devicesByRecordId(ctx, projectId, recordIds);
  const groups = yield* groupsOfDevices(ctx, projectId, [...devices.values()]);
  return recordIds.flatMap((recordId) => {
    const device = devices.get(recordId);
    return device === undefined ? [] : [{ device, groups: groups.get(device.deviceId) ?? [] }];
  });
}
