import type { ProjectId } from '../../domain/ids.ts';
import type { JsonObject } from '../../domain/json.ts';

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
  /** The members that the task shows as they were sent, under the client's names: `targets_filter`, `document` and so on. */
  readonly echo: JsonObject;
}

export interface TaskPolicyRequest {
  /** ts-basic, unchecked. */
  readonly scheduleTime?: string | undefined;
  readonly retryCount?: number | undefined;
  /** Minutes. */
  readonly retryInterval?: number | undefined;
  readonly onConflict?: 'fail' | 'queue' | undefined;
}
