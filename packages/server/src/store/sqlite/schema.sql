CREATE TABLE access_codes (
  project_id TEXT NOT NULL REFERENCES projects ON DELETE CASCADE, type TEXT NOT NULL CHECK (type IN ('AMQP', 'MQTT')),
  access_key TEXT NOT NULL, code_hash TEXT NOT NULL, created_at INTEGER NOT NULL, PRIMARY KEY (project_id, type),
  CONSTRAINT access_codes_access_key_key UNIQUE (access_key)
);

CREATE TABLE access_keys (
  access_key TEXT PRIMARY KEY, record_id TEXT NOT NULL UNIQUE, secret_cipher TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE, project_id TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
  created_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX access_keys_project ON access_keys (project_id);

CREATE INDEX access_keys_user ON access_keys (user_id);

CREATE TABLE action_deliveries (
  action_id TEXT PRIMARY KEY REFERENCES rule_actions ON DELETE CASCADE, since INTEGER NOT NULL,
  delivered INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0, dropped INTEGER NOT NULL DEFAULT 0,
  succeeded_at INTEGER, failed_at INTEGER, error TEXT, flow_at INTEGER, served_at INTEGER NOT NULL DEFAULT 0
);

CREATE INDEX action_deliveries_flow ON action_deliveries (flow_at) WHERE flow_at IS NOT NULL;

CREATE TABLE apps (
  app_id TEXT PRIMARY KEY, record_id TEXT NOT NULL UNIQUE, project_id TEXT NOT NULL REFERENCES projects, name TEXT NOT NULL,
  is_default INTEGER NOT NULL CHECK (is_default IN (0, 1)), created_at INTEGER NOT NULL, UNIQUE (project_id, name)
) WITHOUT ROWID;

CREATE UNIQUE INDEX apps_default ON apps (project_id) WHERE is_default = 1;

CREATE TABLE audit (
  record_id TEXT PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE backlog_policies (
  policy_id TEXT PRIMARY KEY, record_id TEXT NOT NULL UNIQUE, project_id TEXT NOT NULL, name TEXT, description TEXT,
  bytes_max INTEGER NOT NULL, age_seconds_max INTEGER NOT NULL,
  CONSTRAINT backlog_policies_project_id_key UNIQUE (project_id)
);

CREATE TABLE batch_file_rows (
  file_id TEXT NOT NULL, seq INTEGER NOT NULL, row_no INTEGER NOT NULL, cells TEXT NOT NULL, PRIMARY KEY (file_id, seq)
) WITHOUT ROWID;

CREATE TABLE batch_files (
  file_id TEXT PRIMARY KEY, record_id TEXT NOT NULL UNIQUE, project_id TEXT NOT NULL, file_name TEXT NOT NULL,
  columns TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('loading', 'present', 'gone')), uploaded_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
, app_id TEXT);

CREATE INDEX batch_files_expiry ON batch_files (expires_at);

CREATE INDEX batch_files_page ON batch_files (project_id, record_id) WHERE state = 'present';

CREATE TABLE child_changes (
  root_id TEXT NOT NULL REFERENCES devices (device_id) ON DELETE CASCADE, version INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('add', 'delete')), device_id TEXT NOT NULL, parent_id TEXT NOT NULL, node_id TEXT NOT NULL,
  PRIMARY KEY (root_id, version)
) WITHOUT ROWID;

CREATE TABLE command_cancellations (
  cancellation_id TEXT PRIMARY KEY, record_id TEXT NOT NULL UNIQUE, app_id TEXT NOT NULL,
  device_id TEXT NOT NULL REFERENCES devices (device_id) ON DELETE CASCADE, command_ids TEXT NOT NULL, created_at INTEGER NOT NULL
);

CREATE INDEX command_cancellations_age ON command_cancellations (created_at);

CREATE INDEX command_cancellations_device ON command_cancellations (device_id, record_id);

CREATE INDEX command_cancellations_page ON command_cancellations (app_id, record_id);

CREATE TABLE commands (
  command_id TEXT PRIMARY KEY, device_id TEXT NOT NULL REFERENCES devices (device_id) ON DELETE CASCADE, record_id TEXT NOT NULL,
  request TEXT NOT NULL, command_name TEXT, strategy TEXT NOT NULL CHECK (strategy IN ('delay', 'immediately')),
  status TEXT NOT NULL CHECK (status IN ('PENDING', 'SENT', 'DELIVERED', 'EXPIRED', 'SUCCESSFUL', 'FAILED', 'TIMEOUT')),
  result TEXT, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, due_at INTEGER, sent_at INTEGER, delivered_at INTEGER,
  responded_at INTEGER, finished_at INTEGER, task_no INTEGER, seq INTEGER, attempt INTEGER, app_id TEXT, retransmits INTEGER NOT NULL DEFAULT 0, issued INTEGER NOT NULL DEFAULT 0, calls_back INTEGER NOT NULL DEFAULT 0 CHECK (calls_back IN (0, 1)), canceled INTEGER NOT NULL DEFAULT 0 CHECK (canceled IN (0, 1)),
  CHECK ((status IN ('PENDING', 'SENT', 'DELIVERED')) = (due_at IS NOT NULL)), CHECK ((due_at IS NULL) = (finished_at IS NOT NULL))
);

CREATE INDEX commands_app ON commands (app_id, record_id, created_at);

CREATE INDEX commands_cached ON commands (task_no, seq) WHERE status = 'PENDING' AND task_no IS NOT NULL;

