import type { App } from '../../domain/app.ts';
import { asId, type TaskId } from '../../domain/ids.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { OldestFirst, Page, PageRequest } from '../../domain/paging.ts';
import { Problem } from '../../domain/problem.ts';
import type { ProductTraits } from '../../domain/product.ts';
import { quoted } from '../../domain/search/quoted.ts';
import type { Task, TaskPolicy } from '../../domain/task.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store/store.ts';
import type { OrderedSubtask } from '../../ports/store/subtask-store.ts';
import type { PackageBrief } from '../../ports/store/target-store.ts';
import type { BatchTaskService } from '../batch-tasks/batch-task-service.ts';
import { createApplicationTasks, type LegacyTaskRef } from './application-tasks.ts';
import { type OperationState, type SubOperationState, subtasksInState, tasksInState } from './operation-states.ts';
import { requireGroups } from './require-groups.ts';
import { unasked } from './unasked.ts';

export type OperationType = 'firmwareUpgrade' | 'softwareUpgrade';

/** An upgrade as a legacy client asks for it, its shape checked (legacy 4.2). */
export interface CreateOperation {
  readonly owner: App;
  /** The application that calls. */
  readonly operator: string;
  readonly type: OperationType;
  readonly packageId: string;
  readonly targets: { readonly deviceIds: readonly string[] } | { readonly groupNames: readonly string[] };
  /** What the client says of the targets' product. */
  readonly traits: Pick<Partial<ProductTraits>, 'deviceType' | 'model' | 'manufacturerName'>;
  readonly policy: OperationPolicy;
  /** `targets` and `policy`, as they are shown again. */
  readonly shown: JsonObject;
}

/** ms since epoch. */
export type OperationPolicy = { readonly retries: number } & (
  | { readonly executeType: 'now' | 'device_online' }
  | { readonly executeType: 'custom'; readonly startAt: number; readonly endAt: number }
);

export interface OperationFilter {
  readonly type?: OperationType;
  readonly state?: OperationState;
  readonly traits?: CreateOperation['traits'];
  readonly deviceId?: string;
}

/** A sub-operation with everything that is said of it. */
export type SubOperationView = OrderedSubtask;

export interface OperationView {
  readonly task: Task;
  /** Undefined: it was deleted before deleted ones were kept. */
  readonly pkg: PackageBrief | undefined;
  /** Of an operation that was made through v5, at most 256. */
  readonly deviceIds: readonly string[];
  /** Of such a one: names of its groups. */
  readonly groupNames: readonly string[];
}

/** Legacy 4.2 to 4.5, on the upgrades of the core. Calls with a ref throw taskNotFound for what is no operation of the application. */
export interface LegacyOperationService {
  /**
   * Problems: packageNotFound, packageTypeMismatch, deviceNotFound, groupNotFound, packageProductMismatch, packageTraitMismatch,
   * unfinishedTaskLimit.
   */
  create(command: CreateOperation): Promise<TaskId>;
  show(ref: LegacyTaskRef): Promise<OperationView>;
  list(owner: App, filter: OperationFilter, page: PageRequest): Promise<Page<OperationView>>;
  listSubOperations(task: Task, state: SubOperationState | undefined, page: OldestFirst): Promise<Page<OrderedSubtask>>;
  /** Problems: taskState. */
  stop(ref: LegacyTaskRef): Promise<void>;
  /** Problems: taskState. */
  delete(ref: LegacyTaskRef): Promise<void>;
}

export interface LegacyOperationSettings {
  /** MUSTER_LEGACY_UPGRADE_RETRY_INTERVAL_MINUTES. */
  readonly retryIntervalMinutes: number;
  /** MUSTER_LEGACY_DEVICE_ONLINE_WAIT_HOURS. */
  readonly onlineWaitMs: number;
}

