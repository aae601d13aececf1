import type { Readable } from 'node:stream';
import { type AppId, type ProjectId, type TaskId, asId } from '../../domain/ids.ts';
import type { Page, PageRequest } from '../../domain/paging.ts';
import { Problem } from '../../domain/problem.ts';
import { isFinalTask, type TaskStatus } from '../../domain/task-state.ts';
import type { Task } from '../../domain/task.ts';
import type { Subtask, SubtaskFilter, TaskCommand, TaskCommandResult } from '../../ports/store/subtask-store.ts';
import type { TaskFilter } from '../../ports/store/task-store.ts';
import { checkAppFilter } from '../app-scope.ts';
import type { BatchTaskParts } from './batch-task-parts.ts';
import { isTypeName } from './check-task.ts';
import type { CreateTaskCommand } from './create-task-command.ts';
import { dryRun } from './dry-run.ts';
import type { DryRunReport } from './dry-run-report.ts';
import { failedRowsOf, type FailedRowsWish } from './failed-rows.ts';
import type { RequestKey } from './idempotency.ts';
import { prepareTask } from './prepare-task.ts';
import { type TaskView, viewOf } from './task-view.ts';
import { StreamSlots, type TaskSignal, type WatchOptions, watchTask } from './watch-task.ts';

/** Which tasks a list is about; `type` and `appId` as the client wrote them. */
export interface TaskListFilter {
  readonly projectId: ProjectId;
  readonly type: string | undefined;
  readonly appId: string | undefined;
  readonly status: TaskStatus | undefined;
}

/** A task by its id as the client wrote it: malformed is unknown (v5 11). */
export interface TaskRef {
  readonly projectId: ProjectId;
  readonly taskId: string;
}

export type TargetsCommand = Pick<TaskCommand, 'kind' | 'targets'>;
export type CommandResults = Pick<TaskCommandResult, 'results' | 'affected'>;

/** The use cases of v5 11 and 13.5. Every call with a TaskRef throws taskNotFound where the project has no such task. */
export interface BatchTaskService {
  /** Problems: those of `checkTask`, appNotFound, packageNotFound, packageTypeMismatch, unfinishedTaskLimit, idempotencyConflict. */
  create(
    command: CreateTaskCommand,
    key?: RequestKey,
  ): Promise<{ readonly view: TaskView; readonly replayed: boolean }>;
  /** The same problems; stores nothing. */
  dryRun(command: CreateTaskCommand): Promise<DryRunReport>;
  /** Problems: appNotFound. */
  list(filter: TaskListFilter, page: PageRequest): Promise<Page<TaskView>>;
  show(
    ref: TaskRef,
    filter: SubtaskFilter,
    page: PageRequest,
  ): Promise<{ readonly view: TaskView; readonly details: Page<Subtask> }>;
  /** The rows of its file that failed, as a file. Problems: taskParameter. */
  failedRows(ref: TaskRef, wish: FailedRowsWish): Promise<Readable>;
  /** Problems: taskState, taskNeedsNoConfirm, targetLimit. */
  command(ref: TaskRef, command: TargetsCommand): Promise<CommandResults>;
  /** Problems: taskState. */
  delete(ref: TaskRef): Promise<void>;
  /** Undefined: the task is final and the client has seen that. Problems: rateLimited (too many streams). */
  watch(ref: TaskRef, options: WatchOptions): Promise<AsyncGenerator<TaskSignal, void> | undefined>;
}

const listedTargetsMax = 100;
const namedTargetsMax = 100;
const eventStreamsMaxDefault = 1000;
const taskIdShape = /^[0-9a-f]{24}$/;

export function createBatchTaskService(parts: BatchTaskParts): BatchTaskService {
  const slots = new StreamSlots(parts.settings.eventStreamsMax ?? eventStreamsMaxDefault);
  return {
    create: (command, key) => create(parts, command, key),
    dryRun: async (command) => dryRun(parts, await prepareTask(parts, command)),
    list: (filter, page) => list(parts, filter, page),
    show: async (ref, filter, page) => {
      const task = await getTask(parts, ref);
      const view = viewOf(task, await parts.store.tasks.listTargets(task.taskNo));
      return { view, details: await listDetails(parts, task, { filter, page }) };
    },
    failedRows: async (ref, wish) => failedRowsOf(parts, await getTask(parts, ref), wish),
    command: (ref, command) => commandTask(parts, ref, command),
    delete: async (ref) => {
      const task = await getTask(parts, ref);
      await parts.store.tasks.delete(task.projectId, task.taskId);
    },
    watch: (ref, options) => watch(parts, ref, { ...options, slots }),
  };
}

