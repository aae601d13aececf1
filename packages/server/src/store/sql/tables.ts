import type { Generated } from 'kysely';
import type {
  ChildChangesTable,
  DeviceCountsTable,
  DeviceShadowsTable,
  DeviceTagsTable,
  DeviceTombstonesTable,
  DevicesTable,
  SessionEpochTable,
  SessionsTable,
} from './device-tables.ts';
import type {
  LegacyGrantsTable,
  FormerPackagesTable,
  LegacySecretsTable,
  LegacySubscriptionsTable,
  LegacyTokensTable,
  ProductTraitsTable,
} from './legacy-tables.ts';
import type {
  AccessCodesTable,
  ActionDeliveriesTable,
  BacklogPoliciesTable,
  FlowPoliciesTable,
  OutboxTable,
  QueueMessagesTable,
  QueuesTable,
  RuleActionsTable,
  RulesTable,
} from './push-tables.ts';

/** The tables as Kysely sees them; migrations/ are the truth, a test compares both. Flags are 0 or 1, JSON is text. */

export interface MetaTable {
  key: string;
  value: string;
}

export interface ProjectsTable {
  project_id: string;
  record_id: string;
  name: string;
  domain: string;
  created_at: number;
}

export interface UsersTable {
  user_id: string;
  record_id: string;
  name: string;
  domain: string;
  password_hash: string;
  created_at: number;
}

export interface RoleBindingsTable {
  user_id: string;
  project_id: string;
  role: 'admin' | 'operator' | 'viewer';
}

export interface AccessKeysTable {
  access_key: string;
  record_id: string;
  secret_cipher: string;
  user_id: string;
  project_id: string;
  created_at: number;
}

export interface AuditTable {
  record_id: string;
  at: number;
  actor: string;
  action: string;
  subject: string;
}

export interface AppsTable {
  app_id: string;
  record_id: string;
  project_id: string;
  name: string;
  is_default: 0 | 1;
  created_at: number;
}

export interface ProductsTable {
  app_id: string;
  product_id: string;
  record_id: string;
  project_id: string;
  name: string;
  fields: string;
  revision: Generated<number>;
  created_at: number;
}

export interface NodesTable {
  name: string;
  instance: string | null;
  beat_at: number;
}

export interface NodeLettersTable {
  no: Generated<number>;
  node: string;
  body: string;
}

export interface DeviceGroupsTable {
  group_id: string;
  record_id: string;
  project_id: string;
  app_id: string;
  name: string;
  description: string | null;
  super_group_id: string | null;
  depth: number;
  member_count: Generated<number>;
  created_at: number;
  modified_at: number;
  /** Of a dynamic group; static ones have none. */
  rule: string | null;
  max_devices: Generated<number>;
  creator: string | null;
}

export interface GroupMembersTable {
  group_id: string;
  device_id: string;
  record_id: string;
}

export interface PackagesTable {
  package_id: string;
  record_id: string;
  project_id: string;
  app_id: string;
  product_id: string;
  type: string;
  module_name: Generated<string>;
  version: string;
  fields: string;
  created_at: number;
}

export interface PackageFilesTable {
  file_id: string;
  project_id: string;
  file_name: string;
  size: number;
  sha256: string;
  uploaded_at: number;
  package_id: string | null;
  /** `incoming`: bytes are being written; `dropped`: they are to be removed, and then the row. */
  state: Generated<'incoming' | 'kept' | 'dropped'>;
}

export interface OtaModulesTable {
  module_id: string;
  record_id: string;
  project_id: string;
  app_id: string;
  product_id: string;
  name: string;
  alias_name: string | null;
  description: string | null;
  created_at: number;
}

/** Which commands of all are on their way through the subtasks; a stop overrides the two others, which go together. */
export type Sweep = 'stop' | 'retry' | 'confirm' | 'retry+confirm';

