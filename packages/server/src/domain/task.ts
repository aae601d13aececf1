import type { Counters } from './counters.ts';
import type { AppId, BatchFileId, DeviceId, GroupId, ProjectId, RecordId, TaskId } from './ids.ts';
import type { JsonObject } from './json.ts';
import type { TaskStatus } from './task-state.ts';
import type { TimeFailures } from './time-cause.ts';

/** v5 11.2; `later` ones are unknown here. */
export const taskTypeNames = [
  'softwareUpgrade',
  'firmwareUpgrade',
  'createDevices',
  'updateDevices',
  'deleteDevices',
  'createCommands',
  'createAsyncCommands',
  'createMessages',
  'updateDeviceShadows',
  'freezeDevices',
  'unfreezeDevices',
] as const;
export type TaskTypeName = (typeof taskTypeNames)[number];

export interface TaskPolicy {
  /** ms since epoch; absent: at once. */
  readonly startAt?: number;
  /** Automatic retries of one subtask, 0..5 (v5 13.5). */
  readonly retryCount: number;
  /** Whole minutes as given; their length is a setting. */
  readonly retryIntervalMinutes: number;
  readonly onConflict: 'fail' | 'queue';
  /** Nothing starts from then on. */
  readonly end?: TaskEnd;
  /** ms since epoch. Targets that cannot be reached wait for it until then, at most; absent: the type's own limit from their start. */
  readonly onlineBy?: number;
}

/** The end of a task's time (legacy 3.6, 4.3). What is under way then goes on to its own end. */
export interface TaskEnd {
  /** ms since epoch. */
  readonly at: number;
  /** What becomes of subtasks that still wait. */
  readonly rest: 'fail' | 'stop';
}

/** Where the subtasks come from: exactly one takes effect (v5 11.1). */
export type TargetSource =
  | { readonly kind: 'devices'; readonly deviceIds: readonly DeviceId[] }
  | ({ readonly kind: 'groups' } & GroupSource)
  | { readonly kind: 'file'; readonly fileId: BatchFileId };

export interface GroupSource {
  readonly groupIds: readonly GroupId[];
  /** As those of dynamic groups (v5 7): what they match is a target, too. */
  readonly rules?: readonly string[];
}

/** A task as it is asked for, after every check. */
export interface NewTask {
  readonly taskId: TaskId;
  readonly projectId: ProjectId;
  readonly appId: AppId;
  readonly name: string;
  readonly type: TaskTypeName;
  /** What the type works with, checked by the type. */
  readonly document: JsonObject | undefined;
  readonly source: TargetSource;
  /** The members that are shown as they were sent: targets_filter, document, task_policy, task_mode, task_ext_info. */
  readonly echo: JsonObject;
  readonly gatewayMode: boolean;
  readonly needConfirm: boolean;
  readonly extInfo: JsonObject | undefined;
  readonly policy: TaskPolicy;
  readonly createdAt: number;
  /** Who asked for it: a user's name, or the id of a legacy application. Tasks of early versions have none. */
  readonly operator?: string;
  /** Of a task that was made through the legacy API. */
  readonly legacy?: LegacyOrigin;
}

export const legacyBatchTypes = [
  'DeviceReg',
  'DeviceCmd',
  'DeviceLocation',
  'DeviceMod',
  'DeviceDel',
  'DeviceLicense',
] as const;
export type LegacyBatchType = (typeof legacyBatchTypes)[number];

/** What only the legacy API says of its tasks. */
export interface LegacyOrigin {
  /** Of a batch task; operations have none. */
  readonly batchType?: LegacyBatchType;
  /** What is shown as it was sent. */
  readonly shown: JsonObject;
}

/** The short number of a task within the installation: the key of its subtasks, and part of its request ids. */
export type TaskNo = number;

export interface Task extends Omit<NewTask, 'source'> {
  readonly sourceKind: TargetSource['kind'];
  /** Where the rows came from of a task that was made of a file. */
  readonly fileId?: BatchFileId;
  readonly taskNo: TaskNo;
  readonly recordId: RecordId;
  readonly status: TaskStatus;
  readonly counters: Counters;
  /** How many of `counters.fail` failed by a time limit. */
  readonly timeFailures: TimeFailures;
  /** ms since epoch: when the first subtask started, and when the last ended. */
  readonly startedAt: number | undefined;
  readonly finishedAt: number | undefined;
  /** Grows with each change, survives restarts (v5 11.6, events). */
  readonly revision: number;
  /** All subtasks are written; `counters.total` never changes again. */
  readonly expanded: boolean;
  /** False while the task waits for its first confirm (v5 13.4). */
  readonly confirmed: boolean;
  /** Stop of all was accepted. */
  readonly stopped: boolean;
  /** Why set-up failed; the whole `status_desc` then (v5 13.3). */
  readonly setupFailure: string | undefined;
  /** The commonest cause of failure (v5 13.7, status_desc). */
  readonly commonestCause: { readonly code: string; readonly message: string } | undefined;
}

export const targetsMax = 30_000;
export const targetGroupsMax = 100;
export const scheduleAheadMaxMs = 7 * 24 * 3_600_000;
