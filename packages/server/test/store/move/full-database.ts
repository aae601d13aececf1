import { migrations } from '../../../src/store/migrations/migrations.ts';
import type { TableName } from '../../../src/store/move/moved-tables.ts';
import { Connection } from '../../../src/store/sqlite/connection.ts';
import { migrate } from '../../../src/store/sqlite/migrate.ts';

type Values = Readonly<Record<string, string | number | null>>;

/** More than two pages of rows. */
export const manyRows = 2345;
/** The highest numbers that were given are those of rows that are gone. */
export const lastNumbers = { task: 9, outbox: 8, epoch: 41 } as const;

/** What an array or a set of rows could be confused by. */
const awkward = `{"a":"\\"b\\\\", 'c'},{NULL,,} \n\t ü 中 😀 ?$1`;

/** What is found of a product is read from it by the database itself. */
const productFields = JSON.stringify({ deviceType: 'Press', protocolType: 'MQTT', description: awkward });

const device = (id: string, over: Values = {}): Values => ({
  ...{ device_id: id, record_id: `r-${id}`, project_id: 'p', app_id: 'a', product_id: 'k', node_id: id, root_id: id },
  ...{ auth_type: 'SECRET', secure_access: 1, timeout_seconds: 0, connectivity: 'ONLINE', created_at: 1 },
  ...over,
});

const group = (id: string, over: Values): Values => ({
  ...{ group_id: id, record_id: `r-${id}`, project_id: 'p', app_id: 'a', name: id, created_at: 1, modified_at: 2 },
  ...over,
});

const task = (no: number, over: Values = {}): Values => ({
  ...{ task_no: no, task_id: `t${no}`, project_id: 'p', app_id: 'a', name: 'n', type: 'createCommands', echo: '{}' },
  ...{ gateway_mode: 0, need_confirm: 0, on_conflict: 'fail', retry_count: 0, retry_interval_minutes: 0 },
  ...{ source_kind: 'devices', source: '{}', status: 'Processing', confirmed: 1, created_at: 1 },
  ...over,
});

const letter = (no: number): Values => ({ no, action_id: 'x', key: 'k', payload: awkward, bytes: 9, created_at: 1 });

/** A name and an id, of rows that need nothing else. */
const own = (id: string): Values => ({ record_id: `r-${id}`, name: id, created_at: 1 });

