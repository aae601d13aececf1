import type { BareSql } from './bare-sql.ts';
import { note, timed } from './bench.ts';
import type { BenchDatabase } from './bench-database.ts';
import { installation } from './installation.ts';
import { seedFleet, type SeededFleet } from './seed-fleet.ts';

const { projectId, appId, productId } = installation;

/** When the first device was registered; the others follow a second apart. */
export const firstAt = Date.UTC(2026, 0, 1);
const secondMs = 1000;
const childrenOfGateway = 1000;
const commandsOfDevice = 5000;
const messagesOfDevice = 20;
const otherTasks = 2000;
const products = 1000;
const packages = 1000;

const taskNo = 1;
/** 24 hex, as a task has. */
export const taskId = `600000000000000${String(taskNo).padStart(9, '0')}`;

export interface SeededLists extends SeededFleet {
  readonly count: number;
}

/**
 * A fleet whose devices differ as those of a customer do, and a million of whatever else has lists. What the store would do one by one is
 * done in bare SQL.
 */
export async function seedLists(database: BenchDatabase, count: number): Promise<SeededLists> {
  const fleet = await seedFleet(database, count);
  await using sql = await database.openSql();
  const ms = await timed(async () => {
    await insertCatalogue(sql);
    await varyDevices(sql);
    await insertSubtasks(sql, count);
    await insertOfOneDevice(sql, fleet.deviceIds[0] ?? '');
  });
  note(`made ${count} devices differ in ${Math.round(ms / 1000)} s`);
  await database.rest();
  return { ...fleet, count };
}

/** 0, 1, … below `count`, as `n`; what inserts them stands before. */
const numbers = (count: number): string =>
  `WITH RECURSIVE r (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM r WHERE n + 1 < ${count})`;

/** 24 hex in the order of `n`. */
const idOf = (n: string): string => `'600000000000000' || substr(CAST(1000000000 + ${n} AS TEXT), 2)`;
/** The number in a device's id. */
const n = 'CAST(substr(device_id, 7) AS INTEGER)';

async function insertCatalogue(sql: BareSql): Promise<void> {
  await sql.run(`INSERT INTO products (app_id, product_id, record_id, project_id, name, fields, created_at)
    ${numbers(products)} SELECT '${appId}', 'bench_' || n, ${idOf('n')}, '${projectId}', 'bench_' || n, p.fields, p.created_at
    FROM r CROSS JOIN products p WHERE n > 0 AND p.product_id = '${productId}'`);
  await sql.run(`INSERT INTO packages (package_id, record_id, project_id, app_id, product_id, type, version, fields, created_at)
    ${numbers(packages)} SELECT ${idOf('n')}, ${idOf('n')}, '${projectId}', '${appId}', '${productId}', 'firmwarePackage', '1.' || n,
      '{"sourceVersions":[],"object":{"region":"r","bucket":"b","key":"k"}}', ${firstAt} FROM r`);
}

/**
 * Three products, four firmware versions (none is one of them), all statuses, two tags, a gateway with children. A tenth of the devices
 * is of `bench_1`, a tenth of `bench_2`, and those alone are in the zone north.
 */
