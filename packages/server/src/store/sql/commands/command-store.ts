import type { SelectQueryBuilder } from 'kysely';
import type { AsyncCommand } from '../../../domain/async-command.ts';
import type { Downlink } from '../../../domain/downlink.ts';
import { asId, type CommandId, type DeviceId, type ProjectId } from '../../../domain/ids.ts';
import type {
  AppCommandFilter,
  ClaimOptions,
  CommandFilter,
  CommandStore,
  SentCommand,
} from '../../../ports/store/command-store.ts';
import { present } from '../columns.ts';
import { selectPage } from '../page.ts';
import { all, change, first, type Program } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import type { Tables } from '../tables.ts';
import { type CommandRow, commandOf, commandRunOf } from './command-codec.ts';
import { noteCommands } from './note-commands.ts';
import { cancelAll, cancelWaiting, listCancellations } from './cancel-commands.ts';
import { holdQueues, moveQueues, retransmit } from './queue.ts';
import { listDueCommands, purgeCommands } from './command-upkeep.ts';

export function createCommandStore({ read, write }: Runner, ctx: SqlContext): CommandStore {
  return {
    find: (deviceId, commandId) => read(() => findCommand(ctx, deviceId, commandId)),
    list: (deviceId, filter, page) =>
      read(() =>
        selectPage(filtered(ctx, deviceId, filter).selectAll(), { key: 'commands.record_id', page, decode: commandOf }),
      ),
    count: (deviceId, filter) => read(() => countCommands(ctx, deviceId, filter)),
    listOfApp: (filter, page) =>
      read(() =>
        selectPage(ofApp(ctx, filter).selectAll('commands'), { key: 'commands.record_id', page, decode: commandOf }),
      ),
    findOfApp: (app, commandId) => read(() => findOfApp(ctx, app, commandId)),
    findAll: (commandIds) => read(() => findAll(ctx, commandIds)),
    retransmit: (commandIds, options) => write(() => retransmit(ctx, commandIds, options)),
    cancel: (command) =>
      write(function* () {
        const [canceled] = yield* cancelWaiting(ctx, command);
        return canceled;
      }),
    cancelAll: (cancellation) => write(() => cancelAll(ctx, cancellation)),
    listCancellations: (filter, page) => read(() => listCancellations(ctx, filter, page)),
    claim: (deviceIds, options) => write(() => claim(ctx, deviceIds, options)),
    listWaitingChildren: (rootId, after, limit) => read(() => listWaitingChildren(rootId, after, limit)),
    findSent: (commandIds) => read(() => findSent(ctx, commandIds)),
    note: (notes) => write(() => noteCommands(ctx, notes)),
    listDue: (now, limit) => read(() => listDueCommands(now, limit)),
    purge: (finishedBefore, limit) => write(() => purgeCommands(finishedBefore, limit)),
  };
}

function* findCommand(ctx: SqlContext, deviceId: DeviceId, commandId: CommandId): Program<AsyncCommand | undefined> {
  const row = yield* first<CommandRow>(
    ctx.db.selectFrom('commands').selectAll().where('command_id', '=', commandId).where('device_id', '=', deviceId),
  );
  return row && commandOf(row);
}

/** Along the pages of the device, whatever else is asked for. */
function filtered(
  ctx: SqlContext,
  deviceId: DeviceId,
  { statuses, commandName, createdFrom, createdTo }: CommandFilter,
): SelectQueryBuilder<Tables, 'commands', object> {
  let query = ctx.db
    .selectFrom('commands')
    .where('device_id', '=', deviceId)
    .where(ctx.dialect.isOneOf('commands.status', statuses));
  if (commandName !== undefined) query = query.where('command_name', '=', commandName);
  if (createdFrom !== undefined) query = query.where('created_at', '>=', createdFrom);
  if (createdTo !== undefined) query = query.where('created_at', '<=', createdTo);
  return query;
}

/** Along the pages of the application, or of the device. */
function ofApp(
  ctx: SqlContext,
  { projectId, appId, deviceId, createdFrom, createdTo }: AppCommandFilter,
): SelectQueryBuilder<Pick<Tables, 'commands' | 'apps'>, 'commands' | 'apps', object> {
  let query = ctx.db
    .selectFrom('commands')
    .innerJoin('apps', 'apps.app_id', 'commands.app_id')
    .where('commands.app_id', '=', appId)
    .where('apps.project_id', '=', projectId);
  if (deviceId !== undefined) query = query.where('commands.device_id', '=', deviceId);
  if (createdFrom !== undefined) query = query.where('commands.created_at', '>=', createdFrom);
  if (createdTo !== undefined) query = query.where('commands.created_at', '<=', createdTo);
  return query;
}