const oneOfEach: readonly (readonly [TableName, Values])[] = [
  ['meta', { key: 'master-key', value: 'sealed' }],
  ['projects', { ...own('p'), project_id: 'p', domain: 'd' }],
  ['users', { ...own('u'), user_id: 'u', domain: 'd', password_hash: 'h' }],
  ['role_bindings', { user_id: 'u', project_id: 'p', role: 'admin' }],
  [
    'access_keys',
    { access_key: 'AK', record_id: 'r', secret_cipher: 's', user_id: 'u', project_id: 'p', created_at: 1 },
  ],
  ['audit', { record_id: 'r', at: 1_795_000_000_000, actor: 'u', action: 'create', subject: '' }],
  ['apps', { ...own('a'), app_id: 'a', project_id: 'p', is_default: 1 }],
  ['products', { ...own('k'), app_id: 'a', product_id: 'k', project_id: 'p', fields: productFields }],
  ['devices', device('g', { name: awkward, description: '', child_count: 1 })],
  ['devices', device('c', { parent_id: 'g', root_id: 'g', connectivity: 'OFFLINE', frozen: 1 })],
  [
    'device_shadows',
    { device_id: 'g', service_id: 's', desired: '{}', reported: '{"a":1}', reported_at: 3, version: 2 },
  ],
  ['device_tags', { device_id: 'g', tag_key: 'site', tag_value: awkward, project_id: 'p', record_id: 'r-g' }],
  ['device_tags', { device_id: 'g', tag_key: 'line', project_id: 'p', record_id: 'r-g' }],
  ['child_changes', { root_id: 'g', version: 1, kind: 'add', device_id: 'c', parent_id: 'g', node_id: 'c' }],
  ['device_tombstones', { device_id: 'gone', project_id: 'p', device_created_at: 1, deleted_at: 2 }],
  ['sessions', { device_id: 'g', node: 'embedded', epoch: 40, address: '10.0.0.1', attached_at: 7 }],
  ['sessions', { device_id: 'c', node: 'embedded', epoch: 39, address: '', attached_at: 7, ended_at: 8 }],
  ['nodes', { name: 'embedded', instance: 'i', beat_at: 1 }],
  ['node_letters', { no: 1, node: 'embedded', body: '{}' }],
  // The child's key comes first in every order of keys.
  ['device_groups', group('parent', { depth: 1 })],
  ['device_groups', group('achild', { depth: 2, super_group_id: 'parent' })],
  ['device_groups', group('dynamic', { depth: 1, rule: "node_id = 'c'" })],
  ['group_members', { group_id: 'achild', device_id: 'g', record_id: 'r' }],
  [
    'packages',
    {
      ...{ package_id: 'f', record_id: 'r', project_id: 'p', app_id: 'a', product_id: 'k', type: 'firmwarePackage' },
      ...{ version: '1', fields: '{}', created_at: 1 },
    },
  ],
  [
    'ota_modules',
    {
      ...{ module_id: 'm', record_id: 'r', project_id: 'p', app_id: 'a', product_id: 'k', name: 'motor' },
      ...{ alias_name: '泵', description: null, created_at: 1 },
    },
  ],
  [
    'package_files',
    { file_id: 'f', project_id: 'p', file_name: 'f.bin', size: 2 ** 40, sha256: 'x', uploaded_at: 1, package_id: 'f' },
  ],
  [
    'former_packages',
    {
      ...{ package_id: 'gone', project_id: 'p', app_id: 'a', product_id: 'k', type: 'firmwarePackage', version: '0' },
      ...{ device_type: 'Press', model: awkward, protocol_type: 'MQTT' },
    },
  ],
  ['tasks', task(1, { total: manyRows, waitting: manyRows, document: awkward })],
  ['tasks', task(lastNumbers.task)],
  ['task_targets', { task_no: 1, part: 0, targets: '["g"]' }],
  ['task_causes', { task_no: 1, code: '014', message: awkward, count: 3 }],
  ['deleted_tasks', { task_no: 2 }],
  ['idempotency_keys', { project_id: 'p', key: 'k', request_hash: 'h', task_id: 't1', expires_at: 9 }],
  ['subtask_history', { task_no: 1, seq: 1, no: 1, at: 5, kind: 'report', body: '{}' }],
  [
    'download_grants',
    { token_hash: 'h', task_no: 1, seq: 1, attempt: 1, device_id: 'g', package_id: 'f', expires_at: 9 },
  ],
  [
    'batch_files',
    {
      ...{ file_id: 'b', record_id: 'r-b', project_id: 'p', app_id: 'a', file_name: awkward, columns: '["device_id"]' },
      ...{ state: 'present', uploaded_at: 1, expires_at: 2 },
    },
  ],
  ['batch_file_rows', { file_id: 'b', seq: 0, row_no: 2, cells: 'sealed' }],
  ['task_rows', { task_no: 1, seq: 1, row_no: 2, cells: 'sealed', error_code: '014653', error_message: awkward }],
  [
    'exports',
    {
      ...{ export_id: 'e', record_id: 'r', project_id: 'p', task_no: 1, task_id: 't', name: 'n', app_type: 'APP' },
      ...{
        app_id: 'a',
        format: 'csv',
        shows_secrets: 1,
        state: 'Success',
        run: 1,
        size: 9,
        created_at: 1,
        expires_at: 2,
      },
    },
  ],
  ['export_chunks', { export_id: 'e', run: 1, part: 0, bytes: 'sealed' }],
  [
    'messages',
    { device_id: 'g', message_id: 'm', record_id: 'r', request: '{}', status: 'PENDING', created_at: 1, expires_at: 9 },
  ],
  [
    'commands',
    {
      ...{ command_id: 'c', device_id: 'g', record_id: 'r', request: '{}', strategy: 'delay', status: 'PENDING' },
      ...{ created_at: 1, expires_at: 9, due_at: 9 },
    },
  ],
  [
    'command_cancellations',
    {
      ...{ cancellation_id: 'x', record_id: 'r', app_id: 'a', device_id: 'g', command_ids: '["c"]', created_at: 1 },
    },
  ],
  ['rules', { rule_id: 'r', record_id: 'r', project_id: 'p', resource: 'batchtask', event: 'update', active: 1 }],
  [
    'rule_actions',
    { action_id: 'x', record_id: 'r', rule_id: 'r', project_id: 'p', channel: 'HTTP_FORWARDING', detail: '{}' },
  ],
  ['access_codes', { project_id: 'p', type: 'AMQP', access_key: 'k', code_hash: 'h', created_at: 1 }],
  ['queues', { queue_id: 'q', record_id: 'r', project_id: 'p', name: 'n', created_at: 1, modified_at: 1 }],
  [
    'queue_messages',
    { queue_id: 'q', action_id: 'x', key: 'k', payload: '{}', bytes: 2, created_at: 1, holder: null, due_at: 9 },
  ],
  ['legacy_secrets', { app_id: 'a', secret_hash: 'h', frozen: 1 }],
  ['legacy_tokens', { token_hash: 'h', record_id: 'r', app_id: 'a', kind: 'access', expires_at: 9 }],
  ['legacy_grants', { owner_id: 'a', caller_id: 'a' }],
  [
    'legacy_subscriptions',
    {
      ...{ subscription_id: 's', record_id: 'r', project_id: 'p', app_id: 'a', notify_type: 'deviceAdded' },
      ...{ url: awkward, kind: 'oldest' },
    },
  ],
  ['backlog_policies', { policy_id: 'b', record_id: 'r', project_id: 'p', bytes_max: 9, age_seconds_max: 9 }],
  ['flow_policies', { policy_id: 'f', record_id: 'r', project_id: 'p', scope: 'USER', scope_value: '', per_second: 9 }],
  ['action_deliveries', { action_id: 'x', since: 1, delivered: 2, failed: 1, failed_at: 9, error: 'timeout' }],
  ['outbox', letter(3)],
  ['outbox', { ...letter(4), action_id: null, project_id: 'p', url: 'http://127.0.0.1/', subscription_id: 's' }],
  ['outbox', letter(lastNumbers.outbox)],
];

