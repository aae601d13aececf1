import { Type } from 'typebox';
import type { Static } from 'typebox';
import { freeForm } from '../primitives.ts';
import { defaulted } from '../schema.ts';
import { paged } from './paging.ts';
import { count, listOf, oneOf, orNull, shown, string, textOrNull } from './primitives.ts';

// Legacy 7.
const deviceId = string(256, 'The device.', 1);

export const CreateDeviceCommandRequest = Type.Object({
  deviceId,
  command: Type.Object(
    {
      serviceId: string(64, 'Service of the device.', 1),
      method: string(128, 'Command of the service.', 1),
      paras: Type.Optional(freeForm('Parameters of the command, at most 32 KB.')),
    },
    { description: 'What the device is to do.' },
  ),
  callbackUrl: Type.Optional(string(1024, 'http or https address that is told of every status.')),
  expireTime: defaulted(
    Type.Integer({
      description: 'Seconds for which the command is cached while the device is away; 0: now or never.',
      minimum: 0,
      maximum: 2_147_483_647,
    }),
    172_800,
  ),
  maxRetransmit: defaulted(
    Type.Integer({ description: 'Further transmissions while the device does not answer.', minimum: 0, maximum: 3 }),
    0,
  ),
});
export type CreateDeviceCommandRequest = Static<typeof CreateDeviceCommandRequest>;

const commandStatuses = [
  'PENDING',
  'SENT',
  'DELIVERED',
  'SUCCESSFUL',
  'FAILED',
  'TIMEOUT',
  'EXPIRED',
  'CANCELED',
] as const;

const commandMembers = {
  commandId: shown('Id of the command.'),
  appId: shown('Application of the device.'),
  deviceId: shown('The device.'),
  command: Type.Object(
    {
      serviceId: textOrNull('Service of the device.'),
      method: textOrNull('Command of the service.'),
      paras: freeForm('Parameters of the command.'),
    },
    { description: 'What the device is to do.' },
  ),
  callbackUrl: textOrNull('Address that is told of every status.'),
  expireTime: count('Seconds for which the command is cached; 0: not at all.'),
  status: oneOf(commandStatuses, 'State.'),
  result: orNull(
    Type.Object({
      resultCode: oneOf(commandStatuses, 'The last state.'),
      resultDetail: freeForm('What the device answered.'),
    }),
    'What became of it; null: it is under way.',
  ),
  creationTime: shown("When it was made, yyyyMMdd'T'HHmmss'Z'."),
  executeTime: textOrNull('When the device answered.'),
  platformIssuedTime: textOrNull('When it was sent first.'),
  deliveredTime: textOrNull('When the device acknowledged it.'),
  issuedTimes: count('How often it was sent.'),
  maxRetransmit: count('Further transmissions while the device does not answer.'),
};

export const DeviceCommand = Type.Object(commandMembers, { description: 'A command.' });
export type DeviceCommand = Static<typeof DeviceCommand>;

const timeFilters = {
  startTime: Type.Optional(string(16, "Only what was made since then, yyyyMMdd'T'HHmmss'Z'.")),
  endTime: Type.Optional(string(16, "Only what was made until then, yyyyMMdd'T'HHmmss'Z'.")),
};
const onlyOfDevice = Type.Optional(string(256, 'Only of this device.'));
const pageOf = paged({ usual: 25, max: 250 });
const pagination = Type.Object(
  {
    pageNo: count('The page.'),
    pageSize: count('Entries per page.'),
    totalSize: count('All that match.'),
  },
  { description: 'Which of all.' },
);

export const ListDeviceCommandsQuery = Type.Object({ deviceId: onlyOfDevice, ...timeFilters, ...pageOf });
export type ListDeviceCommandsQuery = Static<typeof ListDeviceCommandsQuery>;

export const ListDeviceCommandsResponse = Type.Object({
  pagination,
  data: Type.Array(DeviceCommand, { description: 'The commands, newest first.' }),
});
export type ListDeviceCommandsResponse = Static<typeof ListDeviceCommandsResponse>;

export const UpdateDeviceCommandRequest = Type.Object({
  status: oneOf(['CANCELED'], 'What becomes of it.'),
});
export type UpdateDeviceCommandRequest = Static<typeof UpdateDeviceCommandRequest>;

export const CancelDeviceCommandsRequest = Type.Object({ deviceId });
export type CancelDeviceCommandsRequest = Static<typeof CancelDeviceCommandsRequest>;

// Sic.
const cancelTaskStatuses = ['WAITTING', 'RUNNING', 'SUCCESS', 'FAILED', 'PART_SUCCESS'] as const;

export const CommandCancelTask = Type.Object(
  {
    taskId: shown('Id of the task.'),
    appId: shown('Application of the device.'),
    deviceId: shown('The device.'),
    status: oneOf(cancelTaskStatuses, 'SUCCESS: the task is done as it is made.'),
    totalCount: count('Commands that were canceled.'),
    deviceCommands: listOf(commandMembers, 'The commands, those that are not remembered any more left out.'),
  },
  { description: 'All that waited for a device was canceled.' },
);
export type CommandCancelTask = Static<typeof CommandCancelTask>;

export const ListCommandCancelTasksQuery = Type.Object({
  taskId: Type.Optional(string(64, 'Only this task.')),
  deviceId: onlyOfDevice,
  status: Type.Optional(oneOf(cancelTaskStatuses, 'Only tasks in this state.')),
  ...timeFilters,
  ...pageOf,
});
export type ListCommandCancelTasksQuery = Static<typeof ListCommandCancelTasksQuery>;

export const ListCommandCancelTasksResponse = Type.Object({
  pagination,
  data: Type.Array(CommandCancelTask, { description: 'The tasks, newest first.' }),
});
export type ListCommandCancelTasksResponse = Static<typeof ListCommandCancelTasksResponse>;

export const SendCommandRequest = Type.Object({
  header: Type.Object(
    {
      mode: oneOf(['ACK', 'NOACK'], 'Whether an answer is wanted; the device is asked for one in either case.'),
      from: Type.Optional(string(128, 'Who sends it.')),
      to: Type.Optional(string(256, 'Ignored: the address says it.')),
      toType: Type.Optional(string(32, 'Ignored.')),
      method: string(128, 'Command of the service.', 1),
      requestId: Type.Optional(string(128, 'Id of the call; absent: generated.', 1)),
      callbackURL: Type.Optional(string(1024, 'http or https address that is told of every status.')),
    },
    { description: 'What the device is to do.' },
  ),
  body: Type.Optional(freeForm('Parameters of the command, at most 32 KB.')),
});
export type SendCommandRequest = Static<typeof SendCommandRequest>;

export const SendCommandResponse = Type.Object({
  requestId: shown('As sent, or the id of the command.'),
  status: oneOf(['sent'], 'It has left for the device.'),
  timestamp: shown("When, yyyyMMdd'T'HHmmss'Z'."),
});
export type SendCommandResponse = Static<typeof SendCommandResponse>;