async function varyDevices(sql: BareSql): Promise<void> {
  await sql.run(`UPDATE devices SET name = 'Press-' || ${n}, created_at = ${firstAt} + ${n} * ${secondMs},
    product_id = CASE ${n} % 10 WHEN 0 THEN 'bench_1' WHEN 1 THEN 'bench_2' ELSE '${productId}' END,
    fw_version = CASE ${n} / 10 % 4 WHEN 0 THEN '1.0' WHEN 1 THEN '1.1' WHEN 2 THEN '1.2' END,
    sw_version = CASE ${n} / 40 % 2 WHEN 0 THEN '2.0' END,
    connectivity = CASE WHEN ${n} / 7 % 1000 < 600 THEN 'ONLINE' WHEN ${n} / 7 % 1000 < 900 THEN 'OFFLINE'
      WHEN ${n} / 7 % 1000 < 999 THEN 'INACTIVE' ELSE 'ABNORMAL' END,
    frozen = CASE WHEN ${n} % 97 = 5 THEN 1 ELSE 0 END`);
  const gateway = `(SELECT device_id FROM devices WHERE device_id = 'bench_00000000')`;
  await sql.run(`UPDATE devices SET parent_id = ${gateway}, root_id = ${gateway}
    WHERE device_id > 'bench_00000000' AND device_id <= 'bench_${String(childrenOfGateway).padStart(8, '0')}'`);
  for (const [key, value] of [
    ['site', `'site-' || ${n} % 100`],
    ['zone', `CASE WHEN ${n} % 10 = 1 THEN 'north' ELSE 'south' END`],
  ]) {
    await sql.run(`INSERT INTO device_tags (device_id, tag_key, tag_value, project_id, record_id)
      SELECT device_id, '${key}', ${value}, project_id, record_id FROM devices`);
  }
}

/** One finished task with a subtask for every device, nine of ten well; and others with none. */
async function insertSubtasks(sql: BareSql, count: number): Promise<void> {
  const fail = Math.floor(count / 10);
  await sql.run(`INSERT INTO tasks (task_no, task_id, project_id, app_id, name, type, echo, gateway_mode, need_confirm, on_conflict, retry_count,
      retry_interval_minutes, source_kind, source, status, total, success, fail, expanded, confirmed, created_at, finished_at)
    ${numbers(otherTasks)} SELECT n + ${taskNo}, ${idOf(`n + ${taskNo}`)}, '${projectId}', '${appId}', 'bench', CASE n % 2 WHEN 0 THEN 'freezeDevices' ELSE 'unfreezeDevices' END,
      '{}', 0, 0, 'fail', 0, 0, 'devices', '', CASE n % 3 WHEN 0 THEN 'PartialSuccess' ELSE 'Success' END,
      CASE n WHEN 0 THEN ${count} ELSE 0 END, CASE n WHEN 0 THEN ${count - fail} ELSE 0 END, CASE n WHEN 0 THEN ${fail} ELSE 0 END,
      1, 1, ${Date.now()}, ${Date.now()} FROM r`);
  await sql.run(`INSERT INTO subtasks (task_no, seq, target, state, output, error_code, error_message)
    SELECT ${taskNo}, ${n}, device_id, CASE WHEN ${n} % 10 = 9 THEN 'Fail' ELSE 'Success' END,
      CASE WHEN ${n} % 10 = 9 THEN NULL ELSE '{}' END, CASE WHEN ${n} % 10 = 9 THEN 'IOTDA.014016' END,
      CASE WHEN ${n} % 10 = 9 THEN 'The device is not online.' END FROM devices`);
}

async function insertOfOneDevice(sql: BareSql, deviceId: string): Promise<void> {
  const now = Date.now();
  await sql.run(`INSERT INTO commands (command_id, device_id, record_id, request, command_name, strategy, status, created_at, expires_at, finished_at)
    ${numbers(commandsOfDevice)} SELECT ${idOf('n')}, '${deviceId}', ${idOf('n')}, '{"paras":{},"strategy":"immediately"}', 'c' || n % 5,
      'immediately', CASE n % 4 WHEN 0 THEN 'TIMEOUT' ELSE 'SUCCESSFUL' END, ${now} + n, ${now} + n, ${now} + n FROM r`);
  await sql.run(`INSERT INTO messages (device_id, message_id, record_id, request, status, created_at, expires_at, finished_at)
    ${numbers(messagesOfDevice)} SELECT '${deviceId}', ${idOf('n')}, ${idOf('n')},
      '{"message":"hello","encoding":"none","format":"standard","ttlMinutes":1440}', 'DELIVERED', ${now}, ${now}, ${now} FROM r`);
}
