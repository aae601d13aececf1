import type { App } from '../../domain/app.ts';
import { seqOfBatchCommand } from '../../domain/batch-command-id.ts';
import { reasonColumns } from '../../domain/batch-file.ts';
import { asId, type BatchFileId, type TaskId } from '../../domain/ids.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { OldestFirst, Page, PageRequest } from '../../domain/paging.ts';
import { Problem } from '../../domain/problem.ts';
import type { GroupSource, LegacyBatchType, Task } from '../../domain/task.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store/store.ts';
import type { OrderedFilter, OrderedSubtask } from '../../ports/store/subtask-store.ts';
import type { TaskFilter } from '../../ports/store/task-store.ts';
import type { BatchTaskService } from '../batch-tasks/batch-task-service.ts';
import {
  batchesInState,
  type LegacyBatchState,
  type LegacySubtaskState,
  subtasksInBatchState,
} from './batch-states.ts';
import { batchTypeOf, batchTypes, coreTypeOf, tasksOf } from './legacy-batch.ts';
import { unasked } from './unasked.ts';
import { createApplicationTasks, type LegacyTaskRef } from './application-tasks.ts';
import { chooseDevices, type DeviceChoice } from './choose-devices.ts';

/** A batch task as a legacy client asks for it, its shape checked. */
export interface CreateLegacyBatch {
  readonly owner: App;
  /** The application that calls. */
  readonly operator: string;
  readonly name: string;
  readonly batchType: LegacyBatchType;
  /** As it was sent, in the unit of the setting. */
  readonly timeout: number;
  readonly work: LegacyCommandWork | { readonly kind: 'file'; readonly fileId: string };
  /** `param` and `tags`, as they are shown again. */
  readonly shown: JsonObject;
}

export interface LegacyCommandWork {
  readonly kind: 'command';
  readonly devices: DeviceChoice;
  /** Of createAsyncCommands, without its time. */
  readonly document: JsonObject;
}

export interface LegacyBatchFilter {
  readonly batchType?: LegacyBatchType;
  readonly state?: LegacyBatchState;
  readonly name?: string;
}

export interface LegacySubtaskFilter {
  readonly state?: LegacySubtaskState;
  /** Row of the file, from 1. */
  readonly index?: number;
  readonly nodeId?: string;
  readonly deviceId?: string;
  readonly commandId?: string;
}

/** A sub-task with everything that is said of it. */
export interface SubtaskView extends OrderedSubtask {
  /** Of its device, where that exists. */
  readonly nodeId: string | undefined;
}

/** A batch task with the devices that it names: all of them, or in a list the first 100, as in v5's. */
export interface LegacyBatchView {
  readonly task: Task;
  readonly batchType: LegacyBatchType;
  readonly targets: readonly string[];
}

/** Legacy 3, on the tasks of the core. Calls with a ref throw taskNotFound for what has no name here. */
export interface LegacyBatchService {
  /**
   * Problems: taskNameTaken, unfinishedTaskLimit, groupNotFound, batchFileNotFound, batchFileContent, and what the task's type finds wrong
   * with a command.
   */
  create(command: CreateLegacyBatch): Promise<TaskId>;
  show(ref: LegacyTaskRef): Promise<LegacyBatchView>;
  list(owner: App, filter: LegacyBatchFilter, page: PageRequest): Promise<Page<LegacyBatchView>>;
  listSubtasks(task: Task, filter: LegacySubtaskFilter, page: OldestFirst): Promise<Page<SubtaskView>>;
  /** Problems: taskState. */
  stop(ref: LegacyTaskRef): Promise<void>;
  /** Problems: taskState. */
  delete(ref: LegacyTaskRef): Promise<void>;
}

export interface LegacyBatchSettings {
  /** MUSTER_LEGACY_TIMEOUT_UNIT. */
  readonly timeoutUnitMs: number;
  /** MUSTER_LEGACY_UNFINISHED_TASKS_MAX; 0: any number. */
  readonly unfinishedTasksMax: number;
}

