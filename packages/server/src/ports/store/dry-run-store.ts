import type { DeviceId, GroupId, ProjectId } from '../../domain/ids.ts';

/** What a dry run asks about (v5 11.6): reads only, a bounded set at a time, so that memory does not grow with the targets. */
export interface DryRunStore {
  /** Whether the project has as many unfinished tasks as it may. */
  isFull(projectId: ProjectId, unfinishedMax: number): Promise<boolean>;
  /** The groups and all their subgroups, each once, in order of id; or the first asked for that does not exist. */
  resolveGroups(
    projectId: ProjectId,
    groupIds: readonly GroupId[],
  ): Promise<{ readonly groups: readonly GroupId[] } | { readonly unknown: GroupId }>;
  /** The next members of `groups[at]` after the cursor that no earlier group has. `last`: the next cursor; undefined: the end. */
  listMembers(
    groups: readonly GroupId[],
    cursor: { readonly at: number; readonly after: string; readonly limit: number },
  ): Promise<{ readonly deviceIds: readonly DeviceId[]; readonly last: string | undefined }>;
}
