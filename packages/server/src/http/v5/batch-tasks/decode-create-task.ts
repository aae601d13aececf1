import { createDecoder } from '@muster/contract';
import { CreateBatchTaskRequest } from '@muster/contract/v5';
import { type JsonObject, isJsonObject } from '../../../domain/json.ts';
import type { CreateTaskCommand } from '../../../services/batch-tasks/create-task-command.ts';
import { DecodeProblem } from '../../wire-error.ts';

const decodeBody = createDecoder(CreateBatchTaskRequest);

/** The parsed body -> the canonical command. Throws DecodeProblem with the code of the first member that its schema refuses. */
export function decodeCreateTask(
  { projectId, operator }: Pick<CreateTaskCommand, 'projectId' | 'operator'>,
  sent: unknown,
): CreateTaskCommand {
  const result = decodeBody(sent);
  if (!result.ok) throw new DecodeProblem(result.errors[0]);
  const body = result.value;
  const { task_policy: policy = {} } = body;
  return {
    projectId,
    operator,
    name: body.task_name,
    type: body.task_type,
    appId: body.app_id,
    mode: body.task_mode,
    needConfirm: body.need_confirm,
    extInfo: objectOf(body.task_ext_info),
    targets: body.targets,
    targetsFilter: objectOf(body.targets_filter),
    documentSource: body.document_source,
    document: objectOf(body.document),
    policy: {
      scheduleTime: policy.schedule_time,
      retryCount: policy.retry_count,
      retryInterval: policy.retry_interval,
      onConflict: policy.on_conflict,
    },
    echo: echoOf(body),
  };
}

/** v5 11.4: these are shown as given; `app_id` and `document_source` never are. */
function echoOf(body: CreateBatchTaskRequest): JsonObject {
  const { task_mode, task_ext_info, targets_filter, document, task_policy } = body;
  const sent = { task_mode, task_ext_info, targets_filter, document, task_policy };
  return Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined)) as JsonObject;
}

/** What came out of a JSON parser and is an object holds nothing but JSON. */
function objectOf(value: unknown): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}
