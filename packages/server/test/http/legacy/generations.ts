import type { Device } from '../../../src/domain/device.ts';
import { asId, type TaskId } from '../../../src/domain/ids.ts';
import { firstMarker, lastMarker } from '../../../src/domain/paging.ts';
import { aPackageFile } from '../../builders/catalogue-builders.ts';
import { builtAt } from '../../builders/chance.ts';
import type { HttpAnswer } from '../../support/http-client.ts';
import { fileForm } from '../../support/file-form.ts';
import type { TestDevice } from '../../support/test-device.ts';
import { idsOf, type Work, type WorkKind, works } from './generation-works.ts';
import {
  detailsPath,
  filesPath,
  type LegacyStack,
  operationsPath,
  startLegacyStack,
  tasksPath,
} from './legacy-stack.ts';

type Json = Readonly<Record<string, unknown>>;

/** One of the two ways to ask for the same work, and to look at it. */
export const generations = ['v5', 'legacy'] as const;
export type Generation = (typeof generations)[number];

export interface RowQuery {
  /** As the core names it. */
  readonly state?: 'Success' | 'Fail' | 'Stopped';
  readonly page?: { readonly no: number; readonly size: number };
}

/** A task as both say it. */
export interface SeenTask {
  readonly total: number;
  readonly success: number;
  readonly isOver: boolean;
}

export interface SeenRows {
  readonly count: number;
  readonly targets: readonly string[];
}

/** What a scenario does, the same in both. */
export interface Client {
  readonly stack: LegacyStack;
  readonly devices: readonly Device[];
  connect(): Promise<readonly TestDevice[]>;
  create(options?: { readonly retries?: number; readonly strangers?: readonly string[] }): Promise<string>;
  look(taskId: string): Promise<SeenTask>;
  rows(taskId: string, query?: RowQuery): Promise<SeenRows>;
  /** Ids of the tasks in this state. */
  list(state: 'success' | 'failed'): Promise<readonly string[]>;
  stop(taskId: string): Promise<void>;
  delete(taskId: string): Promise<void>;
  /** Legacy has no call for it: both ask v5. */
  retry(taskId: string): Promise<void>;
  /** Resolves once the task is shown so. */
  shows(taskId: string, isWanted: (task: SeenTask) => boolean): Promise<void>;
  /** All of it has been set up and has started. */
  isUnderWay(taskId: string): Promise<void>;
}

interface Wire {
  readonly call: string;
  readonly sent?: unknown;
  readonly status: number;
  readonly answer?: unknown;
}

const traits = { deviceType: 'press', model: 'P1', manufacturerName: 'Acme' };

/** A fleet of its own, equal to every other of this size, and what was said on the wire about it. */
export async function startGeneration(generation: Generation, work: Work, count: number) {
  const stack = await startLegacyStack();
  const { given, scope } = stack;
  const product = await given.product(scope, traits);
  const kind = works[work];
  const file = aPackageFile({ projectId: scope.projectId });
  await stack.store.packages.insertFile(file);
  const pkg = await given.pkg(scope, {
    ...{
      productId: product.productId,
      type: kind.kind === 'upgrade' ? kind.packageType : 'firmwarePackage',
      version: '2.0',
    },
    location: { kind: 'file', file },
  });
  const devices: Device[] = [];
  for (let at = 0; at < count; at++) devices.push(await given.device(scope, { product, nodeId: `press-${at}` }));
  const names = createPlaceholders([
    ...devices.map(({ deviceId }, at) => [deviceId, `device ${at}`] as const),
    ...([[scope.projectId, 'project'] as const, [scope.appId, 'application'] as const] as const),
    [pkg.packageId, 'package'],
  ]);
  const wire: Wire[] = [];
  const isWaiting = { now: false };
  const ask: Parts['ask'] = async (window, { method, path, body, file: lines }) => {
    const { ask: askLegacy, askV5, send, sendV5 } = stack;
    const form = lines && fileForm('rows.csv', lines.join('\n'));
    const [whole, plain] = window === 'v5' ? [sendV5, askV5] : [send, askLegacy];
    const answer = await (form === undefined ? plain(method, path, body) : whole(method, path, form));
    const sent = body ?? lines;
    const said = { call: `${method} ${path}`, ...(sent === undefined ? {} : { sent }), status: answer.status };
    const line = names.numbered(answer.json === undefined ? said : { ...said, answer: answer.json });
    if (!isWaiting.now) wire.push(line as Wire);
    if (answer.status >= 300) throw new Error(`${path} answered ${answer.status} ${answer.text}`);
    return answer;
  };
  const parts = { stack, devices, productId: product.productId, packageId: pkg.packageId, ask, isWaiting };
  return {
    client: createClient(parts, generation, kind),
    packageId: pkg.packageId,
    /** Ids and times are placeholders. */
    wire: wire as readonly Wire[],
    facts: (taskId: string) => readFacts(parts, taskId, names),
  };
}