CREATE INDEX commands_due ON commands (due_at) WHERE due_at IS NOT NULL;

CREATE INDEX commands_finished ON commands (finished_at) WHERE finished_at IS NOT NULL;

CREATE INDEX commands_page ON commands (device_id, record_id);

CREATE INDEX commands_queue ON commands (device_id, status, record_id) WHERE due_at IS NOT NULL;

CREATE TABLE deleted_tasks (task_no INTEGER PRIMARY KEY);

CREATE TABLE device_counts (
  project_id TEXT NOT NULL, app_id TEXT NOT NULL, product_id TEXT NOT NULL, child INTEGER NOT NULL CHECK (child IN (0, 1)),
  fw_version TEXT NOT NULL, sw_version TEXT NOT NULL, shard INTEGER NOT NULL,
  inactive INTEGER NOT NULL, online INTEGER NOT NULL, offline INTEGER NOT NULL, abnormal INTEGER NOT NULL, frozen INTEGER NOT NULL,
  CONSTRAINT device_counts_key PRIMARY KEY (project_id, app_id, product_id, child, fw_version, sw_version, shard)
) WITHOUT ROWID;

CREATE TABLE device_groups (
  group_id TEXT PRIMARY KEY, record_id TEXT NOT NULL UNIQUE, project_id TEXT NOT NULL, app_id TEXT NOT NULL REFERENCES apps,
  name TEXT NOT NULL, description TEXT, super_group_id TEXT REFERENCES device_groups, depth INTEGER NOT NULL CHECK (depth BETWEEN 1 AND 5),
  member_count INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, rule TEXT, max_devices INTEGER NOT NULL DEFAULT 0, creator TEXT, UNIQUE (app_id, name)
) WITHOUT ROWID;

CREATE INDEX device_groups_dynamic ON device_groups (project_id, record_id) WHERE rule IS NOT NULL;

CREATE INDEX device_groups_page ON device_groups (project_id, record_id);

CREATE INDEX device_groups_super ON device_groups (super_group_id) WHERE super_group_id IS NOT NULL;

CREATE TABLE device_shadows (
  device_id TEXT NOT NULL REFERENCES devices (device_id) ON DELETE CASCADE, service_id TEXT NOT NULL, desired TEXT NOT NULL,
  desired_at INTEGER, reported TEXT NOT NULL, reported_at INTEGER, version INTEGER NOT NULL, PRIMARY KEY (device_id, service_id)
) WITHOUT ROWID;

CREATE TABLE device_tags (
  device_id TEXT NOT NULL REFERENCES devices (device_id) ON DELETE CASCADE, tag_key TEXT NOT NULL, tag_value TEXT,
  project_id TEXT NOT NULL, record_id TEXT NOT NULL, PRIMARY KEY (device_id, tag_key)
) WITHOUT ROWID;

CREATE INDEX device_tags_key ON device_tags (project_id, tag_key, tag_value, record_id);

CREATE INDEX device_tags_value ON device_tags (project_id, tag_value, record_id, tag_key) WHERE tag_value IS NOT NULL;

