import type { ProjectId } from '../../domain/ids.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { GroupSource, LegacyOrigin, TaskPolicy } from '../../domain/task.ts';
import type { TaskPeers } from '../../ports/store/task-store.ts';

/**
 * A batch task as a client asks for it, whatever API it speaks. Shapes, names and ids are checked by the adapter's schemas (000006);
 * everything that has a code of its own is checked here in services. Absent and null are `undefined`; an empty source is still empty.
 */
export interface CreateTaskCommand {
  readonly projectId: ProjectId;
  readonly name: string;
  readonly type: string;
  /** Absent or empty: the default application. */
  readonly appId: string | undefined;
  readonly mode: string | undefined;
  readonly needConfirm: boolean;
  readonly extInfo: JsonObject | undefined;
  readonly targets: readonly string[] | undefined;
  readonly targetsFilter: JsonObject | undefined;
  readonly documentSource: string | undefined;
  readonly document: JsonObject | undefined;
  readonly policy: TaskPolicyRequest;
  /** Who asks: a user's name, or the id of a legacy application. */
  readonly operator: string;
  /** Of a task that comes through the legacy API, whose own rules have been checked already. */
  readonly legacy?: LegacyTaskRequest;
  /** The members that the task shows as they were sent, under the client's names: `targets_filter`, `document` and so on. */
  readonly echo: JsonObject;
}

export interface LegacyTaskRequest {
  readonly origin: LegacyOrigin;
  readonly policy: TaskPolicy;
  /** Takes effect instead of targets and filter. */
  readonly groups?: GroupSource;
  readonly peers?: TaskPeers;
  /** The type and id of the task come behind the name. */
  readonly namedAfterId?: boolean;
}

export interface TaskPolicyRequest {
  /** ts-basic, unchecked. */
  readonly scheduleTime?: string | undefined;
  readonly retryCount?: number | undefined;
  /** Minutes. */
  readonly retryInterval?: number | undefined;
  readonly onConflict?: 'fail' | 'queue' | undefined;
}