interface Parts {
  readonly stack: LegacyStack;
  readonly devices: readonly Device[];
  readonly productId: string;
  readonly packageId: string;
  /** How often something is asked until it has happened is nothing to keep. */
  readonly isWaiting: { now: boolean };
  ask(window: Generation, call: WireCall): Promise<HttpAnswer>;
}

interface WireCall {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** Lines of a file that is the body. */
  readonly file?: readonly string[];
}

function createClient(parts: Parts, generation: Generation, kind: WorkKind): Client {
  const { stack, devices, ask, isWaiting } = parts;
  const window = generation === 'v5' ? v5Window(parts, kind) : legacyWindow(parts, kind);
  return {
    ...{ stack, devices },
    ...window,
    connect: () => Promise.all(devices.map((device) => stack.connect(device))),
    retry: async (taskId) => {
      await ask('v5', { method: 'POST', path: `/batchtasks/${taskId}/retry`, body: {} });
    },
    shows: async (taskId, isWanted) => {
      isWaiting.now = true;
      await stack.eventually(async () => isWanted(await window.look(taskId)));
      isWaiting.now = false;
      await window.look(taskId);
    },
    isUnderWay: async (taskId) => {
      const id = asId<TaskId>(taskId);
      await stack.eventually(async () => {
        const task = await stack.store.tasks.find(stack.scope.projectId, id);
        return task?.expanded === true && task.counters.processing === task.counters.total;
      });
    },
  };
}

type Window = Omit<Client, 'stack' | 'devices' | 'connect' | 'retry' | 'shows' | 'isUnderWay'>;

const command = { serviceId: 'Motor', method: 'start', paras: { speed: 3 } };

const queryOf = (values: Readonly<Record<string, string | number | undefined>>): string =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join('&');

const v5Ended: readonly unknown[] = ['Success', 'PartialSuccess', 'Fail', 'Stopped'];

type FileKind = Extract<WorkKind, { kind: 'file' }>;

/** Whom the file is for: the devices, and ids that nobody has. */
function linesOf({ devices, productId }: Parts, { lines }: FileKind, strangers: readonly string[]): readonly string[] {
  const known = devices.map(({ deviceId, nodeId }): [string, string] => [deviceId, nodeId]);
  return lines([...known, ...strangers.map((id): [string, string] => [id, id])], productId);
}

async function v5Source(parts: Parts, kind: WorkKind, strangers: readonly string[]): Promise<Json> {
  const { devices, packageId, ask } = parts;
  const targets = [...idsOf(devices), ...strangers];
  switch (kind.kind) {
    case 'commands': {
      const { serviceId: service_id, method: command_name, paras } = command;
      return { targets, document: { service_id, command_name, paras, send_strategy: 'delay' } };
    }
    case 'upgrade':
      return { targets, document: { package_id: packageId } };
    case 'file': {
      const upload = { method: 'POST', path: '/batchtask-files', file: linesOf(parts, kind, strangers) };
      return { document_source: ((await ask('v5', upload)).json as { file_id: string }).file_id };
    }
  }
}

function v5Window(parts: Parts, kind: WorkKind): Window {
  const { ask } = parts;
  const path = '/batchtasks';
  const type = kind.v5Type;
  const get = async (query: string): Promise<Json> =>
    (await ask('v5', { method: 'GET', path: path + query })).json as Json;
  return {
    create: async ({ retries = 0, strangers = [] } = {}) => {
      const source = await v5Source(parts, kind, strangers);
      const task_policy = retries === 0 ? {} : { task_policy: { retry_count: retries, retry_interval: 5 } };
      const body = { task_name: 'both', task_type: type, ...source, ...task_policy };
      return ((await ask('v5', { method: 'POST', path, body })).json as { task_id: string }).task_id;
    },
    look: async (taskId) => {
      const { batchtask } = (await get(`/${taskId}`)) as { batchtask: Json };
      const { total = 0, success = 0 } = batchtask['task_progress'] as Record<string, number>;
      return { total, success, isOver: v5Ended.includes(batchtask['status']) };
    },
    rows: async (taskId, { state, page } = {}) => {
      const paging = page === undefined ? { limit: 50 } : { limit: page.size, offset: page.no * page.size };
      const answer = await get(`/${taskId}?${queryOf({ task_detail_status: state, ...paging })}`);
      const rows = answer['task_details'] as { target: string }[];
      return { count: (answer['page'] as { count: number }).count, targets: rows.map(({ target }) => target) };
    },
    list: async (state) => {
      const answer = await get(`?${queryOf({ task_type: type, status: state === 'success' ? 'Success' : 'Fail' })}`);
      return (answer['batchtasks'] as { task_id: string }[]).map(({ task_id }) => task_id);
    },
    stop: async (taskId) => {
      await ask('v5', { method: 'POST', path: `${path}/${taskId}/stop`, body: {} });
    },
    delete: async (taskId) => {
      await ask('v5', { method: 'DELETE', path: `${path}/${taskId}` });
    },
  };
}