export interface TasksTable {
  task_no: Generated<number>;
  task_id: string;
  project_id: string;
  app_id: string;
  name: string;
  type: string;
  document: string | null;
  echo: string;
  ext_info: string | null;
  package_id: string | null;
  gateway_mode: 0 | 1;
  need_confirm: 0 | 1;
  on_conflict: 'fail' | 'queue';
  start_at: number | null;
  retry_count: number;
  retry_interval_minutes: number;
  source_kind: 'devices' | 'groups' | 'file';
  source: string;
  status: 'Initializing' | 'Waitting' | 'Processing' | 'Stopping' | 'Success' | 'PartialSuccess' | 'Fail' | 'Stopped';
  total: Generated<number>;
  waitting: Generated<number>;
  processing: Generated<number>;
  fail_wait_retry: Generated<number>;
  success: Generated<number>;
  fail: Generated<number>;
  stopped: Generated<number>;
  removed: Generated<number>;
  revision: Generated<number>;
  expanded: Generated<0 | 1>;
  expand_cursor: Generated<string>;
  dispatched: Generated<0 | 1>;
  confirmed: 0 | 1;
  stop_accepted: Generated<0 | 1>;
  sweep: Sweep | null;
  sweep_seq: Generated<number>;
  setup_failure: string | null;
  created_at: number;
  finished_at: number | null;
  started_at: number | null;
  ends_at: number | null;
  at_end: 'fail' | 'stop' | null;
  online_by: number | null;
  timed_out: Generated<number>;
  expired: Generated<number>;
  operator: string | null;
  legacy_type: string | null;
  legacy: string | null;
}

export interface TaskTargetsTable {
  task_no: number;
  part: number;
  targets: string;
}

export interface TaskCausesTable {
  task_no: number;
  code: string;
  message: string;
  count: number;
}

export interface DeletedTasksTable {
  task_no: number;
}

export interface IdempotencyKeysTable {
  project_id: string;
  key: string;
  request_hash: string;
  task_id: string;
  expires_at: number;
}

export interface SubtasksTable {
  task_no: number;
  seq: number;
  target: string;
  state: 'Waitting' | 'Processing' | 'FailWaitRetry' | 'Success' | 'Fail' | 'Stopped' | 'Removed';
  hold: 'confirm' | 'lane' | 'capacity' | null;
  due_at: number | null;
  lane: number | null;
  attempt: Generated<number>;
  retries: Generated<number>;
  step: string | null;
  work: string | null;
  output: string | null;
  error_code: string | null;
  error_message: string | null;
  started_at: number | null;
  ended_at: number | null;
}

export interface SubtaskHistoryTable {
  task_no: number;
  seq: number;
  no: number;
  at: number;
  kind: string;
  body: string;
}

export interface DownloadGrantsTable {
  token_hash: string;
  task_no: number;
  seq: number;
  attempt: number;
  device_id: string;
  package_id: string;
  expires_at: number;
}

export interface MessagesTable {
  device_id: string;
  message_id: string;
  record_id: string;
  request: string;
  status: 'PENDING' | 'DELIVERED' | 'FAILED' | 'TIMEOUT';
  error_code: string | null;
  error_message: string | null;
  created_at: number;
  expires_at: number;
  finished_at: number | null;
  task_no: number | null;
  seq: number | null;
  attempt: number | null;
}

export interface CommandsTable {
  command_id: string;
  device_id: string;
  record_id: string;
  request: string;
  command_name: string | null;
  strategy: 'delay' | 'immediately';
  status: 'PENDING' | 'SENT' | 'DELIVERED' | 'EXPIRED' | 'SUCCESSFUL' | 'FAILED' | 'TIMEOUT';
  result: string | null;
  created_at: number;
  expires_at: number;
  due_at: number | null;
  sent_at: number | null;
  delivered_at: number | null;
  responded_at: number | null;
  finished_at: number | null;
  task_no: number | null;
  seq: number | null;
  attempt: number | null;
  /** Null: written by a version that did not know it. */
  app_id: string | null;
  retransmits: Generated<number>;
  issued: Generated<number>;
  calls_back: Generated<0 | 1>;
  canceled: Generated<0 | 1>;
}

export interface CommandCancellationsTable {
  cancellation_id: string;
  record_id: string;
  app_id: string;
  device_id: string;
  /** JSON array. */
  command_ids: string;
  created_at: number;
}