function* findOfApp(
  ctx: SqlContext,
  app: Pick<AppCommandFilter, 'projectId' | 'appId'>,
  commandId: CommandId,
): Program<AsyncCommand | undefined> {
  const row = yield* first(ofApp(ctx, app).selectAll('commands').where('commands.command_id', '=', commandId));
  return row && commandOf(row);
}

function* findAll(ctx: SqlContext, commandIds: readonly CommandId[]): Program<ReadonlyMap<CommandId, AsyncCommand>> {
  if (commandIds.length === 0) return new Map();
  const rows = yield* all(
    ctx.db.selectFrom('commands').selectAll().where(ctx.dialect.isOneOf('command_id', commandIds)),
  );
  return new Map(rows.map((row) => [asId<CommandId>(row.command_id), commandOf(row)]));
}

function* countCommands(ctx: SqlContext, deviceId: DeviceId, filter: CommandFilter): Program<number> {
  const counted = filtered(ctx, deviceId, filter).select(({ fn }) => fn.countAll<number>().as('count'));
  return present(yield* first(counted)).count;
}

function* claim(ctx: SqlContext, deviceIds: readonly DeviceId[], options: ClaimOptions): Program<readonly Downlink[]> {
  const places = yield* holdQueues(ctx, deviceIds);
  const sent = yield* moveQueues(ctx, places, options);
  yield* restUntilExpiry(ctx, deviceIds);
  return sent.map(({ downlink }) => downlink);
}

/** They were looked at: the next look is when their time is over, unless something happens before. */
function* restUntilExpiry({ dialect }: SqlContext, deviceIds: readonly DeviceId[]): Program<void> {
  const set = dialect.rows(
    { device_id: 'text' },
    deviceIds.map((id) => [id]),
  );
  yield* change({
    sql: `UPDATE commands SET due_at = expires_at FROM ${set.from} WHERE commands.device_id = r.device_id
      AND commands.status = 'PENDING' AND commands.due_at IS NOT NULL AND commands.due_at < commands.expires_at`,
    parameters: set.parameters,
  });
}

/** Children looked at in one step; a gateway may have 50,000. */
const childrenPerStep = 1000;

function* listWaitingChildren(
  rootId: DeviceId,
  after: string,
  limit: number,
): Program<{ readonly deviceIds: readonly DeviceId[]; readonly next: DeviceId | undefined }> {
  const rows = yield* all<{ device_id: string; waiting: number }>({
    sql: `SELECT d.device_id, CASE WHEN d.connectivity = 'ONLINE' AND EXISTS (SELECT 1 FROM commands c
        WHERE c.device_id = d.device_id AND c.status = 'PENDING' AND c.due_at IS NOT NULL) THEN 1 ELSE 0 END AS waiting
      FROM devices d WHERE d.root_id = ? AND d.parent_id IS NOT NULL AND d.device_id > ? ORDER BY d.device_id LIMIT ?`,
    parameters: [rootId, after, childrenPerStep],
  });
  const waiting = rows.filter((row) => row.waiting === 1);
  const taken = waiting.slice(0, limit);
  const isCut = taken.length < waiting.length;
  const last = isCut ? taken.at(-1) : rows.length < childrenPerStep ? undefined : rows.at(-1);
  return {
    deviceIds: taken.map((row) => asId<DeviceId>(row.device_id)),
    next: last && asId<DeviceId>(last.device_id),
  };
}

type SentRow = Pick<CommandRow, 'command_id' | 'device_id' | 'task_no' | 'seq' | 'attempt'> & {
  readonly project_id: string;
  readonly root_id: string;
};

function* findSent({ dialect }: SqlContext, commandIds: readonly CommandId[]): Program<readonly SentCommand[]> {
  const asked = dialect.rows(
    { command_id: 'text' },
    [...new Set(commandIds)].map((id) => [id]),
  );
  const rows = yield* all<SentRow>({
    sql: `SELECT c.command_id, c.device_id, c.task_no, c.seq, c.attempt, d.project_id, d.root_id FROM ${asked.from}
      ${dialect.orderedJoin} commands c ON c.command_id = r.command_id
      ${dialect.orderedJoin} devices d ON d.device_id = c.device_id
      WHERE c.sent_at IS NOT NULL AND c.finished_at IS NULL`,
    parameters: asked.parameters,
  });
  return rows.map((row) => ({
    commandId: asId<CommandId>(row.command_id),
    deviceId: asId<DeviceId>(row.device_id),
    projectId: asId<ProjectId>(row.project_id),
    rootId: asId<DeviceId>(row.root_id),
    run: commandRunOf(row),
  }));
}
