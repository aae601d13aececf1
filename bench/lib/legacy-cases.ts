import type { LegacyClient } from '@muster/sdk/legacy';
import { batchCommandId } from '../../packages/server/src/domain/batch-command-id.ts';
import { asId, type TaskId } from '../../packages/server/src/domain/ids.ts';
import { installation } from './installation.ts';
import { deviceAt, idAt, type SeededLegacy } from './seed-legacy.ts';

/** One call, and the same page and count in bare SQL. */
export interface LegacyCase {
  readonly name: string;
  call(client: LegacyClient): Promise<unknown>;
  readonly bare?: readonly string[];
}

const { projectId, appId } = installation;
const pageSize = 100;
const detailsSize = 250;

/** Every filter of legacy 4.4, 4.5 and 3.5, first pages and pages in the depth. */
export function legacyCases(seeded: SeededLegacy): readonly LegacyCase[] {
  return [
    { name: 'operation', call: ({ upgrades }) => upgrades.get(idAt(0)) },
    ...operationCases(seeded),
    ...subOperationCases(seeded),
    { name: 'task', call: ({ batchTasks }) => batchTasks.get(idAt(seeded.operations)) },
    ...detailCases(seeded),
  ];
}

/** As parts of all that match: what is skipped is most in the middle, where either end is far. */
const deepPages = [
  ['middle', 0.5],
  ['last', 1],
] as const;

type OperationQuery = NonNullable<Parameters<LegacyClient['upgrades']['list']>[0]>;

const ofPackages = (
  conditions: string,
): string => `AND EXISTS (SELECT 1 FROM packages p JOIN product_traits x ON x.app_id = p.app_id
  AND x.product_id = p.product_id WHERE p.package_id = tasks.package_id AND ${conditions})`;
const withDevice = (deviceId: string): string =>
  `AND EXISTS (SELECT 1 FROM subtasks s WHERE s.target = '${deviceId}' AND s.task_no = tasks.task_no)`;

function operationCases({ operations }: SeededLegacy): readonly LegacyCase[] {
  const types = "AND type IN ('firmwareUpgrade', 'softwareUpgrade')";
  const list = (name: string, query: OperationQuery, where = types): LegacyCase => ({
    name: `operations ${name}`,
    call: ({ upgrades }) => upgrades.list({ pageSize, ...query }),
    bare: bareOf('tasks', `project_id = '${projectId}' AND app_id = '${appId}' ${where}`, {
      ...{ order: 'task_id DESC', limit: pageSize, offset: (query.pageNo ?? 0) * pageSize },
    }),
  });
  const deep = (part: number): number => Math.max(0, Math.floor((operations * part) / pageSize) - 1);
  return [
    list('first page', {}),
    list('last page', { pageNo: deep(1) }),
    list('by type', { operationType: 'firmware_upgrade' }, "AND type = 'firmwareUpgrade'"),
    list(
      'by type, last page',
      { operationType: 'firmware_upgrade', pageNo: deep(0.5) },
      "AND type = 'firmwareUpgrade'",
    ),
    list('that wait', { operationStatus: 'wait' }, `${types} AND status IN ('Initializing', 'Waitting')`),
    list('under way', { operationStatus: 'processing' }, `${types} AND status IN ('Processing', 'Stopping')`),
    list('that succeeded', { operationStatus: 'success' }, `${types} AND status = 'Success'`),
    list('that succeeded, deep', { operationStatus: 'success', pageNo: deep(0.6) }, `${types} AND status = 'Success'`),
    list(
      'that failed',
      { operationStatus: 'failed' },
      `${types} AND (status = 'Fail' OR status = 'PartialSuccess' AND fail > 0)`,
    ),
    list(
      'that were stopped, deep',
      { operationStatus: 'stop', pageNo: deep(0.08) },
      `${types} AND (status = 'Stopped' OR status = 'PartialSuccess' AND fail = 0)`,
    ),
    list('by device type', { deviceType: 'press_1' }, types + ofPackages("x.device_type = 'press_1'")),
    list(
      'by device type, deep',
      { deviceType: 'press_1', pageNo: deep(0.3) },
      types + ofPackages("x.device_type = 'press_1'"),
    ),
    list('by manufacturer', { manufacturerName: 'maker_1' }, types + ofPackages("x.manufacturer_name = 'maker_1'")),
    list(
      'by manufacturer, middle page',
      { manufacturerName: 'maker_1', pageNo: deep(0.25) },
      types + ofPackages("x.manufacturer_name = 'maker_1'"),
    ),
    list(
      'by manufacturer, deep',
      { manufacturerName: 'maker_1', pageNo: deep(0.5) },
      types + ofPackages("x.manufacturer_name = 'maker_1'"),
    ),
    list('by model', { model: 'model_7' }, types + ofPackages("x.model = 'model_7'")),
    list('by a model that none has', { model: 'model_x' }, types + ofPackages("x.model = 'model_x'")),
    list('with a device of all of them', { deviceId: deviceAt(0) }, types + withDevice(deviceAt(0))),
    list('with it, middle page', { deviceId: deviceAt(0), pageNo: deep(0.5) }, types + withDevice(deviceAt(0))),
    list('with it, last page', { deviceId: deviceAt(0), pageNo: deep(1) }, types + withDevice(deviceAt(0))),
    list('with a device of few', { deviceId: deviceAt(57) }, types + withDevice(deviceAt(57))),
    list('with a device of none', { deviceId: 'nobody' }, types + withDevice('nobody')),
    list(
      'by everything',
      {
        ...{ operationType: 'firmware_upgrade', operationStatus: 'success', deviceId: deviceAt(0) },
        ...{ deviceType: 'press_1', manufacturerName: 'maker_1', model: 'model_1' },
      },
      `AND type = 'firmwareUpgrade' AND status = 'Success' ${withDevice(deviceAt(0))} ${ofPackages("x.model = 'model_1'")}`,
    ),
  ];
}

