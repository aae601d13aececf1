import type {
  CommandCancelTask,
  DeviceCommand,
  ListDeviceCommandsResponse,
  SendCommandResponse,
} from '@muster/contract/legacy';
import type { AsyncCommand } from '../../../domain/async-command.ts';
import { legacyStatusOf } from '../../../domain/notices/command-call-back.ts';
import type { Page } from '../../../domain/paging.ts';
import { toBasicTime } from '../../../domain/time.ts';
import type { ShownCancellation } from '../../../services/app-commands.ts';
import type { LegacyPage } from '../page.ts';

export function encodeCommand(command: AsyncCommand, appId: string): DeviceCommand {
  const { request, sentAt, deliveredAt, respondedAt } = command;
  return {
    commandId: command.commandId,
    appId,
    deviceId: command.deviceId,
    command: {
      serviceId: request.serviceId ?? null,
      method: request.commandName ?? null,
      paras: request.paras,
    },
    callbackUrl: request.callbackUrl ?? null,
    expireTime: request.strategy === 'delay' ? request.cacheSeconds : 0,
    status: legacyStatusOf(command),
    result: encodeResult(command),
    creationTime: toBasicTime(command.createdAt),
    executeTime: timeOrNull(respondedAt),
    platformIssuedTime: timeOrNull(sentAt),
    deliveredTime: timeOrNull(deliveredAt),
    issuedTimes: command.issued,
    maxRetransmit: request.maxRetransmit ?? 0,
  };
}

const timeOrNull = (at: number | undefined): string | null => (at === undefined ? null : toBasicTime(at));

/** What its callback URL is told at its end (legacy 9.4). */
function encodeResult(command: AsyncCommand): DeviceCommand['result'] {
  const isUnderWay = ['PENDING', 'SENT', 'DELIVERED'].includes(command.status);
  return isUnderWay ? null : { resultCode: legacyStatusOf(command), resultDetail: command.result ?? {} };
}

export function encodeCancelTask({ cancellation, commands }: ShownCancellation): CommandCancelTask {
  const { cancellationId, appId, deviceId, commandIds } = cancellation;
  return {
    taskId: cancellationId,
    appId,
    deviceId,
    status: 'SUCCESS',
    totalCount: commandIds.length,
    deviceCommands: commands.map((command) => encodeCommand(command, appId)),
  };
}

/** `{"pagination", "data"}`, which these lists alone have. */
export function encodePage<Item, Shown>(
  { items, count }: Page<Item>,
  { pageNo, pageSize }: LegacyPage,
  encode: (item: Item) => Shown,
): { readonly pagination: ListDeviceCommandsResponse['pagination']; readonly data: Shown[] } {
  return { pagination: { pageNo, pageSize, totalSize: count }, data: items.map(encode) };
}

export function encodeSent(command: AsyncCommand, requestId = command.commandId as string): SendCommandResponse {
  return { requestId, status: 'sent', timestamp: toBasicTime(command.createdAt) };
}
