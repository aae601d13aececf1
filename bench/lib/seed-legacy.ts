import type { BareSql } from './bare-sql.ts';
import { note, timed } from './bench.ts';
import type { BenchDatabase } from './bench-database.ts';
import { installation } from './installation.ts';
import { seedFleet } from './seed-fleet.ts';

const { projectId, appId } = installation;

const products = 100;
const packages = 1000;
const rowsOfSmall = 10;
/** Neither deadline nor start comes while the bench runs, so that the engine has nothing to do. */
const farAt = Date.UTC(2100, 0, 1);
const madeAt = Date.UTC(2026, 0, 1);

/** 24 hex in the order of `n`, as a task has. */
const idOf = (n: string): string => `'600000000000000' || substr(CAST(1000000000 + ${n} AS TEXT), 2)`;
export const idAt = (n: number): string => `600000000000000${String(n).padStart(9, '0')}`;
/** Of the devices, of which the first hundredth exist. */
export const deviceAt = (n: number): string => `bench_${String(n).padStart(8, '0')}`;
const deviceOf = (n: string): string => `'bench_' || substr(CAST(100000000 + ${n} AS TEXT), 2)`;

export interface SeededLegacy {
  readonly operations: number;
  /** Of the first operation, which has all that the others have not. */
  readonly rowsOfBig: number;
  readonly bigTaskNo: number;
  /** A task of commands with as many sub-tasks as all operations together have. */
  readonly batchTaskNo: number;
  readonly rowsOfBatch: number;
}

/**
 * A hundredth of `count` operations with `count` sub-operations, nine of ten of them in the oldest one, the rest ten by ten, one of which
 * names the same device each time; a task of commands of `count` sub-tasks; and as many tasks that the legacy API does not know.
 */
export async function seedLegacy(database: BenchDatabase, count: number): Promise<SeededLegacy> {
  const operations = Math.ceil(count / 100);
  const rowsOfBig = count - rowsOfSmall * (operations - 1);
  await seedFleet(database, operations);
  const seeded = { operations, rowsOfBig, bigTaskNo: 1, batchTaskNo: operations + 1, rowsOfBatch: count };
  await using sql = await database.openSql();
  const ms = await timed(async () => {
    await insertCatalogue(sql);
    await insertOperations(sql, seeded);
    await insertSubOperations(sql, seeded);
    await insertBatch(sql, seeded);
  });
  note(`seeded ${operations} operations and ${2 * count} sub-operations and sub-tasks in ${Math.round(ms / 1000)} s`);
  await database.rest();
  return seeded;
}

/** 0, 1, … below `count`, as `n`; what inserts them stands before. */
const numbers = (count: number): string =>
  `WITH RECURSIVE r (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM r WHERE n + 1 < ${count})`;

/** Three device types, two manufacturers, a model for each product; packages of all of them. */
async function insertCatalogue(sql: BareSql): Promise<void> {
  await sql.run(`INSERT INTO products (app_id, product_id, record_id, project_id, name, fields, created_at)
    ${numbers(products)} SELECT '${appId}', 'bench_' || n, ${idOf('n')}, '${projectId}', 'bench_' || n,
      '{"deviceType":"press_' || (n % 3) || '","manufacturerName":"maker_' || (n % 2) || '","model":"model_' || n ||
      '","protocolType":"MQTT","dataFormat":"json","capabilities":[]}', ${madeAt} FROM r`);
  await sql.run(`INSERT INTO packages (package_id, record_id, project_id, app_id, product_id, type, version, fields, created_at)
    ${numbers(packages)} SELECT ${idOf('n')}, ${idOf('n')}, '${projectId}', '${appId}', 'bench_' || (n % ${products}),
      CASE n / ${products} % 2 WHEN 0 THEN 'firmwarePackage' ELSE 'softwarePackage' END, '1.' || n,
      '{"sourceVersions":[],"object":{"region":"r","bucket":"b","key":"k"}}', ${madeAt} FROM r`);
}

