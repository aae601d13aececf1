import type { AsyncCommand, AsyncCommandStatus } from '../async-command.ts';
import type { JsonObject } from '../json.ts';

type LegacyCommandStatus = AsyncCommandStatus | 'CANCELED';

/** v5 has no name for what was canceled, and shows it as expired. */
export const legacyStatusOf = ({ canceled, status }: Pick<AsyncCommand, 'canceled' | 'status'>): LegacyCommandStatus =>
  canceled ? 'CANCELED' : status;

/** Undefined: nobody is told that it waits (legacy 9.4). */
export function commandCallBack(
  command: Pick<AsyncCommand, 'deviceId' | 'commandId' | 'status' | 'canceled' | 'result'>,
): JsonObject | undefined {
  const { deviceId, commandId, result } = command;
  const resultCode = legacyStatusOf(command);
  return resultCode === 'PENDING'
    ? undefined
    : { deviceId, commandId, result: { resultCode, resultDetail: result ?? {} } };
}
