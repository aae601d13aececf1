import { Type } from 'typebox';
import type { Static } from 'typebox';
import { defaulted } from '../schema.ts';
import {
  PageInfo,
  ResultError,
  appIdField,
  charsString,
  freeForm,
  id,
  oneOf,
  pagingQuery,
  shown,
  string,
  timeField,
  withErrorCode,
} from './primitives.ts';

// v5 11. The schema checks shapes and the rules that answer 000006; types, modes, documents (014555, 014559), retry numbers (014554),
// schedule (014553), sources (014556) and numbers of targets (014557) have codes of their own and are checked in services.
export const taskStatuses = [
  'Initializing',
  'Waitting',
  'Processing',
  'Stopping',
  'Success',
  'PartialSuccess',
  'Fail',
  'Stopped',
] as const;
export const subtaskStatuses = [
  'Waitting',
  'Processing',
  'Success',
  'Fail',
  'FailWaitRetry',
  'Stopped',
  'Removed',
] as const;

// The limits of 30,000 targets, 100 groups and 100 named subtasks are checked in services; the looser ones here, of the same code,
// only keep a hostile list from being looked at entry by entry.
const tooMany = { 'x-too-many-code': '014557' };
const targets = Type.Array(id(128, 'A device id.'), {
  description: 'Device ids, at most 30,000; repeats are dropped. Empty: absent.',
  maxItems: 200_000,
  ...tooMany,
});

// Unknown keys are kept: any other key than group_ids answers 014555.
const TargetsFilter = Type.Object(
  {
    group_ids: Type.Optional(
      Type.Array(id(36, 'A group id.'), { description: 'Device groups, 1 to 100.', maxItems: 10_000, ...tooMany }),
    ),
  },
  { description: 'Devices by group. Empty: absent.', additionalProperties: true },
);

const retryNumber = (description: string) => Type.Integer({ description, 'x-error-code': '014554' });

const TaskPolicy = Type.Object(
  {
    schedule_time: Type.Optional(timeField("Start time, yyyyMMdd'T'HHmmss'Z', within 7 days; absent: at once.")),
    retry_count: Type.Optional(retryNumber('Automatic retries of a failed subtask, 0 to 5.')),
    retry_interval: Type.Optional(retryNumber('Minutes between retries, 0 to 1440; 0: no retry.')),
    on_conflict: Type.Optional(
      oneOf(['fail', 'queue'], 'Extension, upgrades: what to do while another upgrade of the device runs.'),
    ),
  },
  { description: 'When to start and how often to try again.' },
);

const taskName = charsString({
  chars: '\\p{Script=Han}A-Za-z0-9_',
  words: 'Chinese characters, letters, digits and _',
  description: 'Name; need not be unique.',
  min: 1,
  max: 128,
});
const taskType = string(64, 'Type of the task.', 1);
const document = freeForm('What to do, by type.');

export const CreateBatchTaskRequest = Type.Object({
  app_id: Type.Optional(appIdField('Owner, for filters and push; absent: the default application.')),
  task_name: taskName,
  task_type: taskType,
  task_mode: Type.Optional(Type.String({ description: 'Upgrades: only `GATEWAY`.', 'x-error-code': '014555' })),
  need_confirm: defaulted(
    Type.Boolean({ description: 'Upgrades: subtasks wait until they are confirmed.', 'x-error-code': '014555' }),
    false,
  ),
  task_ext_info: Type.Optional(
    withErrorCode(freeForm('Upgrades: handed to the device, at most 512 characters of JSON.'), '014555'),
  ),
  targets: Type.Optional(targets),
  targets_filter: Type.Optional(TargetsFilter),
  document_source: Type.Optional(string(256, 'File id of an uploaded batch task file. Empty: absent.')),
  document: Type.Optional(withErrorCode(document, '014555')),
  task_policy: Type.Optional(TaskPolicy),
});
export type CreateBatchTaskRequest = Static<typeof CreateBatchTaskRequest>;

export const CreateBatchTaskQuery = Type.Object({
  dry_run: defaulted(Type.Boolean({ description: 'Extension: check everything, store nothing.' }), false),
});
export type CreateBatchTaskQuery = Static<typeof CreateBatchTaskQuery>;

// v5 11.2: a list filter of a type that does not exist (yet) is an empty list, so task_type is no closed set here.
export const ListBatchTasksQuery = Type.Object({
  app_id: Type.Optional(appIdField('Only tasks of this application.')),
  task_type: Type.Optional(string(64, 'Only tasks of this type; absent: all.')),
  status: Type.Optional(oneOf(taskStatuses, 'Only tasks in this state.')),
  ...pagingQuery,
});
export type ListBatchTasksQuery = Static<typeof ListBatchTasksQuery>;

export const ShowBatchTaskQuery = Type.Object({
  task_detail_status: Type.Optional(oneOf(subtaskStatuses, 'Only subtasks in this state.')),
  target: Type.Optional(string(256, 'Only the subtask of this target.')),
  ...pagingQuery,
});
export type ShowBatchTaskQuery = Static<typeof ShowBatchTaskQuery>;

const counter = (description: string) => Type.Integer({ description });