export interface BatchFilesTable {
  file_id: string;
  record_id: string;
  project_id: string;
  /** Whose it is; null: its project's. */
  app_id: string | null;
  file_name: string;
  /** JSON array of the header's names. */
  columns: string;
  /** `loading`: its rows are on their way. `gone`: nobody sees it any more, and its rows follow. */
  state: 'loading' | 'present' | 'gone';
  uploaded_at: number;
  expires_at: number;
}

export interface BatchFileRowsTable {
  file_id: string;
  seq: number;
  row_no: number;
  /** Arrays of texts, those of several rows in one box (sealed-rows.ts). */
  cells: string;
}

export interface TaskRowsTable {
  task_no: number;
  seq: number;
  row_no: number;
  parent: string | null;
  /** Named cells, those of several rows in one box (sealed-rows.ts). */
  cells: string;
  /** With the next one: why the row is bad; null: it is good. */
  error_code: string | null;
  error_message: string | null;
}

export interface ExportsTable {
  export_id: string;
  record_id: string;
  project_id: string;
  task_no: number;
  task_id: string;
  /** The task's. */
  name: string;
  app_type: 'GLOBAL' | 'APP';
  app_id: string | null;
  format: 'xlsx' | 'csv';
  shows_secrets: 0 | 1;
  /** `gone`: nobody sees it any more, and its chunks follow. */
  state: 'Processing' | 'Success' | 'Failed' | 'gone';
  run: Generated<number>;
  holder: string | null;
  due_at: number | null;
  export_count: Generated<number>;
  progress: Generated<number>;
  has_secrets: Generated<0 | 1>;
  size: Generated<number>;
  created_at: number;
  ended_at: number | null;
  expires_at: number;
}

export interface ExportChunksTable {
  export_id: string;
  run: number;
  part: number;
  /** Sealed. */
  bytes: string;
}

export interface Tables {
  meta: MetaTable;
  projects: ProjectsTable;
  users: UsersTable;
  role_bindings: RoleBindingsTable;
  access_keys: AccessKeysTable;
  audit: AuditTable;
  apps: AppsTable;
  products: ProductsTable;
  product_traits: ProductTraitsTable;
  devices: DevicesTable;
  device_counts: DeviceCountsTable;
  device_shadows: DeviceShadowsTable;
  device_tags: DeviceTagsTable;
  child_changes: ChildChangesTable;
  device_tombstones: DeviceTombstonesTable;
  sessions: SessionsTable;
  session_epoch: SessionEpochTable;
  nodes: NodesTable;
  node_letters: NodeLettersTable;
  device_groups: DeviceGroupsTable;
  group_members: GroupMembersTable;
  packages: PackagesTable;
  package_files: PackageFilesTable;
  former_packages: FormerPackagesTable;
  ota_modules: OtaModulesTable;
  tasks: TasksTable;
  task_targets: TaskTargetsTable;
  task_causes: TaskCausesTable;
  deleted_tasks: DeletedTasksTable;
  idempotency_keys: IdempotencyKeysTable;
  subtasks: SubtasksTable;
  subtask_history: SubtaskHistoryTable;
  download_grants: DownloadGrantsTable;
  batch_files: BatchFilesTable;
  batch_file_rows: BatchFileRowsTable;
  task_rows: TaskRowsTable;
  exports: ExportsTable;
  export_chunks: ExportChunksTable;
  messages: MessagesTable;
  commands: CommandsTable;
  command_cancellations: CommandCancellationsTable;
  queues: QueuesTable;
  queue_messages: QueueMessagesTable;
  access_codes: AccessCodesTable;
  rules: RulesTable;
  rule_actions: RuleActionsTable;
  outbox: OutboxTable;
  action_deliveries: ActionDeliveriesTable;
  backlog_policies: BacklogPoliciesTable;
  flow_policies: FlowPoliciesTable;
  legacy_secrets: LegacySecretsTable;
  legacy_tokens: LegacyTokensTable;
  legacy_grants: LegacyGrantsTable;
  legacy_subscriptions: LegacySubscriptionsTable;
}