const legacyWindow = (parts: Parts, kind: WorkKind): Window =>
  kind.kind === 'upgrade' ? operationWindow(parts, kind) : batchWindow(parts, kind);

type BatchKind = Exclude<WorkKind, { kind: 'upgrade' }>;

async function batchParam(parts: Parts, kind: BatchKind, strangers: readonly string[]): Promise<Json> {
  const { devices, ask } = parts;
  if (kind.kind === 'commands') return { type: 'DeviceList', deviceList: [...idsOf(devices), ...strangers], command };
  const upload = { method: 'POST', path: filesPath, file: linesOf(parts, kind, strangers) };
  return { fileId: ((await ask('legacy', upload)).json as { fileId: string }).fileId };
}

function batchWindow(parts: Parts, kind: BatchKind): Window {
  const { ask } = parts;
  const get = async (path: string): Promise<Json> => (await ask('legacy', { method: 'GET', path })).json as Json;
  return {
    create: async ({ strangers = [] } = {}) => {
      const param = await batchParam(parts, kind, strangers);
      // As long as v5 keeps a command that says nothing of it.
      const body = { taskName: 'both', taskType: kind.legacyType, timeout: 1440, param };
      return ((await ask('legacy', { method: 'POST', path: tasksPath, body })).json as { taskId: string }).taskId;
    },
    look: async (taskId) => {
      const { totalCnt, successCnt, status } = await get(`${tasksPath}/${taskId}`);
      return { total: Number(totalCnt), success: Number(successCnt), isOver: status === 'Complete' };
    },
    rows: async (taskId, { state, page } = {}) => {
      const status = state === 'Stopped' ? 'Fail' : state;
      const query = queryOf({ taskId, status, pageNo: page?.no, pageSize: page?.size });
      const { totalCount, taskDetails } = await get(`${detailsPath}?${query}`);
      const rows = taskDetails as { param: { deviceId: string } }[];
      return { count: Number(totalCount), targets: rows.map(({ param }) => param.deviceId) };
    },
    list: async () => {
      const { tasks } = await get(`${tasksPath}?status=complete&taskType=${kind.legacyType}`);
      return (tasks as { taskId: string }[]).map(({ taskId }) => taskId);
    },
    stop: async (taskId) => {
      await ask('legacy', { method: 'POST', path: `${tasksPath}/${taskId}/stop` });
    },
    delete: async (taskId) => {
      await ask('legacy', { method: 'DELETE', path: `${tasksPath}/${taskId}` });
    },
  };
}

type UpgradeKind = Extract<WorkKind, { kind: 'upgrade' }>;

function operationWindow({ devices, packageId, ask }: Parts, kind: UpgradeKind): Window {
  const get = async (path: string): Promise<Json> => (await ask('legacy', { method: 'GET', path })).json as Json;
  const states = { Success: 'success', Fail: 'fail', Stopped: 'stop' } as const;
  return {
    create: async ({ retries = 0 } = {}) => {
      const policy = retries === 0 ? {} : { policy: { retryType: true, retryTimes: retries } };
      const body = { fileId: packageId, targets: { devices: idsOf(devices) }, ...policy };
      const answer = await ask('legacy', { method: 'POST', path: `${operationsPath}/${kind.v5Type}`, body });
      return (answer.json as { operationId: string }).operationId;
    },
    look: async (taskId) => {
      const { staResult, status } = await get(`${operationsPath}/${taskId}`);
      const { total = 0, success = 0 } = staResult as Record<string, number>;
      return { total, success, isOver: status !== 'wait' && status !== 'processing' };
    },
    rows: async (taskId, { state, page } = {}) => {
      const subOperationStatus = state === undefined ? undefined : states[state];
      const query = queryOf({ subOperationStatus, pageNo: page?.no, pageSize: page?.size });
      const { totalCount, data } = await get(`${operationsPath}/${taskId}/subOperations?${query}`);
      return { count: Number(totalCount), targets: (data as { deviceId: string }[]).map(({ deviceId }) => deviceId) };
    },
    list: async (state) => {
      const { data } = await get(`${operationsPath}?operationStatus=${state}&operationType=${kind.operationType}`);
      return (data as { operationId: string }[]).map(({ operationId }) => operationId);
    },
    stop: async (taskId) => {
      await ask('legacy', { method: 'POST', path: `${operationsPath}/${taskId}/stop` });
    },
    delete: async (taskId) => {
      await ask('legacy', { method: 'DELETE', path: `${operationsPath}/${taskId}` });
    },
  };
}