export interface LegacyOperationParts {
  readonly store: Pick<Store, 'tasks' | 'subtasks' | 'targets'>;
  readonly tasks: Pick<BatchTaskService, 'create' | 'command' | 'delete'>;
  readonly clock: Clock;
  readonly settings: LegacyOperationSettings;
}

const operationTypes = ['firmwareUpgrade', 'softwareUpgrade'] as const satisfies OperationType[];

export function createLegacyOperationService(parts: LegacyOperationParts): LegacyOperationService {
  const { store } = parts;
  const own = createApplicationTasks(parts, isOperation);
  return {
    create: (command) => create(parts, command),
    show: async (ref) => {
      const [view] = await viewsOf(parts, ref.owner, [await own.find(ref)]);
      if (view === undefined) throw new Problem('taskNotFound');
      return view;
    },
    list: async (owner, filter, page) => {
      const { items, ...rest } = await store.tasks.list(storedFilter(owner, filter), page);
      return { ...rest, items: await viewsOf(parts, owner, items) };
    },
    listSubOperations: async (task, state, page) => {
      if (!task.expanded) return { items: [], count: 0, marker: null };
      const filter = state === undefined ? {} : { choices: subtasksInState[state] };
      return store.subtasks.listOrdered({ task, filter, page });
    },
    stop: (ref) => own.stop(ref),
    delete: (ref) => own.delete(ref),
  };
}

const isOperation = ({ type }: Task): boolean => (operationTypes as readonly string[]).includes(type);

async function create(parts: LegacyOperationParts, command: CreateOperation): Promise<TaskId> {
  const { owner, type, packageId, targets } = command;
  const pkg = await findPackage(parts, command);
  const groups = 'groupNames' in targets ? await groupsOf(parts, command, pkg) : undefined;
  if ('deviceIds' in targets) await checkDevices(parts, { owner, deviceIds: targets.deviceIds, pkg });
  checkTraits(command, pkg);
  const document = { package_id: packageId };
  const { view } = await parts.tasks.create({
    ...unasked,
    projectId: owner.projectId,
    appId: owner.appId,
    operator: command.operator,
    name: 'legacy',
    type,
    targets: 'deviceIds' in targets ? targets.deviceIds : undefined,
    documentSource: undefined,
    document,
    echo: groups === undefined ? { document } : { document, targets_filter: { rule: groups.shownRule } },
    legacy: {
      origin: { shown: command.shown },
      policy: policyOf(parts, command.policy),
      ...(groups === undefined ? {} : { groups: { groupIds: [], rules: groups.rules } }),
      namedAfterId: true,
    },
  });
  return view.task.taskId;
}

async function findPackage({ store }: LegacyOperationParts, { owner, type, packageId }: CreateOperation) {
  const pkg = (await store.targets.findPackages(owner, [packageId])).get(packageId);
  const field = 'fileId';
  if (pkg === undefined) throw new Problem('packageNotFound', { field });
  if (pkg.type !== packageTypeOf[type]) throw new Problem('packageTypeMismatch', { field });
  return pkg;
}

const packageTypeOf = { firmwareUpgrade: 'firmwarePackage', softwareUpgrade: 'softwarePackage' } as const;

const groupsPerRule = 64;

/** Members of other products are left out (legacy 4.2). */
async function groupsOf({ store }: LegacyOperationParts, command: CreateOperation, pkg: PackageBrief) {
  const names = 'groupNames' in command.targets ? command.targets.groupNames : [];
  const found = await requireGroups(store.targets, { owner: command.owner, field: 'targets.deviceGroups' }, { names });
  const rules: string[] = [];
  for (let from = 0; from < found.length; from += groupsPerRule) {
    const ids = found.slice(from, from + groupsPerRule).map(({ groupId }) => quoted(groupId));
    rules.push(`product_id = ${quoted(pkg.productId)} and group_id in (${ids.join(', ')})`);
  }
  return { rules, shownRule: rules.join(' or ') };
}

