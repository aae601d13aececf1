import { asId, type CommandId, type DeviceId, type ProjectId } from '../../../domain/ids.ts';
import type { DueCommand } from '../../../ports/store/command-store.ts';
import { all, change, type Program } from '../program.ts';
import { type CommandRow, commandRunOf } from './command-codec.ts';

type DueRow = Pick<
  CommandRow,
  'command_id' | 'device_id' | 'status' | 'expires_at' | 'retransmits' | 'issued' | 'task_no' | 'seq' | 'attempt'
> & {
  readonly project_id: string;
};

export function* listDueCommands(now: number, limit: number): Program<readonly DueCommand[]> {
  const rows = yield* all<DueRow>({
    sql: `SELECT part.command_id, part.device_id, part.status, part.expires_at, part.retransmits, part.issued,
        part.task_no, part.seq, part.attempt, d.project_id
      FROM (SELECT * FROM commands WHERE due_at IS NOT NULL AND due_at <= ? ORDER BY due_at LIMIT ?) part
      JOIN devices d ON d.device_id = part.device_id ORDER BY part.due_at`,
    parameters: [now, limit],
  });
  return rows.map((row) => ({
    commandId: asId<CommandId>(row.command_id),
    deviceId: asId<DeviceId>(row.device_id),
    projectId: asId<ProjectId>(row.project_id),
    run: commandRunOf(row),
    end: endOf(row, now),
    again: leavesAgain(row),
  }));
}

function endOf(row: DueRow, now: number): DueCommand['end'] {
  if (row.status !== 'PENDING') return leavesAgain(row) ? undefined : 'TIMEOUT';
  return row.expires_at <= now ? 'EXPIRED' : undefined;
}

const leavesAgain = ({ status, retransmits, issued }: DueRow): boolean =>
  status !== 'PENDING' && retransmits > 0 && issued <= retransmits;

export function* purgeCommands(finishedBefore: number, limit: number): Program<number> {
  yield* change({
    sql: `DELETE FROM command_cancellations WHERE cancellation_id IN (SELECT cancellation_id FROM command_cancellations
      WHERE created_at < ? ORDER BY created_at LIMIT ?)`,
    parameters: [finishedBefore, limit],
  });
  return yield* change({
    sql: `DELETE FROM commands WHERE command_id IN (SELECT command_id FROM commands
      WHERE finished_at IS NOT NULL AND finished_at < ? ORDER BY finished_at LIMIT ?)`,
    parameters: [finishedBefore, limit],
  });
}