const taskColumns = `task_no, task_id, project_id, app_id, name, type, document, echo, package_id, gateway_mode, need_confirm, on_conflict,
  start_at, retry_count, retry_interval_minutes, source_kind, source, status, total, waitting, processing, fail_wait_retry, success, fail,
  stopped, timed_out, expanded, confirmed, created_at, started_at, finished_at, ends_at, at_end, operator, legacy_type, legacy`;

/** By n: seven of ten have succeeded; the newest hundredth wait for their start, the hundredth before them are under way. */
const statusOf = (operations: number): string => `CASE
  WHEN n = 0 OR n >= ${operations} - ${operations} / 50 AND n < ${operations} - ${operations} / 100 THEN 'Processing'
  WHEN n >= ${operations} - ${operations} / 100 THEN 'Waitting'
  WHEN n % 10 < 7 THEN 'Success' WHEN n % 10 = 7 THEN 'Fail' WHEN n % 10 = 8 THEN 'PartialSuccess' ELSE 'Stopped' END`;

async function insertOperations(sql: BareSql, { operations, rowsOfBig }: SeededLegacy): Promise<void> {
  const tenth = Math.floor(rowsOfBig / 10);
  const big = (share: number, small: string): string =>
    `CASE WHEN n = 0 THEN ${share} WHEN ${small} THEN 10 ELSE 0 END`;
  const half = (share: number, whole: string): string =>
    `CASE WHEN n = 0 THEN ${share} WHEN status = '${whole}' THEN 10 WHEN status = 'PartialSuccess' THEN 5 ELSE 0 END`;
  await sql.run(`INSERT INTO tasks (${taskColumns})
    ${numbers(operations)}, s AS (SELECT n, ${statusOf(operations)} AS status FROM r)
    SELECT n + 1, ${idOf('n')}, '${projectId}', '${appId}', 'legacy_' || ${idOf('n')},
      CASE n % ${packages} / ${products} % 2 WHEN 0 THEN 'firmwareUpgrade' ELSE 'softwareUpgrade' END,
      '{"package_id":"' || ${idOf(`n % ${packages}`)} || '"}', '{"document":{"package_id":"' || ${idOf(`n % ${packages}`)} || '"}}',
      ${idOf(`n % ${packages}`)}, 0, 0, 'fail', CASE status WHEN 'Waitting' THEN ${farAt} END, 0, 0, 'devices', '', status,
      CASE WHEN n = 0 THEN ${rowsOfBig} ELSE 10 END, ${big(0, "status = 'Waitting'")}, ${big(tenth, "status = 'Processing'")},
      ${big(tenth, 'false')}, ${half(rowsOfBig - 6 * tenth, 'Success')}, ${half(3 * tenth, 'Fail')},
      ${big(tenth, "status = 'Stopped'")}, ${big(tenth, 'false')}, 1, 1, ${madeAt} + n, CASE WHEN status <> 'Waitting' THEN ${madeAt} + n END,
      CASE WHEN status NOT IN ('Waitting', 'Processing') THEN ${madeAt} + n END, NULL, NULL, '${appId}', NULL,
      '{"targets":{"devices":["bench_00000000"]}}' FROM s`);
  await sql.run(`INSERT INTO tasks (${taskColumns})
    ${numbers(operations)} SELECT n + ${operations} + 2, ${idOf(`n + ${operations} + 1`)}, '${projectId}', '${appId}', 'other',
      'freezeDevices', NULL, '{}', NULL, 0, 0, 'fail', NULL, 0, 0, 'devices', '', 'Success', 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, ${madeAt}, ${madeAt},
      ${madeAt}, NULL, NULL, 'bench', NULL, NULL FROM r`);
}

const subtaskColumns = `task_no, seq, target, state, due_at, attempt, step, output, error_code, error_message, started_at, ended_at`;

/** By the last digit of seq: 0 to 3 well, 4 and 5 failed, 6 failed by time, 7 stopped, 8 under way, 9 waits for its next try. */
const stateOf = (
  seq: string,
): string => `CASE ${seq} % 10 WHEN 4 THEN 'Fail' WHEN 5 THEN 'Fail' WHEN 6 THEN 'Fail' WHEN 7 THEN 'Stopped'
  WHEN 8 THEN 'Processing' WHEN 9 THEN 'FailWaitRetry' ELSE 'Success' END`;