CREATE TABLE device_tombstones (
  device_id TEXT PRIMARY KEY, project_id TEXT NOT NULL, device_created_at INTEGER NOT NULL, deleted_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TRIGGER devices_counted_connected AFTER UPDATE OF connectivity ON devices
  WHEN OLD.connectivity <> NEW.connectivity AND NEW.frozen = 0 BEGIN
  UPDATE device_counts SET inactive = inactive + (NEW.connectivity = 'INACTIVE') - (OLD.connectivity = 'INACTIVE'), online = online + (NEW.connectivity = 'ONLINE') - (OLD.connectivity = 'ONLINE'), offline = offline + (NEW.connectivity = 'OFFLINE') - (OLD.connectivity = 'OFFLINE'), abnormal = abnormal + (NEW.connectivity = 'ABNORMAL') - (OLD.connectivity = 'ABNORMAL') WHERE shard = 0 AND project_id = OLD.project_id AND app_id = OLD.app_id AND product_id = OLD.product_id AND child = CASE WHEN OLD.parent_id IS NULL THEN 0 ELSE 1 END AND fw_version = coalesce(OLD.fw_version, '') AND sw_version = coalesce(OLD.sw_version, '');
END;

CREATE TRIGGER devices_counted_elsewhere AFTER UPDATE OF project_id, app_id, product_id, parent_id, fw_version, sw_version ON devices WHEN OLD.project_id IS NOT NEW.project_id OR OLD.app_id IS NOT NEW.app_id OR OLD.product_id IS NOT NEW.product_id OR OLD.parent_id IS NOT NEW.parent_id OR OLD.fw_version IS NOT NEW.fw_version OR OLD.sw_version IS NOT NEW.sw_version BEGIN
  INSERT INTO device_counts (project_id, app_id, product_id, child, fw_version, sw_version, shard, inactive, online, offline, abnormal, frozen)
    VALUES (NEW.project_id, NEW.app_id, NEW.product_id, CASE WHEN NEW.parent_id IS NULL THEN 0 ELSE 1 END, coalesce(NEW.fw_version, ''), coalesce(NEW.sw_version, ''), 0, NEW.frozen = 0 AND NEW.connectivity = 'INACTIVE', NEW.frozen = 0 AND NEW.connectivity = 'ONLINE', NEW.frozen = 0 AND NEW.connectivity = 'OFFLINE', NEW.frozen = 0 AND NEW.connectivity = 'ABNORMAL', NEW.frozen = 1)
    ON CONFLICT DO UPDATE SET inactive = device_counts.inactive + excluded.inactive, online = device_counts.online + excluded.online, offline = device_counts.offline + excluded.offline, abnormal = device_counts.abnormal + excluded.abnormal, frozen = device_counts.frozen + excluded.frozen;
  UPDATE device_counts
    SET inactive = inactive - (NEW.frozen = 0 AND NEW.connectivity = 'INACTIVE'), online = online - (NEW.frozen = 0 AND NEW.connectivity = 'ONLINE'), offline = offline - (NEW.frozen = 0 AND NEW.connectivity = 'OFFLINE'), abnormal = abnormal - (NEW.frozen = 0 AND NEW.connectivity = 'ABNORMAL'), frozen = frozen - (NEW.frozen = 1) WHERE shard = 0 AND project_id = OLD.project_id AND app_id = OLD.app_id AND product_id = OLD.product_id AND child = CASE WHEN OLD.parent_id IS NULL THEN 0 ELSE 1 END AND fw_version = coalesce(OLD.fw_version, '') AND sw_version = coalesce(OLD.sw_version, '');
  DELETE FROM device_counts WHERE shard = 0 AND project_id = OLD.project_id AND app_id = OLD.app_id AND product_id = OLD.product_id AND child = CASE WHEN OLD.parent_id IS NULL THEN 0 ELSE 1 END AND fw_version = coalesce(OLD.fw_version, '') AND sw_version = coalesce(OLD.sw_version, '') AND inactive = 0 AND online = 0 AND offline = 0 AND abnormal = 0 AND frozen = 0;
END;

CREATE TRIGGER devices_counted_frozen AFTER UPDATE OF frozen ON devices WHEN OLD.frozen <> NEW.frozen BEGIN
  UPDATE device_counts SET frozen = frozen + NEW.frozen - OLD.frozen, inactive = inactive + (OLD.connectivity = 'INACTIVE') * (OLD.frozen - NEW.frozen), online = online + (OLD.connectivity = 'ONLINE') * (OLD.frozen - NEW.frozen), offline = offline + (OLD.connectivity = 'OFFLINE') * (OLD.frozen - NEW.frozen), abnormal = abnormal + (OLD.connectivity = 'ABNORMAL') * (OLD.frozen - NEW.frozen) WHERE shard = 0 AND project_id = OLD.project_id AND app_id = OLD.app_id AND product_id = OLD.product_id AND child = CASE WHEN OLD.parent_id IS NULL THEN 0 ELSE 1 END AND fw_version = coalesce(OLD.fw_version, '') AND sw_version = coalesce(OLD.sw_version, '');
END;

CREATE TRIGGER devices_counted_in AFTER INSERT ON devices BEGIN
  INSERT INTO device_counts (project_id, app_id, product_id, child, fw_version, sw_version, shard, inactive, online, offline, abnormal, frozen)
    VALUES (NEW.project_id, NEW.app_id, NEW.product_id, CASE WHEN NEW.parent_id IS NULL THEN 0 ELSE 1 END, coalesce(NEW.fw_version, ''), coalesce(NEW.sw_version, ''), 0, NEW.frozen = 0 AND NEW.connectivity = 'INACTIVE', NEW.frozen = 0 AND NEW.connectivity = 'ONLINE', NEW.frozen = 0 AND NEW.connectivity = 'OFFLINE', NEW.frozen = 0 AND NEW.connectivity = 'ABNORMAL', NEW.frozen = 1)
    ON CONFLICT DO UPDATE SET inactive = device_counts.inactive + excluded.inactive, online = device_counts.online + excluded.online, offline = device_counts.offline + excluded.offline, abnormal = device_counts.abnormal + excluded.abnormal, frozen = device_counts.frozen + excluded.frozen;
END;

CREATE TRIGGER devices_counted_out AFTER DELETE ON devices BEGIN
  UPDATE device_counts
    SET inactive = inactive - (OLD.frozen = 0 AND OLD.connectivity = 'INACTIVE'), online = online - (OLD.frozen = 0 AND OLD.connectivity = 'ONLINE'), offline = offline - (OLD.frozen = 0 AND OLD.connectivity = 'OFFLINE'), abnormal = abnormal - (OLD.frozen = 0 AND OLD.connectivity = 'ABNORMAL'), frozen = frozen - (OLD.frozen = 1) WHERE shard = 0 AND project_id = OLD.project_id AND app_id = OLD.app_id AND product_id = OLD.product_id AND child = CASE WHEN OLD.parent_id IS NULL THEN 0 ELSE 1 END AND fw_version = coalesce(OLD.fw_version, '') AND sw_version = coalesce(OLD.sw_version, '');
  DELETE FROM device_counts WHERE shard = 0 AND project_id = OLD.project_id AND app_id = OLD.app_id AND product_id = OLD.product_id AND child = CASE WHEN OLD.parent_id IS NULL THEN 0 ELSE 1 END AND fw_version = coalesce(OLD.fw_version, '') AND sw_version = coalesce(OLD.sw_version, '') AND inactive = 0 AND online = 0 AND offline = 0 AND abnormal = 0 AND frozen = 0;
END;

CREATE TABLE devices (
  device_id TEXT NOT NULL UNIQUE, record_id TEXT NOT NULL, project_id TEXT NOT NULL, app_id TEXT NOT NULL, product_id TEXT NOT NULL,
  node_id TEXT NOT NULL, name TEXT, description TEXT, parent_id TEXT, root_id TEXT NOT NULL,
  auth_type TEXT NOT NULL CHECK (auth_type IN ('SECRET', 'CERTIFICATES')), secret_cipher TEXT, secondary_secret_cipher TEXT,
  fingerprint TEXT, secondary_fingerprint TEXT, secure_access INTEGER NOT NULL CHECK (secure_access IN (0, 1)),
  timeout_seconds INTEGER NOT NULL, extension_info TEXT,
  connectivity TEXT NOT NULL CHECK (connectivity IN ('INACTIVE', 'ONLINE', 'OFFLINE', 'ABNORMAL')),
  frozen INTEGER NOT NULL DEFAULT 0 CHECK (frozen IN (0, 1)),
  fw_version TEXT, sw_version TEXT, sdk_version TEXT, active_at INTEGER, status_at INTEGER, created_at INTEGER NOT NULL,
  child_count INTEGER NOT NULL DEFAULT 0, child_list_version INTEGER NOT NULL DEFAULT 0, last_address TEXT, location TEXT, legacy TEXT, modified_at INTEGER,
  FOREIGN KEY (app_id, product_id) REFERENCES products
);

CREATE INDEX devices_by_app ON devices (project_id, app_id, record_id);

CREATE INDEX devices_by_creation ON devices (project_id, created_at, record_id);

CREATE INDEX devices_by_fw ON devices (project_id, fw_version, record_id) WHERE fw_version IS NOT NULL;

CREATE INDEX devices_by_location ON devices (project_id, location, record_id) WHERE location IS NOT NULL;

CREATE INDEX devices_by_name ON devices (project_id, name, record_id) WHERE name IS NOT NULL;

CREATE INDEX devices_by_node ON devices (project_id, node_id, record_id);

CREATE INDEX devices_by_product ON devices (project_id, product_id, record_id);

CREATE INDEX devices_by_status ON devices (project_id, frozen, connectivity, record_id);

CREATE INDEX devices_by_sw ON devices (project_id, sw_version, record_id) WHERE sw_version IS NOT NULL;

CREATE INDEX devices_family ON devices (project_id, root_id, record_id) WHERE parent_id IS NOT NULL;

CREATE INDEX devices_lapse ON devices (created_at + timeout_seconds * 1000) WHERE connectivity = 'INACTIVE' AND timeout_seconds > 0;

CREATE UNIQUE INDEX devices_node ON devices (app_id, product_id, node_id);

CREATE UNIQUE INDEX devices_page ON devices (project_id, record_id);

CREATE INDEX devices_parent ON devices (project_id, parent_id, record_id) WHERE parent_id IS NOT NULL;

CREATE INDEX devices_root ON devices (root_id, device_id) WHERE parent_id IS NOT NULL;

CREATE TABLE download_grants (
  token_hash TEXT PRIMARY KEY, task_no INTEGER NOT NULL, seq INTEGER NOT NULL, attempt INTEGER NOT NULL, device_id TEXT NOT NULL,
  package_id TEXT NOT NULL, expires_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX download_grants_expiry ON download_grants (expires_at);

CREATE TABLE export_chunks (
  export_id TEXT NOT NULL, run INTEGER NOT NULL, part INTEGER NOT NULL, bytes TEXT NOT NULL, PRIMARY KEY (export_id, run, part)
);

CREATE TABLE exports (
  export_id TEXT PRIMARY KEY, record_id TEXT NOT NULL UNIQUE, project_id TEXT NOT NULL, task_no INTEGER NOT NULL, task_id TEXT NOT NULL,
  name TEXT NOT NULL, app_type TEXT NOT NULL CHECK (app_type IN ('GLOBAL', 'APP')), app_id TEXT,
  format TEXT NOT NULL CHECK (format IN ('xlsx', 'csv')), shows_secrets INTEGER NOT NULL CHECK (shows_secrets IN (0, 1)),
  state TEXT NOT NULL CHECK (state IN ('Processing', 'Success', 'Failed', 'gone')), run INTEGER NOT NULL DEFAULT 0, holder TEXT, due_at INTEGER,
  export_count INTEGER NOT NULL DEFAULT 0, progress INTEGER NOT NULL DEFAULT 1, has_secrets INTEGER NOT NULL DEFAULT 0 CHECK (has_secrets IN (0, 1)),
  size INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL, ended_at INTEGER, expires_at INTEGER NOT NULL,
  CHECK ((state = 'Processing') = (due_at IS NOT NULL))
);

CREATE INDEX exports_due ON exports (due_at) WHERE state = 'Processing';

CREATE INDEX exports_expiry ON exports (expires_at);

CREATE INDEX exports_page ON exports (project_id, record_id) WHERE state <> 'gone';

CREATE TABLE flow_policies (
  policy_id TEXT PRIMARY KEY, record_id TEXT NOT NULL UNIQUE, project_id TEXT NOT NULL, name TEXT, description TEXT,
  scope TEXT NOT NULL CHECK (scope IN ('USER', 'CHANNEL', 'RULE', 'ACTION')), scope_value TEXT NOT NULL,
  per_second INTEGER NOT NULL CHECK (per_second > 0), spent_until INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT flow_policies_project_id_scope_scope_value_key UNIQUE (project_id, scope, scope_value)
);

CREATE INDEX flow_policies_page ON flow_policies (project_id, record_id);

CREATE TABLE former_packages (
  package_id TEXT PRIMARY KEY, project_id TEXT NOT NULL, app_id TEXT NOT NULL, product_id TEXT NOT NULL, type TEXT NOT NULL,
  version TEXT NOT NULL, device_type TEXT NOT NULL, model TEXT NOT NULL, manufacturer_name TEXT, manufacturer_id TEXT,
  protocol_type TEXT NOT NULL
);

CREATE INDEX former_packages_app ON former_packages (app_id);

CREATE TABLE group_members (
  group_id TEXT NOT NULL REFERENCES device_groups, device_id TEXT NOT NULL REFERENCES devices (device_id) ON DELETE CASCADE,
  record_id TEXT NOT NULL, PRIMARY KEY (group_id, device_id)
) WITHOUT ROWID;

CREATE INDEX group_members_device ON group_members (device_id);

CREATE INDEX group_members_page ON group_members (group_id, record_id);

CREATE TABLE idempotency_keys (
  project_id TEXT NOT NULL, key TEXT NOT NULL, request_hash TEXT NOT NULL, task_id TEXT NOT NULL, expires_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, key)
) WITHOUT ROWID;

CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);

