/**
 * Tags (v5 8), rules of dynamic groups (v5 7), and indexes for what devices are searched by (v5 6.1). A tag repeats its device's project
 * and record id, so that a page of devices with a tag is read off an index.
 */
export const deviceTags = `
CREATE TABLE device_tags (
  device_id TEXT NOT NULL REFERENCES devices (device_id) ON DELETE CASCADE, tag_key TEXT NOT NULL, tag_value TEXT,
  project_id TEXT NOT NULL, record_id TEXT NOT NULL, PRIMARY KEY (device_id, tag_key)
) WITHOUT ROWID;
CREATE INDEX device_tags_key ON device_tags (project_id, tag_key, tag_value, record_id);
CREATE INDEX device_tags_value ON device_tags (project_id, tag_value, record_id, tag_key) WHERE tag_value IS NOT NULL;
ALTER TABLE device_groups ADD COLUMN rule TEXT;
CREATE INDEX device_groups_dynamic ON device_groups (project_id, record_id) WHERE rule IS NOT NULL;
CREATE INDEX devices_by_status ON devices (project_id, frozen, connectivity, record_id);
CREATE INDEX devices_by_creation ON devices (project_id, created_at, record_id);
CREATE INDEX devices_by_sw ON devices (project_id, sw_version, record_id) WHERE sw_version IS NOT NULL;
CREATE INDEX devices_by_fw ON devices (project_id, fw_version, record_id) WHERE fw_version IS NOT NULL;
`;

const text = 'TEXT COLLATE "C"';

/**
 * `frozen` is in no index here: a change of an indexed column writes an entry of every index of the table, and whole fleets are frozen by
 * tasks far more often than frozen devices are searched for. `connectivity` was in one before.
 */
export const deviceTagsOfPostgres = `
CREATE TABLE device_tags (
  device_id ${text} NOT NULL REFERENCES devices (device_id) ON DELETE CASCADE, tag_key ${text} NOT NULL, tag_value ${text},
  project_id ${text} NOT NULL, record_id ${text} NOT NULL, PRIMARY KEY (device_id, tag_key)
);
CREATE INDEX device_tags_key ON device_tags (project_id, tag_key, tag_value, record_id);
CREATE INDEX device_tags_value ON device_tags (project_id, tag_value, record_id, tag_key) WHERE tag_value IS NOT NULL;
ALTER TABLE device_groups ADD COLUMN rule ${text};
CREATE INDEX device_groups_dynamic ON device_groups (project_id, record_id) WHERE rule IS NOT NULL;
CREATE INDEX devices_by_status ON devices (project_id, connectivity, record_id);
CREATE INDEX devices_by_creation ON devices (project_id, created_at, record_id);
CREATE INDEX devices_by_sw ON devices (project_id, sw_version, record_id) WHERE sw_version IS NOT NULL;
CREATE INDEX devices_by_fw ON devices (project_id, fw_version, record_id) WHERE fw_version IS NOT NULL;
`;