/** A database in which every table has rows, one of them many and one rows of a megabyte. */
export function fillDatabase(path: string): void {
  const connection = new Connection(path, { durability: 'normal' });
  const run = (sql: string, ...parameters: readonly unknown[]) => connection.execute({ sql, parameters });
  try {
    migrate(connection, migrations);
    connection.exec('BEGIN');
    for (const [table, values] of oneOfEach) {
      const names = Object.keys(values);
      run(`INSERT INTO ${table} (${names.join()}) VALUES (${names.map(() => '?').join()})`, ...Object.values(values));
    }
    run(
      `WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?)
        INSERT INTO subtasks (task_no, seq, target, state, step) SELECT 1, n, 'target ' || n, 'Waitting', ? FROM n`,
      manyRows,
      awkward,
    );
    // More than a page of them, and keys before that of the one they refer to.
    run(
      `WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?)
        INSERT INTO device_groups (group_id, record_id, project_id, app_id, name, super_group_id, depth, created_at, modified_at)
        SELECT 'a' || n, 'r-a' || n, 'p', 'a', 'a' || n, 'parent', 2, 1, 2 FROM n`,
      manyRows,
    );
    for (let part = 1; part <= 9; part += 1) {
      run('INSERT INTO task_targets VALUES (1, ?, ?)', part, JSON.stringify(['x'.repeat(1024 * 1024)]));
    }
    run('UPDATE session_epoch SET last = ?', lastNumbers.epoch);
    run('DELETE FROM tasks WHERE task_no = ?', lastNumbers.task);
    run('DELETE FROM outbox WHERE no = ?', lastNumbers.outbox);
    connection.exec('COMMIT');
  } finally {
    connection.close();
  }
}