CREATE INDEX idempotency_keys_task ON idempotency_keys (task_id);

CREATE TABLE legacy_grants (
  owner_id TEXT NOT NULL REFERENCES apps ON DELETE CASCADE, caller_id TEXT NOT NULL REFERENCES apps ON DELETE CASCADE,
  PRIMARY KEY (owner_id, caller_id)
);

CREATE INDEX legacy_grants_caller ON legacy_grants (caller_id);

CREATE TABLE legacy_secrets (
  app_id TEXT PRIMARY KEY REFERENCES apps ON DELETE CASCADE, secret_hash TEXT NOT NULL,
  frozen INTEGER NOT NULL CHECK (frozen IN (0, 1))
);

CREATE TABLE legacy_subscriptions (
  subscription_id TEXT PRIMARY KEY, record_id TEXT NOT NULL UNIQUE, project_id TEXT NOT NULL,
  app_id TEXT NOT NULL REFERENCES apps ON DELETE CASCADE, notify_type TEXT NOT NULL, url TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('business', 'management', 'oldest')),
  CONSTRAINT legacy_subscriptions_app_id_notify_type_key UNIQUE (app_id, notify_type)
);

CREATE INDEX legacy_subscriptions_page ON legacy_subscriptions (app_id, record_id);

CREATE INDEX legacy_subscriptions_wanted ON legacy_subscriptions (project_id, notify_type);

