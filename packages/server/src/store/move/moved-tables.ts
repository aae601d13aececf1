import type { Tables } from '../sql/tables.ts';

/** What becomes of a table when an installation moves. */
type Way = 'copied' | 'left';

/** All of them, those that others refer to first. */
const ways: Readonly<Record<keyof Tables, Way>> = {
  meta: 'copied',
  projects: 'copied',
  users: 'copied',
  role_bindings: 'copied',
  access_keys: 'copied',
  audit: 'copied',
  apps: 'copied',
  products: 'copied',
  // PostgreSQL writes them down as products come.
  product_traits: 'left',
  devices: 'copied',
  // PostgreSQL counts the devices as they come.
  device_counts: 'left',
  device_shadows: 'copied',
  device_tags: 'copied',
  child_changes: 'copied',
  device_tombstones: 'copied',
  sessions: 'copied',
  // PostgreSQL has a sequence instead.
  session_epoch: 'left',
  // Processes of one database; an embedded one has none.
  nodes: 'left',
  node_letters: 'left',
  device_groups: 'copied',
  group_members: 'copied',
  packages: 'copied',
  package_files: 'copied',
  former_packages: 'copied',
  ota_modules: 'copied',
  tasks: 'copied',
  task_targets: 'copied',
  task_causes: 'copied',
  deleted_tasks: 'copied',
  idempotency_keys: 'copied',
  subtasks: 'copied',
  subtask_history: 'copied',
  download_grants: 'copied',
  batch_files: 'copied',
  batch_file_rows: 'copied',
  task_rows: 'copied',
  exports: 'copied',
  export_chunks: 'copied',
  messages: 'copied',
  commands: 'copied',
  command_cancellations: 'copied',
  queues: 'copied',
  queue_messages: 'copied',
  access_codes: 'copied',
  rules: 'copied',
  rule_actions: 'copied',
  legacy_subscriptions: 'copied',
  outbox: 'copied',
  action_deliveries: 'copied',
  backlog_policies: 'copied',
  flow_policies: 'copied',
  legacy_secrets: 'copied',
  legacy_tokens: 'copied',
  legacy_grants: 'copied',
};

export type TableName = keyof Tables;

/** In the order in which they can be written. */
export const copiedTables: readonly TableName[] = (Object.keys(ways) as TableName[]).filter(
  (table) => ways[table] === 'copied',
);

/** Rows that refer to others of their own table come behind those. */
export const rowOrders: Readonly<Partial<Record<TableName, string>>> = { device_groups: 'depth' };

/** Numbers that the database counts itself and that must never be given twice: answers of devices are told apart by them. */
export const countedColumns = [
  { table: 'tasks', column: 'task_no' },
  { table: 'outbox', column: 'no' },
  { table: 'queue_messages', column: 'no' },
] as const;