/** What is stored of a task and its devices, without what each generation says of its own: ids, names, operator, what is shown as sent. */
async function readFacts({ stack }: Parts, taskId: string, names: Placeholders): Promise<unknown> {
  const { store, scope } = stack;
  const task = await store.tasks.find(scope.projectId, asId<TaskId>(taskId));
  if (task === undefined) return names.hide({ task: 'gone', devices: await readDevices(stack) });
  const page = { limit: 1000, marker: firstMarker, offset: 0, order: 'oldest-first' } as const;
  const { items } = await store.subtasks.listOrdered({ task, filter: {}, page });
  const { legacy: _legacy, operator: _operator, name: _name, echo: _echo, policy, revision: _revision, ...rest } = task;
  const { end: _end, onlineBy: _onlineBy, ...shared } = policy;
  return names.hide({
    task: { ...rest, policy: shared },
    subtasks: items,
    devices: await readDevices(stack),
  });
}

const anyCommand = {
  statuses: ['PENDING', 'SENT', 'DELIVERED', 'EXPIRED', 'SUCCESSFUL', 'FAILED', 'TIMEOUT'],
} as const;

/** All that the application has, oldest first. */
async function readDevices({ store, scope }: LegacyStack): Promise<readonly unknown[]> {
  const all = { limit: 50, marker: firstMarker, offset: 0, order: 'oldest-first' } as const;
  const shown: unknown[] = [];
  for (const device of (await store.devices.list(scope, all)).items) {
    const { deviceId, name, legacy, fwVersion, swVersion } = device;
    const page = { limit: 50, marker: lastMarker, offset: 0 };
    const { items } = await store.commands.list(deviceId, anyCommand, page);
    shown.push({ deviceId, name, legacy, versions: [fwVersion, swVersion], commands: items });
  }
  return shown;
}

interface Placeholders {
  /** Ids by the order in which they come up. */
  numbered(value: unknown): unknown;
  /** Without ids that only one side has. */
  hide(value: unknown): unknown;
}

/** What is named has its name; times are what has passed since all began, where they are numbers. */
function createPlaceholders(known: readonly (readonly [string, string])[]): Placeholders {
  const names = new Map<string, string>(known);
  const ids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}|[0-9a-f]{24}/g;
  const named = new RegExp(known.map(([id]) => id.replaceAll(/\W/g, '\\$&')).join('|'), 'g');
  const numberOf = (id: string): string => {
    const name = names.get(id) ?? `id ${names.size - known.length + 1}`;
    names.set(id, name);
    return name;
  };
  const replaced = (value: unknown, nameOf: (id: string) => string): unknown => {
    if (typeof value === 'string') {
      const text = value.replace(named, (id) => `<${names.get(id) ?? ''}>`).replace(ids, (id) => `<${nameOf(id)}>`);
      return text.replace(/\d{8}T\d{6}Z/g, '<time>');
    }
    if (typeof value === 'number') return value >= builtAt ? `<time + ${value - builtAt} ms>` : value;
    if (Array.isArray(value)) return value.map((item) => replaced(item, nameOf));
    if (typeof value !== 'object' || value === null) return value;
    // A database that others have used counts on.
    const shown = (key: string, member: unknown) => (key === 'taskNo' ? '<number>' : replaced(member, nameOf));
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shown(key, member)]));
  };
  return { numbered: (value) => replaced(value, numberOf), hide: (value) => replaced(value, () => 'id') };
}

/** Answers the query with the old version, so that the offer comes. */
export async function takeOffer(device: TestDevice): Promise<void> {
  await device.nextEvent();
  await device.event('$ota', 'version_report', { sw_version: '1.0', fw_version: '1.0' });
  await device.nextEvent();
}

export const reportUpgrade = (device: TestDevice, resultCode: number): Promise<void> =>
  device.event('$ota', 'upgrade_progress_report', {
    ...{ result_code: resultCode, progress: 100, version: resultCode === 0 ? '2.0' : '1.0', description: 'said' },
  });