CREATE TABLE legacy_tokens (
  token_hash TEXT PRIMARY KEY, record_id TEXT NOT NULL, app_id TEXT NOT NULL REFERENCES apps ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('access', 'refresh')), expires_at INTEGER NOT NULL
);

CREATE INDEX legacy_tokens_app ON legacy_tokens (app_id, kind, record_id);

CREATE INDEX legacy_tokens_expiry ON legacy_tokens (expires_at);

CREATE TABLE messages (
  device_id TEXT NOT NULL REFERENCES devices (device_id) ON DELETE CASCADE, message_id TEXT NOT NULL, record_id TEXT NOT NULL,
  request TEXT NOT NULL, status TEXT NOT NULL CHECK (status IN ('PENDING', 'DELIVERED', 'FAILED', 'TIMEOUT')),
  error_code TEXT, error_message TEXT, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, finished_at INTEGER,
  task_no INTEGER, seq INTEGER, attempt INTEGER,
  PRIMARY KEY (device_id, message_id), CHECK ((status = 'PENDING') = (finished_at IS NULL))
);

CREATE INDEX messages_ended ON messages (device_id, record_id) WHERE finished_at IS NOT NULL;

CREATE INDEX messages_expiry ON messages (expires_at) WHERE status = 'PENDING' AND task_no IS NULL;

CREATE INDEX messages_finished ON messages (finished_at) WHERE finished_at IS NOT NULL;

CREATE INDEX messages_pending ON messages (device_id, record_id) WHERE status = 'PENDING';

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE migrations (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL
  );

CREATE TABLE node_letters (no INTEGER PRIMARY KEY AUTOINCREMENT, node TEXT NOT NULL, body TEXT NOT NULL);

CREATE INDEX node_letters_node ON node_letters (node, no);

