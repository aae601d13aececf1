-- accounts.findUserByName
select * from "users" where "domain" = ? and "name" = ?
--   SEARCH users USING INDEX sqlite_autoindex_users_3 (domain=? AND name=?)

-- accounts.findAccessKey
select * from "access_keys" where "access_key" = ?
--   SEARCH access_keys USING PRIMARY KEY (access_key=?)

-- accounts.listProjectsOf
select "projects".* from "projects" inner join "role_bindings" on "role_bindings"."project_id" = "projects"."project_id" where "role_bindings"."user_id" = ? and "projects"."name" = ? order by "projects"."record_id" desc
--   SEARCH role_bindings USING PRIMARY KEY (user_id=?)
--   SEARCH projects USING PRIMARY KEY (project_id=?)
--   USE TEMP B-TREE FOR ORDER BY

-- apps.list
select * from "apps" where "project_id" = ? order by "record_id" desc
--   SEARCH apps USING INDEX sqlite_autoindex_apps_3 (project_id=?)
--   USE TEMP B-TREE FOR ORDER BY

-- products.find
select "products".*, "apps"."name" as "app_name" from "products" left join "apps" on "apps"."app_id" = "products"."app_id" where "products"."project_id" = ? and "products"."product_id" = ? order by "apps"."is_default" desc, "products"."record_id" limit ?
--   SEARCH products USING INDEX products_id (project_id=? AND product_id=?)
--   SEARCH apps USING PRIMARY KEY (app_id=?) LEFT-JOIN
--   USE TEMP B-TREE FOR ORDER BY

-- products.list
select count(*) as "count" from "products" left join "apps" on "apps"."app_id" = "products"."app_id" where "products"."project_id" = ?
--   SEARCH products USING INDEX products_id (project_id=?)
--   SEARCH apps USING PRIMARY KEY (app_id=?) LEFT-JOIN

-- products.list
select "products".*, "apps"."name" as "app_name" from "products" left join "apps" on "apps"."app_id" = "products"."app_id" where "products"."project_id" = ? and "products"."record_id" < ? order by "products"."record_id" asc limit ? offset ?
--   SEARCH products USING INDEX products_page (project_id=? AND record_id<?)
--   SEARCH apps USING PRIMARY KEY (app_id=?) LEFT-JOIN

-- products.listByTraits
select "product_traits"."product_id" from "product_traits" inner join "apps" on "apps"."app_id" = "product_traits"."app_id" where "product_traits"."app_id" = ? and "apps"."project_id" = ? and "device_type" = ? and "model" = ? and "manufacturer_id" = ? and "protocol_type" = ? order by "product_traits"."record_id" limit ?
--   SEARCH apps USING PRIMARY KEY (app_id=?)
--   SEARCH product_traits USING INDEX product_traits_lookup (app_id=? AND model=? AND device_type=? AND manufacturer_id=? AND protocol_type=?)

-- products.listByTraits of a type
select "product_traits"."product_id" from "product_traits" inner join "apps" on "apps"."app_id" = "product_traits"."app_id" where "product_traits"."app_id" = ? and "apps"."project_id" = ? and "device_type" = ? order by "product_traits"."record_id" limit ?
--   SEARCH apps USING PRIMARY KEY (app_id=?)
--   SEARCH product_traits USING INDEX product_traits_type (app_id=? AND device_type=?)

-- products.delete
select "products".*, "apps"."name" as "app_name" from "products" left join "apps" on "apps"."app_id" = "products"."app_id" where "products"."project_id" = ? and "products"."product_id" = ? and "products"."app_id" = ? order by "apps"."is_default" desc, "products"."record_id" limit ?
--   SEARCH products USING INDEX sqlite_autoindex_products_2 (app_id=? AND product_id=?)
--   SEARCH apps USING PRIMARY KEY (app_id=?) LEFT-JOIN

-- products.delete
select "app_id" from "devices" where "app_id" = ? and "product_id" = ? limit ?
--   SEARCH devices USING COVERING INDEX devices_node (app_id=? AND product_id=?)

-- devices.insert
select "products".*, "apps"."name" as "app_name" from "products" left join "apps" on "apps"."app_id" = "products"."app_id" where "products"."project_id" = ? and "products"."product_id" = ? and "products"."app_id" = ? order by "apps"."is_default" desc, "products"."record_id" limit ?
--   SEARCH products USING INDEX sqlite_autoindex_products_2 (app_id=? AND product_id=?)
--   SEARCH apps USING PRIMARY KEY (app_id=?) LEFT-JOIN

-- devices.insert
SELECT d.app_id, d.product_id, d.node_id, d.device_id FROM (SELECT value ->> 0 AS app_id, value ->> 1 AS product_id, value ->> 2 AS node_id, value ->> 3 AS device_id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN devices d ON d.app_id = r.app_id AND d.product_id = r.product_id AND d.node_id = r.node_id UNION SELECT d.app_id, d.product_id, d.node_id, d.device_id FROM (SELECT value ->> 0 AS app_id, value ->> 1 AS product_id, value ->> 2 AS node_id, value ->> 3 AS device_id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN devices d ON d.device_id = r.device_id
--   MERGE (UNION)
--   LEFT
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH d USING INDEX devices_node (app_id=? AND product_id=? AND node_id=?)
--   USE TEMP B-TREE FOR ORDER BY
--   RIGHT
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   USE TEMP B-TREE FOR ORDER BY

-- devices.insert
INSERT INTO devices (record_id, device_id, project_id, app_id, product_id, node_id, name, description, parent_id, root_id, auth_type, secret_cipher, secondary_secret_cipher, fingerprint, secondary_fingerprint, secure_access, timeout_seconds, extension_info, connectivity, created_at, location, legacy) SELECT record_id, device_id, project_id, app_id, product_id, node_id, name, description, parent_id, root_id, auth_type, secret_cipher, secondary_secret_cipher, fingerprint, secondary_fingerprint, secure_access, timeout_seconds, extension_info, connectivity, created_at, location, legacy FROM (SELECT value ->> 0 AS record_id, value ->> 1 AS device_id, value ->> 2 AS project_id, value ->> 3 AS app_id, value ->> 4 AS product_id, value ->> 5 AS node_id, value ->> 6 AS name, value ->> 7 AS description, value ->> 8 AS parent_id, value ->> 9 AS root_id, value ->> 10 AS auth_type, value ->> 11 AS secret_cipher, value ->> 12 AS secondary_secret_cipher, value ->> 13 AS fingerprint, value ->> 14 AS secondary_fingerprint, value ->> 15 AS secure_access, value ->> 16 AS timeout_seconds, value ->> 17 AS extension_info, value ->> 18 AS connectivity, value ->> 19 AS created_at, value ->> 20 AS location, value ->> 21 AS legacy FROM jsonb_each(?) LIMIT -1) AS r WHERE true ON CONFLICT DO NOTHING
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH command_cancellations USING COVERING INDEX command_cancellations_device (device_id=?)
--   SEARCH commands USING COVERING INDEX commands_page (device_id=?)
--   SEARCH device_tags USING PRIMARY KEY (device_id=?)
--   SEARCH messages USING COVERING INDEX sqlite_autoindex_messages_1 (device_id=?)
--   SEARCH group_members USING INDEX group_members_device (device_id=?)
--   SEARCH sessions USING PRIMARY KEY (device_id=?)
--   SEARCH child_changes USING PRIMARY KEY (root_id=?)
--   SEARCH device_shadows USING PRIMARY KEY (device_id=?)

-- devices.insert
select "rule_actions"."record_id", rule_actions.action_id as "action_id", "rules"."project_id", "rules"."app_id", "rules"."select_sql", "rules"."where_sql", "rule_actions"."queue_id", NULL as "subscription_id", NULL as "notify_type", NULL as "url" from "rules" inner join "rule_actions" on "rule_actions"."rule_id" = "rules"."rule_id" where "rules"."project_id" in (select value from json_each(?)) and "rules"."resource" = ? and "rules"."event" = ? and rules.active = 1 union all select "record_id", NULL as "action_id", "project_id", "app_id", NULL as "select_sql", NULL as "where_sql", NULL as "queue_id", "subscription_id", "notify_type", "url" from "legacy_subscriptions" where "project_id" in (select value from json_each(?)) and "notify_type" in (select value from json_each(?)) order by "record_id"
--   MERGE (UNION ALL)
--   LEFT
--   SEARCH rules USING INDEX rules_subject (project_id=? AND resource=? AND event=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   SEARCH rule_actions USING INDEX rule_actions_rule (rule_id=?)
--   USE TEMP B-TREE FOR ORDER BY
--   RIGHT
--   SEARCH legacy_subscriptions USING INDEX legacy_subscriptions_wanted (project_id=? AND notify_type=?)
--   LIST SUBQUERY 3
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   LIST SUBQUERY 4
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   USE TEMP B-TREE FOR ORDER BY

-- devices.insert
select "devices".*, (select "apps"."name" from "apps" where "apps"."app_id" = "devices"."app_id") as "app_name", (select "products"."name" from "products" where "products"."app_id" = "devices"."app_id" and "products"."product_id" = "devices"."product_id") as "product_name", (select json_group_array(json_array("tag_key", "tag_value") order by "tag_key") as "tags" from "device_tags" where "device_tags"."device_id" = "devices"."device_id") as "tags" from "devices" where "devices"."device_id" = ? and "devices"."project_id" = ?
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH apps USING PRIMARY KEY (app_id=?)
--   CORRELATED SCALAR SUBQUERY 2
--   SEARCH products USING INDEX sqlite_autoindex_products_2 (app_id=? AND product_id=?)
--   CORRELATED SCALAR SUBQUERY 3
--   USE TEMP B-TREE FOR json_group_array(ORDER BY)
--   SEARCH device_tags USING PRIMARY KEY (device_id=?)

-- devices.insert, a child
select "products".*, "apps"."name" as "app_name" from "products" left join "apps" on "apps"."app_id" = "products"."app_id" where "products"."project_id" = ? and "products"."product_id" = ? and "products"."app_id" = ? order by "apps"."is_default" desc, "products"."record_id" limit ?
--   SEARCH products USING INDEX sqlite_autoindex_products_2 (app_id=? AND product_id=?)
--   SEARCH apps USING PRIMARY KEY (app_id=?) LEFT-JOIN

-- devices.insert, a child
SELECT d.app_id, d.product_id, d.node_id, d.device_id FROM (SELECT value ->> 0 AS app_id, value ->> 1 AS product_id, value ->> 2 AS node_id, value ->> 3 AS device_id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN devices d ON d.app_id = r.app_id AND d.product_id = r.product_id AND d.node_id = r.node_id UNION SELECT d.app_id, d.product_id, d.node_id, d.device_id FROM (SELECT value ->> 0 AS app_id, value ->> 1 AS product_id, value ->> 2 AS node_id, value ->> 3 AS device_id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN devices d ON d.device_id = r.device_id
--   MERGE (UNION)
--   LEFT
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH d USING INDEX devices_node (app_id=? AND product_id=? AND node_id=?)
--   USE TEMP B-TREE FOR ORDER BY
--   RIGHT
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   USE TEMP B-TREE FOR ORDER BY

-- devices.insert, a child
SELECT d.device_id, d.app_id, d.parent_id, d.root_id FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN devices d ON d.device_id = r.id AND (d.project_id || '') = ? ORDER BY CASE WHEN d.parent_id IS NULL THEN 1 ELSE 0 END, d.device_id
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   USE TEMP B-TREE FOR ORDER BY

-- devices.insert, a child
SELECT d.device_id, d.child_count FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN devices d ON d.device_id = r.id ORDER BY d.device_id
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   USE TEMP B-TREE FOR ORDER BY

-- devices.insert, a child
INSERT INTO devices (record_id, device_id, project_id, app_id, product_id, node_id, name, description, parent_id, root_id, auth_type, secret_cipher, secondary_secret_cipher, fingerprint, secondary_fingerprint, secure_access, timeout_seconds, extension_info, connectivity, created_at, location, legacy) SELECT record_id, device_id, project_id, app_id, product_id, node_id, name, description, parent_id, root_id, auth_type, secret_cipher, secondary_secret_cipher, fingerprint, secondary_fingerprint, secure_access, timeout_seconds, extension_info, connectivity, created_at, location, legacy FROM (SELECT value ->> 0 AS record_id, value ->> 1 AS device_id, value ->> 2 AS project_id, value ->> 3 AS app_id, value ->> 4 AS product_id, value ->> 5 AS node_id, value ->> 6 AS name, value ->> 7 AS description, value ->> 8 AS parent_id, value ->> 9 AS root_id, value ->> 10 AS auth_type, value ->> 11 AS secret_cipher, value ->> 12 AS secondary_secret_cipher, value ->> 13 AS fingerprint, value ->> 14 AS secondary_fingerprint, value ->> 15 AS secure_access, value ->> 16 AS timeout_seconds, value ->> 17 AS extension_info, value ->> 18 AS connectivity, value ->> 19 AS created_at, value ->> 20 AS location, value ->> 21 AS legacy FROM jsonb_each(?) LIMIT -1) AS r WHERE true ON CONFLICT DO NOTHING
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH command_cancellations USING COVERING INDEX command_cancellations_device (device_id=?)
--   SEARCH commands USING COVERING INDEX commands_page (device_id=?)
--   SEARCH device_tags USING PRIMARY KEY (device_id=?)
--   SEARCH messages USING COVERING INDEX sqlite_autoindex_messages_1 (device_id=?)
--   SEARCH group_members USING INDEX group_members_device (device_id=?)
--   SEARCH sessions USING PRIMARY KEY (device_id=?)
--   SEARCH child_changes USING PRIMARY KEY (root_id=?)
--   SEARCH device_shadows USING PRIMARY KEY (device_id=?)

-- devices.insert, a child
UPDATE devices SET child_list_version = child_list_version + r.n, child_count = child_count + r.n FROM (SELECT value ->> 0 AS id, value ->> 1 AS n FROM jsonb_each(?) LIMIT -1) AS r WHERE devices.device_id = r.id RETURNING devices.device_id, devices.child_list_version AS version
--   MATERIALIZE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)

-- devices.insert, a child
INSERT INTO child_changes (root_id, version, kind, device_id, parent_id, node_id) SELECT root_id, version, kind, device_id, parent_id, node_id FROM (SELECT value ->> 0 AS root_id, value ->> 1 AS version, value ->> 2 AS kind, value ->> 3 AS device_id, value ->> 4 AS parent_id, value ->> 5 AS node_id FROM jsonb_each(?) LIMIT -1) AS r WHERE true
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r

-- devices.insert, a child
DELETE FROM child_changes WHERE (root_id, version) IN (SELECT c.root_id, c.version FROM (SELECT value ->> 0 AS root_id, value ->> 1 AS version FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN child_changes c ON c.root_id = r.root_id AND c.version <= r.version)
--   SEARCH child_changes USING PRIMARY KEY (root_id=? AND version=?)
--   LIST SUBQUERY 3
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH c USING PRIMARY KEY (root_id=? AND version<?)

-- devices.insert, a child
select "rule_actions"."record_id", rule_actions.action_id as "action_id", "rules"."project_id", "rules"."app_id", "rules"."select_sql", "rules"."where_sql", "rule_actions"."queue_id", NULL as "subscription_id", NULL as "notify_type", NULL as "url" from "rules" inner join "rule_actions" on "rule_actions"."rule_id" = "rules"."rule_id" where "rules"."project_id" in (select value from json_each(?)) and "rules"."resource" = ? and "rules"."event" = ? and rules.active = 1 union all select "record_id", NULL as "action_id", "project_id", "app_id", NULL as "select_sql", NULL as "where_sql", NULL as "queue_id", "subscription_id", "notify_type", "url" from "legacy_subscriptions" where "project_id" in (select value from json_each(?)) and "notify_type" in (select value from json_each(?)) order by "record_id"
--   MERGE (UNION ALL)
--   LEFT
--   SEARCH rules USING INDEX rules_subject (project_id=? AND resource=? AND event=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   SEARCH rule_actions USING INDEX rule_actions_rule (rule_id=?)
--   USE TEMP B-TREE FOR ORDER BY
--   RIGHT
--   SEARCH legacy_subscriptions USING INDEX legacy_subscriptions_wanted (project_id=? AND notify_type=?)
--   LIST SUBQUERY 3
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   LIST SUBQUERY 4
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   USE TEMP B-TREE FOR ORDER BY

-- devices.insert, a child
SELECT r.id, s.node FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN sessions s ON s.device_id = r.id AND s.ended_at IS NULL
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH s USING PRIMARY KEY (device_id=?)

-- devices.insert, a child
select "devices".*, (select "apps"."name" from "apps" where "apps"."app_id" = "devices"."app_id") as "app_name", (select "products"."name" from "products" where "products"."app_id" = "devices"."app_id" and "products"."product_id" = "devices"."product_id") as "product_name", (select json_group_array(json_array("tag_key", "tag_value") order by "tag_key") as "tags" from "device_tags" where "device_tags"."device_id" = "devices"."device_id") as "tags" from "devices" where "devices"."device_id" = ? and "devices"."project_id" = ?
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH apps USING PRIMARY KEY (app_id=?)
--   CORRELATED SCALAR SUBQUERY 2
--   SEARCH products USING INDEX sqlite_autoindex_products_2 (app_id=? AND product_id=?)
--   CORRELATED SCALAR SUBQUERY 3
--   USE TEMP B-TREE FOR json_group_array(ORDER BY)
--   SEARCH device_tags USING PRIMARY KEY (device_id=?)

-- devices.find
select "devices".*, (select "apps"."name" from "apps" where "apps"."app_id" = "devices"."app_id") as "app_name", (select "products"."name" from "products" where "products"."app_id" = "devices"."app_id" and "products"."product_id" = "devices"."product_id") as "product_name", (select json_group_array(json_array("tag_key", "tag_value") order by "tag_key") as "tags" from "device_tags" where "device_tags"."device_id" = "devices"."device_id") as "tags" from "devices" where "devices"."device_id" = ? and "devices"."project_id" = ?
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH apps USING PRIMARY KEY (app_id=?)
--   CORRELATED SCALAR SUBQUERY 2
--   SEARCH products USING INDEX sqlite_autoindex_products_2 (app_id=? AND product_id=?)
--   CORRELATED SCALAR SUBQUERY 3
--   USE TEMP B-TREE FOR json_group_array(ORDER BY)
--   SEARCH device_tags USING PRIMARY KEY (device_id=?)

-- devices.list
select d.record_id from devices d INDEXED BY devices_page where (d.project_id = ? and d.record_id < ?) order by d.record_id desc limit ? offset ?
--   SEARCH d USING COVERING INDEX devices_page (project_id=? AND record_id<?)

-- devices.list
select ((select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'INACTIVE' as connectivity, 0 as frozen, inactive as devices from device_counts) d where (d.project_id = ?)) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'ONLINE' as connectivity, 0 as frozen, online as devices from device_counts) d where (d.project_id = ?)) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'OFFLINE' as connectivity, 0 as frozen, offline as devices from device_counts) d where (d.project_id = ?)) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'ABNORMAL' as connectivity, 0 as frozen, abnormal as devices from device_counts) d where (d.project_id = ?)) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, '' as connectivity, 1 as frozen, frozen as devices from device_counts) d where (d.project_id = ?))) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 4
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 6
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 8
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 10
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)

-- devices.list
select "devices".*, (select "apps"."name" from "apps" where "apps"."app_id" = "devices"."app_id") as "app_name", (select "products"."name" from "products" where "products"."app_id" = "devices"."app_id" and "products"."product_id" = "devices"."product_id") as "product_name", (select json_group_array(json_array("tag_key", "tag_value") order by "tag_key") as "tags" from "device_tags" where "device_tags"."device_id" = "devices"."device_id") as "tags" from "devices" where "devices"."project_id" = ? and "devices"."record_id" in (select value from json_each(?))
--   SEARCH devices USING INDEX devices_page (project_id=? AND record_id=?)
--   LIST SUBQUERY 4
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH apps USING PRIMARY KEY (app_id=?)
--   CORRELATED SCALAR SUBQUERY 2
--   SEARCH products USING INDEX sqlite_autoindex_products_2 (app_id=? AND product_id=?)
--   CORRELATED SCALAR SUBQUERY 3
--   USE TEMP B-TREE FOR json_group_array(ORDER BY)
--   SEARCH device_tags USING PRIMARY KEY (device_id=?)

-- devices.list by product
select (select count(*) from (select 1 from devices d INDEXED BY devices_by_app where (d.project_id = ? and d.app_id = ?) order by d.record_id limit ?) c) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   CO-ROUTINE c
--   SEARCH d USING COVERING INDEX devices_by_app (project_id=? AND app_id=?)
--   SCAN c

-- devices.list by product
select (select count(*) from (select 1 from devices d INDEXED BY devices_by_product where (d.project_id = ? and d.product_id = ?) order by d.record_id limit ?) c) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   CO-ROUTINE c
--   SEARCH d USING COVERING INDEX devices_by_product (project_id=? AND product_id=?)
--   SCAN c

-- devices.list by product
select d.record_id as record_id from devices d INDEXED BY devices_by_app where ((d.project_id = ? and d.app_id = ?) and d.record_id < ? and ((d.product_id || '') = ?)) order by d.record_id desc limit ? offset ?
--   SEARCH d USING INDEX devices_by_app (project_id=? AND app_id=? AND record_id<?)

-- devices.list by product
select ((select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'INACTIVE' as connectivity, 0 as frozen, inactive as devices from device_counts) d where (d.project_id = ? and (((d.app_id || '') = ? and (d.product_id || '') = ?)))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'ONLINE' as connectivity, 0 as frozen, online as devices from device_counts) d where (d.project_id = ? and (((d.app_id || '') = ? and (d.product_id || '') = ?)))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'OFFLINE' as connectivity, 0 as frozen, offline as devices from device_counts) d where (d.project_id = ? and (((d.app_id || '') = ? and (d.product_id || '') = ?)))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'ABNORMAL' as connectivity, 0 as frozen, abnormal as devices from device_counts) d where (d.project_id = ? and (((d.app_id || '') = ? and (d.product_id || '') = ?)))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, '' as connectivity, 1 as frozen, frozen as devices from device_counts) d where (d.project_id = ? and (((d.app_id || '') = ? and (d.product_id || '') = ?))))) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 4
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 6
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 8
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 10
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)

-- devices.list by product
select "devices".*, (select "apps"."name" from "apps" where "apps"."app_id" = "devices"."app_id") as "app_name", (select "products"."name" from "products" where "products"."app_id" = "devices"."app_id" and "products"."product_id" = "devices"."product_id") as "product_name", (select json_group_array(json_array("tag_key", "tag_value") order by "tag_key") as "tags" from "device_tags" where "device_tags"."device_id" = "devices"."device_id") as "tags" from "devices" where "devices"."project_id" = ? and "devices"."record_id" in (select value from json_each(?))
--   SEARCH devices USING INDEX devices_page (project_id=? AND record_id=?)
--   LIST SUBQUERY 4
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH apps USING PRIMARY KEY (app_id=?)
--   CORRELATED SCALAR SUBQUERY 2
--   SEARCH products USING INDEX sqlite_autoindex_products_2 (app_id=? AND product_id=?)
--   CORRELATED SCALAR SUBQUERY 3
--   USE TEMP B-TREE FOR json_group_array(ORDER BY)
--   SEARCH device_tags USING PRIMARY KEY (device_id=?)

-- devices.list by node
select d.record_id as record_id from devices d INDEXED BY devices_by_node where ((d.project_id = ? and d.node_id = ?) and d.record_id < ?) order by d.record_id desc limit ? offset ?
--   SEARCH d USING COVERING INDEX devices_by_node (project_id=? AND node_id=? AND record_id<?)

-- devices.list by node
select (select count(*) from (select 1 from devices d INDEXED BY devices_by_node where (d.project_id = ? and d.node_id = ?) order by d.record_id limit ?) c) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   CO-ROUTINE c
--   SEARCH d USING COVERING INDEX devices_by_node (project_id=? AND node_id=?)
--   SCAN c

-- devices.list by node
select (select count(*) from (select d.record_id as record_id from devices d INDEXED BY devices_by_node where ((d.project_id = ? and d.node_id = ?))) m) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   SEARCH d USING COVERING INDEX devices_by_node (project_id=? AND node_id=?)

-- devices.list by name
select d.record_id as record_id from devices d INDEXED BY devices_by_name where ((d.project_id = ? and d.name = ?) and d.record_id < ?) order by d.record_id desc limit ? offset ?
--   SEARCH d USING COVERING INDEX devices_by_name (project_id=? AND name=? AND record_id<?)

-- devices.list by name
select (select count(*) from (select 1 from devices d INDEXED BY devices_by_name where (d.project_id = ? and d.name = ?) order by d.record_id limit ?) c) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   CO-ROUTINE c
--   SEARCH d USING COVERING INDEX devices_by_name (project_id=? AND name=?)
--   SCAN c

-- devices.list by name
select (select count(*) from (select d.record_id as record_id from devices d INDEXED BY devices_by_name where ((d.project_id = ? and d.name = ?))) m) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   SEARCH d USING COVERING INDEX devices_by_name (project_id=? AND name=?)

-- devices.list by gateway
select count(*) as "count" from "devices" where "devices"."project_id" = ? and "devices"."parent_id" is not null and "devices"."parent_id" = ?
--   SEARCH devices USING COVERING INDEX devices_parent (project_id=? AND parent_id=?)

-- devices.list by gateway
select "devices".*, (select "apps"."name" from "apps" where "apps"."app_id" = "devices"."app_id") as "app_name", (select "products"."name" from "products" where "products"."app_id" = "devices"."app_id" and "products"."product_id" = "devices"."product_id") as "product_name", (select json_group_array(json_array("tag_key", "tag_value") order by "tag_key") as "tags" from "device_tags" where "device_tags"."device_id" = "devices"."device_id") as "tags" from "devices" where "devices"."project_id" = ? and "devices"."parent_id" is not null and "devices"."parent_id" = ? and "devices"."record_id" < ? order by "devices"."record_id" desc limit ? offset ?
--   SEARCH devices USING INDEX devices_parent (project_id=? AND parent_id=? AND record_id<?)
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH apps USING PRIMARY KEY (app_id=?)
--   CORRELATED SCALAR SUBQUERY 2
--   SEARCH products USING INDEX sqlite_autoindex_products_2 (app_id=? AND product_id=?)
--   CORRELATED SCALAR SUBQUERY 3
--   USE TEMP B-TREE FOR json_group_array(ORDER BY)
--   SEARCH device_tags USING PRIMARY KEY (device_id=?)

-- devices.list by gateway, all levels
select "parent_id" from "devices" where "device_id" = ?
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)

-- devices.list by gateway, all levels
select count(*) as "count" from "devices" where "devices"."project_id" = ? and "devices"."parent_id" is not null and "devices"."root_id" = ?
--   SEARCH devices USING INDEX devices_family (project_id=? AND root_id=?)

-- devices.list by gateway, all levels
select "devices".*, (select "apps"."name" from "apps" where "apps"."app_id" = "devices"."app_id") as "app_name", (select "products"."name" from "products" where "products"."app_id" = "devices"."app_id" and "products"."product_id" = "devices"."product_id") as "product_name", (select json_group_array(json_array("tag_key", "tag_value") order by "tag_key") as "tags" from "device_tags" where "device_tags"."device_id" = "devices"."device_id") as "tags" from "devices" where "devices"."project_id" = ? and "devices"."parent_id" is not null and "devices"."root_id" = ? and "devices"."record_id" < ? order by "devices"."record_id" desc limit ? offset ?
--   SEARCH devices USING INDEX devices_family (project_id=? AND root_id=? AND record_id<?)
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH apps USING PRIMARY KEY (app_id=?)
--   CORRELATED SCALAR SUBQUERY 2
--   SEARCH products USING INDEX sqlite_autoindex_products_2 (app_id=? AND product_id=?)
--   CORRELATED SCALAR SUBQUERY 3
--   USE TEMP B-TREE FOR json_group_array(ORDER BY)
--   SEARCH device_tags USING PRIMARY KEY (device_id=?)

