import type { BatchFileId, GroupId, ProjectId } from '../../../domain/ids.ts';
import { Problem } from '../../../domain/problem.ts';
import type { GroupSource, NewTask, TargetSource } from '../../../domain/task.ts';
import type { IdempotencyKey, InsertTaskOptions, TaskPeers } from '../../../ports/store/task-store.ts';
import { insertRows } from '../insert-rows.ts';
import { findFile } from '../batch-files/batch-file-store.ts';
import { lockProject, locked } from '../locks.ts';
import { lockPackage } from '../packages/lock-package.ts';
import { all, change, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { isUnfinished } from '../unfinished.ts';
import type { TaskRow } from './task-codec.ts';

/** Targets are kept in parts of this many: one part is one chunk of the expansion. */
export const targetsPerPart = 1000;

export function* insertTask(
  ctx: SqlContext,
  task: NewTask,
  options: InsertTaskOptions,
): Program<{ row: TaskRow; replayed: boolean }> {
  const { idempotency, now } = options;
  // Neither the limit nor the key may be looked at by two at once.
  yield* lockProject(ctx, task.projectId);
  const earlier = idempotency && (yield* findReplayed(ctx, { projectId: task.projectId, ...idempotency, now }));
  if (earlier !== undefined) return { row: earlier, replayed: true };
  if (yield* isFull(ctx, task.projectId, options.unfinishedMax)) throw new Problem('unfinishedTaskLimit');
  if (options.among !== undefined) yield* requirePeers(ctx, task, options.among);
  if (options.packageId !== undefined && !(yield* lockPackage(ctx, task.projectId, options.packageId)))
    throw new Problem('packageNotFound', { field: 'document.package_id' });
  if (task.source.kind === 'file') yield* requireFile(ctx, task, { fileId: task.source.fileId, now });

  const row = yield* first(ctx.db.insertInto('tasks').values(rowOf(task, options)).returningAll());
  if (row === undefined) throw new Error('The insert of a task returned no row.');
  yield* insertTargets(ctx, row.task_no, task);
  if (options.idempotency !== undefined) yield* insertKey(ctx, task, options.idempotency);
  return { row, replayed: false };
}

export interface ReplayQuery extends Omit<IdempotencyKey, 'expiresAt'> {
  readonly projectId: ProjectId;
  readonly now: number;
}

/** v5 11.6: the same key and request name the same task; another request under the key is refused. */
export function* findReplayed(ctx: SqlContext, query: ReplayQuery): Program<TaskRow | undefined> {
  const known = yield* first(
    ctx.db
      .selectFrom('idempotency_keys')
      .innerJoin('tasks', 'tasks.task_id', 'idempotency_keys.task_id')
      .selectAll('tasks')
      .select('request_hash')
      .where('idempotency_keys.project_id', '=', query.projectId)
      .where('key', '=', query.key)
      .where('expires_at', '>', query.now),
  );
  if (known === undefined) return undefined;
  if (known.request_hash !== query.requestHash) throw new Problem('idempotencyConflict');
  return known;
}

/** v5 11.1: no room for another unfinished task. */
export function* isFull(ctx: SqlContext, projectId: ProjectId, unfinishedMax: number): Program<boolean> {
  const counted = yield* all(
    ctx.db
      .selectFrom('tasks')
      .select('task_no')
      .where('project_id', '=', projectId)
      .where(isUnfinished)
      .limit(unfinishedMax),
  );
  return counted.length >= unfinishedMax;
}

/** Legacy 3.1, in this order: the name, then the limit. */
function* requirePeers({ db }: SqlContext, { appId, name }: NewTask, peers: TaskPeers): Program<void> {
  const peersOfApp = db.selectFrom('tasks').select('task_no').where('app_id', '=', appId);
  const named = yield* first(peersOfApp.where('name', '=', name).where('type', 'in', peers.types).limit(1));
  if (named !== undefined) throw new Problem('taskNameTaken', { field: 'name' });
  if (peers.unfinishedMax === 0) return;
  const unfinished = yield* all(
    peersOfApp.where(isUnfinished).where('legacy_type', 'is not', null).limit(peers.unfinishedMax),
  );
  if (unfinished.length >= peers.unfinishedMax) throw new Problem('unfinishedTaskLimit');
}

/** Held until the task stands: then its rows are kept for the set-up. */
function* requireFile(
  ctx: SqlContext,
  { projectId }: NewTask,
  { fileId, now }: { readonly fileId: BatchFileId; readonly now: number },
): Program<void> {
  yield* first(locked(ctx, ctx.db.selectFrom('batch_files').select('file_id').where('file_id', '=', fileId)));
  const file = yield* findFile(ctx, { projectId, fileId, now });
  if (file === undefined) throw new Problem('batchFileNotFound', { field: 'document_source' });
}

function rowOf(task: NewTask, options: InsertTaskOptions) {
  return {
    task_id: task.taskId,
    project_id: task.projectId,
    app_id: task.appId,
    name: task.name,
    type: task.type,
    document: jsonOrNull(task.document),
    echo: JSON.stringify(task.echo),
    ext_info: jsonOrNull(task.extInfo),
    package_id: options.packageId ?? null,
    gateway_mode: flag(task.gatewayMode),
    need_confirm: flag(task.needConfirm),
    confirmed: flag(!task.needConfirm),
    on_conflict: task.policy.onConflict,
    start_at: task.policy.startAt ?? null,
    retry_count: task.policy.retryCount,
    retry_interval_minutes: task.policy.retryIntervalMinutes,
    source_kind: task.source.kind,
    source: sourceOf(task.source),
    status: 'Initializing' as const,
    created_at: task.createdAt,
    ends_at: task.policy.end?.at ?? null,
    at_end: task.policy.end?.rest ?? null,
    online_by: task.policy.onlineBy ?? null,
    operator: task.operator ?? null,
    legacy_type: task.legacy?.batchType ?? null,
    legacy: jsonOrNull(task.legacy?.shown),
  };
}

/** What the set-up reads; the targets of a list have a table of their own. */
function sourceOf(source: TargetSource): string {
  switch (source.kind) {
    case 'groups':
      return groupSourceText(source);
    case 'file':
      return source.fileId;
    case 'devices':
      return '';
  }
}

/** A list where no rule is given: so a node of the version before reads it. */
const groupSourceText = ({ groupIds, rules }: GroupSource): string =>
  JSON.stringify(rules === undefined ? groupIds : { groupIds, rules });

export function groupSourceOf(text: string): GroupSource {
  const source = JSON.parse(text) as GroupSource | readonly GroupId[];
  return Array.isArray(source) ? { groupIds: source as readonly GroupId[] } : (source as GroupSource);
}

function* insertTargets(ctx: SqlContext, taskNo: number, task: NewTask): Program<void> {
  if (task.source.kind !== 'devices') return;
  const { deviceIds } = task.source;
  const parts: [number, number, string][] = [];
  for (let from = 0; from < deviceIds.length; from += targetsPerPart) {
    parts.push([taskNo, parts.length, JSON.stringify(deviceIds.slice(from, from + targetsPerPart))]);
  }
  const columns = { task_no: 'int', part: 'int', targets: 'text' } as const;
  yield* insertRows(ctx, { into: 'task_targets', columns, rows: parts });
}

function* insertKey(ctx: SqlContext, task: NewTask, key: NonNullable<InsertTaskOptions['idempotency']>): Program<void> {
  // An expired key, or one whose task was deleted, is free again (v5 11.6).
  yield* change(
    ctx.db.deleteFrom('idempotency_keys').where('project_id', '=', task.projectId).where('key', '=', key.key),
  );
  yield* change(
    ctx.db.insertInto('idempotency_keys').values({
      project_id: task.projectId,
      key: key.key,
      request_hash: key.requestHash,
      task_id: task.taskId,
      expires_at: key.expiresAt,
    }),
  );
}

const flag = (value: boolean): 0 | 1 => (value ? 1 : 0);
const jsonOrNull = (value: object | undefined): string | null => (value === undefined ? null : JSON.stringify(value));