export interface LegacyBatchParts {
  readonly store: Pick<Store, 'tasks' | 'subtasks' | 'targets' | 'products' | 'batchFiles'>;
  readonly tasks: Pick<BatchTaskService, 'create' | 'command' | 'delete'>;
  readonly clock: Clock;
  readonly settings: LegacyBatchSettings;
}

export function createLegacyBatchService(parts: LegacyBatchParts): LegacyBatchService {
  const { store } = parts;
  const own = createApplicationTasks(parts, (task) => batchTypeOf(task) !== undefined);
  const show = async (ref: LegacyTaskRef): Promise<LegacyBatchView> => {
    const task = await own.find(ref);
    return viewOf(task, task.sourceKind === 'devices' ? await store.tasks.listTargets(task.taskNo) : []);
  };
  return {
    create: (command) => create(parts, command),
    show,
    list: async (owner, filter, page) => {
      const { items, ...rest } = await store.tasks.list(storedFilter(owner, filter), page);
      return { ...rest, items: await listedViews(parts, items) };
    },
    listSubtasks: (task, filter, page) => listSubtasks(parts, task, { filter, page }),
    stop: (ref) => own.stop(ref),
    delete: (ref) => own.delete(ref),
  };
}

async function create(parts: LegacyBatchParts, command: CreateLegacyBatch): Promise<TaskId> {
  const { owner, batchType, work, shown, timeout } = command;
  if (work.kind === 'file') await checkFile(parts, { owner, batchType, fileId: work.fileId });
  const { timeoutUnitMs, unfinishedTasksMax } = parts.settings;
  const chosen = work.kind === 'command' ? await chooseDevices(parts.store, owner, work.devices) : undefined;
  const { view } = await parts.tasks.create({
    ...unasked,
    projectId: owner.projectId,
    appId: owner.appId,
    operator: command.operator,
    name: command.name,
    type: coreTypeOf[batchType],
    targets: chosen?.deviceIds,
    documentSource: work.kind === 'file' ? work.fileId : undefined,
    document: work.kind === 'command' ? work.document : undefined,
    echo: echoOf(work, chosen?.groups),
    legacy: {
      origin: { batchType, shown: { ...shown, timeout } },
      policy: { ...noRetry, end: { at: parts.clock.now() + timeout * timeoutUnitMs, rest: 'fail' } },
      ...(chosen?.groups === undefined ? {} : { groups: chosen.groups }),
      peers: { types: batchTypes, unfinishedMax: unfinishedTasksMax },
    },
  });
  return view.task.taskId;
}

/** Legacy 3.3: what these two change is one column each; the other types have the columns of the core's. */
const ownColumn: Partial<Record<LegacyBatchType, string>> = { DeviceLocation: 'location', DeviceLicense: 'license' };

/** Of the files of the project it may be one that is nobody's in particular (legacy 3.3). Problems: batchFileNotFound, batchFileContent. */
async function checkFile(
  { store, clock }: LegacyBatchParts,
  { owner, batchType, fileId }: Pick<CreateLegacyBatch, 'owner' | 'batchType'> & { readonly fileId: string },
): Promise<void> {
  const file = await store.batchFiles.find(owner.projectId, asId<BatchFileId>(fileId), clock.now());
  if (file === undefined || (file.appId ?? owner.appId) !== owner.appId)
    throw new Problem('batchFileNotFound', { field: 'fileId' });
  const own = ownColumn[batchType];
  if (own === undefined) return;
  const known = ['device_id', own, '', ...reasonColumns];
  const unknown = file.columns.find((column) => !known.includes(column));
  const args = unknown === undefined ? [`The column '${own}' is missing.`] : [`The column '${unknown}' is unknown.`];
  if (unknown !== undefined || !file.columns.includes(own))
    throw new Problem('batchFileContent', { field: 'fileId', args });
}

