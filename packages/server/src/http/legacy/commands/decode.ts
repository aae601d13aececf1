import type { Decoded } from '@muster/contract';
import type {
  CreateDeviceCommandRequest,
  ListCommandCancelTasksQuery,
  ListDeviceCommandsQuery,
  SendCommandRequest,
} from '@muster/contract/legacy';
import { asId, type DeviceId } from '../../../domain/ids.ts';
import type { JsonObject } from '../../../domain/json.ts';
import { present } from '../../../domain/present.ts';
import type { AppCommandRequest, AppCommandService } from '../../../services/app-commands.ts';
import { badInput } from '../problems.ts';
import { decodeEnd, decodeTime } from '../time-field.ts';

export function decodeCommand(body: Decoded<typeof CreateDeviceCommandRequest>): AppCommandRequest {
  const { command, callbackUrl, expireTime, maxRetransmit } = body;
  return {
    serviceId: command.serviceId,
    commandName: command.method,
    paras: (command.paras ?? {}) as JsonObject,
    expireSeconds: expireTime,
    maxRetransmit,
    ...present({ callbackUrl }),
  };
}

/** Now or never. */
export function decodeSendCommand(
  serviceId: string,
  { header, body = {} }: Decoded<typeof SendCommandRequest>,
): AppCommandRequest {
  if ([...serviceId].length > 64) throw badInput('iocm', "The parameter 'serviceId' must have at most 64 characters.");
  return {
    ...{ serviceId, commandName: header.method, paras: body as JsonObject, expireSeconds: 0 },
    ...present({ callbackUrl: header.callbackURL }),
  };
}

type CommandFilter = Parameters<AppCommandService['list']>[1];

const badTime = '100022';

export function decodeCommandFilter(
  query: Pick<Decoded<typeof ListDeviceCommandsQuery>, 'deviceId' | 'startTime' | 'endTime'>,
): CommandFilter {
  const { deviceId, startTime, endTime } = query;
  return present({
    deviceId: deviceId === undefined ? undefined : asId<DeviceId>(deviceId),
    createdFrom: decodeTime(startTime, 'startTime', badTime),
    createdTo: decodeEnd(endTime, 'endTime', badTime),
  });
}

export const decodeCancellationFilter = (
  query: Decoded<typeof ListCommandCancelTasksQuery>,
): Parameters<AppCommandService['listCancellations']>[1] => ({
  ...decodeCommandFilter(query),
  ...present({ cancellationId: query.taskId }),
});
