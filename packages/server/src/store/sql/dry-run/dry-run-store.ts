import type { DryRunStore } from '../../../ports/store/dry-run-store.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import { isFull } from '../tasks/insert-task.ts';
import { resolveGroups } from '../groups/resolve-groups.ts';
import { listWalkedMembers } from '../groups/walk-members.ts';
import { judgeNew } from './judge-new.ts';
import { listFamilies } from './list-families.ts';

export function createDryRunStore(runner: Runner, ctx: SqlContext): DryRunStore {
  return {
    isFull: (projectId, unfinishedMax) => runner.read(() => isFull(ctx, projectId, unfinishedMax)),
    resolveGroups: (projectId, source) => runner.read(() => resolveGroups(ctx, projectId, source)),
    judgeNew: (projectId, devices) => runner.read(() => judgeNew(ctx, projectId, devices)),
    listFamilies: (projectId, deviceIds) => runner.read(() => listFamilies(ctx, projectId, deviceIds)),
    listMembers: (groups, cursor) => runner.read(() => listWalkedMembers(ctx, { walk: groups, ...cursor })),
  };
}