async function checkDevices(
  { store }: LegacyOperationParts,
  { owner, deviceIds, pkg }: { readonly owner: App; readonly deviceIds: readonly string[]; readonly pkg: PackageBrief },
): Promise<void> {
  const products = await store.targets.findProductsOf(owner, deviceIds);
  const field = 'targets.devices';
  const named = deviceIds.find((deviceId) => !products.has(deviceId));
  if (named !== undefined) throw new Problem('deviceNotFound', { field, named });
  for (const productId of products.values()) {
    if (productId !== pkg.productId) throw new Problem('packageProductMismatch', { field });
  }
}

function checkTraits({ traits }: CreateOperation, pkg: PackageBrief): void {
  for (const name of ['deviceType', 'model', 'manufacturerName'] as const) {
    const said = traits[name];
    if (said !== undefined && said !== pkg.traits[name]) {
      const field = `targets.${name}`;
      throw new Problem('packageTraitMismatch', { field, args: [field] });
    }
  }
}

/** Legacy 4.3. */
function policyOf({ clock, settings }: LegacyOperationParts, policy: OperationPolicy): TaskPolicy {
  const now = clock.now();
  const { retries } = policy;
  const retry = {
    retryCount: retries,
    retryIntervalMinutes: retries === 0 ? 0 : settings.retryIntervalMinutes,
    onConflict: 'fail',
  } as const;
  switch (policy.executeType) {
    case 'now':
      return retry;
    case 'device_online':
      return { ...retry, onlineBy: now + settings.onlineWaitMs };
    case 'custom':
      return {
        ...retry,
        ...(policy.startAt > now ? { startAt: policy.startAt } : {}),
        end: { at: policy.endAt, rest: 'stop' },
        onlineBy: policy.endAt,
      };
  }
}

function storedFilter({ projectId, appId }: App, { type, state, traits, deviceId }: OperationFilter) {
  return {
    projectId,
    appId,
    types: operationTypes,
    ...(type === undefined ? {} : { type }),
    ...(state === undefined ? {} : { states: tasksInState[state] }),
    ...(traits === undefined || Object.keys(traits).length === 0 ? {} : { traits }),
    ...(deviceId === undefined ? {} : { target: asId<Parameters<Store['devices']['find']>[1]>(deviceId) }),
  };
}

const shownDevicesMax = 256;

/** What a page of operations shows of packages and targets, in sets. */
async function viewsOf({ store }: LegacyOperationParts, owner: App, tasks: readonly Task[]): Promise<OperationView[]> {
  const others = tasks.filter(({ legacy, sourceKind }) => legacy === undefined && sourceKind === 'devices');
  const [packages, groups, targets] = await Promise.all([
    store.targets.findTaskPackages(owner, tasks.flatMap(packageIdOf)),
    store.targets.findGroups(owner, { ids: tasks.flatMap(groupIdsOf) }),
    store.tasks.listFirstTargets(
      others.map(({ taskNo }) => taskNo),
      shownDevicesMax,
    ),
  ]);
  const names = new Map(groups.map(({ groupId, name }) => [groupId as string, name]));
  return tasks.map((task) => ({
    task,
    pkg: packages.get(packageIdOf(task)[0] ?? ''),
    deviceIds: targets.get(task.taskNo) ?? [],
    groupNames: groupIdsOf(task).map((id) => names.get(id) ?? id),
  }));
}

function packageIdOf({ document = {} }: Task): readonly string[] {
  const { package_id: one, package_ids: many } = document;
  if (typeof one === 'string') return [one];
  return Array.isArray(many) ? many.map(String) : [];
}

/** A filter beside a list of devices is shown in v5, and has no effect (v5 11.1). */
function groupIdsOf({ echo, legacy, sourceKind }: Task): readonly string[] {
  if (legacy !== undefined || sourceKind !== 'groups') return [];
  const filter = echo['targets_filter'] as JsonObject | undefined;
  const ids = filter?.['group_ids'];
  return Array.isArray(ids) ? ids.map(String) : [];
}