async function getTask({ store }: BatchTaskParts, { projectId, taskId }: TaskRef): Promise<Task> {
  const task = taskIdShape.test(taskId) ? await store.tasks.find(projectId, asId<TaskId>(taskId)) : undefined;
  if (task === undefined) throw new Problem('taskNotFound');
  return task;
}

async function create(
  parts: BatchTaskParts,
  command: CreateTaskCommand,
  key: RequestKey | undefined,
): Promise<{ view: TaskView; replayed: boolean }> {
  const { store, clock, settings } = parts;
  // Before the checks: a schedule that was ahead then may have passed since, and its task is there all the same (v5 11.6).
  const earlier = key && (await store.tasks.findReplayed(command.projectId, key, clock.now()));
  if (earlier !== undefined) return { view: await fullView(parts, earlier), replayed: true };
  const { newTask, pkg } = await prepareTask(parts, command);
  const now = clock.now();
  const { task, replayed } = await store.tasks.insert(newTask, {
    unfinishedMax: settings.unfinishedTasksMax,
    now,
    ...(pkg === undefined ? {} : { packageId: pkg.packageId }),
    ...(command.legacy?.peers === undefined ? {} : { among: command.legacy.peers }),
    ...(key === undefined ? {} : { idempotency: { ...key, expiresAt: now + settings.idempotencyLifeMs } }),
  });
  if (replayed) return { view: await fullView(parts, task), replayed };
  parts.engine.nudge();
  const { source } = newTask;
  return { view: viewOf(task, source.kind === 'devices' ? source.deviceIds : []), replayed };
}

async function fullView({ store }: BatchTaskParts, task: Task): Promise<TaskView> {
  return viewOf(task, await store.tasks.listTargets(task.taskNo));
}

async function list(parts: BatchTaskParts, filter: TaskListFilter, page: PageRequest): Promise<Page<TaskView>> {
  const stored = await storedFilter(parts, filter);
  if (stored === undefined) return { items: [], count: 0, marker: null };
  const { items, count, marker } = await parts.store.tasks.list(stored, page);
  const listed = items.filter(({ sourceKind }) => sourceKind === 'devices').map(({ taskNo }) => taskNo);
  const targets = await parts.store.tasks.listFirstTargets(listed, listedTargetsMax);
  return { items: items.map((task) => viewOf(task, targets.get(task.taskNo))), count, marker };
}

/** Undefined: nothing can match. v5 11.2: a type that is not there (yet) is no error in a list. */
async function storedFilter({ store, types }: BatchTaskParts, filter: TaskListFilter): Promise<TaskFilter | undefined> {
  const { projectId, status, type = '', appId = '' } = filter;
  await checkAppFilter(store.apps, projectId, appId === '' ? undefined : asId<AppId>(appId));
  if (type !== '' && !isTypeName(type, types)) return undefined;
  return {
    projectId,
    ...(type !== '' && isTypeName(type, types) ? { type } : {}),
    ...(appId === '' ? {} : { appId: asId<AppId>(appId) }),
    ...(status === undefined ? {} : { status }),
  };
}

/** While the subtasks are being written nobody sees them: counters and details agree (v5 13.2). */
function listDetails(
  { store }: BatchTaskParts,
  task: Task,
  { filter, page }: { readonly filter: SubtaskFilter; readonly page: PageRequest },
): Promise<Page<Subtask>> {
  if (!task.expanded) return Promise.resolve({ items: [], count: 0, marker: null });
  return store.subtasks.list(task, filter, page);
}

async function commandTask(parts: BatchTaskParts, ref: TaskRef, command: TargetsCommand): Promise<CommandResults> {
  const { targets } = command;
  if (targets !== undefined && targets.length > namedTargetsMax) throw new Problem('targetLimit', { field: 'targets' });
  const { taskNo } = await getTask(parts, ref);
  return parts.engine.commandTask({ kind: command.kind, taskNo, targets });
}

async function watch(
  { store, clock }: BatchTaskParts,
  ref: TaskRef,
  options: WatchOptions & { readonly slots: StreamSlots },
): Promise<AsyncGenerator<TaskSignal, void> | undefined> {
  const release = options.slots.take(options.signal);
  const first = await store.tasks.find(ref.projectId, asId<TaskId>(ref.taskId)).catch((error: unknown) => {
    release();
    throw error;
  });
  if (first !== undefined && !(isFinalTask(first.status) && first.revision === options.lastRevision)) {
    const read = (): Promise<Task | undefined> => store.tasks.find(first.projectId, first.taskId);
    return releasing(watchTask({ clock, read }, first, options), release);
  }
  release();
  if (first === undefined) throw new Problem('taskNotFound');
  return undefined;
}

async function* releasing<T>(source: AsyncGenerator<T, void>, release: () => void): AsyncGenerator<T, void> {
  try {
    yield* source;
  } finally {
    release();
  }
}