CREATE TABLE nodes (name TEXT PRIMARY KEY, instance TEXT, beat_at INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE ota_modules (
  module_id TEXT PRIMARY KEY, record_id TEXT NOT NULL UNIQUE, project_id TEXT NOT NULL, app_id TEXT NOT NULL,
  product_id TEXT NOT NULL, name TEXT NOT NULL, alias_name TEXT, description TEXT, created_at INTEGER NOT NULL,
  CONSTRAINT ota_modules_app_id_product_id_name_key UNIQUE (app_id, product_id, name),
  FOREIGN KEY (app_id, product_id) REFERENCES products ON DELETE CASCADE
);

CREATE INDEX ota_modules_page ON ota_modules (app_id, record_id);

CREATE TABLE outbox (
  no INTEGER PRIMARY KEY AUTOINCREMENT, action_id TEXT REFERENCES rule_actions ON DELETE CASCADE, key TEXT NOT NULL,
  payload TEXT NOT NULL, bytes INTEGER NOT NULL, created_at INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER, error TEXT, hold TEXT CHECK (hold IN ('lease', 'flow')), project_id TEXT, url TEXT,
  subscription_id TEXT REFERENCES legacy_subscriptions ON DELETE CASCADE,
  CHECK (CASE WHEN action_id IS NULL THEN project_id IS NOT NULL AND url IS NOT NULL ELSE url IS NULL END)
);

CREATE INDEX outbox_age ON outbox (created_at, no, action_id, bytes);

CREATE INDEX outbox_due ON outbox (next_at, no) WHERE next_at IS NOT NULL;

CREATE INDEX outbox_held ON outbox (action_id, no) WHERE hold = 'flow';

CREATE INDEX outbox_order ON outbox (action_id, key, no);

CREATE INDEX outbox_posts ON outbox (project_id, created_at, no, bytes, action_id) WHERE action_id IS NULL;

CREATE INDEX outbox_subscribed ON outbox (subscription_id) WHERE subscription_id IS NOT NULL;

CREATE TABLE package_files (
  file_id TEXT PRIMARY KEY, project_id TEXT NOT NULL, file_name TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL,
  uploaded_at INTEGER NOT NULL, package_id TEXT UNIQUE REFERENCES packages ON DELETE CASCADE
, state TEXT NOT NULL DEFAULT 'kept' CHECK (state IN ('incoming', 'kept', 'dropped'))) WITHOUT ROWID;

CREATE INDEX package_files_free ON package_files (uploaded_at) WHERE package_id IS NULL;

CREATE TRIGGER packages_former BEFORE DELETE ON packages WHEN EXISTS (SELECT 1 FROM tasks WHERE package_id = OLD.package_id) BEGIN
  INSERT INTO former_packages (package_id, project_id, app_id, product_id, type, version, device_type, model, manufacturer_name, manufacturer_id, protocol_type)
    SELECT OLD.package_id, OLD.project_id, OLD.app_id, OLD.product_id, OLD.type, OLD.version, device_type, model, manufacturer_name, manufacturer_id, protocol_type FROM product_traits
    WHERE app_id = OLD.app_id AND product_id = OLD.product_id;
END;

CREATE TABLE packages (
  package_id TEXT PRIMARY KEY, record_id TEXT NOT NULL UNIQUE, project_id TEXT NOT NULL, app_id TEXT NOT NULL, product_id TEXT NOT NULL,
  type TEXT NOT NULL, module_name TEXT NOT NULL DEFAULT '', version TEXT NOT NULL, fields TEXT NOT NULL, created_at INTEGER NOT NULL,
  UNIQUE (app_id, product_id, type, module_name, version), FOREIGN KEY (app_id, product_id) REFERENCES products
) WITHOUT ROWID;

CREATE INDEX packages_page ON packages (project_id, type, record_id);

CREATE TABLE product_traits (
  app_id TEXT NOT NULL, product_id TEXT NOT NULL, record_id TEXT NOT NULL, device_type TEXT NOT NULL, model TEXT NOT NULL,
  manufacturer_name TEXT, manufacturer_id TEXT, protocol_type TEXT NOT NULL,
  PRIMARY KEY (app_id, product_id), FOREIGN KEY (app_id, product_id) REFERENCES products ON DELETE CASCADE
);

CREATE INDEX product_traits_lookup ON product_traits (app_id, model, device_type, manufacturer_id, protocol_type, record_id);

CREATE INDEX product_traits_type ON product_traits (app_id, device_type, record_id);

CREATE TRIGGER products_traits_anew AFTER UPDATE OF name, fields ON products BEGIN
  UPDATE product_traits SET device_type = NEW.fields ->> 'deviceType', model = coalesce(NEW.fields ->> 'model', NEW.name), manufacturer_name = NEW.fields ->> 'manufacturerName', manufacturer_id = coalesce(NEW.fields ->> 'manufacturerId', NEW.fields ->> 'manufacturerName'), protocol_type = NEW.fields ->> 'protocolType' WHERE app_id = NEW.app_id AND product_id = NEW.product_id;
END;

CREATE TRIGGER products_traits_in AFTER INSERT ON products BEGIN
  INSERT INTO product_traits (app_id, product_id, record_id, device_type, model, manufacturer_name, manufacturer_id, protocol_type)
    SELECT NEW.app_id, NEW.product_id, NEW.record_id, NEW.fields ->> 'deviceType', coalesce(NEW.fields ->> 'model', NEW.name), NEW.fields ->> 'manufacturerName', coalesce(NEW.fields ->> 'manufacturerId', NEW.fields ->> 'manufacturerName'), NEW.fields ->> 'protocolType';
END;

CREATE TABLE products (
  app_id TEXT NOT NULL REFERENCES apps, product_id TEXT NOT NULL, record_id TEXT NOT NULL UNIQUE, project_id TEXT NOT NULL,
  name TEXT NOT NULL, fields TEXT NOT NULL, revision INTEGER NOT NULL DEFAULT 1, created_at INTEGER NOT NULL,
  PRIMARY KEY (app_id, product_id)
);

CREATE INDEX products_id ON products (project_id, product_id, record_id);

CREATE INDEX products_page ON products (project_id, record_id);

CREATE TABLE projects (
  project_id TEXT PRIMARY KEY, record_id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, domain TEXT NOT NULL, created_at INTEGER NOT NULL,
  UNIQUE (domain, name)
) WITHOUT ROWID;

CREATE TABLE queue_messages (
  no INTEGER PRIMARY KEY AUTOINCREMENT, queue_id TEXT NOT NULL REFERENCES queues ON DELETE CASCADE, action_id TEXT NOT NULL, key TEXT NOT NULL,
  payload TEXT NOT NULL, bytes INTEGER NOT NULL, created_at INTEGER NOT NULL, holder TEXT, due_at INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0
);

CREATE INDEX queue_messages_due ON queue_messages (queue_id, due_at, no) WHERE due_at > 0;

CREATE INDEX queue_messages_held ON queue_messages (queue_id, holder, key) WHERE holder IS NOT NULL;

CREATE INDEX queue_messages_keys ON queue_messages (queue_id, key, holder) WHERE holder IS NOT NULL;

CREATE INDEX queue_messages_open ON queue_messages (queue_id, (no + 0), key, bytes) WHERE holder IS NULL AND due_at IS NULL;

CREATE INDEX queue_messages_order ON queue_messages (queue_id, no, bytes, created_at);

CREATE INDEX queue_messages_put_off ON queue_messages (queue_id, key, no, due_at) WHERE due_at IS NOT NULL;

CREATE TABLE queues (
  queue_id TEXT PRIMARY KEY, record_id TEXT NOT NULL UNIQUE, project_id TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
  name TEXT NOT NULL, created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL,
  CONSTRAINT queues_project_id_name_key UNIQUE (project_id, name)
);

CREATE INDEX queues_page ON queues (project_id, record_id);

CREATE TABLE role_bindings (
  user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE, project_id TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
  role TEXT NOT NULL CHECK (role IN ('admin', 'operator', 'viewer')), PRIMARY KEY (user_id, project_id)
) WITHOUT ROWID;

CREATE INDEX role_bindings_project ON role_bindings (project_id);

CREATE TABLE rule_actions (
  action_id TEXT PRIMARY KEY, record_id TEXT NOT NULL UNIQUE, rule_id TEXT NOT NULL REFERENCES rules ON DELETE CASCADE,
  project_id TEXT NOT NULL, app_id TEXT, channel TEXT NOT NULL, detail TEXT NOT NULL
, queue_id TEXT REFERENCES queues) WITHOUT ROWID;

CREATE INDEX rule_actions_page ON rule_actions (project_id, record_id);

CREATE INDEX rule_actions_queue ON rule_actions (queue_id);

CREATE INDEX rule_actions_rule ON rule_actions (rule_id);

CREATE TABLE rules (
  rule_id TEXT PRIMARY KEY, record_id TEXT NOT NULL UNIQUE, project_id TEXT NOT NULL, app_id TEXT, name TEXT, description TEXT,
  resource TEXT NOT NULL, event TEXT NOT NULL, select_sql TEXT, where_sql TEXT, active INTEGER NOT NULL CHECK (active IN (0, 1))
) WITHOUT ROWID;

CREATE INDEX rules_page ON rules (project_id, record_id);

CREATE INDEX rules_subject ON rules (project_id, resource, event) WHERE active = 1;

CREATE TABLE session_epoch (one INTEGER PRIMARY KEY CHECK (one = 1), last INTEGER NOT NULL);

CREATE TABLE sessions (
  device_id TEXT PRIMARY KEY REFERENCES devices (device_id) ON DELETE CASCADE, node TEXT NOT NULL, epoch INTEGER NOT NULL,
  address TEXT NOT NULL, attached_at INTEGER NOT NULL, ended_at INTEGER
) WITHOUT ROWID;

CREATE INDEX sessions_ended ON sessions (ended_at) WHERE ended_at IS NOT NULL;

CREATE INDEX sessions_node ON sessions (node) WHERE ended_at IS NULL;

CREATE TABLE subtask_history (
  task_no INTEGER NOT NULL, seq INTEGER NOT NULL, no INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (task_no, seq, no)
) WITHOUT ROWID;

CREATE TABLE subtasks (
  task_no INTEGER NOT NULL, seq INTEGER NOT NULL, target TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('Waitting', 'Processing', 'FailWaitRetry', 'Success', 'Fail', 'Stopped', 'Removed')),
  hold TEXT CHECK (hold IN ('confirm', 'lane', 'capacity')), due_at INTEGER, lane INTEGER CHECK (lane = 1),
  attempt INTEGER NOT NULL DEFAULT 0, retries INTEGER NOT NULL DEFAULT 0, step TEXT, work TEXT, output TEXT,
  error_code TEXT, error_message TEXT, started_at INTEGER, ended_at INTEGER,
  PRIMARY KEY (task_no, seq),
  CHECK (CASE state
    WHEN 'Processing' THEN due_at IS NOT NULL AND hold IS NULL
    WHEN 'FailWaitRetry' THEN due_at IS NOT NULL AND hold IS NULL AND lane IS NULL
    WHEN 'Waitting' THEN lane IS NULL AND (due_at IS NOT NULL) = (hold IS 'capacity')
    ELSE due_at IS NULL AND hold IS NULL AND lane IS NULL END)
) WITHOUT ROWID;