-- devices.listLapsed
SELECT project_id AS "projectId", device_id AS "deviceId" FROM devices WHERE connectivity = 'INACTIVE' AND timeout_seconds > 0 AND created_at + timeout_seconds * 1000 <= ? AND NOT EXISTS (SELECT 1 FROM devices child WHERE child.project_id = devices.project_id AND child.parent_id = devices.device_id) ORDER BY created_at + timeout_seconds * 1000 LIMIT ?
--   SEARCH devices USING INDEX devices_lapse (<expr><?)
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH child USING COVERING INDEX devices_parent (project_id=? AND parent_id=?)

-- devices.listChildren
select "devices".*, (select "apps"."name" from "apps" where "apps"."app_id" = "devices"."app_id") as "app_name", (select "products"."name" from "products" where "products"."app_id" = "devices"."app_id" and "products"."product_id" = "devices"."product_id") as "product_name", (select json_group_array(json_array("tag_key", "tag_value") order by "tag_key") as "tags" from "device_tags" where "device_tags"."device_id" = "devices"."device_id") as "tags" from "devices" where "devices"."root_id" = ? and "devices"."parent_id" is not null and "devices"."device_id" > ? order by "devices"."device_id" limit ?
--   SEARCH devices USING INDEX devices_root (root_id=? AND device_id>?)
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH apps USING PRIMARY KEY (app_id=?)
--   CORRELATED SCALAR SUBQUERY 2
--   SEARCH products USING INDEX sqlite_autoindex_products_2 (app_id=? AND product_id=?)
--   CORRELATED SCALAR SUBQUERY 3
--   USE TEMP B-TREE FOR json_group_array(ORDER BY)
--   SEARCH device_tags USING PRIMARY KEY (device_id=?)

-- devices.listChildChanges
select "child_list_version" from "devices" where "device_id" = ?
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)

-- devices.listChildChanges
select * from "child_changes" where "root_id" = ? and "version" > ? order by "version" limit ?
--   SEARCH child_changes USING PRIMARY KEY (root_id=? AND version>?)

-- devices.listChildChanges
select "devices".*, (select "apps"."name" from "apps" where "apps"."app_id" = "devices"."app_id") as "app_name", (select "products"."name" from "products" where "products"."app_id" = "devices"."app_id" and "products"."product_id" = "devices"."product_id") as "product_name", (select json_group_array(json_array("tag_key", "tag_value") order by "tag_key") as "tags" from "device_tags" where "device_tags"."device_id" = "devices"."device_id") as "tags" from "devices" where "devices"."device_id" in (select value from json_each(?))
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   LIST SUBQUERY 4
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH apps USING PRIMARY KEY (app_id=?)
--   CORRELATED SCALAR SUBQUERY 2
--   SEARCH products USING INDEX sqlite_autoindex_products_2 (app_id=? AND product_id=?)
--   CORRELATED SCALAR SUBQUERY 3
--   USE TEMP B-TREE FOR json_group_array(ORDER BY)
--   SEARCH device_tags USING PRIMARY KEY (device_id=?)

-- devices.setChildStatuses
select "device_id", "connectivity", "project_id" from "devices" where "device_id" in (select value from json_each(?)) and "root_id" = ? and "parent_id" is not null
--   SEARCH devices USING INDEX devices_root (root_id=? AND device_id=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:

-- devices.setChildStatuses
UPDATE devices SET connectivity = r.status, status_at = ?, active_at = CASE WHEN r.status = 'ONLINE' THEN coalesce(active_at, ?) ELSE active_at END FROM (SELECT value ->> 0 AS id, value ->> 1 AS status FROM jsonb_each(?) LIMIT -1) AS r WHERE devices.device_id = r.id AND devices.root_id = ?
--   MATERIALIZE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)

-- devices.setChildStatuses
select "rule_actions"."record_id", rule_actions.action_id as "action_id", "rules"."project_id", "rules"."app_id", "rules"."select_sql", "rules"."where_sql", "rule_actions"."queue_id", NULL as "subscription_id", NULL as "notify_type", NULL as "url" from "rules" inner join "rule_actions" on "rule_actions"."rule_id" = "rules"."rule_id" where "rules"."project_id" in (select value from json_each(?)) and "rules"."resource" = ? and "rules"."event" = ? and rules.active = 1 union all select "record_id", NULL as "action_id", "project_id", "app_id", NULL as "select_sql", NULL as "where_sql", NULL as "queue_id", "subscription_id", "notify_type", "url" from "legacy_subscriptions" where "project_id" in (select value from json_each(?)) and "notify_type" in (select value from json_each(?)) order by "record_id"
--   MERGE (UNION ALL)
--   LEFT
--   SEARCH rules USING INDEX rules_subject (project_id=? AND resource=? AND event=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   SEARCH rule_actions USING INDEX rule_actions_rule (rule_id=?)
--   USE TEMP B-TREE FOR ORDER BY
--   RIGHT
--   SEARCH legacy_subscriptions USING INDEX legacy_subscriptions_wanted (project_id=? AND notify_type=?)
--   LIST SUBQUERY 3
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   LIST SUBQUERY 4
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   USE TEMP B-TREE FOR ORDER BY

-- effects.apply setDesired
SELECT d.device_id FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN devices d ON d.device_id = r.id AND (d.project_id || '') = ? ORDER BY d.device_id
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   USE TEMP B-TREE FOR ORDER BY

-- effects.apply setDesired
SELECT s.device_id, s.service_id, s.desired, s.version FROM (SELECT value ->> 0 AS device_id, value ->> 1 AS service_id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN device_shadows s ON s.device_id = r.device_id AND s.service_id = r.service_id
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH s USING PRIMARY KEY (device_id=? AND service_id=?)

-- effects.apply setDesired
SELECT r.id, (SELECT count(*) FROM device_shadows s WHERE s.device_id = r.id) AS services FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH s USING PRIMARY KEY (device_id=?)

-- effects.apply setDesired
INSERT INTO device_shadows (device_id, service_id, desired, desired_at, reported, version) SELECT r.device_id, r.service_id, t.text, r.at, '{}', r.version FROM (SELECT value ->> 0 AS device_id, value ->> 1 AS service_id, value ->> 2 AS desired, value ->> 3 AS at, value ->> 4 AS version FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN (SELECT value ->> 0 AS no, value ->> 1 AS text FROM jsonb_each(?) LIMIT -1) AS t ON t.no = r.desired WHERE true ON CONFLICT (device_id, service_id) DO UPDATE SET desired = excluded.desired, desired_at = excluded.desired_at, version = excluded.version
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   MATERIALIZE t
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   BLOOM FILTER ON t (no=?)
--   SEARCH t USING AUTOMATIC PARTIAL COVERING INDEX (no=?)

-- devices.listShadowDeltas
SELECT d.device_id, d.root_id, d.app_id, d.product_id, s.service_id, s.desired, s.reported FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN devices d ON d.device_id = r.id AND d.frozen = 0 AND (d.parent_id IS NULL OR d.connectivity = 'ONLINE') CROSS JOIN device_shadows s ON s.device_id = d.device_id AND s.desired <> '{}' AND s.desired <> s.reported ORDER BY d.device_id, s.service_id LIMIT 500
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   SEARCH s USING PRIMARY KEY (device_id=?)
--   USE TEMP B-TREE FOR ORDER BY

-- devices.listShadowDeltas
select "record_id", "revision" from "products" where "app_id" = ? and "product_id" = ?
--   SEARCH products USING INDEX sqlite_autoindex_products_2 (app_id=? AND product_id=?)

-- devices.listShadowDeltas
select "fields" from "products" where "app_id" = ? and "product_id" = ?
--   SEARCH products USING INDEX sqlite_autoindex_products_2 (app_id=? AND product_id=?)

-- devices.listDifferingChildren
SELECT d.device_id, CASE WHEN d.connectivity = 'ONLINE' AND EXISTS ( SELECT 1 FROM device_shadows s WHERE s.device_id = d.device_id AND s.desired <> '{}' AND s.desired <> s.reported) THEN 1 ELSE 0 END AS differs FROM devices d WHERE d.root_id = ? AND d.parent_id IS NOT NULL AND d.device_id > ? ORDER BY d.device_id LIMIT ?
--   SEARCH d USING INDEX devices_root (root_id=? AND device_id>?)
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH s USING PRIMARY KEY (device_id=?)

-- devices.clearShadow
select "device_id" from "devices" where "device_id" = ? and "project_id" = ?
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)

-- devices.clearShadow
delete from "device_shadows" where "device_id" = ?
--   SEARCH device_shadows USING PRIMARY KEY (device_id=?)

-- devices.reportProperties
SELECT s.device_id, s.service_id, s.reported FROM (SELECT value ->> 0 AS device_id, value ->> 1 AS service_id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN device_shadows s ON s.device_id = r.device_id AND s.service_id = r.service_id
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH s USING PRIMARY KEY (device_id=? AND service_id=?)

-- devices.reportProperties
INSERT INTO device_shadows (device_id, service_id, desired, reported, reported_at, version) SELECT device_id, service_id, '{}', reported, at, 0 FROM ( SELECT r.device_id, r.service_id, r.reported, r.at, s.service_id AS known, row_number() OVER (PARTITION BY r.device_id, CASE WHEN s.service_id IS NULL THEN 1 ELSE 0 END ORDER BY r.service_id) AS position, (SELECT count(*) FROM device_shadows c WHERE c.device_id = r.device_id) AS stored FROM (SELECT value ->> 0 AS device_id, value ->> 1 AS service_id, value ->> 2 AS reported, value ->> 3 AS at FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN devices d ON d.device_id = r.device_id LEFT JOIN device_shadows s ON s.device_id = r.device_id AND s.service_id = r.service_id) ranked WHERE known IS NOT NULL OR stored + position <= 500 ON CONFLICT (device_id, service_id) DO UPDATE SET reported = excluded.reported, reported_at = excluded.reported_at
--   CO-ROUTINE ranked
--   CO-ROUTINE (subquery-5)
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH d USING COVERING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   SEARCH s USING PRIMARY KEY (device_id=? AND service_id=?) LEFT-JOIN
--   USE TEMP B-TREE FOR ORDER BY
--   SCAN (subquery-5)
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH c USING PRIMARY KEY (device_id=?)
--   SCAN ranked

-- devices.getShadow
select * from "device_shadows" where "device_id" = ? order by "service_id"
--   SEARCH device_shadows USING PRIMARY KEY (device_id=?)

-- devices.changeGateway
select "device_id", "project_id", "app_id", "node_id", "parent_id", "root_id", "connectivity" from "devices" where "device_id" in (select value from json_each(?))
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:

-- devices.changeGateway
select "device_id", "project_id", "app_id", "node_id", "parent_id", "root_id", "connectivity" from "devices" where "device_id" in (select value from json_each(?)) order by case when parent_id is null then 1 else 0 end, "device_id"
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   USE TEMP B-TREE FOR ORDER BY

-- devices.changeGateway
select "device_id" from "devices" where "project_id" = ? and "parent_id" = ? limit ?
--   SEARCH devices USING INDEX devices_parent (project_id=? AND parent_id=?)

-- devices.changeGateway
update "devices" set "parent_id" = ?, "root_id" = ?, "status_at" = case connectivity when 'ONLINE' then ? else status_at end, "connectivity" = case connectivity when 'ONLINE' then 'OFFLINE' else connectivity end where "device_id" = ?
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)

-- devices.changeGateway
UPDATE devices SET child_list_version = child_list_version + r.n, child_count = child_count - r.n FROM (SELECT value ->> 0 AS id, value ->> 1 AS n FROM jsonb_each(?) LIMIT -1) AS r WHERE devices.device_id = r.id RETURNING devices.device_id, devices.child_list_version AS version
--   MATERIALIZE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)

-- devices.changeGateway
INSERT INTO child_changes (root_id, version, kind, device_id, parent_id, node_id) SELECT root_id, version, kind, device_id, parent_id, node_id FROM (SELECT value ->> 0 AS root_id, value ->> 1 AS version, value ->> 2 AS kind, value ->> 3 AS device_id, value ->> 4 AS parent_id, value ->> 5 AS node_id FROM jsonb_each(?) LIMIT -1) AS r WHERE true
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r

-- devices.changeGateway
DELETE FROM child_changes WHERE (root_id, version) IN (SELECT c.root_id, c.version FROM (SELECT value ->> 0 AS root_id, value ->> 1 AS version FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN child_changes c ON c.root_id = r.root_id AND c.version <= r.version)
--   SEARCH child_changes USING PRIMARY KEY (root_id=? AND version=?)
--   LIST SUBQUERY 3
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH c USING PRIMARY KEY (root_id=? AND version<?)

-- devices.changeGateway
SELECT d.device_id, d.child_count FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN devices d ON d.device_id = r.id ORDER BY d.device_id
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   USE TEMP B-TREE FOR ORDER BY

-- devices.changeGateway
UPDATE devices SET child_list_version = child_list_version + r.n, child_count = child_count + r.n FROM (SELECT value ->> 0 AS id, value ->> 1 AS n FROM jsonb_each(?) LIMIT -1) AS r WHERE devices.device_id = r.id RETURNING devices.device_id, devices.child_list_version AS version
--   MATERIALIZE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)

-- devices.changeGateway
select "devices".*, (select "apps"."name" from "apps" where "apps"."app_id" = "devices"."app_id") as "app_name", (select "products"."name" from "products" where "products"."app_id" = "devices"."app_id" and "products"."product_id" = "devices"."product_id") as "product_name", (select json_group_array(json_array("tag_key", "tag_value") order by "tag_key") as "tags" from "device_tags" where "device_tags"."device_id" = "devices"."device_id") as "tags" from "devices" where "devices"."device_id" = ? and "devices"."project_id" = ?
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH apps USING PRIMARY KEY (app_id=?)
--   CORRELATED SCALAR SUBQUERY 2
--   SEARCH products USING INDEX sqlite_autoindex_products_2 (app_id=? AND product_id=?)
--   CORRELATED SCALAR SUBQUERY 3
--   USE TEMP B-TREE FOR json_group_array(ORDER BY)
--   SEARCH device_tags USING PRIMARY KEY (device_id=?)

-- devices.changeGateway
select "rule_actions"."record_id", rule_actions.action_id as "action_id", "rules"."project_id", "rules"."app_id", "rules"."select_sql", "rules"."where_sql", "rule_actions"."queue_id", NULL as "subscription_id", NULL as "notify_type", NULL as "url" from "rules" inner join "rule_actions" on "rule_actions"."rule_id" = "rules"."rule_id" where "rules"."project_id" in (select value from json_each(?)) and "rules"."resource" = ? and "rules"."event" = ? and rules.active = 1 union all select "record_id", NULL as "action_id", "project_id", "app_id", NULL as "select_sql", NULL as "where_sql", NULL as "queue_id", "subscription_id", "notify_type", "url" from "legacy_subscriptions" where "project_id" in (select value from json_each(?)) and "notify_type" in (select value from json_each(?)) order by "record_id"
--   MERGE (UNION ALL)
--   LEFT
--   SEARCH rules USING INDEX rules_subject (project_id=? AND resource=? AND event=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   SEARCH rule_actions USING INDEX rule_actions_rule (rule_id=?)
--   USE TEMP B-TREE FOR ORDER BY
--   RIGHT
--   SEARCH legacy_subscriptions USING INDEX legacy_subscriptions_wanted (project_id=? AND notify_type=?)
--   LIST SUBQUERY 3
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   LIST SUBQUERY 4
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   USE TEMP B-TREE FOR ORDER BY

-- devices.changeGateway
select "products".*, "apps"."name" as "app_name" from "products" left join "apps" on "apps"."app_id" = "products"."app_id" where "products"."project_id" = ? and "products"."product_id" = ? and "products"."app_id" = ? order by "apps"."is_default" desc, "products"."record_id" limit ?
--   SEARCH products USING INDEX sqlite_autoindex_products_2 (app_id=? AND product_id=?)
--   SEARCH apps USING PRIMARY KEY (app_id=?) LEFT-JOIN

-- devices.changeGateway
SELECT r.id, s.node FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN sessions s ON s.device_id = r.id AND s.ended_at IS NULL
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH s USING PRIMARY KEY (device_id=?)

-- devices.delete
select "devices".*, (select "apps"."name" from "apps" where "apps"."app_id" = "devices"."app_id") as "app_name", (select "products"."name" from "products" where "products"."app_id" = "devices"."app_id" and "products"."product_id" = "devices"."product_id") as "product_name", (select json_group_array(json_array("tag_key", "tag_value") order by "tag_key") as "tags" from "device_tags" where "device_tags"."device_id" = "devices"."device_id") as "tags" from "devices" where "devices"."device_id" = ? and "devices"."project_id" = ?
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH apps USING PRIMARY KEY (app_id=?)
--   CORRELATED SCALAR SUBQUERY 2
--   SEARCH products USING INDEX sqlite_autoindex_products_2 (app_id=? AND product_id=?)
--   CORRELATED SCALAR SUBQUERY 3
--   USE TEMP B-TREE FOR json_group_array(ORDER BY)
--   SEARCH device_tags USING PRIMARY KEY (device_id=?)

-- devices.delete
SELECT d.device_id, d.node_id, d.parent_id, d.root_id, d.created_at FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN devices d ON d.device_id = r.id AND (d.project_id || '') = ? ORDER BY d.device_id
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   USE TEMP B-TREE FOR ORDER BY

-- devices.delete
SELECT r.id FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r WHERE EXISTS (SELECT 1 FROM devices c WHERE c.project_id = ? AND c.parent_id = r.id)
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH c EXISTS USING COVERING INDEX devices_parent (project_id=? AND parent_id=?)

-- devices.delete
select "rule_actions"."record_id", rule_actions.action_id as "action_id", "rules"."project_id", "rules"."app_id", "rules"."select_sql", "rules"."where_sql", "rule_actions"."queue_id", NULL as "subscription_id", NULL as "notify_type", NULL as "url" from "rules" inner join "rule_actions" on "rule_actions"."rule_id" = "rules"."rule_id" where "rules"."project_id" in (select value from json_each(?)) and "rules"."resource" = ? and "rules"."event" = ? and rules.active = 1 union all select "record_id", NULL as "action_id", "project_id", "app_id", NULL as "select_sql", NULL as "where_sql", NULL as "queue_id", "subscription_id", "notify_type", "url" from "legacy_subscriptions" where "project_id" in (select value from json_each(?)) and "notify_type" in (select value from json_each(?)) order by "record_id"
--   MERGE (UNION ALL)
--   LEFT
--   SEARCH rules USING INDEX rules_subject (project_id=? AND resource=? AND event=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   SEARCH rule_actions USING INDEX rule_actions_rule (rule_id=?)
--   USE TEMP B-TREE FOR ORDER BY
--   RIGHT
--   SEARCH legacy_subscriptions USING INDEX legacy_subscriptions_wanted (project_id=? AND notify_type=?)
--   LIST SUBQUERY 3
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   LIST SUBQUERY 4
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   USE TEMP B-TREE FOR ORDER BY

-- devices.delete
UPDATE device_groups SET member_count = member_count - (SELECT count(*) FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN group_members m ON m.device_id = r.id AND m.group_id = device_groups.group_id) WHERE group_id IN (SELECT m.group_id FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN group_members m ON m.device_id = r.id)
--   SEARCH device_groups USING PRIMARY KEY (group_id=?)
--   LIST SUBQUERY 4
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH m USING COVERING INDEX group_members_device (device_id=?)
--   CORRELATED SCALAR SUBQUERY 2
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH m USING COVERING INDEX group_members_device (device_id=? AND group_id=?)

-- devices.delete
DELETE FROM devices WHERE device_id IN (SELECT r.id FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r) AND (project_id || '') = ?
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   LIST SUBQUERY 2
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SEARCH command_cancellations USING COVERING INDEX command_cancellations_device (device_id=?)
--   SEARCH commands USING COVERING INDEX commands_page (device_id=?)
--   SEARCH device_tags USING PRIMARY KEY (device_id=?)
--   SEARCH messages USING COVERING INDEX sqlite_autoindex_messages_1 (device_id=?)
--   SEARCH group_members USING INDEX group_members_device (device_id=?)
--   SEARCH sessions USING PRIMARY KEY (device_id=?)
--   SEARCH child_changes USING PRIMARY KEY (root_id=?)
--   SEARCH device_shadows USING PRIMARY KEY (device_id=?)

-- devices.delete
INSERT INTO device_tombstones (device_id, project_id, device_created_at, deleted_at) SELECT device_id, project_id, device_created_at, deleted_at FROM (SELECT value ->> 0 AS device_id, value ->> 1 AS project_id, value ->> 2 AS device_created_at, value ->> 3 AS deleted_at FROM jsonb_each(?) LIMIT -1) AS r WHERE true ON CONFLICT (device_id) DO UPDATE SET project_id = excluded.project_id, deleted_at = excluded.deleted_at, device_created_at = CASE WHEN excluded.device_created_at < device_tombstones.device_created_at THEN excluded.device_created_at ELSE device_tombstones.device_created_at END
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r

-- sessions.findLogin
select * from "devices" where "device_id" = ?
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)

-- sessions.adoptFingerprint
UPDATE devices SET fingerprint = ? WHERE device_id = ? AND fingerprint IS NULL AND secondary_fingerprint IS NULL AND auth_type = 'CERTIFICATES'
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)

-- sessions.attach
SELECT project_id, app_id, product_id, connectivity, sessions.node, sessions.epoch FROM devices LEFT JOIN sessions ON sessions.device_id = devices.device_id AND sessions.ended_at IS NULL WHERE devices.device_id = ? AND frozen = 0 AND parent_id IS NULL
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   SEARCH sessions USING PRIMARY KEY (device_id=?) LEFT-JOIN

-- sessions.attach
UPDATE session_epoch SET last = last + 1 RETURNING last AS epoch
--   SCAN session_epoch

-- sessions.attach
INSERT INTO sessions (device_id, node, epoch, address, attached_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (device_id) DO UPDATE SET node = excluded.node, epoch = excluded.epoch, address = excluded.address, attached_at = excluded.attached_at, ended_at = NULL

-- sessions.attach
UPDATE devices SET status_at = CASE connectivity WHEN 'ONLINE' THEN status_at ELSE ? END, connectivity = 'ONLINE', active_at = coalesce(active_at, ?), last_address = ? WHERE device_id = ?
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)

-- sessions.attach
INSERT INTO node_letters (node, body) SELECT node, body FROM (SELECT value ->> 0 AS node, value ->> 1 AS body FROM jsonb_each(?) LIMIT -1) AS r WHERE true
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r

-- sessions.findReach
select "root_id", "product_id", "app_id", "frozen", "connectivity", "node", "epoch" from "devices" left join "sessions" on "sessions"."device_id" = "devices"."root_id" and "sessions"."ended_at" is null where "devices"."device_id" = ? and "project_id" = ?
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   SEARCH sessions USING PRIMARY KEY (device_id=?) LEFT-JOIN

-- sessions.detach
UPDATE sessions SET ended_at = ? WHERE device_id = ? AND node = ? AND epoch = ? AND ended_at IS NULL
--   SEARCH sessions USING PRIMARY KEY (device_id=?)

-- sessions.detachNode
SELECT last AS epoch FROM session_epoch
--   SCAN session_epoch

-- sessions.detachNode
UPDATE sessions SET ended_at = ? WHERE device_id IN (SELECT device_id FROM sessions WHERE node = ? AND ended_at IS NULL AND epoch <= ? ORDER BY device_id LIMIT ? )
--   SEARCH sessions USING PRIMARY KEY (device_id=?)
--   LIST SUBQUERY 1
--   SEARCH sessions USING INDEX sessions_node (node=?)

-- sessions.earliestEnded
SELECT min(ended_at) AS at FROM sessions WHERE ended_at IS NOT NULL
--   SEARCH sessions USING COVERING INDEX sessions_ended (ended_at>?)

-- sessions.settleOffline
DELETE FROM sessions WHERE device_id IN (SELECT device_id FROM sessions WHERE ended_at IS NOT NULL AND ended_at <= ? ORDER BY ended_at, device_id LIMIT ? ) RETURNING device_id, ended_at
--   SEARCH sessions USING PRIMARY KEY (device_id=?)
--   LIST SUBQUERY 1
--   SEARCH sessions USING COVERING INDEX sessions_ended (ended_at>? AND ended_at<?)

-- sessions.settleOffline
UPDATE devices SET connectivity = 'OFFLINE', status_at = r.at FROM (SELECT value ->> 0 AS id, value ->> 1 AS at FROM jsonb_each(?) LIMIT -1) AS r WHERE devices.device_id = r.id AND (devices.connectivity || '') = 'ONLINE' RETURNING devices.device_id, devices.project_id, devices.frozen
--   MATERIALIZE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)

-- sessions.settleOffline
select "rule_actions"."record_id", rule_actions.action_id as "action_id", "rules"."project_id", "rules"."app_id", "rules"."select_sql", "rules"."where_sql", "rule_actions"."queue_id", NULL as "subscription_id", NULL as "notify_type", NULL as "url" from "rules" inner join "rule_actions" on "rule_actions"."rule_id" = "rules"."rule_id" where "rules"."project_id" in (select value from json_each(?)) and "rules"."resource" = ? and "rules"."event" = ? and rules.active = 1 union all select "record_id", NULL as "action_id", "project_id", "app_id", NULL as "select_sql", NULL as "where_sql", NULL as "queue_id", "subscription_id", "notify_type", "url" from "legacy_subscriptions" where "project_id" in (select value from json_each(?)) and "notify_type" in (select value from json_each(?)) order by "record_id"
--   MERGE (UNION ALL)
--   LEFT
--   SEARCH rules USING INDEX rules_subject (project_id=? AND resource=? AND event=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   SEARCH rule_actions USING INDEX rule_actions_rule (rule_id=?)
--   USE TEMP B-TREE FOR ORDER BY
--   RIGHT
--   SEARCH legacy_subscriptions USING INDEX legacy_subscriptions_wanted (project_id=? AND notify_type=?)
--   LIST SUBQUERY 3
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   LIST SUBQUERY 4
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   USE TEMP B-TREE FOR ORDER BY

-- groups.insert
select * from "apps" where "app_id" = ? and "project_id" = ?
--   SEARCH apps USING PRIMARY KEY (app_id=?)

-- groups.insert
select "depth", "rule" from "device_groups" where "group_id" = ? and "project_id" = ?
--   SEARCH device_groups USING PRIMARY KEY (group_id=?)

-- groups.insert
select count(*) as "count" from "device_groups" where "project_id" = ?
--   SEARCH device_groups USING COVERING INDEX device_groups_page (project_id=?)

-- groups.insert
insert into "device_groups" ("record_id", "group_id", "project_id", "app_id", "name", "description", "super_group_id", "rule", "max_devices", "creator", "depth", "created_at", "modified_at") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- groups.list
select count(*) as "count" from "device_groups" where "project_id" = ?
--   SEARCH device_groups USING COVERING INDEX device_groups_page (project_id=?)

-- groups.list
select * from "device_groups" where "project_id" = ? and "device_groups"."record_id" < ? order by "device_groups"."record_id" desc limit ? offset ?
--   SEARCH device_groups USING INDEX device_groups_page (project_id=? AND record_id<?)

-- groups.list
select count(*) as "count" from "device_groups" where "project_id" = ? and "app_id" = ? and "rule" is null
--   SEARCH device_groups USING INDEX device_groups_page (project_id=?)

-- groups.list
select * from "device_groups" where "project_id" = ? and "app_id" = ? and "rule" is null and "device_groups"."record_id" > ? order by "device_groups"."record_id" asc limit ? offset ?
--   SEARCH device_groups USING INDEX device_groups_page (project_id=? AND record_id>?)

-- groups.addMembers
select "rule", "app_id" from "device_groups" where "group_id" = ? and "project_id" = ?
--   SEARCH device_groups USING PRIMARY KEY (group_id=?)

-- groups.addMembers
INSERT INTO group_members (group_id, device_id, record_id) SELECT ?, d.device_id, r.record_id FROM (SELECT value ->> 0 AS device_id, value ->> 1 AS record_id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN devices d ON d.device_id = r.device_id AND (d.project_id || '') = ? WHERE true ON CONFLICT (group_id, device_id) DO NOTHING
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)

-- groups.addMembers
update "device_groups" set "member_count" = member_count + ? where "group_id" = ? returning "member_count", "max_devices"
--   SEARCH device_groups USING PRIMARY KEY (group_id=?)

-- groups.addMembers
select "device_id" from "group_members" where "device_id" in (select value from json_each(?)) group by "device_id" having count(*) > ? limit ?
--   SEARCH group_members USING COVERING INDEX group_members_device (device_id=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:

-- groups.listMembers
select "rule", "app_id" from "device_groups" where "group_id" = ? and "project_id" = ?
--   SEARCH device_groups USING PRIMARY KEY (group_id=?)

-- groups.listMembers
select count(*) as "count" from "group_members" where "group_id" = ?
--   SEARCH group_members USING COVERING INDEX group_members_page (group_id=?)

-- groups.listMembers
select "record_id", "device_id" from "group_members" where "group_id" = ? and "group_members"."record_id" < ? order by "group_members"."record_id" desc limit ? offset ?
--   SEARCH group_members USING COVERING INDEX group_members_page (group_id=? AND record_id<?)

-- groups.listMembers
select "device_id", "node_id", "name", "product_id" from "devices" where "device_id" in (select value from json_each(?))
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:

-- groups.listMembers
select "record_id", "device_id" from "group_members" where "group_id" = ? and "group_members"."record_id" > ? order by "group_members"."record_id" desc limit ? offset ?
--   SEARCH group_members USING COVERING INDEX group_members_page (group_id=? AND record_id>?)

-- groups.listOf
select "devices".*, (select "apps"."name" from "apps" where "apps"."app_id" = "devices"."app_id") as "app_name", (select "products"."name" from "products" where "products"."app_id" = "devices"."app_id" and "products"."product_id" = "devices"."product_id") as "product_name", (select json_group_array(json_array("tag_key", "tag_value") order by "tag_key") as "tags" from "device_tags" where "device_tags"."device_id" = "devices"."device_id") as "tags" from "devices" where "devices"."device_id" = ? and "devices"."project_id" = ?
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH apps USING PRIMARY KEY (app_id=?)
--   CORRELATED SCALAR SUBQUERY 2
--   SEARCH products USING INDEX sqlite_autoindex_products_2 (app_id=? AND product_id=?)
--   CORRELATED SCALAR SUBQUERY 3
--   USE TEMP B-TREE FOR json_group_array(ORDER BY)
--   SEARCH device_tags USING PRIMARY KEY (device_id=?)

-- groups.listOf
SELECT m.device_id, g.* FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN group_members m ON m.device_id = r.id CROSS JOIN device_groups g ON g.group_id = m.group_id AND g.project_id = ?
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH m USING COVERING INDEX group_members_device (device_id=?)
--   SEARCH g USING PRIMARY KEY (group_id=?)

-- groups.listOf
select * from "device_groups" where "project_id" = ? and "rule" is not null
--   SEARCH device_groups USING INDEX device_groups_dynamic (project_id=?)

-- groups.addAll
select "rule", "app_id" from "device_groups" where "group_id" = ? and "project_id" = ?
--   SEARCH device_groups USING PRIMARY KEY (group_id=?)

-- groups.addAll
SELECT r.id FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r WHERE NOT EXISTS (SELECT 1 FROM devices d WHERE d.device_id = r.id AND (d.project_id || '') = ? AND (d.app_id || '') = ?) LIMIT 1
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   CORRELATED SCALAR SUBQUERY 2
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)

-- groups.addAll
INSERT INTO group_members (group_id, device_id, record_id) SELECT ?, d.device_id, r.record_id FROM (SELECT value ->> 0 AS device_id, value ->> 1 AS record_id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN devices d ON d.device_id = r.device_id AND (d.project_id || '') = ? WHERE true ON CONFLICT (group_id, device_id) DO NOTHING
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)

-- groups.removeAll
select "rule", "app_id" from "device_groups" where "group_id" = ? and "project_id" = ?
--   SEARCH device_groups USING PRIMARY KEY (group_id=?)

-- groups.removeAll
SELECT r.id FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r WHERE NOT EXISTS (SELECT 1 FROM devices d WHERE d.device_id = r.id AND (d.project_id || '') = ? AND (d.app_id || '') = ?) LIMIT 1
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   CORRELATED SCALAR SUBQUERY 2
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)

-- groups.removeAll
delete from "group_members" where "group_id" = ? and "device_id" in (select value from json_each(?))
--   SEARCH group_members USING PRIMARY KEY (group_id=? AND device_id=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:

-- groups.removeAll
update "device_groups" set "member_count" = member_count - ? where "group_id" = ?
--   SEARCH device_groups USING PRIMARY KEY (group_id=?)

-- groups.dissolve
select * from "device_groups" where "group_id" = ? and "project_id" = ?
--   SEARCH device_groups USING PRIMARY KEY (group_id=?)

-- groups.dissolve
delete from "group_members" where "group_id" = ?
--   SEARCH group_members USING COVERING INDEX group_members_page (group_id=?)

-- groups.dissolve
select "group_id" from "group_members" where "group_id" = ? limit ?
--   SEARCH group_members USING COVERING INDEX group_members_page (group_id=?)

-- groups.dissolve
select "group_id" from "device_groups" where "super_group_id" = ? limit ?
--   SEARCH device_groups USING COVERING INDEX device_groups_super (super_group_id=?)

-- groups.dissolve
delete from "device_groups" where "group_id" = ?
--   SEARCH device_groups USING PRIMARY KEY (group_id=?)
--   SEARCH group_members USING COVERING INDEX group_members_page (group_id=?)
--   SEARCH device_groups USING INDEX device_groups_super (super_group_id=?)

-- groups.delete
select * from "device_groups" where "group_id" = ? and "project_id" = ?
--   SEARCH device_groups USING PRIMARY KEY (group_id=?)

-- groups.delete
select "group_id" from "group_members" where "group_id" = ? limit ?
--   SEARCH group_members USING COVERING INDEX group_members_page (group_id=?)

-- groups.delete
select "group_id" from "device_groups" where "super_group_id" = ? limit ?
--   SEARCH device_groups USING COVERING INDEX device_groups_super (super_group_id=?)

-- groups.insert, a dynamic one
select * from "apps" where "app_id" = ? and "project_id" = ?
--   SEARCH apps USING PRIMARY KEY (app_id=?)

-- groups.insert, a dynamic one
SELECT g.group_id, g.rule FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN device_groups g ON g.group_id = r.id AND g.project_id = ? WHERE g.rule IS NOT NULL
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH g USING PRIMARY KEY (group_id=?)

-- groups.insert, a dynamic one
select count(*) as "count" from "device_groups" where "project_id" = ?
--   SEARCH device_groups USING COVERING INDEX device_groups_page (project_id=?)

-- groups.insert, a dynamic one
insert into "device_groups" ("record_id", "group_id", "project_id", "app_id", "name", "description", "super_group_id", "rule", "max_devices", "creator", "depth", "created_at", "modified_at") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- groups.listMembers, dynamic
select "rule", "app_id" from "device_groups" where "group_id" = ? and "project_id" = ?
--   SEARCH device_groups USING PRIMARY KEY (group_id=?)

-- groups.listMembers, dynamic
select t.record_id as record_id from device_tags t INDEXED BY device_tags_key where ((t.project_id = ? and t.tag_key = ? and t.tag_value = ?) and t.record_id < ?) order by t.record_id desc limit ? offset ?
--   SEARCH t USING COVERING INDEX device_tags_key (project_id=? AND tag_key=? AND tag_value=? AND record_id<?)

-- groups.listMembers, dynamic
select (select count(*) from (select 1 from device_tags t INDEXED BY device_tags_key where (t.project_id = ? and t.tag_key = ? and t.tag_value = ?) order by t.record_id limit ?) c) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   CO-ROUTINE c
--   SEARCH t USING COVERING INDEX device_tags_key (project_id=? AND tag_key=? AND tag_value=?)
--   SCAN c

-- groups.listMembers, dynamic
select (select count(*) from (select t.record_id as record_id from device_tags t INDEXED BY device_tags_key where ((t.project_id = ? and t.tag_key = ? and t.tag_value = ?))) m) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   SEARCH t USING COVERING INDEX device_tags_key (project_id=? AND tag_key=? AND tag_value=?)

-- groups.listMembers, dynamic
select "device_id", "node_id", "name", "product_id", "record_id" from "devices" where "project_id" = ? and "record_id" in (select value from json_each(?))
--   SEARCH devices USING INDEX devices_page (project_id=? AND record_id=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:

-- tags.bind
select "record_id" from "devices" where "device_id" = ? and "project_id" = ?
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)

-- tags.bind
INSERT INTO device_tags (device_id, record_id, project_id, tag_key, tag_value) SELECT device_id, record_id, project_id, tag_key, tag_value FROM (SELECT value ->> 0 AS device_id, value ->> 1 AS record_id, value ->> 2 AS project_id, value ->> 3 AS tag_key, value ->> 4 AS tag_value FROM jsonb_each(?) LIMIT -1) AS r WHERE true ON CONFLICT (device_id, tag_key) DO UPDATE SET tag_value = excluded.tag_value
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r

-- tags.bind
SELECT count(*) AS count FROM device_tags WHERE device_id = ?
--   SEARCH device_tags USING PRIMARY KEY (device_id=?)

-- tags.unbind
select "record_id" from "devices" where "device_id" = ? and "project_id" = ?
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)

-- tags.unbind
delete from "device_tags" where "device_id" = ? and "tag_key" in (select value from json_each(?))
--   SEARCH device_tags USING PRIMARY KEY (device_id=? AND tag_key=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:

-- search.find all
select d.record_id from devices d INDEXED BY devices_page where (d.project_id = ?) order by d.record_id desc limit ? offset ?
--   SEARCH d USING COVERING INDEX devices_page (project_id=?)

-- search.find all
select "devices".*, (select "apps"."name" from "apps" where "apps"."app_id" = "devices"."app_id") as "app_name", (select "products"."name" from "products" where "products"."app_id" = "devices"."app_id" and "products"."product_id" = "devices"."product_id") as "product_name", (select json_group_array(json_array("tag_key", "tag_value") order by "tag_key") as "tags" from "device_tags" where "device_tags"."device_id" = "devices"."device_id") as "tags" from "devices" where "devices"."project_id" = ? and "devices"."record_id" in (select value from json_each(?))
--   SEARCH devices USING INDEX devices_page (project_id=? AND record_id=?)
--   LIST SUBQUERY 4
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH apps USING PRIMARY KEY (app_id=?)
--   CORRELATED SCALAR SUBQUERY 2
--   SEARCH products USING INDEX sqlite_autoindex_products_2 (app_id=? AND product_id=?)
--   CORRELATED SCALAR SUBQUERY 3
--   USE TEMP B-TREE FOR json_group_array(ORDER BY)
--   SEARCH device_tags USING PRIMARY KEY (device_id=?)

-- search.find all
SELECT m.device_id, g.* FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN group_members m ON m.device_id = r.id CROSS JOIN device_groups g ON g.group_id = m.group_id AND g.project_id = ?
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH m USING COVERING INDEX group_members_device (device_id=?)
--   SEARCH g USING PRIMARY KEY (group_id=?)

-- search.find all
select * from "device_groups" where "project_id" = ? and "rule" is not null
--   SEARCH device_groups USING INDEX device_groups_dynamic (project_id=?)

-- search.count all
select ((select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'INACTIVE' as connectivity, 0 as frozen, inactive as devices from device_counts) d where (d.project_id = ?)) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'ONLINE' as connectivity, 0 as frozen, online as devices from device_counts) d where (d.project_id = ?)) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'OFFLINE' as connectivity, 0 as frozen, offline as devices from device_counts) d where (d.project_id = ?)) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'ABNORMAL' as connectivity, 0 as frozen, abnormal as devices from device_counts) d where (d.project_id = ?)) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, '' as connectivity, 1 as frozen, frozen as devices from device_counts) d where (d.project_id = ?))) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 4
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 6
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 8
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 10
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)