export const TaskProgress = Type.Object(
  {
    total: counter('All subtasks; the sum of the others.'),
    processing: counter('Running.'),
    success: counter('Succeeded.'),
    fail: counter('Failed.'),
    waitting: counter('Not started.'),
    fail_wait_retry: counter('Failed, waiting for the next try.'),
    stopped: counter('Stopped.'),
    removed: counter('Device deleted before its turn.'),
  },
  { description: 'Number of subtasks in each state.' },
);
export type TaskProgress = Static<typeof TaskProgress>;

const status = oneOf(taskStatuses, 'State of the task.');
const statusDesc = shown('The state in words; empty if there is nothing to say.');

export const BatchTask = Type.Object(
  {
    task_id: shown('Task id, 24 hex.'),
    task_name: shown('Name.'),
    task_type: shown('Type of the task.'),
    task_mode: Type.Optional(shown('Upgrades: `GATEWAY`.')),
    need_confirm: Type.Boolean({ description: 'Whether subtasks wait until they are confirmed.' }),
    task_ext_info: Type.Optional(freeForm('Handed to the device.')),
    targets: Type.Optional(Type.Array(shown('A device id.'), { description: 'As given; in lists the first 100.' })),
    targets_filter: Type.Optional(TargetsFilter),
    document: Type.Optional(document),
    task_policy: Type.Optional(TaskPolicy),
    status,
    status_desc: statusDesc,
    task_progress: TaskProgress,
    create_time: shown("Creation time, yyyyMMdd'T'HHmmss'Z'."),
  },
  { description: 'A batch task.' },
);
export type BatchTask = Static<typeof BatchTask>;

export const ListBatchTasksResponse = Type.Object({
  batchtasks: Type.Array(BatchTask, { description: 'This page.' }),
  page: PageInfo,
});
export type ListBatchTasksResponse = Static<typeof ListBatchTasksResponse>;

export const TaskDetail = Type.Object(
  {
    target: shown('The target: a device id.'),
    status: oneOf(subtaskStatuses, 'State of the subtask.'),
    output: Type.Optional(shown('Result as JSON text.')),
    error: Type.Optional(ResultError),
  },
  { description: 'A subtask.' },
);
export type TaskDetail = Static<typeof TaskDetail>;

export const ShowBatchTaskResponse = Type.Object({
  batchtask: BatchTask,
  task_details: Type.Array(TaskDetail, { description: 'This page of its subtasks.' }),
  page: PageInfo,
});
export type ShowBatchTaskResponse = Static<typeof ShowBatchTaskResponse>;

/** v5 11.5: retry, stop and confirm. No body or `{}` means all; an explicit empty list must not, and more than 100 answers 014557. */
export const BatchTaskTargetsRequest = Type.Object({
  targets: Type.Optional(
    Type.Array(string(256, 'A target.', 1), {
      description: 'Targets to act on, 1 to 100; absent: all.',
      minItems: 1,
      maxItems: 10_000,
      ...tooMany,
    }),
  ),
});
export type BatchTaskTargetsRequest = Static<typeof BatchTaskTargetsRequest>;

export const BatchTaskTargetsResponse = Type.Object({
  targets: Type.Array(
    Type.Object(
      {
        target: shown('The target.'),
        status: oneOf(['success', 'failure'], 'Whether the call acted on it.'),
        error_code: Type.Optional(shown('`IOTDA.` and six digits.')),
        error_msg: Type.Optional(shown('Why not.')),
      },
      { description: 'What the call did to one target.' },
    ),
    { description: 'One entry for each named target; for all, the first 100 that were affected.' },
  ),
  affected: Type.Optional(Type.Integer({ description: 'Extension: how many subtasks were affected.' })),
});
export type BatchTaskTargetsResponse = Static<typeof BatchTaskTargetsResponse>;

/** v5 11.6, dry run. */
export const DryRunResponse = Type.Object({
  dry_run: Type.Boolean({ description: 'Always true.' }),
  task_type: shown('Type of the task.'),
  total: counter('Subtasks the task would have.'),
  valid: counter('Of them without an error.'),
  invalid: counter('Of them with an error.'),
  reasons: Type.Array(
    Type.Object(
      {
        severity: oneOf(['error', 'warning'], 'A warning does not count as invalid.'),
        error_code: Type.Optional(shown('`IOTDA.` and six digits.')),
        error_msg: shown('What is wrong.'),
        count: counter('How many targets.'),
        samples: Type.Array(shown('A target; of a bad row `row <number>`.'), { description: 'At most 10 of them.' }),
      },
      { description: 'One reason.' },
    ),
    { description: 'What would go wrong.' },
  ),
});
export type DryRunResponse = Static<typeof DryRunResponse>;

/** v5 11.6: `data` of the Server-Sent Events `progress` and `end`. */
export const BatchTaskEvent = Type.Object({
  task_id: shown('Task id.'),
  revision: Type.Integer({ description: 'Grows with each change, also over restarts; the id of the frame.' }),
  status,
  status_desc: statusDesc,
  task_progress: TaskProgress,
});
export type BatchTaskEvent = Static<typeof BatchTaskEvent>;

/** v5 13.8: `notify_data.body` of the push `batchtask:update`. */
export const BatchTaskPushBody = Type.Object({
  app_id: shown('Owner.'),
  task_id: shown('Task id.'),
  task_type: shown('Type of the task.'),
  status,
  status_desc: statusDesc,
});
export type BatchTaskPushBody = Static<typeof BatchTaskPushBody>;
