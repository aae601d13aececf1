import { Type } from 'typebox';
import type { Static } from 'typebox';
import { paged, pagedOrWhole, pageMembers } from './paging.ts';
import { count, oneOf, orNull, shown, string, textOrNull } from './primitives.ts';

// Legacy 4.2 to 4.5.
export const operationTypes = ['firmware_upgrade', 'software_upgrade'] as const;
export const operationStatuses = ['wait', 'processing', 'failed', 'success', 'stop'] as const;
export const subOperationStatuses = ['wait', 'processing', 'fail', 'success', 'stop'] as const;

const optionalText = (description: string) => Type.Optional(string(256, description));
const targetsMax = 256;

const targetList = (item: string, description: string) =>
  Type.Optional(Type.Array(string(256, item, 1), { description, maxItems: targetsMax, 'x-too-many-code': '123024' }));

export const CreateOperationRequest = Type.Object({
  fileId: string(64, 'The package.', 1),
  targets: Type.Object(
    {
      deviceGroups: targetList('Name of a group.', 'Groups whose devices are upgraded.'),
      devices: targetList('A device.', 'Devices that are upgraded.'),
      deviceType: optionalText('With groups: device type of their devices.'),
      model: optionalText('With groups: model of their devices.'),
      manufacturerName: optionalText('With groups: manufacturer of their devices.'),
    },
    { description: 'Devices, or groups of them.' },
  ),
  policy: Type.Optional(
    Type.Object(
      {
        executeType: Type.Optional(
          Type.String({ description: '`now` (absent, too), `device_online` or `custom`.', 'x-error-code': '123025' }),
        ),
        startTime: Type.Optional(
          Type.String({ description: "custom: start, yyyyMMdd'T'HHmmss'Z'.", 'x-error-code': '123026' }),
        ),
        endTime: Type.Optional(
          Type.String({ description: "custom: end, yyyyMMdd'T'HHmmss'Z'.", 'x-error-code': '123026' }),
        ),
        retryType: Type.Optional(Type.Boolean({ description: 'Whether failures are tried again.' })),
        retryTimes: Type.Optional(
          Type.Integer({
            description: 'How often, 1 to 5; ignored without retryType.',
            'x-error-code': '123028',
            'x-only-with': 'retryType',
          }),
        ),
      },
      { description: 'When, and how often.' },
    ),
  ),
});
export type CreateOperationRequest = Static<typeof CreateOperationRequest>;

export const CreateOperationResponse = Type.Object({ operationId: shown('Id of the operation.') });
export type CreateOperationResponse = Static<typeof CreateOperationResponse>;

const ids = (description: string) => orNull(Type.Array(Type.String()), description);
const basicTime = (description: string) => textOrNull(`${description}, yyyyMMdd'T'HHmmss'Z'.`);
const texts = (description: string) => Type.Record(Type.String(), Type.String(), { description });

export const OperationInfo = Type.Object(
  {
    operationId: shown('Id.'),
    createTime: shown("When it was made, yyyyMMdd'T'HHmmss'Z'."),
    startTime: basicTime('When its first device started'),
    stopTime: basicTime('When it ended'),
    operateType: oneOf(operationTypes, 'What is upgraded.'),
    targets: Type.Object(
      {
        deviceGroups: ids('Names of the groups; null: devices were named.'),
        deviceType: textOrNull('Device type.'),
        model: textOrNull('Model.'),
        manufacturerName: textOrNull('Manufacturer.'),
        devices: ids('The devices, at most 256; null: groups were named.'),
      },
      { description: 'What is upgraded.' },
    ),
    policy: orNull(
      Type.Object({
        executeType: shown('`now`, `device_online` or `custom`.'),
        startTime: basicTime('Start'),
        endTime: basicTime('End'),
        retryType: Type.Boolean({ description: 'Whether failures are tried again.' }),
        retryTimes: count('How often.'),
      }),
      'When, and how often; null: nothing was said.',
    ),
    status: shown('`wait`, `processing`, `failed`, `success` or `stop`.'),
    staResult: Type.Object(
      {
        total: count('Devices.'),
        wait: count('That wait.'),
        processing: count('Under way.'),
        success: count('Upgraded.'),
        fail: count('Failed, other than by time.'),
        stop: count('Stopped.'),
        timeout: count('Failed by a time limit.'),
      },
      { description: 'How many devices are in which state.' },
    ),
    extendPara: texts('`fileVersion`: version of the package.'),
  },
  { description: 'An operation.' },
);
export type OperationInfo = Static<typeof OperationInfo>;

const filter = (description: string) => Type.Optional(string(256, description));

export const ListOperationsQuery = Type.Object({
  operationType: Type.Optional(oneOf(operationTypes, 'Only operations of this type.')),
  operationStatus: Type.Optional(oneOf(operationStatuses, 'Only operations in this state.')),
  deviceType: filter('Only operations for products of this device type.'),
  manufacturerName: filter('Only operations for products of this manufacturer.'),
  model: filter('Only operations for products of this model.'),
  deviceId: filter('Only operations with this device.'),
  ...paged({ usual: 10, max: 100, code: '123029' }),
});
export type ListOperationsQuery = Static<typeof ListOperationsQuery>;

export const ListOperationsResponse = Type.Object({
  data: Type.Array(OperationInfo, { description: 'The operations, newest first.' }),
  ...pageMembers,
  totalSize: count('The same as totalCount.'),
});
export type ListOperationsResponse = Static<typeof ListOperationsResponse>;

export const ListSubOperationsQuery = Type.Object({
  subOperationStatus: Type.Optional(oneOf(subOperationStatuses, 'Only sub-operations in this state.')),
  ...pagedOrWhole({ usual: 10, max: 100, code: '123029' }),
});
export type ListSubOperationsQuery = Static<typeof ListSubOperationsQuery>;

export const SubOperationInfo = Type.Object(
  {
    subOperationId: shown('Id.'),
    createTime: shown("When it was made, yyyyMMdd'T'HHmmss'Z'."),
    startTime: basicTime('When it started'),
    stopTime: basicTime('When it ended'),
    operateType: oneOf(operationTypes, 'What is upgraded.'),
    deviceId: shown('The device.'),
    status: shown('`wait`, `processing`, `fail`, `success` or `stop`.'),
    detailInfo: shown('What there is to say of the state.'),
    extendInfo: texts('`fileVersion`: version of the package. Extension: `curVersion`, `progress`.'),
  },
  { description: 'The upgrade of one device.' },
);
export type SubOperationInfo = Static<typeof SubOperationInfo>;

export const ListSubOperationsResponse = Type.Object({
  data: Type.Array(SubOperationInfo, { description: 'The sub-operations, oldest first.' }),
  ...pageMembers,
});
export type ListSubOperationsResponse = Static<typeof ListSubOperationsResponse>;
