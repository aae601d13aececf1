import { Type } from 'typebox';
import type { Static } from 'typebox';
import { freeForm } from '../primitives.ts';
import { paged, pagedOrWhole, pageMembers } from './paging.ts';
import { count, oneOf, shown, string, textOrNull } from './primitives.ts';

// Legacy 3.
export const legacyBatchTaskTypes = [
  'DeviceReg',
  'DeviceCmd',
  'DeviceLocation',
  'DeviceMod',
  'DeviceDel',
  'DeviceLicense',
] as const;
export const commandTargetTypes = [
  'DeviceList',
  'DeviceType',
  'DeviceArea',
  'GroupList',
  'GroupIdList',
  'Broadcast',
] as const;
export const legacyBatchStatuses = ['Pending', 'Running', 'Complete', 'Timeout'] as const;
export const legacySubtaskStatuses = ['Pending', 'WaitResult', 'Success', 'Fail', 'Timeout'] as const;

const optional = { string: (max: number, description: string) => Type.Optional(string(max, description)) };

export const LegacyCommandBody = Type.Object(
  {
    serviceId: string(64, 'Service.', 1),
    method: string(128, 'Command of the service.', 1),
    paras: Type.Optional(freeForm('Parameters of the command.')),
  },
  { description: 'Command for each device.' },
);
export type LegacyCommandBody = Static<typeof LegacyCommandBody>;

export const LegacyBatchParam = Type.Object(
  {
    type: Type.Optional(oneOf(commandTargetTypes, 'DeviceCmd: how the devices are named.')),
    deviceList: Type.Optional(
      Type.Array(string(256, 'A device.', 1), { description: 'DeviceList: the devices.', maxItems: 30000 }),
    ),
    deviceType: optional.string(256, 'DeviceType: device type of their product.'),
    manufacturerId: optional.string(256, 'DeviceType: manufacturer of their product, too.'),
    manufactureId: optional.string(256, 'The same.'),
    model: optional.string(256, 'DeviceType: model of their product, too.'),
    deviceLocation: optional.string(1024, 'DeviceArea: location of the devices.'),
    groupList: Type.Optional(
      Type.Array(string(256, 'A group.', 1), {
        description: 'GroupList: names of groups. GroupIdList: their ids.',
        maxItems: 256,
      }),
    ),
    command: Type.Optional(LegacyCommandBody),
    callbackUrl: optional.string(1024, 'DeviceCmd: where each state of each command is pushed to.'),
    maxRetransmit: Type.Optional(
      Type.Integer({
        description: 'DeviceCmd: further transmissions without an answer.',
        minimum: 0,
        maximum: 3,
      }),
    ),
    groupTag: optional.string(256, 'Shown again, without effect.'),
    fileId: Type.Optional(string(256, 'All types but DeviceCmd: a batch file.', 1)),
  },
  { description: 'What is to be done to which devices.' },
);
export type LegacyBatchParam = Static<typeof LegacyBatchParam>;

const tag = (min: 0 | 1) =>
  Type.Object(
    { tagName: string(128, 'Name.', min), tagValue: string(1024, 'Value.', min) },
    { description: 'A tag of the task.' },
  );

export const CreateLegacyBatchTaskRequest = Type.Object({
  appId: Type.Optional(string(64, 'Owner; absent: the caller.')),
  taskName: string(256, 'Name, unique among the batch tasks of the application.', 1),
  taskType: oneOf(legacyBatchTaskTypes, 'What is done.'),
  timeout: Type.Integer({
    description: 'When the time of the task is over, in minutes (MUSTER_LEGACY_TIMEOUT_UNIT).',
    minimum: 10,
    maximum: 2880,
  }),
  param: LegacyBatchParam,
  tags: Type.Optional(Type.Array(tag(1), { description: 'Tags of the task.', maxItems: 50 })),
});
export type CreateLegacyBatchTaskRequest = Static<typeof CreateLegacyBatchTaskRequest>;

export const CreateLegacyBatchTaskResponse = Type.Object({
  taskID: shown('Id of the task.'),
  taskId: shown('The same.'),
});
export type CreateLegacyBatchTaskResponse = Static<typeof CreateLegacyBatchTaskResponse>;

export const ShowLegacyBatchTaskQuery = Type.Object({
  select: Type.Optional(string(256, '`tag`: with the tags of the task. Other values are ignored.')),
});
export type ShowLegacyBatchTaskQuery = Static<typeof ShowLegacyBatchTaskQuery>;

const permille = (description: string) => count(`${description}, in permille, rounded down.`);

