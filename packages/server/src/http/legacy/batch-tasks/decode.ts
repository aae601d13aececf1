import type { Decoded } from '@muster/contract';
import type {
  CreateLegacyBatchTaskRequest,
  ListLegacyBatchTasksQuery,
  ListLegacySubtasksQuery,
} from '@muster/contract/legacy';
import type { App } from '../../../domain/app.ts';
import type { JsonObject } from '../../../domain/json.ts';
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

/** Legacy 3.1: what a type cannot do without is as mandatory as what every task has. */
const missing = (member: string): LegacyError =>
  new LegacyError('100019', { detail: `The parameter 'param.${member}' is missing.` });

const mandatory = <T>(value: T | undefined, member: string): T => {
  if (value === undefined) throw missing(member);
  return value;
};

function fileWork({ fileId }: Param): CreateLegacyBatch['work'] {
  return { kind: 'file', fileId: mandatory(fileId, 'fileId') };
}

function commandWork(param: Param): LegacyCommandWork {
  const { type, command, callbackUrl, maxRetransmit } = param;
  const choice = deviceChoice(mandatory(type, 'type'), param);
  const { serviceId, method, paras } = mandatory(command, 'command');
  if (callbackUrl !== undefined && !isHttpUrl(callbackUrl)) {
    throw badInput('iocm', "The parameter 'param.callbackUrl' must be an http or https URL.");
  }
  const document = present({
    ...{ service_id: serviceId, command_name: method, paras: paras ?? {}, send_strategy: 'delay' },
    ...{ callback_url: callbackUrl, max_retransmit: maxRetransmit === 0 ? undefined : maxRetransmit },
  });
  return { kind: 'command', devices: choice, document: document as unknown as JsonObject };
}

const isHttpUrl = (text: string): boolean => {
  const url = URL.parse(text);
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:');
};

function deviceChoice(type: NonNullable<Param['type']>, param: Param): DeviceChoice {
  switch (type) {
    case 'DeviceList':
      return { kind: 'listed', deviceIds: mandatory(param.deviceList, 'deviceList') };
    case 'DeviceType':
      return { kind: 'products', traits: traitsOf(mandatory(param.deviceType, 'deviceType'), param) };
    case 'DeviceArea':
      return { kind: 'location', location: mandatory(param.deviceLocation, 'deviceLocation') };
    case 'GroupList':
      return { kind: 'groups', by: { names: mandatory(param.groupList, 'groupList') } };
    case 'GroupIdList':
      return { kind: 'groups', by: { ids: mandatory(param.groupList, 'groupList') } };
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