CREATE INDEX subtasks_due ON subtasks (due_at, task_no, seq) WHERE due_at IS NOT NULL;

CREATE INDEX subtasks_held ON subtasks (task_no, hold, seq) WHERE state = 'Waitting' AND hold IS NOT NULL;

CREATE UNIQUE INDEX subtasks_lane ON subtasks (target) WHERE lane IS NOT NULL;

CREATE INDEX subtasks_late ON subtasks (task_no, seq, error_code)
  WHERE state = 'Fail' AND error_code IN ('014111', '014592', '014593', '014136', '014591', '014563');

CREATE INDEX subtasks_left ON subtasks (task_no, state, seq) WHERE state <> 'Waitting';

CREATE INDEX subtasks_offline ON subtasks (target) WHERE step = 'wait_online' AND state IN ('Waitting', 'FailWaitRetry');

CREATE INDEX subtasks_ready ON subtasks (task_no, seq) WHERE state = 'Waitting' AND hold IS NULL;

CREATE INDEX subtasks_target ON subtasks (target, task_no, seq);

CREATE TABLE task_causes (
  task_no INTEGER NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (task_no, code)
) WITHOUT ROWID;

CREATE TABLE task_rows (
  task_no INTEGER NOT NULL, seq INTEGER NOT NULL, row_no INTEGER NOT NULL, parent TEXT, cells TEXT NOT NULL,
  error_code TEXT, error_message TEXT, PRIMARY KEY (task_no, seq)
) WITHOUT ROWID;