export const LegacyBatchTask = Type.Object(
  {
    appId: shown('Owner.'),
    taskId: shown('Id.'),
    taskName: shown('Name.'),
    taskType: oneOf(legacyBatchTaskTypes, 'What is done.'),
    operator: textOrNull('Who asked for it: an application or a user. Null: an early version did not know.'),
    taskFrom: shown('`Northbound`: through an API.'),
    status: oneOf(legacyBatchStatuses, 'State.'),
    startTime: shown("When it was made, yyyyMMdd'T'HHmmss'Z'."),
    timeout: count('As it was sent; 2880 of a task that was made through v5.'),
    totalCnt: count('Sub-tasks.'),
    successCnt: count('Sub-tasks that have succeeded.'),
    failCnt: count('Sub-tasks that have failed, other than by time.'),
    timeoutCnt: count('Sub-tasks whose time was over while they were under way.'),
    expiredCnt: count('Sub-tasks whose time was over before they were executed.'),
    completeCnt: count('successCnt + failCnt + timeoutCnt.'),
    progress: permille('completeCnt of totalCnt'),
    successRate: permille('successCnt of completeCnt'),
    param: freeForm('As it was sent, without nulls.'),
    tags: Type.Optional(Type.Array(tag(0), { description: 'Tags; with `select=tag` alone.' })),
    endTime: textOrNull("Extension: when it ended, yyyyMMdd'T'HHmmss'Z'."),
    statusDesc: textOrNull('Extension: what there is to say of the state.'),
  },
  { description: 'A batch task.' },
);
export type LegacyBatchTask = Static<typeof LegacyBatchTask>;

export const ListLegacySubtasksQuery = Type.Object({
  taskId: string(64, 'The task; `taskID` is the same.', 1),
  status: Type.Optional(oneOf(legacySubtaskStatuses, 'Only sub-tasks in this state.')),
  index: Type.Optional(
    Type.Integer({ description: 'Only the sub-task of this row, from 1.', minimum: 0, maximum: 4294967295 }),
  ),
  nodeId: Type.Optional(string(256, 'Only sub-tasks of the device of this node.')),
  deviceId: Type.Optional(string(256, 'Only sub-tasks of this device.')),
  commandId: Type.Optional(string(64, 'Only the sub-task of this command.')),
  ...pagedOrWhole({ usual: 25, max: 250 }),
});
export type ListLegacySubtasksQuery = Static<typeof ListLegacySubtasksQuery>;

export const LegacySubtask = Type.Object(
  {
    status: oneOf(legacySubtaskStatuses, 'State.'),
    output: textOrNull('JSON: what came of it; of a command, what the device answered.'),
    error: textOrNull('JSON with `error_code`, `error_desc` and, as an extension, `error_detail`: why it failed.'),
    param: Type.Object(
      {
        index: Type.Union([Type.Integer(), Type.Null()], { description: 'Row of the file, from 1.' }),
        nodeId: textOrNull('Node of the row.'),
        deviceId: textOrNull('The device.'),
        commandId: textOrNull('The command that was made for it.'),
      },
      { description: 'What it is about.' },
    ),
  },
  { description: 'A sub-task.' },
);
export type LegacySubtask = Static<typeof LegacySubtask>;

export const ListLegacySubtasksResponse = Type.Object({
  ...pageMembers,
  taskDetails: Type.Array(LegacySubtask, { description: 'The sub-tasks, in the order of the input.' }),
});
export type ListLegacySubtasksResponse = Static<typeof ListLegacySubtasksResponse>;

export const LegacyBatchFile = Type.Object(
  {
    fileId: shown('Id.'),
    fileName: shown('Name.'),
    uploadTime: shown("When it was uploaded, yyyyMMdd'T'HHmmss'Z'."),
  },
  { description: 'A batch file.' },
);
export type LegacyBatchFile = Static<typeof LegacyBatchFile>;

export const ListLegacyBatchFilesResponse = Type.Object({
  totalCount: count('The files.'),
  files: Type.Array(LegacyBatchFile, { description: 'The files, newest first.' }),
});
export type ListLegacyBatchFilesResponse = Static<typeof ListLegacyBatchFilesResponse>;

export const ListLegacyBatchTasksQuery = Type.Object({
  taskType: Type.Optional(oneOf(legacyBatchTaskTypes, 'Only tasks of this type.')),
  status: Type.Optional(oneOf(legacyBatchStatuses, 'Only tasks in this state.')),
  taskName: Type.Optional(string(256, 'Only the task of this name.')),
  ...paged({ usual: 25, max: 250 }),
});
export type ListLegacyBatchTasksQuery = Static<typeof ListLegacyBatchTasksQuery>;

export const ListLegacyBatchTasksResponse = Type.Object({
  ...pageMembers,
  tasks: Type.Array(LegacyBatchTask, { description: 'The tasks, newest first.' }),
});
export type ListLegacyBatchTasksResponse = Static<typeof ListLegacyBatchTasksResponse>;