/** What follows from the state: deadline, attempt, step, output, cause, times. */
const restOf = (byTime: string): string => `CASE WHEN state IN ('Processing', 'FailWaitRetry') THEN ${farAt} END,
  CASE WHEN state IN ('Waitting', 'Stopped') THEN 0 ELSE 1 END, CASE state WHEN 'Processing' THEN 'upgrading' END,
  CASE state WHEN 'Success' THEN '{"version":"2.0","progress":100}' END,
  CASE WHEN state = 'Fail' THEN CASE WHEN ${byTime} THEN '014591' ELSE '014594' END END,
  CASE WHEN state = 'Fail' THEN 'It did not answer.' END, ${madeAt},
  CASE WHEN state IN ('Success', 'Fail', 'Stopped') THEN ${madeAt} END`;

async function insertSubOperations(sql: BareSql, { operations, rowsOfBig }: SeededLegacy): Promise<void> {
  await sql.run(`INSERT INTO subtasks (${subtaskColumns})
    ${numbers(rowsOfBig)}, s AS (SELECT n, ${stateOf('n')} AS state FROM r)
    SELECT 1, n, ${deviceOf('n')}, state, ${restOf('n % 10 = 6')} FROM s`);
  await sql.run(`INSERT INTO subtasks (${subtaskColumns})
    ${numbers(rowsOfSmall)}, s AS (SELECT t.task_no, n, CASE t.status WHEN 'PartialSuccess' THEN CASE WHEN n < 5 THEN 'Success' ELSE 'Fail' END
      ELSE t.status END AS state FROM tasks t CROSS JOIN r WHERE t.task_no > 1 AND t.task_no <= ${operations})
    SELECT task_no, n, CASE n WHEN 0 THEN '${deviceAt(0)}' ELSE ${deviceOf('task_no * 10 + n')} END, state, ${restOf('false')} FROM s`);
}

/** The rest of the tenths: what waits are commands that have not left, of devices that exist. */
async function insertBatch(sql: BareSql, { operations, batchTaskNo, rowsOfBatch }: SeededLegacy): Promise<void> {
  const tenth = Math.floor(rowsOfBatch / 10);
  await sql.run(`INSERT INTO tasks (${taskColumns})
    SELECT ${batchTaskNo}, ${idOf(String(operations))}, '${projectId}', '${appId}', 'bench', 'createAsyncCommands',
      '{"service_id":"Motor","command_name":"start","paras":{}}', '{}', NULL, 0, 0, 'fail', NULL, 0, 0, 'devices', '', 'Processing',
      ${rowsOfBatch}, 0, ${2 * tenth}, 0, ${rowsOfBatch - 6 * tenth}, ${3 * tenth}, ${tenth}, ${tenth}, 1, 1, ${madeAt}, ${madeAt}, NULL,
      ${farAt}, 'fail', '${appId}', 'DeviceCmd', '{"timeout":2880,"param":{"type":"Broadcast","command":{"serviceId":"Motor","method":"start"}}}'`);
  await sql.run(`INSERT INTO subtasks (${subtaskColumns})
    ${numbers(rowsOfBatch)}, s AS (SELECT n, CASE n % 10 WHEN 9 THEN 'Processing' ELSE ${stateOf('n')} END AS state FROM r)
    SELECT ${batchTaskNo}, n, ${deviceOf('n')}, state, ${restOf('n % 10 = 6')} FROM s`);
  await sql.run(`INSERT INTO commands (command_id, device_id, record_id, request, command_name, strategy, status, created_at, expires_at, due_at,
      task_no, seq, attempt, app_id)
    ${numbers(rowsOfBatch)} SELECT 'command_' || n, ${deviceOf(`n / 10 % ${operations}`)}, ${idOf('n')}, '{"paras":{},"strategy":"delay"}', 'start', 'delay',
      'PENDING', ${madeAt}, ${farAt}, ${farAt}, ${batchTaskNo}, n, 1, '${appId}' FROM r WHERE n % 10 = 9`);
}