CREATE TABLE task_targets (
  task_no INTEGER NOT NULL, part INTEGER NOT NULL, targets TEXT NOT NULL, PRIMARY KEY (task_no, part)
) WITHOUT ROWID;

CREATE TRIGGER tasks_former_packages AFTER DELETE ON tasks WHEN OLD.package_id IS NOT NULL BEGIN
  DELETE FROM former_packages WHERE package_id = OLD.package_id AND NOT EXISTS (SELECT 1 FROM tasks WHERE package_id = OLD.package_id);
END;

CREATE TABLE tasks (
  task_no INTEGER PRIMARY KEY AUTOINCREMENT, task_id TEXT NOT NULL UNIQUE, project_id TEXT NOT NULL, app_id TEXT NOT NULL,
  name TEXT NOT NULL, type TEXT NOT NULL, document TEXT, echo TEXT NOT NULL, ext_info TEXT, package_id TEXT,
  gateway_mode INTEGER NOT NULL CHECK (gateway_mode IN (0, 1)), need_confirm INTEGER NOT NULL CHECK (need_confirm IN (0, 1)),
  on_conflict TEXT NOT NULL CHECK (on_conflict IN ('fail', 'queue')),
  start_at INTEGER, retry_count INTEGER NOT NULL, retry_interval_minutes INTEGER NOT NULL,
  source_kind TEXT NOT NULL CHECK (source_kind IN ('devices', 'groups', 'file')), source TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN
    ('Initializing', 'Waitting', 'Processing', 'Stopping', 'Success', 'PartialSuccess', 'Fail', 'Stopped')),
  total INTEGER NOT NULL DEFAULT 0, waitting INTEGER NOT NULL DEFAULT 0, processing INTEGER NOT NULL DEFAULT 0,
  fail_wait_retry INTEGER NOT NULL DEFAULT 0, success INTEGER NOT NULL DEFAULT 0, fail INTEGER NOT NULL DEFAULT 0,
  stopped INTEGER NOT NULL DEFAULT 0, removed INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 1,
  expanded INTEGER NOT NULL DEFAULT 0 CHECK (expanded IN (0, 1)), expand_cursor TEXT NOT NULL DEFAULT '',
  dispatched INTEGER NOT NULL DEFAULT 0 CHECK (dispatched IN (0, 1)), confirmed INTEGER NOT NULL CHECK (confirmed IN (0, 1)),
  stop_accepted INTEGER NOT NULL DEFAULT 0 CHECK (stop_accepted IN (0, 1)),
  sweep TEXT CHECK (sweep IN ('stop', 'retry', 'confirm', 'retry+confirm')), sweep_seq INTEGER NOT NULL DEFAULT 0,
  setup_failure TEXT, created_at INTEGER NOT NULL, finished_at INTEGER, started_at INTEGER, ends_at INTEGER, at_end TEXT CHECK (at_end IN ('fail', 'stop')), online_by INTEGER, timed_out INTEGER NOT NULL DEFAULT 0 CHECK (timed_out >= 0), expired INTEGER NOT NULL DEFAULT 0 CHECK (expired >= 0), operator TEXT, legacy_type TEXT, legacy TEXT,
  CHECK (total = waitting + processing + fail_wait_retry + success + fail + stopped + removed),
  CHECK (min(waitting, processing, fail_wait_retry, success, fail, stopped, removed) >= 0)
);

CREATE INDEX tasks_app ON tasks (app_id, task_no);

CREATE INDEX tasks_app_page ON tasks (app_id, project_id, task_id, type, status, package_id);

CREATE INDEX tasks_file ON tasks (source) WHERE source_kind = 'file' AND expanded = 0;

CREATE INDEX tasks_finished ON tasks (finished_at) WHERE finished_at IS NOT NULL;

CREATE INDEX tasks_name ON tasks (app_id, name);

CREATE INDEX tasks_package ON tasks (package_id) WHERE package_id IS NOT NULL;

CREATE INDEX tasks_page ON tasks (project_id, task_id);

CREATE INDEX tasks_turns ON tasks (task_no) WHERE status IN ('Initializing', 'Waitting', 'Processing', 'Stopping');

CREATE INDEX tasks_type_page ON tasks (project_id, type, task_id);

CREATE INDEX tasks_unfinished ON tasks (project_id, task_no) WHERE status IN ('Initializing', 'Waitting', 'Processing', 'Stopping');

CREATE INDEX tasks_upgrades ON tasks (app_id, project_id, task_id, type, status, package_id)
  WHERE type IN ('firmwareUpgrade', 'softwareUpgrade');

CREATE TABLE users (
  user_id TEXT PRIMARY KEY, record_id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, domain TEXT NOT NULL, password_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL, UNIQUE (domain, name)
) WITHOUT ROWID;