-- search.find device_id = 'd'
select record_id from (select d.record_id as record_id from devices d where ((d.device_id = ? and (d.project_id || '') = ?))) m order by (record_id || '') desc limit ? offset ?
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)

-- search.find device_id = 'd'
SELECT m.device_id, g.* FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN group_members m ON m.device_id = r.id CROSS JOIN device_groups g ON g.group_id = m.group_id AND g.project_id = ?
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH m USING COVERING INDEX group_members_device (device_id=?)
--   SEARCH g USING PRIMARY KEY (group_id=?)

-- search.find device_id = 'd'
select * from "device_groups" where "project_id" = ? and "rule" is not null
--   SEARCH device_groups USING INDEX device_groups_dynamic (project_id=?)

-- search.count device_id = 'd'
select (select count(*) from (select d.record_id as record_id from devices d where ((d.device_id = ? and (d.project_id || '') = ?))) m) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)

-- search.find product_id = 'p'
select ((select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'INACTIVE' as connectivity, 0 as frozen, inactive as devices from device_counts) d where (d.project_id = ? and (((d.product_id || '') = ?)))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'ONLINE' as connectivity, 0 as frozen, online as devices from device_counts) d where (d.project_id = ? and (((d.product_id || '') = ?)))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'OFFLINE' as connectivity, 0 as frozen, offline as devices from device_counts) d where (d.project_id = ? and (((d.product_id || '') = ?)))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'ABNORMAL' as connectivity, 0 as frozen, abnormal as devices from device_counts) d where (d.project_id = ? and (((d.product_id || '') = ?)))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, '' as connectivity, 1 as frozen, frozen as devices from device_counts) d where (d.project_id = ? and (((d.product_id || '') = ?))))) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 4
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 6
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 8
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 10
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)

-- search.find product_id = 'p'
SELECT m.device_id, g.* FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN group_members m ON m.device_id = r.id CROSS JOIN device_groups g ON g.group_id = m.group_id AND g.project_id = ?
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH m USING COVERING INDEX group_members_device (device_id=?)
--   SEARCH g USING PRIMARY KEY (group_id=?)

-- search.find product_id = 'p'
select * from "device_groups" where "project_id" = ? and "rule" is not null
--   SEARCH device_groups USING INDEX device_groups_dynamic (project_id=?)

-- search.count product_id = 'p'
select ((select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'INACTIVE' as connectivity, 0 as frozen, inactive as devices from device_counts) d where (d.project_id = ? and (((d.product_id || '') = ?)))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'ONLINE' as connectivity, 0 as frozen, online as devices from device_counts) d where (d.project_id = ? and (((d.product_id || '') = ?)))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'OFFLINE' as connectivity, 0 as frozen, offline as devices from device_counts) d where (d.project_id = ? and (((d.product_id || '') = ?)))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'ABNORMAL' as connectivity, 0 as frozen, abnormal as devices from device_counts) d where (d.project_id = ? and (((d.product_id || '') = ?)))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, '' as connectivity, 1 as frozen, frozen as devices from device_counts) d where (d.project_id = ? and (((d.product_id || '') = ?))))) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 4
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 6
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 8
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 10
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)

-- search.find status = 'ONLINE'
select ((select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'INACTIVE' as connectivity, 0 as frozen, inactive as devices from device_counts) d where (d.project_id = ? and (((d.frozen + 0 = 0 and (d.connectivity || '') in (?)))))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'ONLINE' as connectivity, 0 as frozen, online as devices from device_counts) d where (d.project_id = ? and (((d.frozen + 0 = 0 and (d.connectivity || '') in (?)))))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'OFFLINE' as connectivity, 0 as frozen, offline as devices from device_counts) d where (d.project_id = ? and (((d.frozen + 0 = 0 and (d.connectivity || '') in (?)))))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'ABNORMAL' as connectivity, 0 as frozen, abnormal as devices from device_counts) d where (d.project_id = ? and (((d.frozen + 0 = 0 and (d.connectivity || '') in (?)))))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, '' as connectivity, 1 as frozen, frozen as devices from device_counts) d where (d.project_id = ? and (((d.frozen + 0 = 0 and (d.connectivity || '') in (?))))))) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 4
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 6
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 8
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 10
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)

-- search.find status = 'ONLINE'
SELECT m.device_id, g.* FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN group_members m ON m.device_id = r.id CROSS JOIN device_groups g ON g.group_id = m.group_id AND g.project_id = ?
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH m USING COVERING INDEX group_members_device (device_id=?)
--   SEARCH g USING PRIMARY KEY (group_id=?)

-- search.find status = 'ONLINE'
select * from "device_groups" where "project_id" = ? and "rule" is not null
--   SEARCH device_groups USING INDEX device_groups_dynamic (project_id=?)

-- search.count status = 'ONLINE'
select ((select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'INACTIVE' as connectivity, 0 as frozen, inactive as devices from device_counts) d where (d.project_id = ? and (((d.frozen + 0 = 0 and (d.connectivity || '') in (?)))))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'ONLINE' as connectivity, 0 as frozen, online as devices from device_counts) d where (d.project_id = ? and (((d.frozen + 0 = 0 and (d.connectivity || '') in (?)))))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'OFFLINE' as connectivity, 0 as frozen, offline as devices from device_counts) d where (d.project_id = ? and (((d.frozen + 0 = 0 and (d.connectivity || '') in (?)))))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'ABNORMAL' as connectivity, 0 as frozen, abnormal as devices from device_counts) d where (d.project_id = ? and (((d.frozen + 0 = 0 and (d.connectivity || '') in (?)))))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, '' as connectivity, 1 as frozen, frozen as devices from device_counts) d where (d.project_id = ? and (((d.frozen + 0 = 0 and (d.connectivity || '') in (?))))))) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 4
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 6
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 8
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 10
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)

-- search.find node_id like 'abcd%'
select (select count(*) from (select 1 from devices d INDEXED BY devices_by_node where (d.project_id = ? and (d.node_id >= ? and d.node_id < ?)) order by d.node_id limit ?) c) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   CO-ROUTINE c
--   SEARCH d USING COVERING INDEX devices_by_node (project_id=? AND node_id>? AND node_id<?)
--   SCAN c

-- search.find node_id like 'abcd%'
select record_id from (select d.record_id as record_id from devices d INDEXED BY devices_by_node where ((d.project_id = ? and (d.node_id >= ? and d.node_id < ?)))) m order by (record_id || '') desc limit ? offset ?
--   SEARCH d USING COVERING INDEX devices_by_node (project_id=? AND node_id>? AND node_id<?)
--   USE TEMP B-TREE FOR ORDER BY

-- search.find node_id like 'abcd%'
SELECT m.device_id, g.* FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN group_members m ON m.device_id = r.id CROSS JOIN device_groups g ON g.group_id = m.group_id AND g.project_id = ?
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH m USING COVERING INDEX group_members_device (device_id=?)
--   SEARCH g USING PRIMARY KEY (group_id=?)

-- search.find node_id like 'abcd%'
select * from "device_groups" where "project_id" = ? and "rule" is not null
--   SEARCH device_groups USING INDEX device_groups_dynamic (project_id=?)

-- search.count node_id like 'abcd%'
select (select count(*) from (select 1 from devices d INDEXED BY devices_by_node where (d.project_id = ? and (d.node_id >= ? and d.node_id < ?)) order by d.node_id limit ?) c) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   CO-ROUTINE c
--   SEARCH d USING COVERING INDEX devices_by_node (project_id=? AND node_id>? AND node_id<?)
--   SCAN c

-- search.count node_id like 'abcd%'
select (select count(*) from (select d.record_id as record_id from devices d INDEXED BY devices_by_node where ((d.project_id = ? and (d.node_id >= ? and d.node_id < ?)))) m) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   SEARCH d USING COVERING INDEX devices_by_node (project_id=? AND node_id>? AND node_id<?)

-- search.find tag_key = 'k' and tag_value = 'v'
select t.record_id as record_id from device_tags t INDEXED BY device_tags_key where ((t.project_id = ? and t.tag_key = ? and t.tag_value = ?)) order by t.record_id desc limit ? offset ?
--   SEARCH t USING COVERING INDEX device_tags_key (project_id=? AND tag_key=? AND tag_value=?)

-- search.find tag_key = 'k' and tag_value = 'v'
SELECT m.device_id, g.* FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN group_members m ON m.device_id = r.id CROSS JOIN device_groups g ON g.group_id = m.group_id AND g.project_id = ?
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH m USING COVERING INDEX group_members_device (device_id=?)
--   SEARCH g USING PRIMARY KEY (group_id=?)

-- search.find tag_key = 'k' and tag_value = 'v'
select * from "device_groups" where "project_id" = ? and "rule" is not null
--   SEARCH device_groups USING INDEX device_groups_dynamic (project_id=?)

-- search.count tag_key = 'k' and tag_value = 'v'
select (select count(*) from (select 1 from device_tags t INDEXED BY device_tags_key where (t.project_id = ? and t.tag_key = ? and t.tag_value = ?) order by t.record_id limit ?) c) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   CO-ROUTINE c
--   SEARCH t USING COVERING INDEX device_tags_key (project_id=? AND tag_key=? AND tag_value=?)
--   SCAN c

-- search.count tag_key = 'k' and tag_value = 'v'
select (select count(*) from (select t.record_id as record_id from device_tags t INDEXED BY device_tags_key where ((t.project_id = ? and t.tag_key = ? and t.tag_value = ?))) m) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   SEARCH t USING COVERING INDEX device_tags_key (project_id=? AND tag_key=? AND tag_value=?)

-- search.find tag_value = 'v'
select distinct t.record_id as record_id from device_tags t INDEXED BY device_tags_value where ((t.project_id = ? and t.tag_value = ?)) order by t.record_id desc limit ? offset ?
--   SEARCH t USING COVERING INDEX device_tags_value (project_id=? AND tag_value=?)

-- search.find tag_value = 'v'
SELECT m.device_id, g.* FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN group_members m ON m.device_id = r.id CROSS JOIN device_groups g ON g.group_id = m.group_id AND g.project_id = ?
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH m USING COVERING INDEX group_members_device (device_id=?)
--   SEARCH g USING PRIMARY KEY (group_id=?)

-- search.find tag_value = 'v'
select * from "device_groups" where "project_id" = ? and "rule" is not null
--   SEARCH device_groups USING INDEX device_groups_dynamic (project_id=?)

-- search.count tag_value = 'v'
select (select count(*) from (select 1 from device_tags t INDEXED BY device_tags_value where (t.project_id = ? and t.tag_value = ?) order by t.record_id limit ?) c) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   CO-ROUTINE c
--   SEARCH t USING COVERING INDEX device_tags_value (project_id=? AND tag_value=?)
--   SCAN c

-- search.count tag_value = 'v'
select (select count(*) from (select distinct t.record_id as record_id from device_tags t INDEXED BY device_tags_value where ((t.project_id = ? and t.tag_value = ?))) m) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   CO-ROUTINE m
--   SEARCH t USING COVERING INDEX device_tags_value (project_id=? AND tag_value=?)
--   SCAN m

-- search.find group_id = 'g'
SELECT g.group_id, g.rule FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN device_groups g ON g.group_id = r.id AND g.project_id = ? WHERE g.rule IS NOT NULL
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH g USING PRIMARY KEY (group_id=?)

-- search.find group_id = 'g'
select (select count(*) from (select 1 from group_members m CROSS JOIN devices d on d.device_id = m.device_id where (m.group_id = ? and (d.project_id || '') = ?) order by m.device_id limit ?) c) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   CO-ROUTINE c
--   SEARCH m USING PRIMARY KEY (group_id=?)
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   SCAN c

-- search.find group_id = 'g'
select record_id from (select d.record_id as record_id from group_members m CROSS JOIN devices d on d.device_id = m.device_id where ((m.group_id = ? and (d.project_id || '') = ?))) m order by (record_id || '') desc limit ? offset ?
--   SEARCH m USING COVERING INDEX group_members_page (group_id=?)
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   USE TEMP B-TREE FOR ORDER BY

-- search.find group_id = 'g'
SELECT m.device_id, g.* FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN group_members m ON m.device_id = r.id CROSS JOIN device_groups g ON g.group_id = m.group_id AND g.project_id = ?
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH m USING COVERING INDEX group_members_device (device_id=?)
--   SEARCH g USING PRIMARY KEY (group_id=?)

-- search.find group_id = 'g'
select * from "device_groups" where "project_id" = ? and "rule" is not null
--   SEARCH device_groups USING INDEX device_groups_dynamic (project_id=?)

-- search.count group_id = 'g'
SELECT g.group_id, g.rule FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN device_groups g ON g.group_id = r.id AND g.project_id = ? WHERE g.rule IS NOT NULL
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH g USING PRIMARY KEY (group_id=?)

-- search.count group_id = 'g'
select (select count(*) from (select 1 from group_members m CROSS JOIN devices d on d.device_id = m.device_id where (m.group_id = ? and (d.project_id || '') = ?) order by m.device_id limit ?) c) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   CO-ROUTINE c
--   SEARCH m USING PRIMARY KEY (group_id=?)
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   SCAN c

-- search.count group_id = 'g'
select (select count(*) from (select d.record_id as record_id from group_members m CROSS JOIN devices d on d.device_id = m.device_id where ((m.group_id = ? and (d.project_id || '') = ?))) m) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   SEARCH m USING COVERING INDEX group_members_page (group_id=?)
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)

-- search.find gateway_id = 'g'
select (select count(*) from (select 1 from devices d where (d.device_id = ? and (d.project_id || '') = ? and d.parent_id is null) order by d.device_id limit ?) c) + (select count(*) from (select 1 from devices d INDEXED BY devices_parent where (d.project_id = ? and d.parent_id is not null and d.parent_id = ?) order by d.parent_id limit ?) c) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   CO-ROUTINE c
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   SCAN c
--   SCALAR SUBQUERY 4
--   CO-ROUTINE c
--   SEARCH d USING COVERING INDEX devices_parent (project_id=? AND parent_id=?)
--   SCAN c

-- search.find gateway_id = 'g'
select record_id from (select d.record_id as record_id from devices d where ((d.device_id = ? and (d.project_id || '') = ? and d.parent_id is null)) union all select d.record_id as record_id from devices d INDEXED BY devices_parent where ((d.project_id = ? and d.parent_id is not null and d.parent_id = ?))) m order by (record_id || '') desc limit ? offset ?
--   CO-ROUTINE m
--   COMPOUND QUERY
--   LEFT-MOST SUBQUERY
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   UNION ALL
--   SEARCH d USING COVERING INDEX devices_parent (project_id=? AND parent_id=?)
--   SCAN m
--   USE TEMP B-TREE FOR ORDER BY

-- search.find gateway_id = 'g'
SELECT m.device_id, g.* FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN group_members m ON m.device_id = r.id CROSS JOIN device_groups g ON g.group_id = m.group_id AND g.project_id = ?
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH m USING COVERING INDEX group_members_device (device_id=?)
--   SEARCH g USING PRIMARY KEY (group_id=?)

-- search.find gateway_id = 'g'
select * from "device_groups" where "project_id" = ? and "rule" is not null
--   SEARCH device_groups USING INDEX device_groups_dynamic (project_id=?)

-- search.count gateway_id = 'g'
select (select count(*) from (select 1 from devices d where (d.device_id = ? and (d.project_id || '') = ? and d.parent_id is null) order by d.device_id limit ?) c) + (select count(*) from (select 1 from devices d INDEXED BY devices_parent where (d.project_id = ? and d.parent_id is not null and d.parent_id = ?) order by d.parent_id limit ?) c) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   CO-ROUTINE c
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   SCAN c
--   SCALAR SUBQUERY 4
--   CO-ROUTINE c
--   SEARCH d USING COVERING INDEX devices_parent (project_id=? AND parent_id=?)
--   SCAN c

