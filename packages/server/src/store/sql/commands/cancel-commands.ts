import type { Selectable } from 'kysely';
import type { CommandCancellation } from '../../../domain/async-command.ts';
import { type AppId, asId, type CommandId, type DeviceId, type ProjectId, type RecordId } from '../../../domain/ids.ts';
import type { Page, PageRequest } from '../../../domain/paging.ts';
import { Problem } from '../../../domain/problem.ts';
import type { CancellationFilter, CommandStore, UnendedCommand } from '../../../ports/store/command-store.ts';
import { type ChangedCommand, publishCommandStatuses } from '../events/command-events.ts';
import { selectPage } from '../page.ts';
import { all, change, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import type { CommandCancellationsTable } from '../tables.ts';
import { type CommandRow, commandRunOf } from './command-codec.ts';
import { holdQueues } from './queue.ts';

export interface Waiting {
  readonly deviceId: DeviceId;
  readonly projectId: ProjectId;
  /** Absent: all of the device. */
  readonly commandId?: CommandId;
  readonly at: number;
}

type CanceledRow = ChangedCommand &
  Pick<CommandRow, 'record_id' | 'task_no' | 'seq' | 'attempt'> & { readonly calls_back: 0 | 1 };

/** What waits has expired before its time, and says why. What has left cannot be recalled. No queue moves: nothing of it was in flight. */
export function* cancelWaiting(
  ctx: SqlContext,
  { deviceId, projectId, commandId, at }: Waiting,
): Program<readonly UnendedCommand[]> {
  if (!(yield* holdQueues(ctx, [deviceId], projectId)).has(deviceId)) throw new Problem('deviceNotFound');
  const canceled = yield* all<CanceledRow>({
    sql: `UPDATE commands SET status = 'EXPIRED', canceled = 1, finished_at = ?, due_at = NULL
      WHERE device_id = ? AND status = 'PENDING' AND due_at IS NOT NULL ${commandId === undefined ? '' : 'AND command_id = ?'}
      RETURNING device_id, command_id, calls_back, record_id, task_no, seq, attempt`,
    parameters: [at, deviceId, ...(commandId === undefined ? [] : [commandId])],
  });
  const rows = canceled.toSorted((one, other) => (one.record_id < other.record_id ? -1 : 1));
  yield* publishCommandStatuses(ctx, rows, projectId);
  return rows.map((row) => ({
    commandId: asId<CommandId>(row.command_id),
    deviceId,
    projectId,
    run: commandRunOf(row),
  }));
}

export function* cancelAll(
  ctx: SqlContext,
  { projectId, ...asked }: Parameters<CommandStore['cancelAll']>[0],
): Program<Awaited<ReturnType<CommandStore['cancelAll']>>> {
  const { recordId, cancellationId, appId, deviceId, createdAt } = asked;
  const commands = yield* cancelWaiting(ctx, { deviceId, projectId, at: createdAt });
  const cancellation = { ...asked, commandIds: commands.map(({ commandId }) => commandId) };
  yield* change(
    ctx.db.insertInto('command_cancellations').values({
      cancellation_id: cancellationId,
      record_id: recordId,
      app_id: appId,
      device_id: deviceId,
      command_ids: JSON.stringify(cancellation.commandIds),
      created_at: createdAt,
    }),
  );
  return { cancellation, commands };
}

export function* listCancellations(
  ctx: SqlContext,
  { projectId, appId, deviceId, cancellationId, createdFrom, createdTo }: CancellationFilter,
  page: PageRequest,
): Program<Page<CommandCancellation>> {
  let base = ctx.db
    .selectFrom('command_cancellations')
    .innerJoin('apps', 'apps.app_id', 'command_cancellations.app_id')
    .selectAll('command_cancellations')
    .where('command_cancellations.app_id', '=', appId)
    .where('apps.project_id', '=', projectId);
  if (deviceId !== undefined) base = base.where('device_id', '=', deviceId);
  if (cancellationId !== undefined) base = base.where('cancellation_id', '=', cancellationId);
  if (createdFrom !== undefined) base = base.where('command_cancellations.created_at', '>=', createdFrom);
  if (createdTo !== undefined) base = base.where('command_cancellations.created_at', '<=', createdTo);
  return yield* selectPage(base, { key: 'command_cancellations.record_id', page, decode: cancellationOf });
}

const cancellationOf = (row: Selectable<CommandCancellationsTable>): CommandCancellation => ({
  recordId: asId<RecordId>(row.record_id),
  cancellationId: row.cancellation_id,
  appId: asId<AppId>(row.app_id),
  deviceId: asId<DeviceId>(row.device_id),
  commandIds: JSON.parse(row.command_ids) as CommandId[],
  createdAt: row.created_at,
});
