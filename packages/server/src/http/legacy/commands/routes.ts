import {
  CancelDeviceCommandsRequest,
  CreateDeviceCommandRequest,
  ListCommandCancelTasksQuery,
  ListDeviceCommandsQuery,
  SendCommandRequest,
  UpdateDeviceCommandRequest,
} from '@muster/contract/legacy';
import { asId, type CommandId, type DeviceId } from '../../../domain/ids.ts';
import type { AppCommandService } from '../../../services/app-commands.ts';
import { LegacyError } from '../legacy-error.ts';
import { decodeNewestFirst } from '../page.ts';
import type { LegacyCodes } from '../problems.ts';
import { type LegacyRoute, legacyRoute } from '../route.ts';
import { decodeCancellationFilter, decodeCommand, decodeCommandFilter, decodeSendCommand } from './decode.ts';
import { encodeCancelTask, encodeCommand, encodePage, encodeSent } from './encode.ts';

const codes: LegacyCodes = { commandNotFound: '100434' };

/** Legacy 7. */
export function createCommandRoutes(commands: AppCommandService): LegacyRoute[] {
  return [
    legacyRoute('CreateDeviceCommand', {
      body: CreateDeviceCommandRequest,
      handle: async ({ owner, body }) =>
        encodeCommand(await commands.create(owner, asId<DeviceId>(body.deviceId), decodeCommand(body)), owner.appId),
    }),
    legacyRoute('ListDeviceCommands', {
      query: ListDeviceCommandsQuery,
      handle: async ({ owner, query }) => {
        const found = await commands.list(owner, decodeCommandFilter(query), decodeNewestFirst(query));
        return encodePage(found, query, (command) => encodeCommand(command, owner.appId));
      },
    }),
    legacyRoute('SendCommand', {
      body: SendCommandRequest,
      handle: async ({ owner, param, body }) => {
        const request = decodeSendCommand(param('serviceId'), body);
        const command = await commands.create(owner, asId<DeviceId>(param('deviceId')), request);
        return encodeSent(command, body.header.requestId);
      },
    }),
    ...cancelRoutes(commands),
  ];
}

function cancelRoutes(commands: AppCommandService): LegacyRoute[] {
  return [
    legacyRoute('CancelDeviceCommand', {
      ...{ body: UpdateDeviceCommandRequest, codes },
      handle: async ({ owner, param }) => {
        const canceled = await commands.cancel(owner, asId<CommandId>(param('deviceCommandId')));
        if (canceled === undefined) throw new LegacyError('100435');
        return encodeCommand(canceled, owner.appId);
      },
    }),
    legacyRoute('CancelDeviceCommands', {
      body: CancelDeviceCommandsRequest,
      handle: async ({ owner, body }) =>
        encodeCancelTask(await commands.cancelAll(owner, asId<DeviceId>(body.deviceId))),
    }),
    legacyRoute('ListCommandCancelTasks', {
      query: ListCommandCancelTasksQuery,
      handle: async ({ owner, query }) => {
        // Every task is done as it is made.
        if (query.status !== undefined && query.status !== 'SUCCESS') {
          return encodePage({ items: [], count: 0, marker: null }, query, encodeCancelTask);
        }
        const filter = decodeCancellationFilter(query);
        const found = await commands.listCancellations(owner, filter, decodeNewestFirst(query));
        return encodePage(found, query, encodeCancelTask);
      },
    }),
  ];
}
