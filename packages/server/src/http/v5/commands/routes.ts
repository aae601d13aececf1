import { CreateCommandRequest, type CreateCommandResponse } from '@muster/contract/v5';
import { asId, type DeviceId } from '../../../domain/ids.ts';
import type { JsonObject } from '../../../domain/json.ts';
import type { CommandService } from '../../../services/commands.ts';
import type { DeviceAnswer } from '../../../services/device-calls.ts';
import { v5Route, type V5Route } from '../route.ts';

/** v5 9, Sync command. */
export function createCommandRoutes(commands: CommandService): V5Route[] {
  return [
    v5Route('CreateCommand', {
      body: CreateCommandRequest,
      handle: async ({ projectId, param, body, signal }) => {
        const deviceId = asId<DeviceId>(param('device_id'));
        return encodeAnswer(await commands.send({ projectId, deviceId, body: body as JsonObject, signal }));
      },
    }),
  ];
}

function encodeAnswer({ requestId, response, failure }: DeviceAnswer): CreateCommandResponse {
  return {
    command_id: requestId,
    // The device's own object, whatever it holds.
    response,
    ...(failure === undefined ? {} : { error_code: `IOTDA.${failure.code}`, error_msg: failure.message }),
  };
}