const noRetry = { retryCount: 0, retryIntervalMinutes: 0, onConflict: 'fail' } as const;

/** As v5 shows the task. */
function echoOf(work: CreateLegacyBatch['work'], groups: GroupSource | undefined): JsonObject {
  return {
    ...(work.kind === 'command' ? { document: work.document } : {}),
    ...(groups === undefined ? {} : { targets_filter: filterOf(groups) }),
  };
}

const filterOf = ({ groupIds, rules = [] }: GroupSource): JsonObject => ({
  ...(groupIds.length > 0 ? { group_ids: groupIds } : {}),
  ...(rules.length === 0 ? {} : { rule: rules.length === 1 ? (rules[0] ?? '') : rules.join(' or ') }),
});

const listedTargetsMax = 100;

async function listedViews({ store }: LegacyBatchParts, tasks: readonly Task[]): Promise<LegacyBatchView[]> {
  const named = tasks.filter(({ sourceKind }) => sourceKind === 'devices').map(({ taskNo }) => taskNo);
  const targets = await store.tasks.listFirstTargets(named, listedTargetsMax);
  return tasks.map((task) => viewOf(task, targets.get(task.taskNo) ?? []));
}

function viewOf(task: Task, targets: readonly string[]): LegacyBatchView {
  const batchType = batchTypeOf(task);
  if (batchType === undefined) throw new Problem('taskNotFound');
  return { task, batchType, targets };
}

function storedFilter({ projectId, appId }: App, { batchType, state, name }: LegacyBatchFilter): TaskFilter {
  return {
    projectId,
    appId,
    ...(batchType === undefined ? { types: batchTypes } : tasksOf(batchType)),
    ...(name === undefined ? {} : { name }),
    ...(state === undefined ? {} : { states: batchesInState[state] }),
  };
}

async function listSubtasks(
  parts: LegacyBatchParts,
  task: Task,
  { filter, page }: { readonly filter: LegacySubtaskFilter; readonly page: OldestFirst },
): Promise<Page<SubtaskView>> {
  const stored = await orderedFilter(parts, task, filter);
  // v5 13.2: while a task is set up it has no subtasks.
  if (stored === undefined || !task.expanded) return { items: [], count: 0, marker: null };
  const { subtasks, targets } = parts.store;
  const { items, ...rest } = await subtasks.listOrdered({ task, filter: stored, page });
  const nodes = await targets.findNodesOf(
    task,
    items.map(({ target }) => target),
  );
  return { ...rest, items: items.map((item) => ({ ...item, nodeId: nodes.get(item.target) })) };
}

/** Undefined: nothing can match. */
async function orderedFilter(
  { store }: LegacyBatchParts,
  task: Task,
  { state, index, nodeId, deviceId, commandId }: LegacySubtaskFilter,
): Promise<OrderedFilter | undefined> {
  const seqs: number[] = [];
  if (index !== undefined) {
    // Rows have numbers; devices that were named otherwise have none.
    if (task.sourceKind !== 'file' || index < 1) return undefined;
    seqs.push(index - 1);
  }
  if (commandId !== undefined) {
    const seq = task.type === 'createAsyncCommands' ? seqOfBatchCommand(task.taskId, commandId) : undefined;
    if (seq === undefined || (seqs.length > 0 && seqs[0] !== seq)) return undefined;
    seqs[0] = seq;
  }
  const ofNode = nodeId === undefined ? undefined : await store.targets.findByNode(task, nodeId);
  const targets = ofNode ?? (deviceId === undefined ? undefined : [deviceId]);
  if (ofNode !== undefined && deviceId !== undefined && !(ofNode as readonly string[]).includes(deviceId))
    return undefined;
  return {
    ...(state === undefined ? {} : { choices: subtasksInBatchState[state] }),
    ...(seqs.length === 0 ? {} : { seqs }),
    ...(targets === undefined ? {} : { targets: deviceId === undefined ? targets : [deviceId] }),
  };
}
