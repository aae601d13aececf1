import type { Device } from '../../../src/domain/device.ts';
import { asId, type TaskId } from '../../../src/domain/ids.ts';
import { aPackageFile } from '../../builders/catalogue-builders.ts';
import { builtAt } from '../../builders/chance.ts';
import type { HttpAnswer } from '../../support/http-client.ts';
import type { TestDevice } from '../../support/test-device.ts';
import { detailsPath, type LegacyStack, operationsPath, startLegacyStack, tasksPath } from './legacy-stack.ts';

type Json = Readonly<Record<string, unknown>>;

/** One of the two ways to ask for the same work, and to look at it. */
export const generations = ['v5', 'legacy'] as const;
export type Generation = (typeof generations)[number];

export type Work = 'commands' | 'upgrades';

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
  const file = aPackageFile({ projectId: scope.projectId });
  await stack.store.packages.insertFile(file);
  const pkg = await given.pkg(scope, {
    ...{ productId: product.productId, type: 'firmwarePackage', version: '2.0' },
    location: { kind: 'file', file },
  });
  const devices: Device[] = [];
  for (let at = 0; at < count; at++) devices.push(await given.device(scope, { product }));
  const names = createPlaceholders([
    ...devices.map(({ deviceId }, at) => [deviceId, `device ${at}`] as const),
    ...([[scope.projectId, 'project'] as const, [scope.appId, 'application'] as const] as const),
    [pkg.packageId, 'package'],
  ]);
  const wire: Wire[] = [];
  const isWaiting = { now: false };
  const ask = async (window: Generation, call: { method: string; path: string; body?: unknown }) => {
    const { method, path, body } = call;
    const answer = await (window === 'v5' ? stack.askV5(method, path, body) : stack.ask(method, path, body));
    const said = { call: `${method} ${path}`, ...(body === undefined ? {} : { sent: body }), status: answer.status };
    const line = names.numbered(answer.json === undefined ? said : { ...said, answer: answer.json });
    if (!isWaiting.now) wire.push(line as Wire);
    if (answer.status >= 300) throw new Error(`${path} answered ${answer.status} ${answer.text}`);
    return answer;
  };
  const parts = { stack, devices, packageId: pkg.packageId, ask, isWaiting };
  return {
    client: createClient(parts, generation, work),
    packageId: pkg.packageId,
    /** Ids and times are placeholders. */
    wire: wire as readonly Wire[],
    facts: (taskId: string) => readFacts(parts, taskId, names),
  };
}

interface Parts {
  readonly stack: LegacyStack;
  readonly devices: readonly Device[];
  readonly packageId: string;
  /** How often something is asked until it has happened is nothing to keep. */
  readonly isWaiting: { now: boolean };
  ask(window: Generation, call: { method: string; path: string; body?: unknown }): Promise<HttpAnswer>;
}

function createClient(parts: Parts, generation: Generation, work: Work): Client {
  const { stack, devices, ask, isWaiting } = parts;
  const window = generation === 'v5' ? v5Window(parts, work) : legacyWindow(parts, work);
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

function v5Window({ devices, packageId, ask }: Parts, work: Work): Window {
  const path = '/batchtasks';
  const type = work === 'commands' ? 'createAsyncCommands' : 'firmwareUpgrade';
  const { serviceId: service_id, method: command_name, paras } = command;
  const document =
    work === 'commands' ? { service_id, command_name, paras, send_strategy: 'delay' } : { package_id: packageId };
  const get = async (query: string): Promise<Json> =>
    (await ask('v5', { method: 'GET', path: path + query })).json as Json;
  return {
    create: async ({ retries = 0, strangers = [] } = {}) => {
      const targets = [...devices.map(({ deviceId }) => deviceId), ...strangers];
      const task_policy = retries === 0 ? {} : { task_policy: { retry_count: retries, retry_interval: 5 } };
      const body = { task_name: 'both', task_type: type, targets, document, ...task_policy };
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

const legacyWindow = (parts: Parts, work: Work): Window =>
  work === 'commands' ? batchWindow(parts) : operationWindow(parts);

function batchWindow({ devices, ask }: Parts): Window {
  const get = async (path: string): Promise<Json> => (await ask('legacy', { method: 'GET', path })).json as Json;
  return {
    create: async ({ strangers = [] } = {}) => {
      const deviceList = [...devices.map(({ deviceId }) => deviceId), ...strangers];
      const param = { type: 'DeviceList', deviceList, command };
      // As long as v5 keeps a command that says nothing of it.
      const body = { taskName: 'both', taskType: 'DeviceCmd', timeout: 1440, param };
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
      const { tasks } = await get(`${tasksPath}?status=complete&taskType=DeviceCmd`);
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

function operationWindow({ devices, packageId, ask }: Parts): Window {
  const get = async (path: string): Promise<Json> => (await ask('legacy', { method: 'GET', path })).json as Json;
  const states = { Success: 'success', Fail: 'fail', Stopped: 'stop' } as const;
  return {
    create: async ({ retries = 0 } = {}) => {
      const policy = retries === 0 ? {} : { policy: { retryType: true, retryTimes: retries } };
      const body = { fileId: packageId, targets: { devices: devices.map(({ deviceId }) => deviceId) }, ...policy };
      const answer = await ask('legacy', { method: 'POST', path: `${operationsPath}/firmwareUpgrade`, body });
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
      const { data } = await get(`${operationsPath}?operationStatus=${state}&operationType=firmware_upgrade`);
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
async function readFacts({ stack, devices }: Parts, taskId: string, names: Placeholders): Promise<unknown> {
  const { store, scope } = stack;
  const task = await store.tasks.find(scope.projectId, asId<TaskId>(taskId));
  if (task === undefined) return names.hide({ task: 'gone', devices: await readDevices(stack, devices) });
  const page = { limit: 1000, marker: asId<typeof task.recordId>(''), offset: 0, order: 'oldest-first' } as const;
  const { items } = await store.subtasks.listOrdered({ task, filter: {}, page });
  const { legacy: _legacy, operator: _operator, name: _name, echo: _echo, policy, revision: _revision, ...rest } = task;
  const { end: _end, onlineBy: _onlineBy, ...shared } = policy;
  return names.hide({
    task: { ...rest, policy: shared },
    subtasks: items,
    devices: await readDevices(stack, devices),
  });
}

const anyCommand = {
  statuses: ['PENDING', 'SENT', 'DELIVERED', 'EXPIRED', 'SUCCESSFUL', 'FAILED', 'TIMEOUT'],
} as const;

async function readDevices({ store, scope }: LegacyStack, devices: readonly Device[]): Promise<readonly unknown[]> {
  const shown: unknown[] = [];
  for (const { deviceId } of devices) {
    const device = await store.devices.find(scope.projectId, deviceId);
    const page = { limit: 50, marker: asId<Device['recordId']>('g'), offset: 0 };
    const { items } = await store.commands.list(deviceId, anyCommand, page);
    shown.push({ deviceId, versions: [device?.fwVersion, device?.swVersion], commands: items });
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