-- search.count gateway_id = 'g'
select (select count(*) from (select d.record_id as record_id from devices d where ((d.device_id = ? and (d.project_id || '') = ? and d.parent_id is null)) union all select d.record_id as record_id from devices d INDEXED BY devices_parent where ((d.project_id = ? and d.parent_id is not null and d.parent_id = ?))) m) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 3
--   CO-ROUTINE m
--   COMPOUND QUERY
--   LEFT-MOST SUBQUERY
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   UNION ALL
--   SEARCH d USING COVERING INDEX devices_parent (project_id=? AND parent_id=?)
--   SCAN m

-- search.find fw_version = '1' and status = 'FROZEN'
select (select count(*) from (select 1 from devices d INDEXED BY devices_by_fw where (d.project_id = ? and d.fw_version = ?) order by d.record_id limit ?) c) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   CO-ROUTINE c
--   SEARCH d USING COVERING INDEX devices_by_fw (project_id=? AND fw_version=?)
--   SCAN c

-- search.find fw_version = '1' and status = 'FROZEN'
select (select count(*) from (select 1 from devices d INDEXED BY devices_by_status where (d.project_id = ? and d.frozen = ? and d.connectivity = ?) order by d.record_id limit ?) c) + (select count(*) from (select 1 from devices d INDEXED BY devices_by_status where (d.project_id = ? and d.frozen = ? and d.connectivity = ?) order by d.record_id limit ?) c) + (select count(*) from (select 1 from devices d INDEXED BY devices_by_status where (d.project_id = ? and d.frozen = ? and d.connectivity = ?) order by d.record_id limit ?) c) + (select count(*) from (select 1 from devices d INDEXED BY devices_by_status where (d.project_id = ? and d.frozen = ? and d.connectivity = ?) order by d.record_id limit ?) c) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   CO-ROUTINE c
--   SEARCH d USING COVERING INDEX devices_by_status (project_id=? AND frozen=? AND connectivity=?)
--   SCAN c
--   SCALAR SUBQUERY 4
--   CO-ROUTINE c
--   SEARCH d USING COVERING INDEX devices_by_status (project_id=? AND frozen=? AND connectivity=?)
--   SCAN c
--   SCALAR SUBQUERY 6
--   CO-ROUTINE c
--   SEARCH d USING COVERING INDEX devices_by_status (project_id=? AND frozen=? AND connectivity=?)
--   SCAN c
--   SCALAR SUBQUERY 8
--   CO-ROUTINE c
--   SEARCH d USING COVERING INDEX devices_by_status (project_id=? AND frozen=? AND connectivity=?)
--   SCAN c

-- search.find fw_version = '1' and status = 'FROZEN'
select d.record_id as record_id from devices d INDEXED BY devices_by_fw where ((d.project_id = ? and d.fw_version = ?) and (d.frozen + 0 = 1)) order by d.record_id desc limit ? offset ?
--   SEARCH d USING INDEX devices_by_fw (project_id=? AND fw_version=?)

-- search.find fw_version = '1' and status = 'FROZEN'
SELECT m.device_id, g.* FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN group_members m ON m.device_id = r.id CROSS JOIN device_groups g ON g.group_id = m.group_id AND g.project_id = ?
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH m USING COVERING INDEX group_members_device (device_id=?)
--   SEARCH g USING PRIMARY KEY (group_id=?)

-- search.find fw_version = '1' and status = 'FROZEN'
select * from "device_groups" where "project_id" = ? and "rule" is not null
--   SEARCH device_groups USING INDEX device_groups_dynamic (project_id=?)

-- search.count fw_version = '1' and status = 'FROZEN'
select ((select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'INACTIVE' as connectivity, 0 as frozen, inactive as devices from device_counts) d where (d.project_id = ? and (((d.fw_version || '') = ? and d.frozen + 0 = 1)))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'ONLINE' as connectivity, 0 as frozen, online as devices from device_counts) d where (d.project_id = ? and (((d.fw_version || '') = ? and d.frozen + 0 = 1)))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'OFFLINE' as connectivity, 0 as frozen, offline as devices from device_counts) d where (d.project_id = ? and (((d.fw_version || '') = ? and d.frozen + 0 = 1)))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'ABNORMAL' as connectivity, 0 as frozen, abnormal as devices from device_counts) d where (d.project_id = ? and (((d.fw_version || '') = ? and d.frozen + 0 = 1)))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, '' as connectivity, 1 as frozen, frozen as devices from device_counts) d where (d.project_id = ? and (((d.fw_version || '') = ? and d.frozen + 0 = 1))))) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 4
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 6
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 8
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 10
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)

-- search.find create_time > '2026-01-01T00:00:00.000Z' and create_time < '2026-02-01T00:00:00.000Z'
select (select count(*) from (select 1 from devices d INDEXED BY devices_by_creation where (d.project_id = ? and (d.created_at > ? and d.created_at < ?)) order by d.created_at limit ?) c) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   CO-ROUTINE c
--   SEARCH d USING COVERING INDEX devices_by_creation (project_id=? AND created_at>? AND created_at<?)
--   SCAN c

-- search.find create_time > '2026-01-01T00:00:00.000Z' and create_time < '2026-02-01T00:00:00.000Z'
select record_id from (select d.record_id as record_id from devices d INDEXED BY devices_by_creation where ((d.project_id = ? and (d.created_at > ? and d.created_at < ?)))) m order by (record_id || '') desc limit ? offset ?
--   SEARCH d USING COVERING INDEX devices_by_creation (project_id=? AND created_at>? AND created_at<?)
--   USE TEMP B-TREE FOR ORDER BY

-- search.find create_time > '2026-01-01T00:00:00.000Z' and create_time < '2026-02-01T00:00:00.000Z'
SELECT m.device_id, g.* FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN group_members m ON m.device_id = r.id CROSS JOIN device_groups g ON g.group_id = m.group_id AND g.project_id = ?
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH m USING COVERING INDEX group_members_device (device_id=?)
--   SEARCH g USING PRIMARY KEY (group_id=?)

-- search.find create_time > '2026-01-01T00:00:00.000Z' and create_time < '2026-02-01T00:00:00.000Z'
select * from "device_groups" where "project_id" = ? and "rule" is not null
--   SEARCH device_groups USING INDEX device_groups_dynamic (project_id=?)

-- search.count create_time > '2026-01-01T00:00:00.000Z' and create_time < '2026-02-01T00:00:00.000Z'
select (select count(*) from (select 1 from devices d INDEXED BY devices_by_creation where (d.project_id = ? and (d.created_at > ? and d.created_at < ?)) order by d.created_at limit ?) c) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   CO-ROUTINE c
--   SEARCH d USING COVERING INDEX devices_by_creation (project_id=? AND created_at>? AND created_at<?)
--   SCAN c

-- search.count create_time > '2026-01-01T00:00:00.000Z' and create_time < '2026-02-01T00:00:00.000Z'
select (select count(*) from (select d.record_id as record_id from devices d INDEXED BY devices_by_creation where ((d.project_id = ? and (d.created_at > ? and d.created_at < ?)))) m) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   SEARCH d USING COVERING INDEX devices_by_creation (project_id=? AND created_at>? AND created_at<?)

-- search.find product_id = 'p' and marker < 'ff' or node_id = 'n'
select (select count(*) from (select 1 from devices d INDEXED BY devices_by_product where (d.project_id = ? and d.product_id = ?) order by d.record_id limit ?) c) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   CO-ROUTINE c
--   SEARCH d USING COVERING INDEX devices_by_product (project_id=? AND product_id=?)
--   SCAN c

-- search.find product_id = 'p' and marker < 'ff' or node_id = 'n'
select (select count(*) from (select 1 from devices d INDEXED BY devices_by_node where (d.project_id = ? and d.node_id = ?) order by d.record_id limit ?) c) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   CO-ROUTINE c
--   SEARCH d USING COVERING INDEX devices_by_node (project_id=? AND node_id=?)
--   SCAN c

-- search.find product_id = 'p' and marker < 'ff' or node_id = 'n'
select record_id from (select d.record_id as record_id from devices d INDEXED BY devices_by_product where ((d.project_id = ? and d.product_id = ?) and ((d.record_id || '') < ?)) union select d.record_id as record_id from devices d INDEXED BY devices_by_node where ((d.project_id = ? and d.node_id = ?))) m order by (record_id || '') desc limit ? offset ?
--   CO-ROUTINE m
--   MERGE (UNION)
--   LEFT
--   SEARCH d USING COVERING INDEX devices_by_product (project_id=? AND product_id=?)
--   RIGHT
--   SEARCH d USING COVERING INDEX devices_by_node (project_id=? AND node_id=?)
--   SCAN m
--   USE TEMP B-TREE FOR ORDER BY

-- search.find product_id = 'p' and marker < 'ff' or node_id = 'n'
SELECT m.device_id, g.* FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN group_members m ON m.device_id = r.id CROSS JOIN device_groups g ON g.group_id = m.group_id AND g.project_id = ?
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH m USING COVERING INDEX group_members_device (device_id=?)
--   SEARCH g USING PRIMARY KEY (group_id=?)

-- search.find product_id = 'p' and marker < 'ff' or node_id = 'n'
select * from "device_groups" where "project_id" = ? and "rule" is not null
--   SEARCH device_groups USING INDEX device_groups_dynamic (project_id=?)

-- search.count product_id = 'p' and marker < 'ff' or node_id = 'n'
select (select count(*) from (select 1 from devices d INDEXED BY devices_by_product where (d.project_id = ? and d.product_id = ?) order by d.record_id limit ?) c) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   CO-ROUTINE c
--   SEARCH d USING COVERING INDEX devices_by_product (project_id=? AND product_id=?)
--   SCAN c

-- search.count product_id = 'p' and marker < 'ff' or node_id = 'n'
select (select count(*) from (select 1 from devices d INDEXED BY devices_by_node where (d.project_id = ? and d.node_id = ?) order by d.record_id limit ?) c) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   CO-ROUTINE c
--   SEARCH d USING COVERING INDEX devices_by_node (project_id=? AND node_id=?)
--   SCAN c

-- search.count product_id = 'p' and marker < 'ff' or node_id = 'n'
select (select count(*) from (select d.record_id as record_id from devices d INDEXED BY devices_by_product where ((d.project_id = ? and d.product_id = ?) and ((d.record_id || '') < ?)) union select d.record_id as record_id from devices d INDEXED BY devices_by_node where ((d.project_id = ? and d.node_id = ?))) m) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 3
--   CO-ROUTINE m
--   MERGE (UNION)
--   LEFT
--   SEARCH d USING COVERING INDEX devices_by_product (project_id=? AND product_id=?)
--   RIGHT
--   SEARCH d USING COVERING INDEX devices_by_node (project_id=? AND node_id=?)
--   SCAN m

-- search.find fw_version != '1'
select ((select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'INACTIVE' as connectivity, 0 as frozen, inactive as devices from device_counts) d where (d.project_id = ? and ((((d.fw_version || '') is null or not (d.fw_version || '') = ?))))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'ONLINE' as connectivity, 0 as frozen, online as devices from device_counts) d where (d.project_id = ? and ((((d.fw_version || '') is null or not (d.fw_version || '') = ?))))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'OFFLINE' as connectivity, 0 as frozen, offline as devices from device_counts) d where (d.project_id = ? and ((((d.fw_version || '') is null or not (d.fw_version || '') = ?))))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'ABNORMAL' as connectivity, 0 as frozen, abnormal as devices from device_counts) d where (d.project_id = ? and ((((d.fw_version || '') is null or not (d.fw_version || '') = ?))))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, '' as connectivity, 1 as frozen, frozen as devices from device_counts) d where (d.project_id = ? and ((((d.fw_version || '') is null or not (d.fw_version || '') = ?)))))) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 4
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 6
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 8
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 10
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)

-- search.find fw_version != '1'
select d.record_id from devices d INDEXED BY devices_page where (d.project_id = ? and ((((d.fw_version || '') is null or not (d.fw_version || '') = ?)))) order by d.record_id desc limit ? offset ?
--   SEARCH d USING INDEX devices_page (project_id=?)

-- search.find fw_version != '1'
select "devices".*, (select "apps"."name" from "apps" where "apps"."app_id" = "devices"."app_id") as "app_name", (select "products"."name" from "products" where "products"."app_id" = "devices"."app_id" and "products"."product_id" = "devices"."product_id") as "product_name", (select json_group_array(json_array("tag_key", "tag_value") order by "tag_key") as "tags" from "device_tags" where "device_tags"."device_id" = "devices"."device_id") as "tags" from "devices" where "devices"."project_id" = ? and "devices"."record_id" in (select value from json_each(?))
--   SEARCH devices USING INDEX devices_page (project_id=? AND record_id=?)
--   LIST SUBQUERY 4
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH apps USING PRIMARY KEY (app_id=?)
--   CORRELATED SCALAR SUBQUERY 2
--   SEARCH products USING INDEX sqlite_autoindex_products_2 (app_id=? AND product_id=?)
--   CORRELATED SCALAR SUBQUERY 3
--   USE TEMP B-TREE FOR json_group_array(ORDER BY)
--   SEARCH device_tags USING PRIMARY KEY (device_id=?)

-- search.find fw_version != '1'
SELECT m.device_id, g.* FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN group_members m ON m.device_id = r.id CROSS JOIN device_groups g ON g.group_id = m.group_id AND g.project_id = ?
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH m USING COVERING INDEX group_members_device (device_id=?)
--   SEARCH g USING PRIMARY KEY (group_id=?)

-- search.find fw_version != '1'
select * from "device_groups" where "project_id" = ? and "rule" is not null
--   SEARCH device_groups USING INDEX device_groups_dynamic (project_id=?)

-- search.count fw_version != '1'
select ((select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'INACTIVE' as connectivity, 0 as frozen, inactive as devices from device_counts) d where (d.project_id = ? and ((((d.fw_version || '') is null or not (d.fw_version || '') = ?))))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'ONLINE' as connectivity, 0 as frozen, online as devices from device_counts) d where (d.project_id = ? and ((((d.fw_version || '') is null or not (d.fw_version || '') = ?))))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'OFFLINE' as connectivity, 0 as frozen, offline as devices from device_counts) d where (d.project_id = ? and ((((d.fw_version || '') is null or not (d.fw_version || '') = ?))))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, 'ABNORMAL' as connectivity, 0 as frozen, abnormal as devices from device_counts) d where (d.project_id = ? and ((((d.fw_version || '') is null or not (d.fw_version || '') = ?))))) + (select coalesce(sum(d.devices), 0) from (select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version, nullif(sw_version, '') as sw_version, '' as connectivity, 1 as frozen, frozen as devices from device_counts) d where (d.project_id = ? and ((((d.fw_version || '') is null or not (d.fw_version || '') = ?)))))) as count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 2
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 4
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 6
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 8
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)
--   SCALAR SUBQUERY 10
--   SEARCH device_counts USING PRIMARY KEY (project_id=?)

-- packages.insertFile
insert into "package_files" ("file_id", "project_id", "file_name", "size", "sha256", "uploaded_at", "state") values (?, ?, ?, ?, ?, ?, ?)

-- packages.keepFile
update "package_files" set "size" = ?, "sha256" = ?, "uploaded_at" = ?, "state" = ? where "file_id" = ? and "state" = ?
--   SEARCH package_files USING PRIMARY KEY (file_id=?)

-- packages.dropFile
update "package_files" set "state" = ? where "file_id" = ? and "package_id" is null
--   SEARCH package_files USING PRIMARY KEY (file_id=?)

-- packages.dropStaleFiles
UPDATE package_files SET state = 'dropped' WHERE package_id IS NULL AND file_id IN (SELECT file_id FROM package_files WHERE package_id IS NULL AND (state = 'dropped' OR uploaded_at < ?) ORDER BY uploaded_at LIMIT ?) RETURNING file_id
--   SEARCH package_files USING INDEX sqlite_autoindex_package_files_2 (package_id=? AND file_id=?)
--   LIST SUBQUERY 1
--   SEARCH package_files USING INDEX sqlite_autoindex_package_files_2 (package_id=?)
--   USE TEMP B-TREE FOR ORDER BY

-- packages.forgetFiles
delete from "package_files" where "state" = ? and "file_id" in (?)
--   SEARCH package_files USING PRIMARY KEY (file_id=?)

-- packages.insert
select "products".*, "apps"."name" as "app_name" from "products" left join "apps" on "apps"."app_id" = "products"."app_id" where "products"."project_id" = ? and "products"."product_id" = ? and "products"."app_id" = ? order by "apps"."is_default" desc, "products"."record_id" limit ?
--   SEARCH products USING INDEX sqlite_autoindex_products_2 (app_id=? AND product_id=?)
--   SEARCH apps USING PRIMARY KEY (app_id=?) LEFT-JOIN

-- packages.insert
insert into "packages" ("record_id", "package_id", "project_id", "app_id", "product_id", "type", "module_name", "version", "fields", "created_at") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- packages.insert
select "packages".*, "products"."name" as "product_name", "device_type", "model", "manufacturer_name", "manufacturer_id", "protocol_type", "file_id", "file_name", "size", "sha256", "uploaded_at" from "packages" left join "products" on "products"."app_id" = "packages"."app_id" and "products"."product_id" = "packages"."product_id" left join "package_files" on "package_files"."package_id" = "packages"."package_id" inner join "product_traits" on "product_traits"."app_id" = "packages"."app_id" and "product_traits"."product_id" = "packages"."product_id" where "packages"."project_id" = ? and "packages"."package_id" = ?
--   SEARCH packages USING PRIMARY KEY (package_id=?)
--   SEARCH products USING INDEX sqlite_autoindex_products_2 (app_id=? AND product_id=?) LEFT-JOIN
--   SEARCH product_traits USING INDEX sqlite_autoindex_product_traits_1 (app_id=? AND product_id=?)
--   SEARCH package_files USING INDEX sqlite_autoindex_package_files_2 (package_id=?) LEFT-JOIN

-- packages.list
select count(*) as "count" from "packages" left join "products" on "products"."app_id" = "packages"."app_id" and "products"."product_id" = "packages"."product_id" left join "package_files" on "package_files"."package_id" = "packages"."package_id" inner join "product_traits" on "product_traits"."app_id" = "packages"."app_id" and "product_traits"."product_id" = "packages"."product_id" where "packages"."project_id" = ? and "packages"."type" = ?
--   SEARCH packages USING INDEX packages_page (project_id=? AND type=?)
--   SEARCH products USING COVERING INDEX sqlite_autoindex_products_2 (app_id=? AND product_id=?) LEFT-JOIN
--   SEARCH product_traits USING COVERING INDEX sqlite_autoindex_product_traits_1 (app_id=? AND product_id=?)
--   SEARCH package_files USING COVERING INDEX sqlite_autoindex_package_files_2 (package_id=?) LEFT-JOIN

-- packages.list
select "packages".*, "products"."name" as "product_name", "device_type", "model", "manufacturer_name", "manufacturer_id", "protocol_type", "file_id", "file_name", "size", "sha256", "uploaded_at" from "packages" left join "products" on "products"."app_id" = "packages"."app_id" and "products"."product_id" = "packages"."product_id" left join "package_files" on "package_files"."package_id" = "packages"."package_id" inner join "product_traits" on "product_traits"."app_id" = "packages"."app_id" and "product_traits"."product_id" = "packages"."product_id" where "packages"."project_id" = ? and "packages"."type" = ? and "packages"."record_id" < ? order by "packages"."record_id" asc limit ? offset ?
--   SEARCH packages USING INDEX packages_page (project_id=? AND type=? AND record_id<?)
--   SEARCH products USING INDEX sqlite_autoindex_products_2 (app_id=? AND product_id=?) LEFT-JOIN
--   SEARCH product_traits USING INDEX sqlite_autoindex_product_traits_1 (app_id=? AND product_id=?)
--   SEARCH package_files USING INDEX sqlite_autoindex_package_files_2 (package_id=?) LEFT-JOIN

-- packages.find
select "packages".*, "products"."name" as "product_name", "device_type", "model", "manufacturer_name", "manufacturer_id", "protocol_type", "file_id", "file_name", "size", "sha256", "uploaded_at" from "packages" left join "products" on "products"."app_id" = "packages"."app_id" and "products"."product_id" = "packages"."product_id" left join "package_files" on "package_files"."package_id" = "packages"."package_id" inner join "product_traits" on "product_traits"."app_id" = "packages"."app_id" and "product_traits"."product_id" = "packages"."product_id" where "packages"."project_id" = ? and "packages"."package_id" = ?
--   SEARCH packages USING PRIMARY KEY (package_id=?)
--   SEARCH products USING INDEX sqlite_autoindex_products_2 (app_id=? AND product_id=?) LEFT-JOIN
--   SEARCH product_traits USING INDEX sqlite_autoindex_product_traits_1 (app_id=? AND product_id=?)
--   SEARCH package_files USING INDEX sqlite_autoindex_package_files_2 (package_id=?) LEFT-JOIN

-- packages.delete
select "package_id" from "packages" where "package_id" = ? and "project_id" = ?
--   SEARCH packages USING PRIMARY KEY (package_id=?)

-- packages.delete
select "packages".*, "products"."name" as "product_name", "device_type", "model", "manufacturer_name", "manufacturer_id", "protocol_type", "file_id", "file_name", "size", "sha256", "uploaded_at" from "packages" left join "products" on "products"."app_id" = "packages"."app_id" and "products"."product_id" = "packages"."product_id" left join "package_files" on "package_files"."package_id" = "packages"."package_id" inner join "product_traits" on "product_traits"."app_id" = "packages"."app_id" and "product_traits"."product_id" = "packages"."product_id" where "packages"."project_id" = ? and "packages"."package_id" = ?
--   SEARCH packages USING PRIMARY KEY (package_id=?)
--   SEARCH products USING INDEX sqlite_autoindex_products_2 (app_id=? AND product_id=?) LEFT-JOIN
--   SEARCH product_traits USING INDEX sqlite_autoindex_product_traits_1 (app_id=? AND product_id=?)
--   SEARCH package_files USING INDEX sqlite_autoindex_package_files_2 (package_id=?) LEFT-JOIN

-- packages.delete
select "task_no" from "tasks" where "package_id" = ? and status in ('Initializing', 'Waitting', 'Processing', 'Stopping') limit ?
--   SEARCH tasks USING INDEX tasks_package (package_id=?)

-- packages.delete
update "package_files" set "package_id" = ?, "state" = ? where "package_id" = ?
--   SEARCH package_files USING COVERING INDEX sqlite_autoindex_package_files_2 (package_id=?)

-- packages.delete
delete from "packages" where "package_id" = ? and "project_id" = ?
--   SEARCH packages USING PRIMARY KEY (package_id=?)
--   SEARCH package_files USING COVERING INDEX sqlite_autoindex_package_files_2 (package_id=?)

-- messages.list
select * from "messages" where "device_id" = ? and messages.status = 'PENDING' order by "record_id" desc limit ?
--   SEARCH messages USING INDEX messages_pending (device_id=?)

-- messages.list
select * from "messages" where "device_id" = ? and "finished_at" is not null order by "record_id" desc limit ?
--   SEARCH messages USING INDEX messages_ended (device_id=?)

-- messages.listPending
select "messages".*, "root_id" from "messages" inner join "devices" on "devices"."device_id" = "messages"."device_id" where "messages"."device_id" = ? and messages.status = 'PENDING' and "messages"."record_id" > ? order by "messages"."record_id" limit ?
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   SEARCH messages USING INDEX messages_pending (device_id=? AND record_id>?)

-- messages.withdraw
update "messages" set "status" = ?, "error_code" = ?, "error_message" = ?, "finished_at" = ? where "device_id" = ? and "message_id" = ? and "status" = ? returning *
--   SEARCH messages USING INDEX sqlite_autoindex_messages_1 (device_id=? AND message_id=?)

-- messages.withdraw
select distinct "project_id" from "devices" where "device_id" in (select value from json_each(?))
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   USE TEMP B-TREE FOR DISTINCT

