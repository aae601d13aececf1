import type { NewDevice } from '../../domain/device.ts';
import type { PossibleGateway } from '../../domain/gateway-rule.ts';
import type { DeviceId, GroupId, ProjectId } from '../../domain/ids.ts';
import type { GroupSource } from '../../domain/task.ts';
import type { Problem } from '../../domain/problem.ts';

/** The groups that a task's targets come from, and how to walk through their members. */
export interface GroupWalk {
  readonly projectId: ProjectId;
  readonly groups: readonly GroupId[];
  /** Of the dynamic ones, which stand last. */
  readonly rules: Readonly<Record<string, string>>;
  /** The newest device, by record id: whatever is made after the groups were resolved is not looked at. */
  readonly until: string;
}

export type ResolvedGroups = GroupWalk | { readonly unknown: GroupId };

/** What the store says of a device that would be new. */
export interface NewDeviceFacts {
  readonly problem: Problem | undefined;
  /** That it names; undefined: none, or none that is there. */
  readonly gateway: PossibleGateway | undefined;
}

/** A device of the project that has a gateway or children. */
export interface FamilyFacts {
  readonly deviceId: DeviceId;
  readonly parentId: DeviceId | undefined;
  /** Direct ones. */
  readonly children: number;
}

/** What a dry run asks about (v5 11.6): reads only, a bounded set at a time, so that memory does not grow with the targets. */
export interface DryRunStore {
  /** Whether the project has as many unfinished tasks as it may. */
  isFull(projectId: ProjectId, unfinishedMax: number): Promise<boolean>;
  /** The groups and all their subgroups, each once, static ones first; or the first asked for that does not exist. */
  resolveGroups(projectId: ProjectId, source: GroupSource): Promise<ResolvedGroups>;
  /** In the order asked; of two of the set that are the same node the first is the one that can be made. */
  judgeNew(projectId: ProjectId, devices: readonly NewDevice[]): Promise<readonly NewDeviceFacts[]>;
  /** Of these devices those that have family, in any order. */
  listFamilies(projectId: ProjectId, deviceIds: readonly DeviceId[]): Promise<readonly FamilyFacts[]>;
  /** The next members of group `at` after the cursor that no earlier group has. `last`: the next cursor; undefined: the end. */
  listMembers(
    groups: GroupWalk,
    cursor: { readonly at: number; readonly after: string; readonly limit: number },
  ): Promise<{ readonly deviceIds: readonly DeviceId[]; readonly last: string | undefined }>;
}