type SubOperationQuery = NonNullable<Parameters<LegacyClient['upgrades']['listSubOperations']>[1]>;

function subOperationCases({ rowsOfBig, bigTaskNo }: SeededLegacy): readonly LegacyCase[] {
  const states = {
    ...{ wait: "('Waitting', 'FailWaitRetry')", processing: "('Processing')", success: "('Success')" },
    ...{ fail: "('Fail')", stop: "('Stopped', 'Removed')" },
  } as const;
  const list = (name: string, query: SubOperationQuery, where = ''): LegacyCase => ({
    name: `sub-operations ${name}`,
    call: ({ upgrades }) => upgrades.listSubOperations(idAt(0), { pageNo: 0, pageSize, ...query }),
    bare: bareOf('subtasks', `task_no = ${bigTaskNo} ${where}`, {
      ...{ order: 'seq', limit: pageSize, offset: (query.pageNo ?? 0) * pageSize },
    }),
  });
  const deep = (part: number): number => Math.max(0, Math.floor((rowsOfBig * part) / pageSize) - 1);
  const shares = { wait: 0.1, processing: 0.1, success: 0.4, fail: 0.3, stop: 0.1 } as const;
  return [
    list('first page', {}),
    list('middle page', { pageNo: deep(0.5) }),
    list('last page', { pageNo: deep(1) }),
    ...(Object.keys(states) as (keyof typeof states)[]).flatMap((subOperationStatus) => {
      const where = `AND state IN ${states[subOperationStatus]}`;
      return [
        list(`in ${subOperationStatus}`, { subOperationStatus }, where),
        ...deepPages.map(([place, part]) =>
          list(
            `in ${subOperationStatus}, ${place} page`,
            { subOperationStatus, pageNo: deep(part * shares[subOperationStatus]) },
            where,
          ),
        ),
      ];
    }),
  ];
}

type DetailQuery = Omit<Parameters<LegacyClient['batchTasks']['listDetails']>[0], 'taskId'>;

function detailCases({ operations, rowsOfBatch, batchTaskNo }: SeededLegacy): readonly LegacyCase[] {
  const taskId = idAt(operations);
  const cached = `EXISTS (SELECT 1 FROM commands c WHERE c.task_no = subtasks.task_no AND c.seq = subtasks.seq AND c.status = 'PENDING')`;
  const byTime = "state = 'Fail' AND error_code IN ('014591')";
  const states = {
    Pending: `AND (state IN ('Waitting', 'FailWaitRetry') OR state = 'Processing' AND ${cached})`,
    WaitResult: `AND state = 'Processing' AND NOT ${cached}`,
    Success: "AND state = 'Success'",
    Fail: "AND (state = 'Fail' AND error_code <> '014591' OR state IN ('Stopped', 'Removed'))",
    Timeout: `AND ${byTime}`,
  } as const;
  const shares = { Pending: 0.1, WaitResult: 0.1, Success: 0.4, Fail: 0.3, Timeout: 0.1 } as const;
  const list = (name: string, query: DetailQuery, where = ''): LegacyCase => ({
    name: `sub-tasks ${name}`,
    call: ({ batchTasks }) => batchTasks.listDetails({ taskId, pageNo: 0, pageSize: detailsSize, ...query }),
    bare: bareOf('subtasks', `task_no = ${batchTaskNo} ${where}`, {
      ...{ order: 'seq', limit: detailsSize, offset: (query.pageNo ?? 0) * detailsSize },
    }),
  });
  const deep = (part: number): number => Math.max(0, Math.floor((rowsOfBatch * part) / detailsSize) - 1);
  const middle = Math.floor(operations / 2);
  const commandId = batchCommandId(asId<TaskId>(taskId), { seq: middle, attempt: 1 });
  return [
    list('first page', {}),
    list('middle page', { pageNo: deep(0.5) }),
    list('last page', { pageNo: deep(1) }),
    ...(Object.keys(states) as (keyof typeof states)[]).flatMap((status) => [
      list(`in ${status}`, { status }, states[status]),
      ...deepPages.map(([place, part]) =>
        list(`in ${status}, ${place} page`, { status, pageNo: deep(part * shares[status]) }, states[status]),
      ),
    ]),
    list('of a device', { deviceId: deviceAt(middle) }, `AND target = '${deviceAt(middle)}'`),
    list('of a node', { nodeId: deviceAt(middle) }, `AND target = '${deviceAt(middle)}'`),
    list('of a command', { commandId }, `AND seq = ${middle}`),
    list('of a row', { index: 1 }, 'AND false'),
  ];
}

interface BarePage {
  readonly order: string;
  readonly limit: number;
  readonly offset: number;
}

/** The page and the count as whoever writes them by hand would. */
const bareOf = (table: string, where: string, { order, limit, offset }: BarePage): readonly string[] => [
  `SELECT * FROM ${table} WHERE ${where} ORDER BY ${order} LIMIT ${limit} OFFSET ${offset}`,
  `SELECT count(*) FROM ${table} WHERE ${where}`,
];
