/** Compared letter by letter, as SQLite does it, whatever the locale of the database: pages and walks depend on the order. */
const text = 'TEXT COLLATE "C"';

/**
 * The same tables as 0001-first-tables.ts, which says what they hold. Constraints that a program may meet are named after their columns
 * (postgres-dialect.ts). Tables whose rows change in place leave room for it.
 */
export const firstTablesOfPostgres = `
CREATE TABLE meta (key ${text} PRIMARY KEY, value ${text} NOT NULL);

CREATE TABLE projects (
  project_id ${text} CONSTRAINT projects_project_id_key PRIMARY KEY, record_id ${text} NOT NULL UNIQUE, name ${text} NOT NULL, domain ${text} NOT NULL, created_at BIGINT NOT NULL,
  CONSTRAINT projects_domain_name_key UNIQUE (domain, name)
);
CREATE TABLE users (
  user_id ${text} PRIMARY KEY, record_id ${text} NOT NULL UNIQUE, name ${text} NOT NULL, domain ${text} NOT NULL, password_hash ${text} NOT NULL,
  created_at BIGINT NOT NULL, CONSTRAINT users_domain_name_key UNIQUE (domain, name)
);
CREATE TABLE role_bindings (
  user_id ${text} NOT NULL REFERENCES users ON DELETE CASCADE, project_id ${text} NOT NULL REFERENCES projects ON DELETE CASCADE,
  role ${text} NOT NULL CHECK (role IN ('admin', 'operator', 'viewer')), PRIMARY KEY (user_id, project_id)
);
CREATE INDEX role_bindings_project ON role_bindings (project_id);
CREATE TABLE access_keys (
  access_key ${text} CONSTRAINT access_keys_access_key_key PRIMARY KEY, record_id ${text} NOT NULL UNIQUE, secret_cipher ${text} NOT NULL,
  user_id ${text} NOT NULL REFERENCES users ON DELETE CASCADE, project_id ${text} NOT NULL REFERENCES projects ON DELETE CASCADE,
  created_at BIGINT NOT NULL
);
CREATE INDEX access_keys_user ON access_keys (user_id);
CREATE INDEX access_keys_project ON access_keys (project_id);
CREATE TABLE audit (
  record_id ${text} PRIMARY KEY, at BIGINT NOT NULL, actor ${text} NOT NULL, action ${text} NOT NULL, subject ${text} NOT NULL
);

CREATE TABLE apps (
  app_id ${text} PRIMARY KEY, record_id ${text} NOT NULL UNIQUE, project_id ${text} NOT NULL REFERENCES projects, name ${text} NOT NULL,
  is_default SMALLINT NOT NULL CHECK (is_default IN (0, 1)), created_at BIGINT NOT NULL, CONSTRAINT apps_project_id_name_key UNIQUE (project_id, name)
);
CREATE UNIQUE INDEX apps_default ON apps (project_id) WHERE is_default = 1;

CREATE TABLE products (
  app_id ${text} NOT NULL REFERENCES apps, product_id ${text} NOT NULL, record_id ${text} NOT NULL UNIQUE, project_id ${text} NOT NULL,
  name ${text} NOT NULL, fields ${text} NOT NULL, revision BIGINT NOT NULL DEFAULT 1, created_at BIGINT NOT NULL,
  CONSTRAINT products_app_id_product_id_key PRIMARY KEY (app_id, product_id)
);
CREATE INDEX products_page ON products (project_id, record_id);
CREATE INDEX products_id ON products (project_id, product_id, record_id);

CREATE TABLE devices (
  device_id ${text} CONSTRAINT devices_device_id_key PRIMARY KEY, record_id ${text} NOT NULL, project_id ${text} NOT NULL, app_id ${text} NOT NULL, product_id ${text} NOT NULL,
  node_id ${text} NOT NULL, name ${text}, description ${text}, parent_id ${text}, root_id ${text} NOT NULL,
  auth_type ${text} NOT NULL CHECK (auth_type IN ('SECRET', 'CERTIFICATES')), secret_cipher ${text}, secondary_secret_cipher ${text},
  fingerprint ${text}, secondary_fingerprint ${text}, secure_access SMALLINT NOT NULL CHECK (secure_access IN (0, 1)),
  timeout_seconds BIGINT NOT NULL, extension_info ${text},
  connectivity ${text} NOT NULL CHECK (connectivity IN ('INACTIVE', 'ONLINE', 'OFFLINE', 'ABNORMAL')),
  frozen SMALLINT NOT NULL DEFAULT 0 CHECK (frozen IN (0, 1)),
  fw_version ${text}, sw_version ${text}, sdk_version ${text}, active_at BIGINT, status_at BIGINT, created_at BIGINT NOT NULL,
  child_count BIGINT NOT NULL DEFAULT 0, child_list_version BIGINT NOT NULL DEFAULT 0, last_address ${text},
  CONSTRAINT devices_app_id_product_id_node_id_key UNIQUE (app_id, product_id, node_id),
  FOREIGN KEY (app_id, product_id) REFERENCES products
) WITH (fillfactor = 85);
CREATE UNIQUE INDEX devices_page ON devices (project_id, record_id);
CREATE INDEX devices_parent ON devices (project_id, parent_id, record_id) WHERE parent_id IS NOT NULL;
CREATE INDEX devices_root ON devices (root_id, device_id) WHERE parent_id IS NOT NULL;
CREATE INDEX devices_family ON devices (project_id, root_id, record_id) WHERE parent_id IS NOT NULL;
CREATE INDEX devices_by_app ON devices (project_id, app_id, record_id);
CREATE INDEX devices_by_product ON devices (project_id, product_id, record_id);
CREATE INDEX devices_by_node ON devices (project_id, node_id, record_id);
CREATE INDEX devices_by_name ON devices (project_id, name, record_id) WHERE name IS NOT NULL;
CREATE INDEX devices_lapse ON devices ((created_at + timeout_seconds * 1000)) WHERE connectivity = 'INACTIVE' AND timeout_seconds > 0;
CREATE TABLE device_shadows (
  device_id ${text} NOT NULL REFERENCES devices (device_id) ON DELETE CASCADE, service_id ${text} NOT NULL, desired ${text} NOT NULL,
  desired_at BIGINT, reported ${text} NOT NULL, reported_at BIGINT, version BIGINT NOT NULL, PRIMARY KEY (device_id, service_id)
) WITH (fillfactor = 85);
CREATE TABLE child_changes (
  root_id ${text} NOT NULL REFERENCES devices (device_id) ON DELETE CASCADE, version BIGINT NOT NULL,
  kind ${text} NOT NULL CHECK (kind IN ('add', 'delete')), device_id ${text} NOT NULL, parent_id ${text} NOT NULL, node_id ${text} NOT NULL,
  PRIMARY KEY (root_id, version)
);
CREATE TABLE device_tombstones (
  device_id ${text} PRIMARY KEY, project_id ${text} NOT NULL, device_created_at BIGINT NOT NULL, deleted_at BIGINT NOT NULL
);
CREATE TABLE sessions (
  device_id ${text} PRIMARY KEY REFERENCES devices (device_id) ON DELETE CASCADE, node ${text} NOT NULL, epoch BIGINT NOT NULL,
  address ${text} NOT NULL, attached_at BIGINT NOT NULL, ended_at BIGINT
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX sessions_node ON sessions (node) WHERE ended_at IS NULL;
CREATE INDEX sessions_ended ON sessions (ended_at) WHERE ended_at IS NOT NULL;
CREATE SEQUENCE session_epochs;

CREATE TABLE device_groups (
  group_id ${text} PRIMARY KEY, record_id ${text} NOT NULL UNIQUE, project_id ${text} NOT NULL, app_id ${text} NOT NULL REFERENCES apps,
  name ${text} NOT NULL, description ${text}, super_group_id ${text} REFERENCES device_groups, depth SMALLINT NOT NULL CHECK (depth BETWEEN 1 AND 5),
  member_count BIGINT NOT NULL DEFAULT 0, created_at BIGINT NOT NULL, modified_at BIGINT NOT NULL, CONSTRAINT device_groups_app_id_name_key UNIQUE (app_id, name)
);
CREATE INDEX device_groups_page ON device_groups (project_id, record_id);
CREATE INDEX device_groups_super ON device_groups (super_group_id) WHERE super_group_id IS NOT NULL;
CREATE TABLE group_members (
  group_id ${text} NOT NULL REFERENCES device_groups, device_id ${text} NOT NULL REFERENCES devices (device_id) ON DELETE CASCADE,
  record_id ${text} NOT NULL, PRIMARY KEY (group_id, device_id)
);
CREATE INDEX group_members_page ON group_members (group_id, record_id);
CREATE INDEX group_members_device ON group_members (device_id);

CREATE TABLE packages (
  package_id ${text} PRIMARY KEY, record_id ${text} NOT NULL UNIQUE, project_id ${text} NOT NULL, app_id ${text} NOT NULL, product_id ${text} NOT NULL,
  type ${text} NOT NULL, module_name ${text} NOT NULL DEFAULT '', version ${text} NOT NULL, fields ${text} NOT NULL, created_at BIGINT NOT NULL,
  CONSTRAINT packages_app_id_product_id_type_module_name_version_key UNIQUE (app_id, product_id, type, module_name, version), FOREIGN KEY (app_id, product_id) REFERENCES products
);
CREATE INDEX packages_page ON packages (project_id, type, record_id);
CREATE TABLE package_files (
  file_id ${text} PRIMARY KEY, project_id ${text} NOT NULL, file_name ${text} NOT NULL, size BIGINT NOT NULL, sha256 ${text} NOT NULL,
  uploaded_at BIGINT NOT NULL, package_id ${text} UNIQUE REFERENCES packages ON DELETE CASCADE
);
CREATE INDEX package_files_free ON package_files (uploaded_at) WHERE package_id IS NULL;

CREATE TABLE tasks (
  task_no BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, task_id ${text} NOT NULL UNIQUE, project_id ${text} NOT NULL, app_id ${text} NOT NULL,
  name ${text} NOT NULL, type ${text} NOT NULL, document ${text}, echo ${text} NOT NULL, ext_info ${text}, package_id ${text},
  gateway_mode SMALLINT NOT NULL CHECK (gateway_mode IN (0, 1)), need_confirm SMALLINT NOT NULL CHECK (need_confirm IN (0, 1)),
  on_conflict ${text} NOT NULL CHECK (on_conflict IN ('fail', 'queue')),
  start_at BIGINT, retry_count BIGINT NOT NULL, retry_interval_minutes BIGINT NOT NULL,
  source_kind ${text} NOT NULL CHECK (source_kind IN ('devices', 'groups', 'file')), source ${text} NOT NULL,
  status ${text} NOT NULL CHECK (status IN
    ('Initializing', 'Waitting', 'Processing', 'Stopping', 'Success', 'PartialSuccess', 'Fail', 'Stopped')),
  total BIGINT NOT NULL DEFAULT 0, waitting BIGINT NOT NULL DEFAULT 0, processing BIGINT NOT NULL DEFAULT 0,
  fail_wait_retry BIGINT NOT NULL DEFAULT 0, success BIGINT NOT NULL DEFAULT 0, fail BIGINT NOT NULL DEFAULT 0,
  stopped BIGINT NOT NULL DEFAULT 0, removed BIGINT NOT NULL DEFAULT 0,
  revision BIGINT NOT NULL DEFAULT 1,
  expanded SMALLINT NOT NULL DEFAULT 0 CHECK (expanded IN (0, 1)), expand_cursor ${text} NOT NULL DEFAULT '',
  dispatched SMALLINT NOT NULL DEFAULT 0 CHECK (dispatched IN (0, 1)), confirmed SMALLINT NOT NULL CHECK (confirmed IN (0, 1)),
  stop_accepted SMALLINT NOT NULL DEFAULT 0 CHECK (stop_accepted IN (0, 1)),
  sweep ${text} CHECK (sweep IN ('stop', 'retry', 'confirm', 'retry+confirm')), sweep_seq BIGINT NOT NULL DEFAULT 0,
  setup_failure ${text}, created_at BIGINT NOT NULL, finished_at BIGINT,
  CHECK (total = waitting + processing + fail_wait_retry + success + fail + stopped + removed),
  CHECK (least(waitting, processing, fail_wait_retry, success, fail, stopped, removed) >= 0)
) WITH (fillfactor = 50);
CREATE INDEX tasks_page ON tasks (project_id, task_id);
CREATE INDEX tasks_type_page ON tasks (project_id, type, task_id);
CREATE INDEX tasks_unfinished ON tasks (project_id, task_no) WHERE status IN ('Initializing', 'Waitting', 'Processing', 'Stopping');
CREATE INDEX tasks_turns ON tasks (task_no) WHERE status IN ('Initializing', 'Waitting', 'Processing', 'Stopping');
CREATE INDEX tasks_finished ON tasks (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX tasks_package ON tasks (package_id) WHERE package_id IS NOT NULL;
CREATE INDEX tasks_app ON tasks (app_id, task_no);
CREATE TABLE task_targets (
  task_no BIGINT NOT NULL, part BIGINT NOT NULL, targets ${text} NOT NULL, PRIMARY KEY (task_no, part)
);
CREATE TABLE task_causes (
  task_no BIGINT NOT NULL, code ${text} NOT NULL, message ${text} NOT NULL, count BIGINT NOT NULL, PRIMARY KEY (task_no, code)
);
CREATE TABLE deleted_tasks (task_no BIGINT PRIMARY KEY);
CREATE TABLE idempotency_keys (
  project_id ${text} NOT NULL, key ${text} NOT NULL, request_hash ${text} NOT NULL, task_id ${text} NOT NULL, expires_at BIGINT NOT NULL,
  PRIMARY KEY (project_id, key)
);
CREATE INDEX idempotency_keys_task ON idempotency_keys (task_id);
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);

CREATE TABLE subtasks (
  task_no BIGINT NOT NULL, seq BIGINT NOT NULL, target ${text} NOT NULL,
  state ${text} NOT NULL CHECK (state IN ('Waitting', 'Processing', 'FailWaitRetry', 'Success', 'Fail', 'Stopped', 'Removed')),
  hold ${text} CHECK (hold IN ('confirm', 'lane', 'capacity')), due_at BIGINT, lane SMALLINT CHECK (lane = 1),
  attempt BIGINT NOT NULL DEFAULT 0, retries BIGINT NOT NULL DEFAULT 0, step ${text}, work ${text}, output ${text},
  error_code ${text}, error_message ${text},
  PRIMARY KEY (task_no, seq),
  CHECK (CASE state
    WHEN 'Processing' THEN due_at IS NOT NULL AND hold IS NULL
    WHEN 'FailWaitRetry' THEN due_at IS NOT NULL AND hold IS NULL AND lane IS NULL
    WHEN 'Waitting' THEN lane IS NULL AND (due_at IS NOT NULL) = (hold IS NOT DISTINCT FROM 'capacity')
    ELSE due_at IS NULL AND hold IS NULL AND lane IS NULL END)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02);
CREATE INDEX subtasks_ready ON subtasks (task_no, seq) WHERE state = 'Waitting' AND hold IS NULL;
CREATE INDEX subtasks_held ON subtasks (task_no, hold, seq) WHERE state = 'Waitting' AND hold IS NOT NULL;
CREATE INDEX subtasks_due ON subtasks (due_at, task_no, seq) WHERE due_at IS NOT NULL;
CREATE INDEX subtasks_left ON subtasks (task_no, state, seq) WHERE state <> 'Waitting';
CREATE INDEX subtasks_target ON subtasks (target, task_no, seq);
CREATE UNIQUE INDEX subtasks_lane ON subtasks (target) WHERE lane IS NOT NULL;
CREATE TABLE subtask_history (
  task_no BIGINT NOT NULL, seq BIGINT NOT NULL, no BIGINT NOT NULL, at BIGINT NOT NULL, kind ${text} NOT NULL, body ${text} NOT NULL,
  PRIMARY KEY (task_no, seq, no)
);
CREATE TABLE download_grants (
  token_hash ${text} PRIMARY KEY, task_no BIGINT NOT NULL, seq BIGINT NOT NULL, attempt BIGINT NOT NULL, device_id ${text} NOT NULL,
  package_id ${text} NOT NULL, expires_at BIGINT NOT NULL
);
CREATE INDEX download_grants_expiry ON download_grants (expires_at);

CREATE TABLE messages (
  device_id ${text} NOT NULL REFERENCES devices (device_id) ON DELETE CASCADE, message_id ${text} NOT NULL, record_id ${text} NOT NULL,
  request ${text} NOT NULL, status ${text} NOT NULL CHECK (status IN ('PENDING', 'DELIVERED', 'FAILED', 'TIMEOUT')),
  error_code ${text}, error_message ${text}, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, finished_at BIGINT,
  task_no BIGINT, seq BIGINT, attempt BIGINT,
  PRIMARY KEY (device_id, message_id), CHECK ((status = 'PENDING') = (finished_at IS NULL))
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX messages_pending ON messages (device_id, record_id) WHERE status = 'PENDING';
CREATE INDEX messages_ended ON messages (device_id, record_id) WHERE finished_at IS NOT NULL;
CREATE INDEX messages_expiry ON messages (expires_at) WHERE status = 'PENDING' AND task_no IS NULL;
CREATE INDEX messages_finished ON messages (finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE rules (
  rule_id ${text} PRIMARY KEY, record_id ${text} NOT NULL UNIQUE, project_id ${text} NOT NULL, app_id ${text}, name ${text}, description ${text},
  resource ${text} NOT NULL, event ${text} NOT NULL, select_sql ${text}, where_sql ${text}, active SMALLINT NOT NULL CHECK (active IN (0, 1))
);
CREATE INDEX rules_page ON rules (project_id, record_id);
CREATE INDEX rules_subject ON rules (project_id, resource, event) WHERE active = 1;
CREATE TABLE rule_actions (
  action_id ${text} PRIMARY KEY, record_id ${text} NOT NULL UNIQUE, rule_id ${text} NOT NULL REFERENCES rules ON DELETE CASCADE,
  project_id ${text} NOT NULL, app_id ${text}, channel ${text} NOT NULL, detail ${text} NOT NULL
);
CREATE INDEX rule_actions_rule ON rule_actions (rule_id);
CREATE INDEX rule_actions_page ON rule_actions (project_id, record_id);
CREATE TABLE outbox (
  no BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, action_id ${text} NOT NULL REFERENCES rule_actions ON DELETE CASCADE, key ${text} NOT NULL,
  payload ${text} NOT NULL, bytes BIGINT NOT NULL, created_at BIGINT NOT NULL, attempts BIGINT NOT NULL DEFAULT 0,
  next_at BIGINT, error ${text}
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX outbox_order ON outbox (action_id, key, no);
CREATE INDEX outbox_due ON outbox (next_at, no) WHERE next_at IS NOT NULL;
CREATE INDEX outbox_age ON outbox (created_at, no, action_id, bytes)
`;