-- messages.withdraw
select "rule_actions"."record_id", rule_actions.action_id as "action_id", "rules"."project_id", "rules"."app_id", "rules"."select_sql", "rules"."where_sql", "rule_actions"."queue_id", NULL as "subscription_id", NULL as "notify_type", NULL as "url" from "rules" inner join "rule_actions" on "rule_actions"."rule_id" = "rules"."rule_id" where "rules"."project_id" in (select value from json_each(?)) and "rules"."resource" = ? and "rules"."event" = ? and rules.active = 1 union all select "record_id", NULL as "action_id", "project_id", "app_id", NULL as "select_sql", NULL as "where_sql", NULL as "queue_id", "subscription_id", "notify_type", "url" from "legacy_subscriptions" where "project_id" in (select value from json_each(?)) and "notify_type" in (select value from json_each(?)) order by "record_id"
--   MERGE (UNION ALL)
--   LEFT
--   SEARCH rules USING INDEX rules_subject (project_id=? AND resource=? AND event=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   SEARCH rule_actions USING INDEX rule_actions_rule (rule_id=?)
--   USE TEMP B-TREE FOR ORDER BY
--   RIGHT
--   SEARCH legacy_subscriptions USING INDEX legacy_subscriptions_wanted (project_id=? AND notify_type=?)
--   LIST SUBQUERY 3
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   LIST SUBQUERY 4
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   USE TEMP B-TREE FOR ORDER BY

-- messages.expire
UPDATE messages SET status = 'TIMEOUT', finished_at = ?, error_code = coalesce(error_code, ?), error_message = coalesce(error_message, ?) WHERE (device_id, message_id) IN (SELECT device_id, message_id FROM messages WHERE status = 'PENDING' AND task_no IS NULL AND expires_at <= ? ORDER BY expires_at LIMIT ?) RETURNING device_id, message_id
--   SEARCH messages USING COVERING INDEX sqlite_autoindex_messages_1 (device_id=? AND message_id=?)
--   LIST SUBQUERY 2
--   SEARCH messages USING INDEX messages_expiry (expires_at<?)

-- messages.purge
DELETE FROM messages WHERE (device_id, message_id) IN (SELECT device_id, message_id FROM messages WHERE finished_at IS NOT NULL AND finished_at < ? ORDER BY finished_at LIMIT ?)
--   SEARCH messages USING COVERING INDEX sqlite_autoindex_messages_1 (device_id=? AND message_id=?)
--   LIST SUBQUERY 2
--   SEARCH messages USING INDEX messages_finished (finished_at>? AND finished_at<?)

-- commands insert
SELECT d.device_id, d.app_id, d.root_id, d.frozen, d.connectivity, e.node, e.epoch FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN devices d ON d.device_id = r.id LEFT JOIN sessions e ON e.device_id = d.root_id AND e.ended_at IS NULL WHERE (d.project_id || '') = ? ORDER BY d.device_id
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   SEARCH e USING PRIMARY KEY (device_id=?) LEFT-JOIN
--   USE TEMP B-TREE FOR ORDER BY

-- commands insert
SELECT r.device_id, (SELECT count(*) FROM commands p WHERE p.device_id = r.device_id AND p.status = 'PENDING' AND p.due_at IS NOT NULL) AS pending FROM (SELECT value ->> 0 AS device_id FROM jsonb_each(?) LIMIT -1) AS r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH p USING INDEX commands_queue (device_id=? AND status=?)

-- commands insert
INSERT INTO commands (command_id, device_id, record_id, request, command_name, strategy, status, created_at, expires_at, due_at, sent_at, task_no, seq, attempt, app_id, retransmits, issued, calls_back) SELECT r.command_id, r.device_id, r.record_id, t.text, r.command_name, r.strategy, r.status, r.created_at, r.expires_at, r.due_at, r.sent_at, r.task_no, r.seq, r.attempt, r.app_id, r.retransmits, r.issued, r.calls_back FROM (SELECT value ->> 0 AS command_id, value ->> 1 AS device_id, value ->> 2 AS record_id, value ->> 3 AS request, value ->> 4 AS command_name, value ->> 5 AS strategy, value ->> 6 AS status, value ->> 7 AS created_at, value ->> 8 AS expires_at, value ->> 9 AS due_at, value ->> 10 AS sent_at, value ->> 11 AS task_no, value ->> 12 AS seq, value ->> 13 AS attempt, value ->> 14 AS app_id, value ->> 15 AS retransmits, value ->> 16 AS issued, value ->> 17 AS calls_back FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN (SELECT value ->> 0 AS no, value ->> 1 AS text FROM jsonb_each(?) LIMIT -1) AS t ON t.no = r.request
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   MATERIALIZE t
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   BLOOM FILTER ON t (no=?)
--   SEARCH t USING AUTOMATIC COVERING INDEX (no=?)

-- commands insert
SELECT c.command_id, c.device_id, c.calls_back, c.request FROM (SELECT value ->> 0 AS device_id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN commands c ON c.command_id = (SELECT p.command_id FROM commands p WHERE p.device_id = r.device_id AND p.status = 'PENDING' AND p.due_at IS NOT NULL AND p.expires_at > ? ORDER BY p.record_id LIMIT 1) WHERE NOT EXISTS (SELECT 1 FROM commands o WHERE o.device_id = r.device_id AND o.status IN ('SENT', 'DELIVERED') AND o.due_at IS NOT NULL AND o.strategy = 'delay')
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   CORRELATED SCALAR SUBQUERY 3
--   SEARCH o USING INDEX commands_queue (device_id=? AND status=?)
--   SEARCH c USING INDEX sqlite_autoindex_commands_1 (command_id=?)
--   CORRELATED SCALAR SUBQUERY 2
--   SEARCH p USING INDEX commands_queue (device_id=? AND status=?)

-- commands insert
UPDATE commands SET status = 'SENT', sent_at = ?, due_at = ?, issued = commands.issued + 1 FROM (SELECT value ->> 0 AS command_id FROM jsonb_each(?) LIMIT -1) AS r WHERE commands.command_id = r.command_id
--   MATERIALIZE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH commands USING INDEX sqlite_autoindex_commands_1 (command_id=?)

-- commands insert
select distinct "project_id" from "devices" where "device_id" in (select value from json_each(?))
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   USE TEMP B-TREE FOR DISTINCT

-- commands insert
select "rule_actions"."record_id", rule_actions.action_id as "action_id", "rules"."project_id", "rules"."app_id", "rules"."select_sql", "rules"."where_sql", "rule_actions"."queue_id", NULL as "subscription_id", NULL as "notify_type", NULL as "url" from "rules" inner join "rule_actions" on "rule_actions"."rule_id" = "rules"."rule_id" where "rules"."project_id" in (select value from json_each(?)) and "rules"."resource" = ? and "rules"."event" = ? and rules.active = 1 union all select "record_id", NULL as "action_id", "project_id", "app_id", NULL as "select_sql", NULL as "where_sql", NULL as "queue_id", "subscription_id", "notify_type", "url" from "legacy_subscriptions" where "project_id" in (select value from json_each(?)) and "notify_type" in (select value from json_each(?)) order by "record_id"
--   MERGE (UNION ALL)
--   LEFT
--   SEARCH rules USING INDEX rules_subject (project_id=? AND resource=? AND event=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   SEARCH rule_actions USING INDEX rule_actions_rule (rule_id=?)
--   USE TEMP B-TREE FOR ORDER BY
--   RIGHT
--   SEARCH legacy_subscriptions USING INDEX legacy_subscriptions_wanted (project_id=? AND notify_type=?)
--   LIST SUBQUERY 3
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   LIST SUBQUERY 4
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   USE TEMP B-TREE FOR ORDER BY

-- commands.list
select count(*) as "count" from "commands" where "device_id" = ? and "commands"."status" in (select value from json_each(?)) and "command_name" = ? and "created_at" >= ? and "created_at" <= ?
--   SEARCH commands USING INDEX commands_page (device_id=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   CREATE BLOOM FILTER

-- commands.list
select * from "commands" where "device_id" = ? and "commands"."status" in (select value from json_each(?)) and "command_name" = ? and "created_at" >= ? and "created_at" <= ? and "commands"."record_id" < ? order by "commands"."record_id" asc limit ? offset ?
--   SEARCH commands USING INDEX commands_page (device_id=? AND record_id<?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   CREATE BLOOM FILTER

-- commands.count
select count(*) as "count" from "commands" where "device_id" = ? and "commands"."status" in (select value from json_each(?)) and "command_name" = ? and "created_at" >= ? and "created_at" <= ?
--   SEARCH commands USING INDEX commands_page (device_id=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   CREATE BLOOM FILTER

-- commands.claim
SELECT d.device_id, d.app_id, d.root_id, d.frozen, d.connectivity, e.node, e.epoch FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN devices d ON d.device_id = r.id LEFT JOIN sessions e ON e.device_id = d.root_id AND e.ended_at IS NULL ORDER BY d.device_id
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   SEARCH e USING PRIMARY KEY (device_id=?) LEFT-JOIN
--   USE TEMP B-TREE FOR ORDER BY

-- commands.claim
SELECT c.command_id, c.device_id, c.calls_back, c.request FROM (SELECT value ->> 0 AS device_id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN commands c ON c.command_id = (SELECT p.command_id FROM commands p WHERE p.device_id = r.device_id AND p.status = 'PENDING' AND p.due_at IS NOT NULL AND p.expires_at > ? ORDER BY p.record_id LIMIT 1) WHERE NOT EXISTS (SELECT 1 FROM commands o WHERE o.device_id = r.device_id AND o.status IN ('SENT', 'DELIVERED') AND o.due_at IS NOT NULL AND o.strategy = 'delay')
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   CORRELATED SCALAR SUBQUERY 3
--   SEARCH o USING INDEX commands_queue (device_id=? AND status=?)
--   SEARCH c USING INDEX sqlite_autoindex_commands_1 (command_id=?)
--   CORRELATED SCALAR SUBQUERY 2
--   SEARCH p USING INDEX commands_queue (device_id=? AND status=?)

-- commands.claim
UPDATE commands SET due_at = expires_at FROM (SELECT value ->> 0 AS device_id FROM jsonb_each(?) LIMIT -1) AS r WHERE commands.device_id = r.device_id AND commands.status = 'PENDING' AND commands.due_at IS NOT NULL AND commands.due_at < commands.expires_at
--   MATERIALIZE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH commands USING INDEX commands_queue (device_id=? AND status=?)

-- commands.listWaitingChildren
SELECT d.device_id, CASE WHEN d.connectivity = 'ONLINE' AND EXISTS (SELECT 1 FROM commands c WHERE c.device_id = d.device_id AND c.status = 'PENDING' AND c.due_at IS NOT NULL) THEN 1 ELSE 0 END AS waiting FROM devices d WHERE d.root_id = ? AND d.parent_id IS NOT NULL AND d.device_id > ? ORDER BY d.device_id LIMIT ?
--   SEARCH d USING INDEX devices_root (root_id=? AND device_id>?)
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH c USING INDEX commands_queue (device_id=? AND status=?)

-- commands.findSent
SELECT c.command_id, c.device_id, c.task_no, c.seq, c.attempt, d.project_id, d.root_id FROM (SELECT value ->> 0 AS command_id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN commands c ON c.command_id = r.command_id CROSS JOIN devices d ON d.device_id = c.device_id WHERE c.sent_at IS NOT NULL AND c.finished_at IS NULL
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH c USING INDEX sqlite_autoindex_commands_1 (command_id=?)
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)

-- commands.listDue
SELECT part.command_id, part.device_id, part.status, part.expires_at, part.retransmits, part.issued, part.task_no, part.seq, part.attempt, d.project_id FROM (SELECT * FROM commands WHERE due_at IS NOT NULL AND due_at <= ? ORDER BY due_at LIMIT ?) part JOIN devices d ON d.device_id = part.device_id ORDER BY part.due_at
--   CO-ROUTINE part
--   SEARCH commands USING INDEX commands_due (due_at>? AND due_at<?)
--   SCAN part
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)

-- commands.note
UPDATE commands SET delivered_at = r.at, status = CASE commands.status WHEN 'SENT' THEN 'DELIVERED' ELSE commands.status END FROM (SELECT value ->> 0 AS command_id, value ->> 1 AS at FROM jsonb_each(?) LIMIT -1) AS r WHERE commands.command_id = r.command_id AND commands.delivered_at IS NULL AND commands.sent_at IS NOT NULL RETURNING commands.device_id, commands.command_id, commands.calls_back, commands.status
--   MATERIALIZE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH commands USING INDEX sqlite_autoindex_commands_1 (command_id=?)

-- commands.note
UPDATE commands SET status = 'PENDING', sent_at = NULL, issued = 0, due_at = CASE WHEN commands.expires_at < r.at + 1000 THEN commands.expires_at ELSE r.at + 1000 END FROM (SELECT value ->> 0 AS command_id, value ->> 1 AS at FROM jsonb_each(?) LIMIT -1) AS r WHERE commands.command_id = r.command_id AND commands.status = 'SENT' AND commands.strategy = 'delay' AND commands.issued <= 1 RETURNING commands.device_id, commands.command_id, commands.calls_back
--   MATERIALIZE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH commands USING INDEX sqlite_autoindex_commands_1 (command_id=?)

-- commands settle and withdraw
SELECT d.device_id, d.app_id, d.root_id, d.frozen, d.connectivity, e.node, e.epoch FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN devices d ON d.device_id = r.id LEFT JOIN sessions e ON e.device_id = d.root_id AND e.ended_at IS NULL WHERE (d.project_id || '') = ? ORDER BY d.device_id
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   SEARCH e USING PRIMARY KEY (device_id=?) LEFT-JOIN
--   USE TEMP B-TREE FOR ORDER BY

-- commands settle and withdraw
UPDATE commands SET status = CASE WHEN commands.status = 'PENDING' AND r.status = 'TIMEOUT' THEN 'EXPIRED' ELSE r.status END, result = r.result, responded_at = r.responded_at, finished_at = r.finished_at, due_at = NULL FROM (SELECT value ->> 0 AS command_id, value ->> 1 AS device_id, value ->> 2 AS status, value ->> 3 AS result, value ->> 4 AS responded_at, value ->> 5 AS finished_at FROM jsonb_each(?) LIMIT -1) AS r WHERE commands.command_id = r.command_id AND (commands.device_id || '') = r.device_id AND commands.finished_at IS NULL RETURNING commands.device_id, commands.command_id, commands.calls_back
--   MATERIALIZE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH commands USING INDEX sqlite_autoindex_commands_1 (command_id=?)

-- commands settle and withdraw
select "rule_actions"."record_id", rule_actions.action_id as "action_id", "rules"."project_id", "rules"."app_id", "rules"."select_sql", "rules"."where_sql", "rule_actions"."queue_id", NULL as "subscription_id", NULL as "notify_type", NULL as "url" from "rules" inner join "rule_actions" on "rule_actions"."rule_id" = "rules"."rule_id" where "rules"."project_id" in (select value from json_each(?)) and "rules"."resource" = ? and "rules"."event" = ? and rules.active = 1 union all select "record_id", NULL as "action_id", "project_id", "app_id", NULL as "select_sql", NULL as "where_sql", NULL as "queue_id", "subscription_id", "notify_type", "url" from "legacy_subscriptions" where "project_id" in (select value from json_each(?)) and "notify_type" in (select value from json_each(?)) order by "record_id"
--   MERGE (UNION ALL)
--   LEFT
--   SEARCH rules USING INDEX rules_subject (project_id=? AND resource=? AND event=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   SEARCH rule_actions USING INDEX rule_actions_rule (rule_id=?)
--   USE TEMP B-TREE FOR ORDER BY
--   RIGHT
--   SEARCH legacy_subscriptions USING INDEX legacy_subscriptions_wanted (project_id=? AND notify_type=?)
--   LIST SUBQUERY 3
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   LIST SUBQUERY 4
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   USE TEMP B-TREE FOR ORDER BY

-- commands settle and withdraw
SELECT c.command_id, c.device_id, c.calls_back, c.request FROM (SELECT value ->> 0 AS device_id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN commands c ON c.command_id = (SELECT p.command_id FROM commands p WHERE p.device_id = r.device_id AND p.status = 'PENDING' AND p.due_at IS NOT NULL AND p.expires_at > ? ORDER BY p.record_id LIMIT 1) WHERE NOT EXISTS (SELECT 1 FROM commands o WHERE o.device_id = r.device_id AND o.status IN ('SENT', 'DELIVERED') AND o.due_at IS NOT NULL AND o.strategy = 'delay')
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   CORRELATED SCALAR SUBQUERY 3
--   SEARCH o USING INDEX commands_queue (device_id=? AND status=?)
--   SEARCH c USING INDEX sqlite_autoindex_commands_1 (command_id=?)
--   CORRELATED SCALAR SUBQUERY 2
--   SEARCH p USING INDEX commands_queue (device_id=? AND status=?)

-- commands settle and withdraw
UPDATE commands SET task_no = NULL, seq = NULL, attempt = NULL, finished_at = CASE commands.status WHEN 'PENDING' THEN r.finished_at END, due_at = CASE commands.status WHEN 'PENDING' THEN NULL ELSE commands.due_at END, canceled = CASE WHEN commands.status = 'PENDING' AND commands.expires_at > r.finished_at THEN 1 ELSE commands.canceled END, status = CASE commands.status WHEN 'PENDING' THEN 'EXPIRED' ELSE commands.status END FROM (SELECT value ->> 0 AS command_id, value ->> 1 AS device_id, value ->> 2 AS finished_at FROM jsonb_each(?) LIMIT -1) AS r WHERE commands.command_id = r.command_id AND (commands.device_id || '') = r.device_id AND commands.finished_at IS NULL RETURNING commands.device_id, commands.command_id, commands.calls_back, commands.finished_at
--   MATERIALIZE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH commands USING INDEX sqlite_autoindex_commands_1 (command_id=?)

-- commands.listOfApp
select count(*) as "count" from "commands" inner join "apps" on "apps"."app_id" = "commands"."app_id" where "commands"."app_id" = ? and "apps"."project_id" = ?
--   SEARCH apps USING PRIMARY KEY (app_id=?)
--   SEARCH commands USING COVERING INDEX commands_app (app_id=?)

-- commands.listOfApp
select "commands".* from "commands" inner join "apps" on "apps"."app_id" = "commands"."app_id" where "commands"."app_id" = ? and "apps"."project_id" = ? and "commands"."record_id" < ? order by "commands"."record_id" desc limit ? offset ?
--   SEARCH apps USING PRIMARY KEY (app_id=?)
--   SEARCH commands USING INDEX commands_app (app_id=? AND record_id<?)

-- commands.listOfApp by device
select count(*) as "count" from "commands" inner join "apps" on "apps"."app_id" = "commands"."app_id" where "commands"."app_id" = ? and "apps"."project_id" = ? and "commands"."device_id" = ?
--   SEARCH apps USING PRIMARY KEY (app_id=?)
--   SEARCH commands USING INDEX commands_app (app_id=?)

-- commands.listOfApp by device
select "commands".* from "commands" inner join "apps" on "apps"."app_id" = "commands"."app_id" where "commands"."app_id" = ? and "apps"."project_id" = ? and "commands"."device_id" = ? and "commands"."record_id" < ? order by "commands"."record_id" desc limit ? offset ?
--   SEARCH apps USING PRIMARY KEY (app_id=?)
--   SEARCH commands USING INDEX commands_page (device_id=? AND record_id<?)

-- commands.findOfApp
select "commands".* from "commands" inner join "apps" on "apps"."app_id" = "commands"."app_id" where "commands"."app_id" = ? and "apps"."project_id" = ? and "commands"."command_id" = ?
--   SEARCH apps USING PRIMARY KEY (app_id=?)
--   SEARCH commands USING INDEX sqlite_autoindex_commands_1 (command_id=?)

-- commands.findAll
select * from "commands" where "command_id" in (select value from json_each(?))
--   SEARCH commands USING INDEX sqlite_autoindex_commands_1 (command_id=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:

-- commands.retransmit
SELECT c.device_id FROM (SELECT value ->> 0 AS command_id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN commands c ON c.command_id = r.command_id
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH c USING INDEX sqlite_autoindex_commands_1 (command_id=?)

-- commands.retransmit
UPDATE commands SET issued = commands.issued + 1, due_at = ? FROM (SELECT value ->> 0 AS command_id FROM jsonb_each(?) LIMIT -1) AS r WHERE commands.command_id = r.command_id AND commands.status IN ('SENT', 'DELIVERED') AND commands.due_at <= ? AND commands.issued <= commands.retransmits RETURNING commands.command_id, commands.device_id, commands.calls_back, commands.request
--   MATERIALIZE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH commands USING INDEX sqlite_autoindex_commands_1 (command_id=?)

-- commands.cancel
SELECT d.device_id, d.app_id, d.root_id, d.frozen, d.connectivity, e.node, e.epoch FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN devices d ON d.device_id = r.id LEFT JOIN sessions e ON e.device_id = d.root_id AND e.ended_at IS NULL WHERE (d.project_id || '') = ? ORDER BY d.device_id
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   SEARCH e USING PRIMARY KEY (device_id=?) LEFT-JOIN
--   USE TEMP B-TREE FOR ORDER BY

-- commands.cancel
UPDATE commands SET status = 'EXPIRED', canceled = 1, finished_at = ?, due_at = NULL WHERE device_id = ? AND status = 'PENDING' AND due_at IS NOT NULL AND command_id = ? RETURNING device_id, command_id, calls_back, record_id, task_no, seq, attempt
--   SEARCH commands USING INDEX sqlite_autoindex_commands_1 (command_id=?)

-- commands.cancelAll
SELECT d.device_id, d.app_id, d.root_id, d.frozen, d.connectivity, e.node, e.epoch FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN devices d ON d.device_id = r.id LEFT JOIN sessions e ON e.device_id = d.root_id AND e.ended_at IS NULL WHERE (d.project_id || '') = ? ORDER BY d.device_id
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   SEARCH e USING PRIMARY KEY (device_id=?) LEFT-JOIN
--   USE TEMP B-TREE FOR ORDER BY

-- commands.cancelAll
UPDATE commands SET status = 'EXPIRED', canceled = 1, finished_at = ?, due_at = NULL WHERE device_id = ? AND status = 'PENDING' AND due_at IS NOT NULL RETURNING device_id, command_id, calls_back, record_id, task_no, seq, attempt
--   SEARCH commands USING INDEX commands_queue (device_id=? AND status=?)

-- commands.cancelAll
insert into "command_cancellations" ("cancellation_id", "record_id", "app_id", "device_id", "command_ids", "created_at") values (?, ?, ?, ?, ?, ?)

-- commands.listCancellations
select count(*) as "count" from "command_cancellations" inner join "apps" on "apps"."app_id" = "command_cancellations"."app_id" where "command_cancellations"."app_id" = ? and "apps"."project_id" = ?
--   SEARCH apps USING PRIMARY KEY (app_id=?)
--   SEARCH command_cancellations USING COVERING INDEX command_cancellations_page (app_id=?)

-- commands.listCancellations
select "command_cancellations".* from "command_cancellations" inner join "apps" on "apps"."app_id" = "command_cancellations"."app_id" where "command_cancellations"."app_id" = ? and "apps"."project_id" = ? and "command_cancellations"."record_id" < ? order by "command_cancellations"."record_id" asc limit ? offset ?
--   SEARCH apps USING PRIMARY KEY (app_id=?)
--   SEARCH command_cancellations USING INDEX command_cancellations_page (app_id=? AND record_id<?)

-- commands.listCancellations by device
select count(*) as "count" from "command_cancellations" inner join "apps" on "apps"."app_id" = "command_cancellations"."app_id" where "command_cancellations"."app_id" = ? and "apps"."project_id" = ? and "device_id" = ?
--   SEARCH apps USING PRIMARY KEY (app_id=?)
--   SEARCH command_cancellations USING INDEX command_cancellations_device (device_id=?)

-- commands.listCancellations by device
select "command_cancellations".* from "command_cancellations" inner join "apps" on "apps"."app_id" = "command_cancellations"."app_id" where "command_cancellations"."app_id" = ? and "apps"."project_id" = ? and "device_id" = ? and "command_cancellations"."record_id" < ? order by "command_cancellations"."record_id" asc limit ? offset ?
--   SEARCH apps USING PRIMARY KEY (app_id=?)
--   SEARCH command_cancellations USING INDEX command_cancellations_device (device_id=? AND record_id<?)

-- commands insert that call back
SELECT d.device_id, d.app_id, d.root_id, d.frozen, d.connectivity, e.node, e.epoch FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN devices d ON d.device_id = r.id LEFT JOIN sessions e ON e.device_id = d.root_id AND e.ended_at IS NULL WHERE (d.project_id || '') = ? ORDER BY d.device_id
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   SEARCH e USING PRIMARY KEY (device_id=?) LEFT-JOIN
--   USE TEMP B-TREE FOR ORDER BY

-- commands insert that call back
SELECT r.device_id, (SELECT count(*) FROM commands p WHERE p.device_id = r.device_id AND p.status = 'PENDING' AND p.due_at IS NOT NULL) AS pending FROM (SELECT value ->> 0 AS device_id FROM jsonb_each(?) LIMIT -1) AS r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH p USING INDEX commands_queue (device_id=? AND status=?)

-- commands insert that call back
INSERT INTO commands (command_id, device_id, record_id, request, command_name, strategy, status, created_at, expires_at, due_at, sent_at, task_no, seq, attempt, app_id, retransmits, issued, calls_back) SELECT r.command_id, r.device_id, r.record_id, t.text, r.command_name, r.strategy, r.status, r.created_at, r.expires_at, r.due_at, r.sent_at, r.task_no, r.seq, r.attempt, r.app_id, r.retransmits, r.issued, r.calls_back FROM (SELECT value ->> 0 AS command_id, value ->> 1 AS device_id, value ->> 2 AS record_id, value ->> 3 AS request, value ->> 4 AS command_name, value ->> 5 AS strategy, value ->> 6 AS status, value ->> 7 AS created_at, value ->> 8 AS expires_at, value ->> 9 AS due_at, value ->> 10 AS sent_at, value ->> 11 AS task_no, value ->> 12 AS seq, value ->> 13 AS attempt, value ->> 14 AS app_id, value ->> 15 AS retransmits, value ->> 16 AS issued, value ->> 17 AS calls_back FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN (SELECT value ->> 0 AS no, value ->> 1 AS text FROM jsonb_each(?) LIMIT -1) AS t ON t.no = r.request
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   MATERIALIZE t
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   BLOOM FILTER ON t (no=?)
--   SEARCH t USING AUTOMATIC COVERING INDEX (no=?)

-- commands insert that call back
SELECT c.command_id, c.device_id, c.calls_back, c.request FROM (SELECT value ->> 0 AS device_id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN commands c ON c.command_id = (SELECT p.command_id FROM commands p WHERE p.device_id = r.device_id AND p.status = 'PENDING' AND p.due_at IS NOT NULL AND p.expires_at > ? ORDER BY p.record_id LIMIT 1) WHERE NOT EXISTS (SELECT 1 FROM commands o WHERE o.device_id = r.device_id AND o.status IN ('SENT', 'DELIVERED') AND o.due_at IS NOT NULL AND o.strategy = 'delay')
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   CORRELATED SCALAR SUBQUERY 3
--   SEARCH o USING INDEX commands_queue (device_id=? AND status=?)
--   SEARCH c USING INDEX sqlite_autoindex_commands_1 (command_id=?)
--   CORRELATED SCALAR SUBQUERY 2
--   SEARCH p USING INDEX commands_queue (device_id=? AND status=?)

-- commands insert that call back
UPDATE commands SET status = 'SENT', sent_at = ?, due_at = ?, issued = commands.issued + 1 FROM (SELECT value ->> 0 AS command_id FROM jsonb_each(?) LIMIT -1) AS r WHERE commands.command_id = r.command_id
--   MATERIALIZE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH commands USING INDEX sqlite_autoindex_commands_1 (command_id=?)

-- commands insert that call back
SELECT c.*, d.project_id FROM (SELECT value ->> 0 AS command_id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN commands c ON c.command_id = r.command_id CROSS JOIN devices d ON d.device_id = c.device_id ORDER BY c.record_id
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH c USING INDEX sqlite_autoindex_commands_1 (command_id=?)
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   USE TEMP B-TREE FOR ORDER BY

-- commands insert that call back
INSERT INTO outbox (project_id, url, key, payload, bytes, subscription_id, created_at, next_at) SELECT project_id, url, key, payload, bytes, subscription_id, created_at, next_at FROM (SELECT value ->> 0 AS project_id, value ->> 1 AS url, value ->> 2 AS key, value ->> 3 AS payload, value ->> 4 AS bytes, value ->> 5 AS subscription_id, value ->> 6 AS created_at, value ->> 7 AS next_at FROM jsonb_each(?) LIMIT -1) AS r WHERE true
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r

-- commands insert that call back
select distinct "project_id" from "devices" where "device_id" in (select value from json_each(?))
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   USE TEMP B-TREE FOR DISTINCT

-- commands insert that call back
select "rule_actions"."record_id", rule_actions.action_id as "action_id", "rules"."project_id", "rules"."app_id", "rules"."select_sql", "rules"."where_sql", "rule_actions"."queue_id", NULL as "subscription_id", NULL as "notify_type", NULL as "url" from "rules" inner join "rule_actions" on "rule_actions"."rule_id" = "rules"."rule_id" where "rules"."project_id" in (select value from json_each(?)) and "rules"."resource" = ? and "rules"."event" = ? and rules.active = 1 union all select "record_id", NULL as "action_id", "project_id", "app_id", NULL as "select_sql", NULL as "where_sql", NULL as "queue_id", "subscription_id", "notify_type", "url" from "legacy_subscriptions" where "project_id" in (select value from json_each(?)) and "notify_type" in (select value from json_each(?)) order by "record_id"
--   MERGE (UNION ALL)
--   LEFT
--   SEARCH rules USING INDEX rules_subject (project_id=? AND resource=? AND event=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   SEARCH rule_actions USING INDEX rule_actions_rule (rule_id=?)
--   USE TEMP B-TREE FOR ORDER BY
--   RIGHT
--   SEARCH legacy_subscriptions USING INDEX legacy_subscriptions_wanted (project_id=? AND notify_type=?)
--   LIST SUBQUERY 3
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   LIST SUBQUERY 4
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   USE TEMP B-TREE FOR ORDER BY

-- commands.purge
DELETE FROM command_cancellations WHERE cancellation_id IN (SELECT cancellation_id FROM command_cancellations WHERE created_at < ? ORDER BY created_at LIMIT ?)
--   SEARCH command_cancellations USING COVERING INDEX sqlite_autoindex_command_cancellations_1 (cancellation_id=?)
--   LIST SUBQUERY 1
--   SEARCH command_cancellations USING INDEX command_cancellations_age (created_at<?)

-- commands.purge
DELETE FROM commands WHERE command_id IN (SELECT command_id FROM commands WHERE finished_at IS NOT NULL AND finished_at < ? ORDER BY finished_at LIMIT ?)
--   SEARCH commands USING COVERING INDEX sqlite_autoindex_commands_1 (command_id=?)
--   LIST SUBQUERY 1
--   SEARCH commands USING INDEX commands_finished (finished_at>? AND finished_at<?)

-- rules.list
select count(*) as "count" from "rules" where "project_id" = ? and "resource" = ?
--   SEARCH rules USING INDEX rules_page (project_id=?)

-- rules.list
select * from "rules" where "project_id" = ? and "resource" = ? and "rules"."record_id" < ? order by "rules"."record_id" asc limit ? offset ?
--   SEARCH rules USING INDEX rules_page (project_id=? AND record_id<?)

-- rules.listActions
select count(*) as "count" from "rule_actions" where "project_id" = ?
--   SEARCH rule_actions USING COVERING INDEX rule_actions_page (project_id=?)

-- rules.listActions
select * from "rule_actions" where "project_id" = ? and "rule_actions"."record_id" < ? order by "rule_actions"."record_id" asc limit ? offset ?
--   SEARCH rule_actions USING INDEX rule_actions_page (project_id=? AND record_id<?)

-- rules.listActions of a rule
select count(*) as "count" from "rule_actions" where "project_id" = ? and "rule_id" = ?
--   SEARCH rule_actions USING INDEX rule_actions_page (project_id=?)

-- rules.listActions of a rule
select * from "rule_actions" where "project_id" = ? and "rule_id" = ? and "rule_actions"."record_id" < ? order by "rule_actions"."record_id" asc limit ? offset ?
--   SEARCH rule_actions USING INDEX rule_actions_page (project_id=? AND record_id<?)

-- outbox.claim
SELECT min(at) AS at FROM (SELECT min(next_at) AS at FROM outbox WHERE next_at IS NOT NULL UNION ALL SELECT min(flow_at) FROM action_deliveries WHERE flow_at IS NOT NULL) AS wakes
--   CO-ROUTINE wakes
--   COMPOUND QUERY
--   LEFT-MOST SUBQUERY
--   SEARCH outbox USING COVERING INDEX outbox_due (next_at>?)
--   UNION ALL
--   SEARCH action_deliveries USING COVERING INDEX action_deliveries_flow (flow_at>?)
--   SEARCH wakes

-- outbox.claim
SELECT no FROM outbox WHERE next_at IS NOT NULL AND next_at <= ? ORDER BY next_at, no LIMIT ?
--   SEARCH outbox USING COVERING INDEX outbox_due (next_at>? AND next_at<?)

-- outbox.claim
SELECT due.no, due.action_id, due.key, due.payload, due.created_at, due.attempts, a.channel, a.detail, due.project_id, due.url, CASE WHEN EXISTS (SELECT 1 FROM outbox older WHERE older.action_id = due.action_id AND older.key = due.key AND older.no < due.no) THEN 0 WHEN due.action_id IS NULL AND EXISTS (SELECT 1 FROM outbox older WHERE older.action_id IS NULL AND older.key = due.key AND older.no < due.no) THEN 0 ELSE 1 END AS is_head, CASE WHEN EXISTS (SELECT 1 FROM flow_policies f WHERE f.project_id = a.project_id AND f.scope_value = CASE f.scope WHEN 'USER' THEN '' WHEN 'CHANNEL' THEN a.channel WHEN 'RULE' THEN a.rule_id ELSE a.action_id END) THEN 1 ELSE 0 END AS is_limited, CASE WHEN b.bytes_max = 0 OR b.age_seconds_max = 0 THEN 0 ELSE 1 END AS is_kept FROM (SELECT value ->> 0 AS no FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN outbox due ON due.no = r.no LEFT JOIN rule_actions a ON a.action_id = due.action_id LEFT JOIN backlog_policies b ON b.project_id = a.project_id ORDER BY due.next_at, due.no
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH due USING INTEGER PRIMARY KEY (rowid=?)
--   SEARCH a USING PRIMARY KEY (action_id=?) LEFT-JOIN
--   SEARCH b USING INDEX sqlite_autoindex_backlog_policies_3 (project_id=?) LEFT-JOIN
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH older USING COVERING INDEX outbox_order (action_id=? AND key=? AND no<?)
--   CORRELATED SCALAR SUBQUERY 2
--   SEARCH older USING COVERING INDEX outbox_order (action_id=? AND key=? AND no<?)
--   CORRELATED SCALAR SUBQUERY 3
--   SEARCH f USING COVERING INDEX sqlite_autoindex_flow_policies_3 (project_id=?)
--   USE TEMP B-TREE FOR ORDER BY

-- outbox.claim
UPDATE outbox SET next_at = r.next_at, hold = r.hold FROM (SELECT value ->> 0 AS no, value ->> 1 AS next_at, value ->> 2 AS hold FROM jsonb_each(?) LIMIT -1) AS r WHERE outbox.no = r.no
--   MATERIALIZE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH outbox USING INTEGER PRIMARY KEY (rowid=?)

-- outbox.claim
SELECT action_id FROM action_deliveries WHERE flow_at <= ? ORDER BY served_at, action_id LIMIT 64
--   SEARCH action_deliveries USING INDEX action_deliveries_flow (flow_at<?)
--   USE TEMP B-TREE FOR ORDER BY

-- outbox.finish
delete from "outbox" where "no" in (select value from json_each(?)) returning "action_id", "key"
--   SEARCH outbox USING INTEGER PRIMARY KEY (rowid=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:

-- outbox.finish
UPDATE outbox SET next_at = 0 WHERE no IN (SELECT DISTINCT (SELECT min(o.no) FROM outbox o WHERE o.action_id = r.action_id AND o.key = r.key) FROM (SELECT value ->> 0 AS action_id, value ->> 1 AS key FROM jsonb_each(?) LIMIT -1) AS r) AND hold IS NULL AND coalesce(next_at, 1) <> 0
--   SEARCH outbox USING INTEGER PRIMARY KEY (rowid=?)
--   LIST SUBQUERY 3
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH o USING COVERING INDEX outbox_order (action_id=? AND key=?)
--   USE TEMP B-TREE FOR DISTINCT

-- outbox.finish
UPDATE outbox SET next_at = r.at, hold = NULL, error = coalesce(r.error, outbox.error), attempts = attempts + r.tries FROM (SELECT value ->> 0 AS no, value ->> 1 AS at, value ->> 2 AS error, value ->> 3 AS tries FROM jsonb_each(?) LIMIT -1) AS r WHERE outbox.no = r.no
--   MATERIALIZE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH outbox USING INTEGER PRIMARY KEY (rowid=?)

-- outbox.finish
UPDATE action_deliveries SET delivered = action_deliveries.delivered + r.delivered, failed = action_deliveries.failed + r.failed, dropped = action_deliveries.dropped + r.dropped, succeeded_at = coalesce(r.succeeded_at, action_deliveries.succeeded_at), failed_at = coalesce(r.failed_at, action_deliveries.failed_at), error = coalesce(r.error, action_deliveries.error) FROM (SELECT value ->> 0 AS action_id, value ->> 1 AS delivered, value ->> 2 AS failed, value ->> 3 AS dropped, value ->> 4 AS succeeded_at, value ->> 5 AS failed_at, value ->> 6 AS error FROM jsonb_each(?) LIMIT -1) AS r WHERE action_deliveries.action_id = r.action_id
--   MATERIALIZE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH action_deliveries USING INDEX sqlite_autoindex_action_deliveries_1 (action_id=?)

-- outbox.claim behind flow control
SELECT min(at) AS at FROM (SELECT min(next_at) AS at FROM outbox WHERE next_at IS NOT NULL UNION ALL SELECT min(flow_at) FROM action_deliveries WHERE flow_at IS NOT NULL) AS wakes
--   CO-ROUTINE wakes
--   COMPOUND QUERY
--   LEFT-MOST SUBQUERY
--   SEARCH outbox USING COVERING INDEX outbox_due (next_at>?)
--   UNION ALL
--   SEARCH action_deliveries USING COVERING INDEX action_deliveries_flow (flow_at>?)
--   SEARCH wakes

-- outbox.claim behind flow control
SELECT no FROM outbox WHERE next_at IS NOT NULL AND next_at <= ? ORDER BY next_at, no LIMIT ?
--   SEARCH outbox USING COVERING INDEX outbox_due (next_at>? AND next_at<?)

-- outbox.claim behind flow control
SELECT due.no, due.action_id, due.key, due.payload, due.created_at, due.attempts, a.channel, a.detail, due.project_id, due.url, CASE WHEN EXISTS (SELECT 1 FROM outbox older WHERE older.action_id = due.action_id AND older.key = due.key AND older.no < due.no) THEN 0 WHEN due.action_id IS NULL AND EXISTS (SELECT 1 FROM outbox older WHERE older.action_id IS NULL AND older.key = due.key AND older.no < due.no) THEN 0 ELSE 1 END AS is_head, CASE WHEN EXISTS (SELECT 1 FROM flow_policies f WHERE f.project_id = a.project_id AND f.scope_value = CASE f.scope WHEN 'USER' THEN '' WHEN 'CHANNEL' THEN a.channel WHEN 'RULE' THEN a.rule_id ELSE a.action_id END) THEN 1 ELSE 0 END AS is_limited, CASE WHEN b.bytes_max = 0 OR b.age_seconds_max = 0 THEN 0 ELSE 1 END AS is_kept FROM (SELECT value ->> 0 AS no FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN outbox due ON due.no = r.no LEFT JOIN rule_actions a ON a.action_id = due.action_id LEFT JOIN backlog_policies b ON b.project_id = a.project_id ORDER BY due.next_at, due.no
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH due USING INTEGER PRIMARY KEY (rowid=?)
--   SEARCH a USING PRIMARY KEY (action_id=?) LEFT-JOIN
--   SEARCH b USING INDEX sqlite_autoindex_backlog_policies_3 (project_id=?) LEFT-JOIN
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH older USING COVERING INDEX outbox_order (action_id=? AND key=? AND no<?)
--   CORRELATED SCALAR SUBQUERY 2
--   SEARCH older USING COVERING INDEX outbox_order (action_id=? AND key=? AND no<?)
--   CORRELATED SCALAR SUBQUERY 3
--   SEARCH f USING COVERING INDEX sqlite_autoindex_flow_policies_3 (project_id=?)
--   USE TEMP B-TREE FOR ORDER BY

-- outbox.claim behind flow control
UPDATE outbox SET next_at = r.next_at, hold = r.hold FROM (SELECT value ->> 0 AS no, value ->> 1 AS next_at, value ->> 2 AS hold FROM jsonb_each(?) LIMIT -1) AS r WHERE outbox.no = r.no
--   MATERIALIZE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH outbox USING INTEGER PRIMARY KEY (rowid=?)

-- outbox.claim behind flow control
INSERT INTO action_deliveries (action_id, since, flow_at) SELECT action_id, since, flow_at FROM (SELECT value ->> 0 AS action_id, value ->> 1 AS since, value ->> 2 AS flow_at FROM jsonb_each(?) LIMIT -1) AS r WHERE true ON CONFLICT (action_id) DO UPDATE SET flow_at = coalesce(action_deliveries.flow_at, excluded.flow_at)
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r

-- outbox.claim behind flow control
SELECT action_id FROM action_deliveries WHERE flow_at <= ? ORDER BY served_at, action_id LIMIT 64
--   SEARCH action_deliveries USING INDEX action_deliveries_flow (flow_at<?)
--   USE TEMP B-TREE FOR ORDER BY

-- outbox.claim behind flow control
SELECT a.action_id, f.policy_id, f.per_second, f.spent_until FROM (SELECT value ->> 0 AS action_id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN rule_actions a ON a.action_id = r.action_id JOIN flow_policies f ON f.project_id = a.project_id AND f.scope_value = CASE f.scope WHEN 'USER' THEN '' WHEN 'CHANNEL' THEN a.channel WHEN 'RULE' THEN a.rule_id ELSE a.action_id END ORDER BY f.policy_id
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH a USING PRIMARY KEY (action_id=?)
--   SEARCH f USING INDEX flow_policies_page (project_id=?)
--   USE TEMP B-TREE FOR ORDER BY

-- outbox.claim behind flow control
SELECT no FROM outbox WHERE action_id = ? AND hold = 'flow' ORDER BY no LIMIT ?
--   SEARCH outbox USING COVERING INDEX outbox_held (action_id=?)

-- outbox.claim behind flow control
UPDATE outbox SET next_at = ?, hold = 'lease' FROM (SELECT value ->> 0 AS no FROM jsonb_each(?) LIMIT -1) AS r WHERE outbox.no = r.no
--   MATERIALIZE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH outbox USING INTEGER PRIMARY KEY (rowid=?)

-- outbox.claim behind flow control
UPDATE flow_policies SET spent_until = r.spent_until FROM (SELECT value ->> 0 AS policy_id, value ->> 1 AS spent_until FROM jsonb_each(?) LIMIT -1) AS r WHERE flow_policies.policy_id = r.policy_id
--   MATERIALIZE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH flow_policies USING COVERING INDEX sqlite_autoindex_flow_policies_1 (policy_id=?)

-- outbox.claim behind flow control
UPDATE action_deliveries SET served_at = CASE WHEN r.served_at < 0 THEN action_deliveries.served_at ELSE r.served_at END, flow_at = CASE WHEN EXISTS (SELECT 1 FROM outbox o WHERE o.action_id = action_deliveries.action_id AND o.hold = 'flow') THEN r.flow_at END FROM (SELECT value ->> 0 AS action_id, value ->> 1 AS flow_at, value ->> 2 AS served_at FROM jsonb_each(?) LIMIT -1) AS r WHERE action_deliveries.action_id = r.action_id
--   MATERIALIZE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH action_deliveries USING INDEX sqlite_autoindex_action_deliveries_1 (action_id=?)
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH o USING COVERING INDEX outbox_held (action_id=?)

-- outbox.redeliver
SELECT no FROM outbox WHERE action_id = ? AND next_at > ? AND hold IS NULL AND no > ? AND key = ? ORDER BY no LIMIT 5000
--   SEARCH outbox USING INDEX outbox_order (action_id=? AND key=? AND no>?)

-- outbox.redeliver all
SELECT no FROM outbox WHERE action_id = ? AND next_at > ? AND hold IS NULL AND no > ? ORDER BY no LIMIT 5000
--   SEARCH outbox USING INDEX outbox_order (action_id=?)
--   USE TEMP B-TREE FOR ORDER BY

-- outbox.status
select * from "action_deliveries" where "action_id" = ?
--   SEARCH action_deliveries USING INDEX sqlite_autoindex_action_deliveries_1 (action_id=?)

-- outbox.status
select count(*) as "count" from "outbox" where "action_id" = ?
--   SEARCH outbox USING COVERING INDEX outbox_order (action_id=?)

-- outbox.status
select count(*) as "count" from "queue_messages" where "queue_id" = (select "rule_actions"."queue_id" from "rule_actions" where "action_id" = ?)
--   SEARCH queue_messages USING COVERING INDEX queue_messages_order (queue_id=?)
--   SCALAR SUBQUERY 1
--   SEARCH rule_actions USING PRIMARY KEY (action_id=?)

-- outbox.listWaiting
SELECT no, key, payload, created_at, attempts, next_at, hold, error FROM outbox WHERE action_id = ? AND (key, no) > (?, ?) ORDER BY key, no LIMIT ?
--   SEARCH outbox USING INDEX outbox_order (action_id=? AND key>?)

-- outbox.listWaiting
select count(*) as "count" from "outbox" where "action_id" = ?
--   SEARCH outbox USING COVERING INDEX outbox_order (action_id=?)

-- outbox.listWaiting of a key
SELECT no, key, payload, created_at, attempts, next_at, hold, error FROM outbox WHERE action_id = ? AND key = ? ORDER BY key, no LIMIT ?
--   SEARCH outbox USING INDEX outbox_order (action_id=? AND key=?)

-- outbox.listWaiting of a key
select count(*) as "count" from "outbox" where "action_id" = ? and "key" = ?
--   SEARCH outbox USING COVERING INDEX outbox_order (action_id=? AND key=?)

-- flowPolicies.list
select count(*) as "count" from "flow_policies" where "project_id" = ? and "scope" = ?
--   SEARCH flow_policies USING COVERING INDEX sqlite_autoindex_flow_policies_3 (project_id=? AND scope=?)

-- flowPolicies.list
select * from "flow_policies" where "project_id" = ? and "scope" = ? and "flow_policies"."record_id" < ? order by "flow_policies"."record_id" asc limit ? offset ?
--   SEARCH flow_policies USING INDEX flow_policies_page (project_id=? AND record_id<?)

-- backlogPolicies.list
select count(*) as "count" from "backlog_policies" where "project_id" = ?
--   SEARCH backlog_policies USING COVERING INDEX sqlite_autoindex_backlog_policies_3 (project_id=?)

-- backlogPolicies.list
select * from "backlog_policies" where "project_id" = ? and "backlog_policies"."record_id" < ? order by "backlog_policies"."record_id" asc limit ? offset ?
--   SEARCH backlog_policies USING INDEX sqlite_autoindex_backlog_policies_3 (project_id=?)

-- outbox.nextWake
SELECT min(at) AS at FROM (SELECT min(next_at) AS at FROM outbox WHERE next_at IS NOT NULL UNION ALL SELECT min(flow_at) FROM action_deliveries WHERE flow_at IS NOT NULL) AS wakes
--   CO-ROUTINE wakes
--   COMPOUND QUERY
--   LEFT-MOST SUBQUERY
--   SEARCH outbox USING COVERING INDEX outbox_due (next_at>?)
--   UNION ALL
--   SEARCH action_deliveries USING COVERING INDEX action_deliveries_flow (flow_at>?)
--   SEARCH wakes

-- outbox.size
SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM queue_messages) AS count
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 1
--   SCAN outbox USING COVERING INDEX outbox_age
--   SCALAR SUBQUERY 2
--   SCAN queue_messages USING COVERING INDEX queue_messages_order

-- outbox.trim
SELECT waiting.project_id, waiting.bytes, waiting.oldest, waiting.legacy_oldest, b.bytes_max, b.age_seconds_max FROM (SELECT parts.project_id, sum(parts.bytes) AS bytes, min(parts.created_at) AS oldest, min(parts.legacy_at) AS legacy_oldest FROM (SELECT a.project_id, o.bytes, o.created_at, NULL AS legacy_at FROM outbox o JOIN rule_actions a ON a.action_id = o.action_id UNION ALL SELECT p.project_id, p.bytes, NULL, p.created_at FROM outbox p INDEXED BY outbox_posts WHERE p.action_id IS NULL UNION ALL SELECT q.project_id, m.bytes, m.created_at, NULL FROM queue_messages m JOIN queues q ON q.queue_id = m.queue_id) parts GROUP BY parts.project_id) waiting LEFT JOIN backlog_policies b ON b.project_id = waiting.project_id
--   CO-ROUTINE waiting
--   CO-ROUTINE parts
--   COMPOUND QUERY
--   LEFT-MOST SUBQUERY
--   SCAN o USING COVERING INDEX outbox_age
--   SEARCH a USING PRIMARY KEY (action_id=?)
--   UNION ALL
--   SCAN p USING COVERING INDEX outbox_posts
--   UNION ALL
--   SCAN m USING COVERING INDEX queue_messages_order
--   SEARCH q USING INDEX sqlite_autoindex_queues_1 (queue_id=?)
--   SCAN parts
--   USE TEMP B-TREE FOR GROUP BY
--   SCAN waiting
--   SEARCH b USING INDEX sqlite_autoindex_backlog_policies_3 (project_id=?) LEFT-JOIN

-- outbox.trim
SELECT 'outbox' AS place, o.no, o.bytes, o.created_at FROM outbox o JOIN rule_actions a ON a.action_id = o.action_id WHERE a.project_id = ? ORDER BY o.created_at, o.no LIMIT 1000
--   SEARCH a USING COVERING INDEX rule_actions_page (project_id=?)
--   SEARCH o USING INDEX outbox_order (action_id=?)
--   USE TEMP B-TREE FOR ORDER BY

-- outbox.trim
SELECT 'legacy' AS place, no, bytes, created_at FROM outbox WHERE action_id IS NULL AND project_id = ? ORDER BY created_at, no LIMIT 1000
--   SEARCH outbox USING COVERING INDEX outbox_posts (project_id=?)

-- outbox.trim
SELECT 'queue' AS place, m.no, m.bytes, m.created_at FROM queues q JOIN queue_messages m ON m.queue_id = q.queue_id WHERE q.project_id = ? AND m.holder IS NULL AND m.no <= coalesce((SELECT f.no FROM queue_messages f WHERE f.queue_id = q.queue_id AND f.holder IS NULL ORDER BY f.no LIMIT 1 OFFSET 999), 9007199254740991) ORDER BY m.created_at, m.no LIMIT 1000
--   SEARCH q USING INDEX queues_page (project_id=?)
--   SEARCH m USING INDEX queue_messages_order (queue_id=? AND no<?)
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH f USING INDEX queue_messages_order (queue_id=?)
--   USE TEMP B-TREE FOR ORDER BY

-- outbox.trim
delete from "outbox" where "no" in (select value from json_each(?)) returning "action_id", "key"
--   SEARCH outbox USING INTEGER PRIMARY KEY (rowid=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:

-- outbox.trim
UPDATE outbox SET next_at = 0 WHERE no IN (SELECT DISTINCT (SELECT min(o.no) FROM outbox o WHERE o.action_id = r.action_id AND o.key = r.key) FROM (SELECT value ->> 0 AS action_id, value ->> 1 AS key FROM jsonb_each(?) LIMIT -1) AS r) AND hold IS NULL AND coalesce(next_at, 1) <> 0
--   SEARCH outbox USING INTEGER PRIMARY KEY (rowid=?)
--   LIST SUBQUERY 3
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH o USING COVERING INDEX outbox_order (action_id=? AND key=?)
--   USE TEMP B-TREE FOR DISTINCT

-- outbox.trim
UPDATE outbox SET next_at = 0 WHERE no IN (SELECT DISTINCT (SELECT min(o.no) FROM outbox o WHERE o.action_id IS NULL AND o.key = r.key) FROM (SELECT value ->> 0 AS action_id, value ->> 1 AS key FROM jsonb_each(?) LIMIT -1) AS r) AND hold IS NULL AND coalesce(next_at, 1) <> 0
--   SEARCH outbox USING INTEGER PRIMARY KEY (rowid=?)
--   LIST SUBQUERY 3
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH o USING COVERING INDEX outbox_order (action_id=? AND key=?)
--   USE TEMP B-TREE FOR DISTINCT

-- outbox.trim
UPDATE action_deliveries SET delivered = action_deliveries.delivered + r.delivered, failed = action_deliveries.failed + r.failed, dropped = action_deliveries.dropped + r.dropped, succeeded_at = coalesce(r.succeeded_at, action_deliveries.succeeded_at), failed_at = coalesce(r.failed_at, action_deliveries.failed_at), error = coalesce(r.error, action_deliveries.error) FROM (SELECT value ->> 0 AS action_id, value ->> 1 AS delivered, value ->> 2 AS failed, value ->> 3 AS dropped, value ->> 4 AS succeeded_at, value ->> 5 AS failed_at, value ->> 6 AS error FROM jsonb_each(?) LIMIT -1) AS r WHERE action_deliveries.action_id = r.action_id
--   MATERIALIZE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH action_deliveries USING INDEX sqlite_autoindex_action_deliveries_1 (action_id=?)

-- devices.update, with a legacy subscription
update "devices" set "name" = ?, "modified_at" = ? where "device_id" = ? and "project_id" = ?
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)

-- devices.update, with a legacy subscription
select "devices".*, (select "apps"."name" from "apps" where "apps"."app_id" = "devices"."app_id") as "app_name", (select "products"."name" from "products" where "products"."app_id" = "devices"."app_id" and "products"."product_id" = "devices"."product_id") as "product_name", (select json_group_array(json_array("tag_key", "tag_value") order by "tag_key") as "tags" from "device_tags" where "device_tags"."device_id" = "devices"."device_id") as "tags" from "devices" where "devices"."device_id" = ? and "devices"."project_id" = ?
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH apps USING PRIMARY KEY (app_id=?)
--   CORRELATED SCALAR SUBQUERY 2
--   SEARCH products USING INDEX sqlite_autoindex_products_2 (app_id=? AND product_id=?)
--   CORRELATED SCALAR SUBQUERY 3
--   USE TEMP B-TREE FOR json_group_array(ORDER BY)
--   SEARCH device_tags USING PRIMARY KEY (device_id=?)

-- devices.update, with a legacy subscription
select "rule_actions"."record_id", rule_actions.action_id as "action_id", "rules"."project_id", "rules"."app_id", "rules"."select_sql", "rules"."where_sql", "rule_actions"."queue_id", NULL as "subscription_id", NULL as "notify_type", NULL as "url" from "rules" inner join "rule_actions" on "rule_actions"."rule_id" = "rules"."rule_id" where "rules"."project_id" in (select value from json_each(?)) and "rules"."resource" = ? and "rules"."event" = ? and rules.active = 1 union all select "record_id", NULL as "action_id", "project_id", "app_id", NULL as "select_sql", NULL as "where_sql", NULL as "queue_id", "subscription_id", "notify_type", "url" from "legacy_subscriptions" where "project_id" in (select value from json_each(?)) and "notify_type" in (select value from json_each(?)) order by "record_id"
--   MERGE (UNION ALL)
--   LEFT
--   SEARCH rules USING INDEX rules_subject (project_id=? AND resource=? AND event=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   SEARCH rule_actions USING INDEX rule_actions_rule (rule_id=?)
--   USE TEMP B-TREE FOR ORDER BY
--   RIGHT
--   SEARCH legacy_subscriptions USING INDEX legacy_subscriptions_wanted (project_id=? AND notify_type=?)
--   LIST SUBQUERY 3
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   LIST SUBQUERY 4
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   USE TEMP B-TREE FOR ORDER BY

-- devices.update, with a legacy subscription
select "devices".*, (select "apps"."name" from "apps" where "apps"."app_id" = "devices"."app_id") as "app_name", (select "products"."name" from "products" where "products"."app_id" = "devices"."app_id" and "products"."product_id" = "devices"."product_id") as "product_name", (select json_group_array(json_array("tag_key", "tag_value") order by "tag_key") as "tags" from "device_tags" where "device_tags"."device_id" = "devices"."device_id") as "tags" from "devices" where "devices"."device_id" in (select value from json_each(?)) order by "devices"."record_id"
--   SEARCH devices USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   LIST SUBQUERY 4
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH apps USING PRIMARY KEY (app_id=?)
--   CORRELATED SCALAR SUBQUERY 2
--   SEARCH products USING INDEX sqlite_autoindex_products_2 (app_id=? AND product_id=?)
--   CORRELATED SCALAR SUBQUERY 3
--   USE TEMP B-TREE FOR json_group_array(ORDER BY)
--   SEARCH device_tags USING PRIMARY KEY (device_id=?)
--   USE TEMP B-TREE FOR ORDER BY

-- devices.update, with a legacy subscription
SELECT d.device_id, d.app_id, d.product_id, d.parent_id, d.node_id, d.name, d.description, d.connectivity, d.frozen, d.fw_version, d.sw_version, d.active_at, d.status_at, d.created_at, d.timeout_seconds, d.secure_access, d.location, d.legacy, t.device_type, t.model, t.manufacturer_name, t.manufacturer_id, t.protocol_type FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN devices d ON d.device_id = r.id CROSS JOIN product_traits t ON t.app_id = d.app_id AND t.product_id = d.product_id
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)
--   SEARCH t USING INDEX sqlite_autoindex_product_traits_1 (app_id=? AND product_id=?)

-- devices.update, with a legacy subscription
INSERT INTO outbox (project_id, url, key, payload, bytes, subscription_id, created_at, next_at) SELECT project_id, url, key, payload, bytes, subscription_id, created_at, next_at FROM (SELECT value ->> 0 AS project_id, value ->> 1 AS url, value ->> 2 AS key, value ->> 3 AS payload, value ->> 4 AS bytes, value ->> 5 AS subscription_id, value ->> 6 AS created_at, value ->> 7 AS next_at FROM jsonb_each(?) LIMIT -1) AS r WHERE true
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r

-- outbox.finish of a legacy post
delete from "outbox" where "no" in (select value from json_each(?)) returning "action_id", "key"
--   SEARCH outbox USING INTEGER PRIMARY KEY (rowid=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:

-- legacySubscriptions.list
select count(*) as "count" from "legacy_subscriptions" where "project_id" = ? and "app_id" = ? and "notify_type" = ? and "url" = ?
--   SEARCH legacy_subscriptions USING INDEX sqlite_autoindex_legacy_subscriptions_3 (app_id=? AND notify_type=?)

-- legacySubscriptions.list
select * from "legacy_subscriptions" where "project_id" = ? and "app_id" = ? and "notify_type" = ? and "url" = ? and "legacy_subscriptions"."record_id" < ? order by "legacy_subscriptions"."record_id" asc limit ? offset ?
--   SEARCH legacy_subscriptions USING INDEX sqlite_autoindex_legacy_subscriptions_3 (app_id=? AND notify_type=?)

-- legacySubscriptions.put
select * from "apps" where "app_id" = ? and "project_id" = ?
--   SEARCH apps USING PRIMARY KEY (app_id=?)

-- legacySubscriptions.put
select * from "legacy_subscriptions" where "app_id" = ? and "notify_type" = ?
--   SEARCH legacy_subscriptions USING INDEX sqlite_autoindex_legacy_subscriptions_3 (app_id=? AND notify_type=?)

-- legacySubscriptions.put
update "legacy_subscriptions" set "url" = ?, "kind" = ? where "subscription_id" = ?
--   SEARCH legacy_subscriptions USING INDEX sqlite_autoindex_legacy_subscriptions_1 (subscription_id=?)

-- legacySubscriptions.put
UPDATE outbox SET url = ?, key = ? || substr(key, ?), next_at = CASE WHEN hold IS NULL THEN 0 ELSE next_at END WHERE subscription_id = ?
--   SEARCH outbox USING INDEX outbox_subscribed (subscription_id=?)

-- legacySubscriptions.put
UPDATE outbox SET next_at = 0 WHERE action_id IS NULL AND project_id = ? AND url = ? AND next_at IS NULL AND hold IS NULL
--   SEARCH outbox USING INDEX outbox_posts (project_id=?)

-- legacySubscriptions.delete
select * from "legacy_subscriptions" where "project_id" = ? and "app_id" = ? order by "record_id"
--   SEARCH legacy_subscriptions USING INDEX legacy_subscriptions_page (app_id=?)

-- legacySubscriptions.delete
delete from "legacy_subscriptions" where "subscription_id" in (select value from json_each(?))
--   SEARCH legacy_subscriptions USING COVERING INDEX sqlite_autoindex_legacy_subscriptions_1 (subscription_id=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   SEARCH outbox USING COVERING INDEX outbox_subscribed (subscription_id=?)

-- legacySubscriptions.delete
UPDATE outbox SET next_at = 0 WHERE action_id IS NULL AND project_id = ? AND url = ? AND next_at IS NULL AND hold IS NULL
--   SEARCH outbox USING INDEX outbox_posts (project_id=?)

-- rules.updateAction to a queue
select "queue_id" from "queues" where "project_id" = ? and "name" = ?
--   SEARCH queues USING INDEX sqlite_autoindex_queues_3 (project_id=? AND name=?)

-- rules.updateAction to a queue
update "rule_actions" set "channel" = ?, "detail" = ?, "queue_id" = ? where "action_id" = ? and "project_id" = ?
--   SEARCH rule_actions USING PRIMARY KEY (action_id=?)

-- rules.updateAction to a queue
select * from "rule_actions" where "action_id" = ? and "project_id" = ?
--   SEARCH rule_actions USING PRIMARY KEY (action_id=?)

-- rules.updateAction to a queue
INSERT INTO queue_messages (queue_id, action_id, key, payload, bytes, created_at) SELECT CAST(? AS TEXT), action_id, key, payload, bytes, created_at FROM outbox WHERE action_id = ? ORDER BY no
--   SEARCH outbox USING INDEX outbox_order (action_id=?)
--   USE TEMP B-TREE FOR ORDER BY

-- rules.updateAction to a queue
DELETE FROM outbox WHERE action_id = ?
--   SEARCH outbox USING COVERING INDEX outbox_order (action_id=?)

-- queueMessages.waiting
SELECT r.queue_id FROM (SELECT value ->> 0 AS queue_id FROM jsonb_each(?) LIMIT -1) AS r WHERE (SELECT f.no FROM queue_messages f INDEXED BY queue_messages_open WHERE f.queue_id = r.queue_id AND f.holder IS NULL AND f.due_at IS NULL ORDER BY f.no + 0 LIMIT 1) IS NOT NULL OR (SELECT d.no FROM queue_messages d INDEXED BY queue_messages_due WHERE d.queue_id = r.queue_id AND d.due_at > 0 AND d.due_at <= ? ORDER BY d.due_at, d.no LIMIT 1) IS NOT NULL OR NOT EXISTS (SELECT 1 FROM queues q WHERE q.queue_id = r.queue_id)
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   CORRELATED SCALAR SUBQUERY 2
--   SEARCH f USING INDEX queue_messages_open (queue_id=?)
--   CORRELATED SCALAR SUBQUERY 3
--   SEARCH d USING COVERING INDEX queue_messages_due (queue_id=? AND due_at>? AND due_at<?)
--   CORRELATED SCALAR SUBQUERY 4
--   SEARCH q USING COVERING INDEX sqlite_autoindex_queues_1 (queue_id=?)

-- queueMessages.take
SELECT queue_id FROM queues WHERE queue_id = ?
--   SEARCH queues USING COVERING INDEX sqlite_autoindex_queues_1 (queue_id=?)

-- queueMessages.take
UPDATE queue_messages SET due_at = NULL WHERE no IN (SELECT d.no FROM queue_messages d INDEXED BY queue_messages_due WHERE d.queue_id = ? AND d.due_at > 0 AND d.due_at <= ? ORDER BY d.due_at, d.no LIMIT ?)
--   SEARCH queue_messages USING INTEGER PRIMARY KEY (rowid=?)
--   LIST SUBQUERY 1
--   SEARCH d USING COVERING INDEX queue_messages_due (queue_id=? AND due_at>? AND due_at<?)

-- queueMessages.take
SELECT m.no, m.key, m.bytes, (SELECT p.due_at FROM queue_messages p INDEXED BY queue_messages_put_off WHERE p.queue_id = ? AND p.key = m.key AND p.no < m.no AND p.due_at IS NOT NULL LIMIT 1) AS behind, (SELECT h.holder FROM queue_messages h INDEXED BY queue_messages_keys WHERE h.queue_id = ? AND h.key = m.key AND h.holder IS NOT NULL LIMIT 1) AS holder FROM (SELECT f.no + 0 AS no, f.key, f.bytes FROM queue_messages f INDEXED BY queue_messages_open WHERE f.queue_id = ? AND f.holder IS NULL AND f.due_at IS NULL AND f.no + 0 > ? AND f.key NOT IN (SELECT r.key FROM (SELECT value ->> 0 AS key FROM jsonb_each(?) LIMIT -1) AS r) ORDER BY f.no + 0 LIMIT ?) m ORDER BY m.no
--   CO-ROUTINE m
--   SEARCH f USING INDEX queue_messages_open (queue_id=? AND <expr>>?)
--   LIST SUBQUERY 4
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   CREATE BLOOM FILTER
--   SCAN m
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH p USING COVERING INDEX queue_messages_put_off (queue_id=? AND key=? AND no<?)
--   CORRELATED SCALAR SUBQUERY 2
--   SEARCH h USING COVERING INDEX queue_messages_keys (queue_id=? AND key=? AND holder>?)

-- queueMessages.settle
DELETE FROM queue_messages WHERE no IN (SELECT m.no FROM (SELECT value ->> 0 AS no, value ->> 1 AS holder FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN queue_messages m ON m.no = r.no AND (m.holder || '') = r.holder) RETURNING action_id
--   SEARCH queue_messages USING INTEGER PRIMARY KEY (rowid=?)
--   LIST SUBQUERY 2
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH m USING INTEGER PRIMARY KEY (rowid=?)

-- queueMessages.settle
UPDATE queue_messages SET holder = NULL FROM (SELECT value ->> 0 AS no, value ->> 1 AS holder FROM jsonb_each(?) LIMIT -1) AS r WHERE queue_messages.no = r.no AND (queue_messages.holder || '') = r.holder
--   MATERIALIZE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH queue_messages USING INTEGER PRIMARY KEY (rowid=?)

-- queueMessages.settle
UPDATE queue_messages SET holder = NULL, due_at = r.due_at, attempts = attempts + 1 FROM (SELECT value ->> 0 AS no, value ->> 1 AS holder, value ->> 2 AS due_at FROM jsonb_each(?) LIMIT -1) AS r WHERE queue_messages.no = r.no AND (queue_messages.holder || '') = r.holder RETURNING action_id
--   MATERIALIZE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH queue_messages USING INTEGER PRIMARY KEY (rowid=?)

-- queueMessages.release
UPDATE queue_messages SET holder = NULL WHERE queue_id = ? AND holder = ?
--   SEARCH queue_messages USING INDEX queue_messages_held (queue_id=? AND holder=?)

-- queueMessages.releaseNode
UPDATE queue_messages SET holder = NULL WHERE no IN (SELECT no FROM queue_messages WHERE holder IS NOT NULL AND holder >= ? AND holder < ? LIMIT ?)
--   SEARCH queue_messages USING INTEGER PRIMARY KEY (rowid=?)
--   LIST SUBQUERY 1
--   SCAN queue_messages USING COVERING INDEX queue_messages_keys

-- queues.list
select count(*) as "count" from "queues" where "project_id" = ? and replace(name, ?, '') <> "name"
--   SEARCH queues USING COVERING INDEX sqlite_autoindex_queues_3 (project_id=?)

-- queues.list
select * from "queues" where "project_id" = ? and replace(name, ?, '') <> "name" and "queues"."record_id" < ? order by "queues"."record_id" asc limit ? offset ?
--   SEARCH queues USING INDEX queues_page (project_id=? AND record_id<?)

-- queues.delete
select "name" from "queues" where "queue_id" = ? and "project_id" = ?
--   SEARCH queues USING INDEX sqlite_autoindex_queues_1 (queue_id=?)

-- queues.delete
select "action_id" from "rule_actions" where "queue_id" = ? limit ?
--   SEARCH rule_actions USING COVERING INDEX rule_actions_queue (queue_id=?)

-- rules.deleteAction
delete from "rule_actions" where "action_id" = ? and "project_id" = ?
--   SEARCH rule_actions USING PRIMARY KEY (action_id=?)
--   SEARCH outbox USING COVERING INDEX outbox_order (action_id=?)
--   SEARCH action_deliveries USING COVERING INDEX sqlite_autoindex_action_deliveries_1 (action_id=?)

-- apps.delete
select * from "apps" where "app_id" = ? and "project_id" = ?
--   SEARCH apps USING PRIMARY KEY (app_id=?)

-- apps.delete
select "app_id" from "products" where "app_id" = ? union select "app_id" from "device_groups" where "app_id" = ? union select "app_id" from "packages" where "app_id" = ? union select "app_id" from "tasks" where "project_id" = ? and "app_id" = ? and status in ('Initializing', 'Waitting', 'Processing', 'Stopping')
--   MERGE (UNION)
--   LEFT
--   MERGE (UNION)
--   LEFT
--   SEARCH products USING COVERING INDEX sqlite_autoindex_products_2 (app_id=?)
--   RIGHT
--   SEARCH device_groups USING COVERING INDEX sqlite_autoindex_device_groups_3 (app_id=?)
--   RIGHT
--   MERGE (UNION)
--   LEFT
--   SEARCH packages USING COVERING INDEX sqlite_autoindex_packages_3 (app_id=?)
--   RIGHT
--   SEARCH tasks USING COVERING INDEX tasks_app_page (app_id=? AND project_id=?)

-- accounts.deleteProject
select "project_id" from "products" where "project_id" = ? limit ?
--   SEARCH products USING COVERING INDEX products_page (project_id=?)

-- tasks.find
select * from "tasks" where "task_id" = ? and "project_id" = ?
--   SEARCH tasks USING INDEX sqlite_autoindex_tasks_1 (task_id=?)

-- tasks.list
select count(*) as "count" from "tasks" where "project_id" = ?
--   SEARCH tasks USING COVERING INDEX tasks_page (project_id=?)

-- tasks.list
select "tasks".* from (select "task_no" from "tasks" where "project_id" = ? and "task_id" < ? order by "task_id" asc limit ? offset ?) as "part" inner join "tasks" on "tasks"."task_no" = "part"."task_no" order by "tasks"."task_id" asc
--   CO-ROUTINE part
--   SEARCH tasks USING COVERING INDEX tasks_page (project_id=? AND task_id<?)
--   SCAN part
--   SEARCH tasks USING INTEGER PRIMARY KEY (rowid=?)
--   USE TEMP B-TREE FOR ORDER BY

-- tasks.list by type
select count(*) as "count" from "tasks" where ("project_id" = ? and "type" = ?)
--   SEARCH tasks USING COVERING INDEX tasks_type_page (project_id=? AND type=?)

-- tasks.list by type
select "tasks".* from (select "task_no" from "tasks" where ("project_id" = ? and "type" = ?) and "task_id" < ? order by "task_id" asc limit ? offset ?) as "part" inner join "tasks" on "tasks"."task_no" = "part"."task_no" order by "tasks"."task_id" asc
--   CO-ROUTINE part
--   SEARCH tasks USING COVERING INDEX tasks_type_page (project_id=? AND type=? AND task_id<?)
--   SCAN part
--   SEARCH tasks USING INTEGER PRIMARY KEY (rowid=?)
--   USE TEMP B-TREE FOR ORDER BY

-- tasks.insert
select "task_no" from "tasks" where "project_id" = ? and status in ('Initializing', 'Waitting', 'Processing', 'Stopping') limit ?
--   SEARCH tasks USING INDEX tasks_unfinished (project_id=?)

-- tasks.insert
insert into "tasks" ("task_id", "project_id", "app_id", "name", "type", "document", "echo", "ext_info", "package_id", "gateway_mode", "need_confirm", "confirmed", "on_conflict", "start_at", "retry_count", "retry_interval_minutes", "source_kind", "source", "status", "created_at", "ends_at", "at_end", "online_by", "operator", "legacy_type", "legacy") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning *

-- tasks.insert
INSERT INTO task_targets (task_no, part, targets) SELECT task_no, part, targets FROM (SELECT value ->> 0 AS task_no, value ->> 1 AS part, value ->> 2 AS targets FROM jsonb_each(?) LIMIT -1) AS r WHERE true
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r

-- tasks expand and dispatch
select "task_no" from "tasks" where "project_id" = ? and status in ('Initializing', 'Waitting', 'Processing', 'Stopping') limit ?
--   SEARCH tasks USING INDEX tasks_unfinished (project_id=?)

-- tasks expand and dispatch
insert into "tasks" ("task_id", "project_id", "app_id", "name", "type", "document", "echo", "ext_info", "package_id", "gateway_mode", "need_confirm", "confirmed", "on_conflict", "start_at", "retry_count", "retry_interval_minutes", "source_kind", "source", "status", "created_at", "ends_at", "at_end", "online_by", "operator", "legacy_type", "legacy") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning *

-- tasks expand and dispatch
INSERT INTO task_targets (task_no, part, targets) SELECT task_no, part, targets FROM (SELECT value ->> 0 AS task_no, value ->> 1 AS part, value ->> 2 AS targets FROM jsonb_each(?) LIMIT -1) AS r WHERE true
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r

-- tasks expand and dispatch
select * from "tasks" where "task_no" = ?
--   SEARCH tasks USING INTEGER PRIMARY KEY (rowid=?)

-- tasks expand and dispatch
INSERT INTO subtasks (task_no, seq, target, state, hold) SELECT t.task_no, t.part * 1000 + j.key, j.value, 'Waitting', CAST(? AS TEXT) FROM task_targets t, json_each(t.targets) AS j WHERE t.task_no = ? AND t.part >= ? AND t.part < ?
--   SEARCH t USING PRIMARY KEY (task_no=? AND part>? AND part<?)
--   SCAN j VIRTUAL TABLE INDEX 1:

-- tasks expand and dispatch
select "part" from "task_targets" where "task_no" = ? and "part" = ?
--   SEARCH task_targets USING PRIMARY KEY (task_no=? AND part=?)

-- tasks expand and dispatch
update "tasks" set "waitting" = "waitting" + ?, "fail" = "fail" + ?, "total" = "total" + ?, "expand_cursor" = ? where "task_no" = ? and "expanded" = ?
--   SEARCH tasks USING INTEGER PRIMARY KEY (rowid=?)

-- tasks expand and dispatch
update "tasks" set "expanded" = ?, "setup_failure" = ? where "task_no" = ? returning *
--   SEARCH tasks USING INTEGER PRIMARY KEY (rowid=?)

-- tasks expand and dispatch
update "tasks" set "status" = ?, "finished_at" = ?, "started_at" = ? where "task_no" = ?
--   SEARCH tasks USING INTEGER PRIMARY KEY (rowid=?)

-- tasks expand and dispatch
select "rule_actions"."record_id", rule_actions.action_id as "action_id", "rules"."project_id", "rules"."app_id", "rules"."select_sql", "rules"."where_sql", "rule_actions"."queue_id" from "rules" inner join "rule_actions" on "rule_actions"."rule_id" = "rules"."rule_id" where "rules"."project_id" in (select value from json_each(?)) and "rules"."resource" = ? and "rules"."event" = ? and rules.active = 1 order by "rule_actions"."record_id"
--   SEARCH rules USING INDEX rules_subject (project_id=? AND resource=? AND event=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   SEARCH rule_actions USING INDEX rule_actions_rule (rule_id=?)
--   USE TEMP B-TREE FOR ORDER BY

-- tasks expand and dispatch
UPDATE tasks SET revision = revision + 1, total = total + ?, waitting = waitting + ?, processing = processing + ?, fail_wait_retry = fail_wait_retry + ?, success = success + ?, fail = fail + ?, stopped = stopped + ?, removed = removed + ?, timed_out = timed_out + ?, expired = expired + ?, dispatched = CASE WHEN ? = 1 THEN 1 ELSE dispatched END WHERE task_no = ? RETURNING *
--   SEARCH tasks USING INTEGER PRIMARY KEY (rowid=?)

-- tasks expand and dispatch
SELECT s.seq, s.target, s.state, s.attempt, s.retries, s.step, s.work, s.lane, s.due_at, s.hold, s.error_code, s.error_message, d.device_id, d.app_id, d.product_id, d.root_id, d.frozen, d.connectivity, d.fw_version, d.sw_version, e.node, e.epoch, b.device_created_at AS deleted_device_created_at, b.deleted_at AS device_deleted_at, NULL AS holder_task, NULL AS holder_seq FROM subtasks s INDEXED BY subtasks_ready LEFT JOIN devices d ON d.device_id = s.target AND (d.project_id || '') = ? LEFT JOIN sessions e ON e.device_id = d.root_id AND e.ended_at IS NULL LEFT JOIN device_tombstones b ON b.device_id = s.target AND (b.project_id || '') = ? WHERE s.task_no = ? AND s.state = 'Waitting' AND s.hold IS NULL ORDER BY s.seq LIMIT ?
--   SEARCH s USING INDEX subtasks_ready (task_no=?)
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?) LEFT-JOIN
--   SEARCH e USING PRIMARY KEY (device_id=?) LEFT-JOIN
--   SEARCH b USING PRIMARY KEY (device_id=?) LEFT-JOIN

-- tasks expand and dispatch
UPDATE subtasks SET state = ?, attempt = ?, started_at = coalesce(started_at, CAST(? AS BIGINT)), ended_at = ?, output = r.output, error_code = r.code, error_message = r.message FROM (SELECT value ->> 0 AS task_no, value ->> 1 AS seq, value ->> 2 AS output, value ->> 3 AS code, value ->> 4 AS message FROM jsonb_each(?) LIMIT -1) AS r WHERE subtasks.task_no = r.task_no AND subtasks.seq = r.seq
--   MATERIALIZE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH subtasks USING PRIMARY KEY (task_no=? AND seq=?)

-- tasks expand and dispatch
select * from "tasks" where "task_id" = ? and "project_id" = ?
--   SEARCH tasks USING INDEX sqlite_autoindex_tasks_1 (task_id=?)

-- tasks expand groups
select "task_no" from "tasks" where "project_id" = ? and status in ('Initializing', 'Waitting', 'Processing', 'Stopping') limit ?
--   SEARCH tasks USING INDEX tasks_unfinished (project_id=?)

-- tasks expand groups
insert into "tasks" ("task_id", "project_id", "app_id", "name", "type", "document", "echo", "ext_info", "package_id", "gateway_mode", "need_confirm", "confirmed", "on_conflict", "start_at", "retry_count", "retry_interval_minutes", "source_kind", "source", "status", "created_at", "ends_at", "at_end", "online_by", "operator", "legacy_type", "legacy") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning *

-- tasks expand groups
select * from "tasks" where "task_no" = ?
--   SEARCH tasks USING INTEGER PRIMARY KEY (rowid=?)

-- tasks expand groups
SELECT g.group_id FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN device_groups g ON g.group_id = r.id AND g.project_id = ?
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH g USING PRIMARY KEY (group_id=?)

-- tasks expand groups
WITH RECURSIVE tree (group_id, rule) AS ( SELECT g.group_id, g.rule FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN device_groups g ON g.group_id = r.id UNION SELECT g.group_id, g.rule FROM tree t JOIN device_groups g ON g.super_group_id = t.group_id) SELECT group_id, rule FROM tree ORDER BY CASE WHEN rule IS NULL THEN 0 ELSE 1 END, group_id
--   CO-ROUTINE tree
--   SETUP
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH g USING PRIMARY KEY (group_id=?)
--   RECURSIVE STEP
--   SCAN t
--   SEARCH g USING INDEX device_groups_super (super_group_id=?)
--   SCAN tree
--   USE TEMP B-TREE FOR ORDER BY

-- tasks expand groups
SELECT record_id FROM devices WHERE project_id = ? ORDER BY record_id DESC LIMIT 1
--   SEARCH devices USING COVERING INDEX devices_page (project_id=?)

-- tasks expand groups
update "tasks" set "waitting" = "waitting" + ?, "fail" = "fail" + ?, "total" = "total" + ?, "expand_cursor" = ? where "task_no" = ? and "expanded" = ?
--   SEARCH tasks USING INTEGER PRIMARY KEY (rowid=?)

-- tasks expand groups
SELECT max(device_id) AS last FROM ( SELECT device_id FROM group_members WHERE group_id = ? AND device_id > ? ORDER BY device_id LIMIT ?) members
--   CO-ROUTINE members
--   SEARCH group_members USING PRIMARY KEY (group_id=? AND device_id>?)
--   SEARCH members

-- tasks expand groups
INSERT INTO subtasks (task_no, seq, target, state, hold) SELECT CAST(? AS BIGINT), CAST(? AS BIGINT) + row_number() OVER (ORDER BY m.device_id) - 1, m.device_id, 'Waitting', CAST(? AS TEXT) FROM group_members m WHERE m.group_id = ? AND m.device_id > ? AND m.device_id <= ?
--   CO-ROUTINE (subquery-2)
--   SEARCH m USING PRIMARY KEY (group_id=? AND device_id>? AND device_id<?)
--   SCAN (subquery-2)

-- tasks expand groups
INSERT INTO subtasks (task_no, seq, target, state, hold) SELECT CAST(? AS BIGINT), CAST(? AS BIGINT) + row_number() OVER (ORDER BY m.device_id) - 1, m.device_id, 'Waitting', CAST(? AS TEXT) FROM group_members m WHERE m.group_id = ? AND m.device_id > ? AND m.device_id <= ? AND NOT EXISTS (SELECT 1 FROM subtasks s WHERE s.target = m.device_id AND (s.task_no + 0) = ?)
--   CO-ROUTINE (subquery-3)
--   SEARCH m USING PRIMARY KEY (group_id=? AND device_id>? AND device_id<?)
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH s USING COVERING INDEX subtasks_target (target=?)
--   SCAN (subquery-3)

-- tasks expand groups
update "tasks" set "expanded" = ?, "setup_failure" = ? where "task_no" = ? returning *
--   SEARCH tasks USING INTEGER PRIMARY KEY (rowid=?)

-- tasks expand groups
update "tasks" set "status" = ?, "finished_at" = ?, "started_at" = ? where "task_no" = ?
--   SEARCH tasks USING INTEGER PRIMARY KEY (rowid=?)

-- tasks expand groups
select "rule_actions"."record_id", rule_actions.action_id as "action_id", "rules"."project_id", "rules"."app_id", "rules"."select_sql", "rules"."where_sql", "rule_actions"."queue_id" from "rules" inner join "rule_actions" on "rule_actions"."rule_id" = "rules"."rule_id" where "rules"."project_id" in (select value from json_each(?)) and "rules"."resource" = ? and "rules"."event" = ? and rules.active = 1 order by "rule_actions"."record_id"
--   SEARCH rules USING INDEX rules_subject (project_id=? AND resource=? AND event=?)
--   LIST SUBQUERY 1
--   SCAN json_each VIRTUAL TABLE INDEX 1:
--   SEARCH rule_actions USING INDEX rule_actions_rule (rule_id=?)
--   USE TEMP B-TREE FOR ORDER BY

-- tasks expand groups
UPDATE tasks SET revision = revision + 1, total = total + ?, waitting = waitting + ?, processing = processing + ?, fail_wait_retry = fail_wait_retry + ?, success = success + ?, fail = fail + ?, stopped = stopped + ?, removed = removed + ?, timed_out = timed_out + ?, expired = expired + ?, dispatched = CASE WHEN ? = 1 THEN 1 ELSE dispatched END WHERE task_no = ? RETURNING *
--   SEARCH tasks USING INTEGER PRIMARY KEY (rowid=?)

-- tasks expand groups
SELECT s.seq, s.target, s.state, s.attempt, s.retries, s.step, s.work, s.lane, s.due_at, s.hold, s.error_code, s.error_message, d.device_id, d.app_id, d.product_id, d.root_id, d.frozen, d.connectivity, d.fw_version, d.sw_version, e.node, e.epoch, b.device_created_at AS deleted_device_created_at, b.deleted_at AS device_deleted_at, NULL AS holder_task, NULL AS holder_seq FROM subtasks s INDEXED BY subtasks_ready LEFT JOIN devices d ON d.device_id = s.target AND (d.project_id || '') = ? LEFT JOIN sessions e ON e.device_id = d.root_id AND e.ended_at IS NULL LEFT JOIN device_tombstones b ON b.device_id = s.target AND (b.project_id || '') = ? WHERE s.task_no = ? AND s.state = 'Waitting' AND s.hold IS NULL ORDER BY s.seq LIMIT ?
--   SEARCH s USING INDEX subtasks_ready (task_no=?)
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?) LEFT-JOIN
--   SEARCH e USING PRIMARY KEY (device_id=?) LEFT-JOIN
--   SEARCH b USING PRIMARY KEY (device_id=?) LEFT-JOIN

-- tasks expand groups
UPDATE subtasks SET state = ?, attempt = ?, started_at = coalesce(started_at, CAST(? AS BIGINT)), ended_at = ?, output = r.output, error_code = r.code, error_message = r.message FROM (SELECT value ->> 0 AS task_no, value ->> 1 AS seq, value ->> 2 AS output, value ->> 3 AS code, value ->> 4 AS message FROM jsonb_each(?) LIMIT -1) AS r WHERE subtasks.task_no = r.task_no AND subtasks.seq = r.seq
--   MATERIALIZE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH subtasks USING PRIMARY KEY (task_no=? AND seq=?)

-- tasks expand groups
select * from "tasks" where "task_id" = ? and "project_id" = ?
--   SEARCH tasks USING INDEX sqlite_autoindex_tasks_1 (task_id=?)

-- subtasks.listTurns
SELECT t.*, CASE WHEN t.sweep IS NOT NULL OR (t.expanded = 1 AND t.stop_accepted = 0 AND t.ends_at <= ?) THEN 'sweep' WHEN t.expanded = 0 THEN 'expand' ELSE 'dispatch' END AS work FROM tasks t INDEXED BY tasks_turns WHERE t.status IN ('Initializing', 'Waitting', 'Processing', 'Stopping') AND t.task_no > ? AND ( t.sweep IS NOT NULL OR (t.expanded = 1 AND t.stop_accepted = 0 AND t.ends_at <= ?) OR (t.expanded = 0 AND (t.status = 'Initializing' OR coalesce(t.start_at, 0) <= ?)) OR (t.expanded = 1 AND t.stop_accepted = 0 AND coalesce(t.start_at, 0) <= ? AND EXISTS (SELECT 1 FROM subtasks s INDEXED BY subtasks_ready WHERE s.task_no = t.task_no AND s.state = 'Waitting' AND s.hold IS NULL))) ORDER BY t.task_no LIMIT ?
--   SEARCH t USING INDEX tasks_turns (task_no>?)
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH s USING INDEX subtasks_ready (task_no=?)

-- subtasks.nextWake
SELECT (SELECT min(due_at) FROM subtasks WHERE due_at IS NOT NULL) AS due, (SELECT min(start_at) FROM tasks INDEXED BY tasks_turns WHERE status IN ('Initializing', 'Waitting', 'Processing', 'Stopping') AND start_at > ?) AS start, (SELECT min(ends_at) FROM tasks INDEXED BY tasks_turns WHERE status IN ('Initializing', 'Waitting', 'Processing', 'Stopping') AND stop_accepted = 0) AS ending
--   SCAN CONSTANT ROW
--   SCALAR SUBQUERY 1
--   SEARCH subtasks USING COVERING INDEX subtasks_due (due_at>?)
--   SCALAR SUBQUERY 2
--   SEARCH tasks USING INDEX tasks_turns
--   SCALAR SUBQUERY 3
--   SEARCH tasks USING INDEX tasks_turns

-- subtasks.listDue
SELECT task_no, seq FROM subtasks WHERE due_at <= ? ORDER BY due_at, task_no, seq LIMIT ?
--   SEARCH subtasks USING COVERING INDEX subtasks_due (due_at<?)

-- subtasks.findLaneHolders
SELECT s.target, s.task_no, s.seq, s.attempt FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN subtasks s ON s.target = r.id AND s.lane IS NOT NULL
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH s USING INDEX subtasks_lane (target=?)

-- subtasks.listChildLaneHolders
SELECT s.target, s.task_no, s.seq, s.attempt FROM devices d CROSS JOIN subtasks s ON s.target = d.device_id AND s.lane IS NOT NULL WHERE d.root_id = ? AND d.parent_id IS NOT NULL AND d.connectivity = 'ONLINE' AND d.device_id > ? ORDER BY d.device_id LIMIT ?
--   SEARCH d USING INDEX devices_root (root_id=? AND device_id>?)
--   SEARCH s USING INDEX subtasks_lane (target=?)

-- subtasks.releaseOffline
UPDATE subtasks INDEXED BY subtasks_offline SET step = NULL, hold = NULL, due_at = CASE state WHEN 'FailWaitRetry' THEN CAST(? AS BIGINT) END FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r WHERE subtasks.target = r.id AND subtasks.step = 'wait_online' AND subtasks.state IN ('Waitting', 'FailWaitRetry')
--   MATERIALIZE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH subtasks USING INDEX subtasks_offline (target=?)

-- subtasks.releaseOfflineChildren
UPDATE subtasks INDEXED BY subtasks_offline SET step = NULL, hold = NULL, due_at = CASE state WHEN 'FailWaitRetry' THEN CAST(? AS BIGINT) END FROM devices d WHERE d.root_id = ? AND d.parent_id IS NOT NULL AND d.connectivity = 'ONLINE' AND subtasks.target = d.device_id AND subtasks.step = 'wait_online' AND subtasks.state IN ('Waitting', 'FailWaitRetry')
--   SEARCH d USING INDEX devices_root (root_id=?)
--   SEARCH subtasks USING INDEX subtasks_offline (target=?)

-- subtasks.findLatestUpgrade
SELECT s.task_no, s.seq FROM subtasks s JOIN tasks t ON t.task_no = s.task_no WHERE s.target = ? AND t.package_id IS NOT NULL ORDER BY s.task_no DESC, s.seq DESC LIMIT 1
--   SEARCH s USING COVERING INDEX subtasks_target (target=?)
--   SEARCH t USING INTEGER PRIMARY KEY (rowid=?)

-- subtasks.listRows
SELECT seq, target, state, output, error_code, error_message FROM subtasks WHERE task_no = ? AND seq > ? ORDER BY seq LIMIT ?
--   SEARCH subtasks USING PRIMARY KEY (task_no=? AND seq>?)

-- subtasks.listRows
select "total", "expanded" from "tasks" where "task_no" = ?
--   SEARCH tasks USING INTEGER PRIMARY KEY (rowid=?)

-- subtasks.list
SELECT seq, target, state, output, error_code, error_message FROM subtasks WHERE task_no = ? AND seq < ? ORDER BY seq DESC LIMIT ?
--   SEARCH subtasks USING PRIMARY KEY (task_no=? AND seq<?)

-- subtasks.list by state
SELECT s.seq, s.target, s.state, s.output, s.error_code, s.error_message FROM (SELECT seq FROM subtasks INDEXED BY subtasks_left WHERE task_no = ? AND state = 'Fail' AND state <> 'Waitting' AND seq >= ? AND seq < ? ORDER BY seq ASC LIMIT ? OFFSET ?) part CROSS JOIN subtasks s ON s.task_no = ? AND s.seq = part.seq ORDER BY part.seq DESC
--   CO-ROUTINE part
--   SEARCH subtasks USING COVERING INDEX subtasks_left (task_no=? AND state=? AND seq>? AND seq<?)
--   SCAN part
--   SEARCH s USING PRIMARY KEY (task_no=? AND seq=?)
--   USE TEMP B-TREE FOR ORDER BY

-- subtasks.list by target
SELECT count(*) AS count FROM subtasks INDEXED BY subtasks_target WHERE target = ? AND task_no = ?
--   SEARCH subtasks USING COVERING INDEX subtasks_target (target=? AND task_no=?)

-- subtasks.list by target
SELECT seq, target, state, output, error_code, error_message FROM subtasks INDEXED BY subtasks_target WHERE target = ? AND task_no = ? AND seq < ? ORDER BY seq DESC LIMIT ? OFFSET ?
--   SEARCH subtasks USING INDEX subtasks_target (target=? AND task_no=? AND seq<?)

-- subtasks.listOrdered
SELECT s.seq, s.target, s.state, s.output, s.error_code, s.error_message, s.attempt, s.step, s.started_at, s.ended_at, CASE WHEN s.state = 'Processing' AND EXISTS (SELECT 1 FROM commands c WHERE c.task_no = s.task_no AND c.seq = s.seq AND c.status = 'PENDING' AND c.task_no IS NOT NULL LIMIT 1 OFFSET 0) THEN 1 ELSE 0 END AS is_cached FROM subtasks s WHERE s.task_no = ? AND s.seq >= ? ORDER BY s.seq LIMIT ?
--   SEARCH s USING PRIMARY KEY (task_no=? AND seq>?)
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH c USING COVERING INDEX commands_cached (task_no=? AND seq=?)

-- subtasks.listOrdered by state
SELECT s.seq, s.target, s.state, s.output, s.error_code, s.error_message, s.attempt, s.step, s.started_at, s.ended_at, CASE WHEN s.state = 'Processing' AND EXISTS (SELECT 1 FROM commands c WHERE c.task_no = s.task_no AND c.seq = s.seq AND c.status = 'PENDING' AND c.task_no IS NOT NULL LIMIT 1 OFFSET 0) THEN 1 ELSE 0 END AS is_cached FROM (SELECT seq FROM subtasks INDEXED BY subtasks_left WHERE task_no = ? AND state = 'Processing' AND state <> 'Waitting' AND seq >= ? AND seq < ? INTERSECT SELECT seq FROM commands INDEXED BY commands_cached WHERE task_no = ? AND status = 'PENDING' AND task_no IS NOT NULL AND seq >= ? AND seq < ? UNION ALL SELECT seq FROM subtasks INDEXED BY subtasks_late WHERE task_no = ? AND state = 'Fail' AND error_code IN ('014111', '014592', '014593', '014136', '014591', '014563') AND seq >= ? AND seq < ? ORDER BY seq ASC LIMIT ? OFFSET ?) part CROSS JOIN subtasks s ON s.task_no = ? AND s.seq = part.seq ORDER BY part.seq
--   CO-ROUTINE part
--   MERGE (UNION ALL)
--   LEFT
--   MERGE (INTERSECT)
--   LEFT
--   SEARCH subtasks USING COVERING INDEX subtasks_left (task_no=? AND state=? AND seq>? AND seq<?)
--   RIGHT
--   SEARCH commands USING COVERING INDEX commands_cached (task_no=? AND seq>? AND seq<?)
--   RIGHT
--   SEARCH subtasks USING COVERING INDEX subtasks_late (task_no=? AND seq>? AND seq<?)
--   SCAN part
--   SEARCH s USING PRIMARY KEY (task_no=? AND seq=?)
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH c USING COVERING INDEX commands_cached (task_no=? AND seq=?)

-- subtasks.listOrdered by name
SELECT count(*) AS count FROM (SELECT value ->> 0 AS task_no, value ->> 1 AS seq FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN subtasks s ON s.task_no = r.task_no AND s.seq = r.seq WHERE true AND s.target IN (SELECT g.target FROM (SELECT value ->> 0 AS target, value ->> 1 AS task_no FROM jsonb_each(?) LIMIT -1) AS g)
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH s USING COVERING INDEX subtasks_target (target=? AND task_no=? AND seq=?)
--   LIST SUBQUERY 3
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:

-- subtasks.listOrdered by name
SELECT s.seq, s.target, s.state, s.output, s.error_code, s.error_message, s.attempt, s.step, s.started_at, s.ended_at, CASE WHEN s.state = 'Processing' AND EXISTS (SELECT 1 FROM commands c WHERE c.task_no = s.task_no AND c.seq = s.seq AND c.status = 'PENDING' AND c.task_no IS NOT NULL LIMIT 1 OFFSET 0) THEN 1 ELSE 0 END AS is_cached FROM (SELECT value ->> 0 AS task_no, value ->> 1 AS seq FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN subtasks s ON s.task_no = r.task_no AND s.seq = r.seq WHERE true AND s.target IN (SELECT g.target FROM (SELECT value ->> 0 AS target, value ->> 1 AS task_no FROM jsonb_each(?) LIMIT -1) AS g) AND s.seq >= ? ORDER BY s.seq LIMIT ? OFFSET ?
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH s USING PRIMARY KEY (task_no=? AND seq=?)
--   LIST SUBQUERY 4
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   CREATE BLOOM FILTER
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH c USING COVERING INDEX commands_cached (task_no=? AND seq=?)
--   USE TEMP B-TREE FOR ORDER BY

-- tasks.list of operations
select count(*) as "count" from "tasks" where ("project_id" = ? and "app_id" = ? and type IN ('firmwareUpgrade', 'softwareUpgrade'))
--   SEARCH tasks USING COVERING INDEX tasks_upgrades (app_id=? AND project_id=?)

-- tasks.list of operations
select "tasks".* from (select "task_no" from "tasks" where ("project_id" = ? and "app_id" = ? and type IN ('firmwareUpgrade', 'softwareUpgrade')) and "task_id" < ? order by "task_id" asc limit ? offset ?) as "part" inner join "tasks" on "tasks"."task_no" = "part"."task_no" order by "tasks"."task_id" asc
--   CO-ROUTINE part
--   SEARCH tasks USING COVERING INDEX tasks_upgrades (app_id=? AND project_id=? AND task_id<?)
--   SCAN part
--   SEARCH tasks USING INTEGER PRIMARY KEY (rowid=?)
--   USE TEMP B-TREE FOR ORDER BY

-- tasks.list of operations by product and device
select count(*) as "count" from "tasks" where ("project_id" = ? and "app_id" = ? and type IN ('firmwareUpgrade', 'softwareUpgrade') and ("package_id" IN (select "packages"."package_id" from "packages" inner join "product_traits" on "product_traits"."app_id" = "packages"."app_id" and "product_traits"."product_id" = "packages"."product_id" where "product_traits"."app_id" = ? and "device_type" = ? union all select "former_packages"."package_id" from "former_packages" where "app_id" = ? and "device_type" = ?)) IS TRUE and ("task_no" IN (select "s"."task_no" from "subtasks" as "s" where "s"."target" = ?)) IS TRUE)
--   SEARCH tasks USING COVERING INDEX tasks_upgrades (app_id=? AND project_id=?)
--   LIST SUBQUERY 2
--   COMPOUND QUERY
--   LEFT-MOST SUBQUERY
--   SEARCH packages USING INDEX sqlite_autoindex_packages_3 (app_id=?)
--   SEARCH product_traits USING INDEX sqlite_autoindex_product_traits_1 (app_id=? AND product_id=?)
--   CREATE BLOOM FILTER
--   UNION ALL
--   SEARCH former_packages USING INDEX former_packages_app (app_id=?)
--   CREATE BLOOM FILTER
--   LIST SUBQUERY 3
--   SEARCH s USING COVERING INDEX subtasks_target (target=?)
--   CREATE BLOOM FILTER

-- tasks.list of operations by product and device
select "tasks".* from (select "task_no" from "tasks" where ("project_id" = ? and "app_id" = ? and type IN ('firmwareUpgrade', 'softwareUpgrade') and ("package_id" IN (select "packages"."package_id" from "packages" inner join "product_traits" on "product_traits"."app_id" = "packages"."app_id" and "product_traits"."product_id" = "packages"."product_id" where "product_traits"."app_id" = ? and "device_type" = ? union all select "former_packages"."package_id" from "former_packages" where "app_id" = ? and "device_type" = ?)) IS TRUE and ("task_no" IN (select "s"."task_no" from "subtasks" as "s" where "s"."target" = ?)) IS TRUE) and "task_id" < ? order by "task_id" asc limit ? offset ?) as "part" inner join "tasks" on "tasks"."task_no" = "part"."task_no" order by "tasks"."task_id" asc
--   CO-ROUTINE part
--   SEARCH tasks USING COVERING INDEX tasks_upgrades (app_id=? AND project_id=? AND task_id<?)
--   LIST SUBQUERY 2
--   COMPOUND QUERY
--   LEFT-MOST SUBQUERY
--   SEARCH packages USING INDEX sqlite_autoindex_packages_3 (app_id=?)
--   SEARCH product_traits USING INDEX sqlite_autoindex_product_traits_1 (app_id=? AND product_id=?)
--   CREATE BLOOM FILTER
--   UNION ALL
--   SEARCH former_packages USING INDEX former_packages_app (app_id=?)
--   CREATE BLOOM FILTER
--   LIST SUBQUERY 3
--   SEARCH s USING COVERING INDEX subtasks_target (target=?)
--   CREATE BLOOM FILTER
--   SCAN part
--   SEARCH tasks USING INTEGER PRIMARY KEY (rowid=?)
--   USE TEMP B-TREE FOR ORDER BY

-- targets.findGroups
SELECT g.group_id, g.name FROM (SELECT value ->> 0 AS app_id, value ->> 1 AS value FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN device_groups g ON g.app_id = r.app_id AND g.name = r.value WHERE g.project_id = ? AND g.rule IS NULL
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH g USING INDEX sqlite_autoindex_device_groups_3 (app_id=? AND name=?)

-- targets.findProductsOf
SELECT d.device_id, d.product_id AS value FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN devices d ON d.device_id = r.id WHERE d.project_id = ? AND d.app_id = ?
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)

-- targets.findNodesOf
SELECT d.device_id, d.node_id AS value FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN devices d ON d.device_id = r.id WHERE d.project_id = ? AND d.app_id = ?
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH d USING INDEX sqlite_autoindex_devices_1 (device_id=?)

-- targets.findByNode
select "device_id" from "devices" where "project_id" = ? and "node_id" = ? and "app_id" = ? order by "record_id" limit ?
--   SEARCH devices USING INDEX devices_by_node (project_id=? AND node_id=?)

-- targets.findPackages
SELECT p.package_id, p.type, p.product_id, p.version, t.device_type, t.model, t.manufacturer_name, t.manufacturer_id, t.protocol_type FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN packages p ON p.package_id = r.id CROSS JOIN product_traits t ON t.app_id = p.app_id AND t.product_id = p.product_id WHERE p.project_id = ? AND p.app_id = ?
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH p USING PRIMARY KEY (package_id=?)
--   SEARCH t USING INDEX sqlite_autoindex_product_traits_1 (app_id=? AND product_id=?)

-- targets.findTaskPackages
SELECT p.package_id, p.type, p.product_id, p.version, t.device_type, t.model, t.manufacturer_name, t.manufacturer_id, t.protocol_type FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN packages p ON p.package_id = r.id CROSS JOIN product_traits t ON t.app_id = p.app_id AND t.product_id = p.product_id WHERE p.project_id = ? AND p.app_id = ?
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH p USING PRIMARY KEY (package_id=?)
--   SEARCH t USING INDEX sqlite_autoindex_product_traits_1 (app_id=? AND product_id=?)

-- targets.findTaskPackages
SELECT p.package_id, p.type, p.product_id, p.version, p.device_type, p.model, p.manufacturer_name, p.manufacturer_id, p.protocol_type FROM (SELECT value ->> 0 AS id FROM jsonb_each(?) LIMIT -1) AS r CROSS JOIN former_packages p ON p.package_id = r.id WHERE p.project_id = ? AND p.app_id = ?
--   CO-ROUTINE r
--   SCAN jsonb_each VIRTUAL TABLE INDEX 1:
--   SCAN r
--   SEARCH p USING INDEX sqlite_autoindex_former_packages_1 (package_id=?)

-- exports.insert
select "task_no", "name" from "tasks" where "task_id" = ? and "project_id" = ?
--   SEARCH tasks USING INDEX sqlite_autoindex_tasks_1 (task_id=?)

-- exports.insert
select count(*) as "count" from "exports" where "project_id" = ? and "state" <> 'gone' and "expires_at" > ?
--   SEARCH exports USING INDEX exports_page (project_id=?)

-- exports.insert
select count(*) as "count" from "exports" where "project_id" = ? and "state" <> 'gone' and "expires_at" > ? and "state" = 'Processing'
--   SEARCH exports USING INDEX exports_page (project_id=?)

-- exports.insert
insert into "exports" ("export_id", "record_id", "project_id", "task_no", "task_id", "name", "app_type", "app_id", "format", "shows_secrets", "state", "due_at", "created_at", "expires_at") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- exports.list
select count(*) as "count" from "exports" where "project_id" = ? and "state" <> 'gone' and "expires_at" > ? and "task_id" = ?
--   SEARCH exports USING INDEX exports_page (project_id=?)

-- exports.list
select * from "exports" where "project_id" = ? and "state" <> 'gone' and "expires_at" > ? and "task_id" = ? and "exports"."record_id" < ? order by "exports"."record_id" asc limit ? offset ?
--   SEARCH exports USING INDEX exports_page (project_id=? AND record_id<?)

-- exports.find
select * from "exports" where "project_id" = ? and "state" <> 'gone' and "expires_at" > ? and "export_id" = ?
--   SEARCH exports USING INDEX sqlite_autoindex_exports_1 (export_id=?)

-- exports.claim
SELECT e.* FROM exports e INDEXED BY exports_due WHERE e.state = 'Processing' AND (e.due_at <= ? OR e.holder <> ?) AND e.expires_at > ? ORDER BY (SELECT count(*) FROM exports o WHERE o.state = 'Processing' AND o.due_at > ? AND o.project_id = e.project_id), e.record_id LIMIT 1
--   SCAN e USING INDEX exports_due
--   CORRELATED SCALAR SUBQUERY 1
--   SEARCH o USING INDEX exports_due (due_at>?)
--   USE TEMP B-TREE FOR ORDER BY

-- exports.claim
update "exports" set "run" = ?, "holder" = ?, "due_at" = ?, "export_count" = ?, "progress" = ?, "size" = ? where "export_id" = ?
--   SEARCH exports USING INDEX sqlite_autoindex_exports_1 (export_id=?)

-- exports.discardEarlier
select "run", "part" from "export_chunks" where "export_id" = ? and "run" < ? order by "run", "part" limit ?
--   SEARCH export_chunks USING COVERING INDEX sqlite_autoindex_export_chunks_1 (export_id=? AND run<?)

-- exports.report
update "exports" set "export_count" = ?, "progress" = ?, "due_at" = ? where "export_id" = ? and "run" = ? and "state" = ?
--   SEARCH exports USING INDEX sqlite_autoindex_exports_1 (export_id=?)

-- exports.addChunk
update "exports" set "size" = "size" + ? where "export_id" = ? and "run" = ? and "state" = ?
--   SEARCH exports USING INDEX sqlite_autoindex_exports_1 (export_id=?)

-- exports.addChunk
insert into "export_chunks" ("export_id", "run", "part", "bytes") values (?, ?, ?, ?)

-- exports.readChunk
select "bytes" from "export_chunks" where "export_id" = ? and "run" = ? and "part" = ?
--   SEARCH export_chunks USING INDEX sqlite_autoindex_export_chunks_1 (export_id=? AND run=? AND part=?)

-- exports.release
update "exports" set "holder" = ?, "due_at" = ? where "export_id" = ? and "run" = ? and "state" = ?
--   SEARCH exports USING INDEX sqlite_autoindex_exports_1 (export_id=?)

-- exports.succeed
update "exports" set "state" = ?, "due_at" = ?, "holder" = ?, "ended_at" = ?, "expires_at" = ?, "export_count" = ?, "progress" = ?, "has_secrets" = ? where "export_id" = ? and "run" = ? and "state" = ?
--   SEARCH exports USING INDEX sqlite_autoindex_exports_1 (export_id=?)

-- exports.delete
update "exports" set "state" = ?, "due_at" = ?, "expires_at" = ? where "export_id" = ? and "project_id" = ? and "state" <> ? and "expires_at" > ?
--   SEARCH exports USING INDEX sqlite_autoindex_exports_1 (export_id=?)

-- exports.purge
SELECT e.export_id, e.run FROM exports e WHERE e.expires_at <= ? ORDER BY e.expires_at LIMIT 1
--   SEARCH e USING INDEX exports_expiry (expires_at<?)

-- exports.purge
update "exports" set "state" = ?, "due_at" = ? where "export_id" = ?
--   SEARCH exports USING INDEX sqlite_autoindex_exports_1 (export_id=?)

-- exports.purge
select "run", "part" from "export_chunks" where "export_id" = ? and "run" < ? order by "run", "part" limit ?
--   SEARCH export_chunks USING COVERING INDEX sqlite_autoindex_export_chunks_1 (export_id=? AND run<?)

-- exports.purge
delete from "export_chunks" where "export_id" = ? and "run" = ? and "part" < ?
--   SEARCH export_chunks USING INDEX sqlite_autoindex_export_chunks_1 (export_id=? AND run=? AND part<?)

-- legacyAccess.setSecret
select * from "apps" where "app_id" = ? and "project_id" = ?
--   SEARCH apps USING PRIMARY KEY (app_id=?)

-- legacyAccess.setSecret
insert into "legacy_secrets" ("app_id", "secret_hash", "frozen") values (?, ?, ?) on conflict ("app_id") do update set "secret_hash" = ?, "frozen" = ?

-- legacyAccess.findSecret
select * from "legacy_secrets" where "app_id" = ?
--   SEARCH legacy_secrets USING INDEX sqlite_autoindex_legacy_secrets_1 (app_id=?)

-- legacyAccess.issue
select * from "legacy_secrets" where "app_id" = ?
--   SEARCH legacy_secrets USING INDEX sqlite_autoindex_legacy_secrets_1 (app_id=?)

-- legacyAccess.issue
delete from "legacy_tokens" where "app_id" = ? and "kind" = ?
--   SEARCH legacy_tokens USING COVERING INDEX legacy_tokens_app (app_id=? AND kind=?)

-- legacyAccess.issue
select "record_id" from "legacy_tokens" where "app_id" = ? and "kind" = ? order by "record_id" desc limit ? offset ?
--   SEARCH legacy_tokens USING COVERING INDEX legacy_tokens_app (app_id=? AND kind=?)

-- legacyAccess.issue
insert into "legacy_tokens" ("record_id", "app_id", "token_hash", "kind", "expires_at") values (?, ?, ?, ?, ?)

-- legacyAccess.isRefreshToken
select "token_hash" from "legacy_tokens" where "token_hash" = ? and "app_id" = ? and "kind" = ? and "expires_at" > ?
--   SEARCH legacy_tokens USING INDEX sqlite_autoindex_legacy_tokens_1 (token_hash=?)

-- legacyAccess.findCaller
select * from "apps" where "app_id" = ?
--   SEARCH apps USING PRIMARY KEY (app_id=?)

-- legacyAccess.findCaller
select "token_hash" from "legacy_tokens" where "token_hash" = ? and "app_id" = ? and "kind" = ? and "expires_at" > ?
--   SEARCH legacy_tokens USING INDEX sqlite_autoindex_legacy_tokens_1 (token_hash=?)

-- legacyAccess.grant
select * from "apps" where "app_id" = ? and "project_id" = ?
--   SEARCH apps USING PRIMARY KEY (app_id=?)

-- legacyAccess.grant
insert into "legacy_grants" ("owner_id", "caller_id") values (?, ?) on conflict do nothing

-- legacyAccess.findOwner
select "apps".*, "legacy_grants"."owner_id" as "granted" from "apps" left join "legacy_grants" on "legacy_grants"."owner_id" = "apps"."app_id" and "legacy_grants"."caller_id" = ? where "apps"."app_id" = ? and "apps"."project_id" = ?
--   SEARCH apps USING PRIMARY KEY (app_id=?)
--   SEARCH legacy_grants USING COVERING INDEX sqlite_autoindex_legacy_grants_1 (owner_id=? AND caller_id=?) LEFT-JOIN

-- legacyAccess.withdrawGrant
select * from "apps" where "app_id" = ? and "project_id" = ?
--   SEARCH apps USING PRIMARY KEY (app_id=?)

-- legacyAccess.withdrawGrant
delete from "legacy_grants" where "owner_id" = ? and "caller_id" = ?
--   SEARCH legacy_grants USING INDEX sqlite_autoindex_legacy_grants_1 (owner_id=? AND caller_id=?)

-- legacyAccess.endAccessToken
delete from "legacy_tokens" where "token_hash" = ? and "kind" = ?
--   SEARCH legacy_tokens USING INDEX sqlite_autoindex_legacy_tokens_1 (token_hash=?)

-- legacyAccess.purge
DELETE FROM legacy_tokens WHERE token_hash IN (SELECT token_hash FROM legacy_tokens WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)
--   SEARCH legacy_tokens USING COVERING INDEX sqlite_autoindex_legacy_tokens_1 (token_hash=?)
--   LIST SUBQUERY 1
--   SEARCH legacy_tokens USING INDEX legacy_tokens_expiry (expires_at<?)

-- legacyAccess.revokeSecret
select * from "apps" where "app_id" = ? and "project_id" = ?
--   SEARCH apps USING PRIMARY KEY (app_id=?)

-- legacyAccess.revokeSecret
update "legacy_secrets" set "frozen" = ? where "app_id" = ?
--   SEARCH legacy_secrets USING INDEX sqlite_autoindex_legacy_secrets_1 (app_id=?)

-- legacyAccess.revokeSecret
delete from "legacy_tokens" where "app_id" = ?
--   SEARCH legacy_tokens USING COVERING INDEX legacy_tokens_app (app_id=?)
