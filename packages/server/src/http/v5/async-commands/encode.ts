import type { AsyncCommand as WireCommand, AsyncCommandItem, CreateAsyncCommandResponse } from '@muster/contract/v5';
import type { AsyncCommand } from '../../../domain/async-command.ts';
import { toBasicTime } from '../../../domain/time.ts';
import { present } from '../../../domain/present.ts';

export function encodeNewCommand(command: AsyncCommand): CreateAsyncCommandResponse {
  return { ...fieldsOf(command), paras: command.request.paras };
}

export function encodeCommand(command: AsyncCommand): WireCommand {
  const { request, result } = command;
  return { ...present({ ...fieldsOf(command), paras: request.paras, result }), ...timesOf(command) };
}

/** v5 9: without `paras` and `result`. */
export function encodeCommandItem(command: AsyncCommand): AsyncCommandItem {
  return { ...fieldsOf(command), ...timesOf(command) };
}

function fieldsOf({ deviceId, commandId, request, status, createdAt }: AsyncCommand) {
  const { serviceId, commandName, strategy, cacheSeconds } = request;
  return present({
    device_id: deviceId,
    command_id: commandId,
    service_id: serviceId,
    command_name: commandName,
    // Of what is sent at once or not at all nothing expires.
    expire_time: strategy === 'delay' ? cacheSeconds : undefined,
    status,
    created_time: toBasicTime(createdAt),
    send_strategy: strategy,
  });
}

function timesOf({ sentAt, deliveredAt, respondedAt }: AsyncCommand) {
  const shown = (at: number | undefined) => (at === undefined ? undefined : toBasicTime(at));
  return present({
    sent_time: shown(sentAt),
    delivered_time: shown(deliveredAt),
    response_time: shown(respondedAt),
  });
}
