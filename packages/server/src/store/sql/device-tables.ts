import type { Generated } from 'kysely';

export interface DevicesTable {
  device_id: string;
  record_id: string;
  project_id: string;
  app_id: string;
  product_id: string;
  node_id: string;
  name: string | null;
  description: string | null;
  parent_id: string | null;
  root_id: string;
  auth_type: 'SECRET' | 'CERTIFICATES';
  secret_cipher: string | null;
  secondary_secret_cipher: string | null;
  fingerprint: string | null;
  secondary_fingerprint: string | null;
  secure_access: 0 | 1;
  timeout_seconds: number;
  extension_info: string | null;
  connectivity: 'INACTIVE' | 'ONLINE' | 'OFFLINE' | 'ABNORMAL';
  frozen: Generated<0 | 1>;
  fw_version: string | null;
  sw_version: string | null;
  sdk_version: string | null;
  active_at: number | null;
  status_at: number | null;
  created_at: number;
  /** Children on all levels; of direct devices alone. */
  child_count: Generated<number>;
  child_list_version: Generated<number>;
  last_address: string | null;
  location: string | null;
  /** JSON of LegacyAttributes without the location. */
  legacy: string | null;
  /** Null: never. */
  modified_at: number | null;
}

/** How many devices there are of a kind; kept by triggers (migration 11). Of several shards the sum counts, and each may be below 0. */
export interface DeviceCountsTable {
  project_id: string;
  app_id: string;
  product_id: string;
  /** 1: it has a parent. */
  child: 0 | 1;
  /** '': never reported; `sw_version`, too. */
  fw_version: string;
  sw_version: string;
  shard: number;
  inactive: number;
  online: number;
  offline: number;
  abnormal: number;
  /** Whatever their connection; they are in no other. */
  frozen: number;
}

export interface DeviceShadowsTable {
  device_id: string;
  service_id: string;
  desired: string;
  desired_at: number | null;
  reported: string;
  reported_at: number | null;
  version: number;
}

export interface DeviceTagsTable {
  device_id: string;
  tag_key: string;
  tag_value: string | null;
  /** Of the device, and so is the record id. */
  project_id: string;
  record_id: string;
}

export interface ChildChangesTable {
  root_id: string;
  version: number;
  kind: 'add' | 'delete';
  device_id: string;
  parent_id: string;
  node_id: string;
}

export interface DeviceTombstonesTable {
  device_id: string;
  project_id: string;
  device_created_at: number;
  deleted_at: number;
}

export interface SessionsTable {
  device_id: string;
  node: string;
  epoch: number;
  address: string;
  attached_at: number;
  ended_at: number | null;
}

export interface SessionEpochTable {
  one: number;
  last: number;
}
