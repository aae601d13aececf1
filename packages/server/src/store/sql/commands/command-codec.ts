import type { Selectable } from 'kysely';
import type { AsyncCommand, AsyncCommandRequest } from '../../../domain/async-command.ts';
import { asId, type CommandId, type DeviceId, type RecordId } from '../../../domain/ids.ts';
import type { JsonObject } from '../../../domain/json.ts';
import type { RunRef } from '../../../domain/request-id.ts';
import { orUndefined } from '../columns.ts';
import type { CommandsTable } from '../tables.ts';

export type CommandRow = Selectable<CommandsTable>;

export const requestOf = (row: Pick<CommandRow, 'request'>): AsyncCommandRequest =>
  JSON.parse(row.request) as AsyncCommandRequest;

export function commandOf(row: CommandRow): AsyncCommand {
  return {
    recordId: asId<RecordId>(row.record_id),
    deviceId: asId<DeviceId>(row.device_id),
    commandId: asId<CommandId>(row.command_id),
    request: requestOf(row),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    run: commandRunOf(row),
    status: row.status,
    result: row.result === null ? undefined : (JSON.parse(row.result) as JsonObject),
    sentAt: orUndefined(row.sent_at),
    deliveredAt: orUndefined(row.delivered_at),
    respondedAt: orUndefined(row.responded_at),
    issued: row.issued,
    canceled: row.canceled === 1,
  };
}

export function commandRunOf({
  task_no,
  seq,
  attempt,
}: Pick<CommandRow, 'task_no' | 'seq' | 'attempt'>): RunRef | undefined {
  return task_no === null || seq === null || attempt === null ? undefined : { taskNo: task_no, seq, attempt };
}
