import { type Decoded, isObject } from '@muster/contract';
import {
  commandTargetTypes,
  type CreateLegacyBatchTaskRequest,
  legacyBatchTaskTypes,
  type ListLegacyBatchTasksQuery,
  type ListLegacySubtasksQuery,
} from '@muster/contract/legacy';
import type { App } from '../../../domain/app.ts';
import type { JsonObject } from '../../../domain/json.ts';
import { isCallbackUrl } from '../../../domain/legacy-subscription.ts';
import { present } from '../../../domain/present.ts';
import type { DeviceChoice } from '../../../services/legacy-tasks/choose-devices.ts';
import type {
  CreateLegacyBatch,
  LegacyBatchFilter,
  LegacyCommandWork,
  LegacySubtaskFilter,
} from '../../../services/legacy-tasks/legacy-batch-service.ts';
import { LegacyError } from '../legacy-error.ts';
import { badInput } from '../problems.ts';

type Body = Decoded<typeof CreateLegacyBatchTaskRequest>;
type Param = Body['param'];

export function decodeNewBatch(
  { caller, owner }: { readonly caller: App; readonly owner: App },
  body: Body,
): CreateLegacyBatch {
  const { taskType, tags = [] } = body;
  const work = taskType === 'DeviceCmd' ? commandWork(body.param) : fileWork(body.param);
  checkTags(tags);
  return {
    ...{ owner, operator: caller.appId, name: body.taskName, batchType: taskType, timeout: body.timeout, work },
    shown: present({
      param: shownParam(body.param, work),
      tags: tags.length === 0 ? undefined : tags,
    }) as unknown as JsonObject,
  };
}

const namedBy: Readonly<Record<string, keyof Param>> = {
  DeviceList: 'deviceList',
  DeviceType: 'deviceType',
  DeviceArea: 'deviceLocation',
  GroupList: 'groupList',
  GroupIdList: 'groupList',
};

/** Legacy 3.1: what a type cannot do without is as mandatory as what every task has. */
export function missingInNewBatch({ taskType, param }: Readonly<Record<string, unknown>>): string | undefined {
  if (!isOneOf(legacyBatchTaskTypes, taskType) || !isObject(param)) return undefined;
  const { type } = param;
  const named = isOneOf(commandTargetTypes, type) ? namedBy[type] : undefined;
  const needed =
    taskType === 'DeviceCmd'
      ? (['type', ...(named === undefined ? [] : [named]), 'command'] as const)
      : (['fileId'] as const);
  const missing = needed.find((member) => isAbsent(param[member]));
  return missing && `param.${missing}`;
}

const isOneOf = (names: readonly string[], value: unknown): value is string =>
  typeof value === 'string' && names.includes(value);

/** Legacy 1.2: an empty list is as good as none. */
const isAbsent = (value: unknown): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0);

/** By now it is there. */
const mandatory = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('What is mandatory was not looked for.');
  return value;
};

function fileWork({ fileId }: Param): CreateLegacyBatch['work'] {
  return { kind: 'file', fileId: mandatory(fileId) };
}

function commandWork(param: Param): LegacyCommandWork {
  const { type, command, callbackUrl, maxRetransmit } = param;
  const choice = deviceChoice(mandatory(type), param);
  const { serviceId, method, paras } = mandatory(command);
  if (callbackUrl !== undefined && !isCallbackUrl(callbackUrl)) {
    throw badInput('iocm', "The parameter 'param.callbackUrl' must be an http or https URL.");
  }
  const document = present({
    ...{ service_id: serviceId, command_name: method, paras: paras ?? {}, send_strategy: 'delay' },
    ...{ callback_url: callbackUrl, max_retransmit: maxRetransmit === 0 ? undefined : maxRetransmit },
  });
  return { kind: 'command', devices: choice, document: document as unknown as JsonObject };
}

function deviceChoice(type: NonNullable<Param['type']>, param: Param): DeviceChoice {
  switch (type) {
    case 'DeviceList':
      return { kind: 'listed', deviceIds: mandatory(param.deviceList) };
    case 'DeviceType':
      return { kind: 'products', traits: traitsOf(mandatory(param.deviceType), param) };
    case 'DeviceArea':
      return { kind: 'location', location: mandatory(param.deviceLocation) };
    case 'GroupList':
      return { kind: 'groups', by: { names: mandatory(param.groupList) } };
    case 'GroupIdList':
      return { kind: 'groups', by: { ids: mandatory(param.groupList) } };
    case 'Broadcast':
      return { kind: 'all' };
  }
}

const traitsOf = (deviceType: string, { manufacturerId, manufactureId, model }: Param) =>
  present({ deviceType, manufacturerId: manufacturerId ?? manufactureId, model });

/** Legacy 3.4: one of the two spellings comes back. Devices that a task is for are kept with its targets, and come back from there. */
function shownParam(
  { manufactureId, manufacturerId = manufactureId, ...param }: Param,
  work: CreateLegacyBatch['work'],
) {
  const isTargets = work.kind === 'command' && work.devices.kind === 'listed';
  return present({ ...param, manufacturerId, ...(isTargets ? { deviceList: undefined } : {}) });
}

/** Legacy 3.1: 105201. */
function checkTags(tags: NonNullable<Body['tags']>): void {
  const names = new Set(tags.map(({ tagName }) => tagName));
  if (names.size < tags.length) throw new LegacyError('105201', { detail: 'A tagName occurs twice.' });
}

export function decodeSubtaskFilter(query: Decoded<typeof ListLegacySubtasksQuery>): LegacySubtaskFilter {
  const { status: state, index, nodeId, deviceId, commandId } = query;
  return present({ state, index, nodeId, deviceId, commandId });
}

export function decodeBatchFilter(query: Decoded<typeof ListLegacyBatchTasksQuery>): LegacyBatchFilter {
  const { taskType: batchType, status: state, taskName: name } = query;
  return present({ batchType, state, name });
}
