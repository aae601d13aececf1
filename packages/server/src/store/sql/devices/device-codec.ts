import type { Insertable, Selectable } from 'kysely';
import type { Device, DeviceAuth, NewDevice } from '../../../domain/device.ts';
import { type AppId, asId, type DeviceId, type ProductId, type ProjectId, type RecordId } from '../../../domain/ids.ts';
import type { LegacyAttributes } from '../../../domain/legacy-attributes.ts';
import type { Tag } from '../../../domain/tag.ts';
import type { SecretBox } from '../../../ports/secret-box.ts';
import { flagOf, objectOrUndefined, orNull, orUndefined } from '../columns.ts';
import type { ColumnType } from '../dialect.ts';
import type { DevicesTable } from '../device-tables.ts';

/** `tags` as `dialect.pairsOf` gives them. */
export type DeviceRow = Selectable<DevicesTable> & { app_name: string; product_name: string; tags: string };

type AuthColumns = Pick<
  Selectable<DevicesTable>,
  | 'auth_type'
  | 'secret_cipher'
  | 'secondary_secret_cipher'
  | 'fingerprint'
  | 'secondary_fingerprint'
  | 'secure_access'
  | 'timeout_seconds'
>;

export function deviceOf(row: DeviceRow, box: SecretBox): Device {
  return {
    recordId: asId<RecordId>(row.record_id),
    deviceId: asId<DeviceId>(row.device_id),
    projectId: asId<ProjectId>(row.project_id),
    appId: asId<AppId>(row.app_id),
    appName: row.app_name,
    productId: asId<ProductId>(row.product_id),
    productName: row.product_name,
    nodeId: row.node_id,
    name: orUndefined(row.name),
    description: orUndefined(row.description),
    parentId: row.parent_id === null ? undefined : asId<DeviceId>(row.parent_id),
    rootId: asId<DeviceId>(row.root_id),
    auth: authOf(row, box),
    extensionInfo: objectOrUndefined(row.extension_info),
    connectivity: row.connectivity,
    frozen: row.frozen === 1,
    fwVersion: orUndefined(row.fw_version),
    swVersion: orUndefined(row.sw_version),
    sdkVersion: orUndefined(row.sdk_version),
    activeAt: orUndefined(row.active_at),
    statusAt: orUndefined(row.status_at),
    createdAt: row.created_at,
    tags: tagsOf(row.tags),
    legacy: legacyOf(row),
    modifiedAt: orUndefined(row.modified_at),
  };
}

/** Written by this file alone, from what services and cells have checked. */
export const legacyOf = ({ location, legacy }: Pick<DeviceRow, 'location' | 'legacy'>): LegacyAttributes => ({
  ...(legacy === null ? {} : (JSON.parse(legacy) as LegacyAttributes)),
  ...(location === null ? {} : { location }),
});

/** New values among those of the column; undefined: nothing new. */
export const legacyWith = (stored: string | null, changes: LegacyAttributes | undefined): LegacyAttributes => ({
  ...(changes === undefined ? {} : legacyOf({ location: null, legacy: stored })),
  ...changes,
});

/** As two columns: batch tasks select by the location, and nothing selects by the others. Null: nothing is said. */
export function rowOfLegacy({ location, ...rest }: LegacyAttributes) {
  return {
    location: orNull(location),
    legacy: Object.values(rest).some((value) => value !== undefined) ? JSON.stringify(rest) : null,
  };
}

export const tagsOf = (pairs: string): readonly Tag[] =>
  (JSON.parse(pairs) as [string, string | null][]).map(([key, value]) => ({ key, value: orUndefined(value) }));

export function authOf(row: AuthColumns, box: SecretBox): DeviceAuth {
  const { secret_cipher, secondary_secret_cipher, fingerprint, secondary_fingerprint } = row;
  return {
    authType: row.auth_type,
    ...(secret_cipher === null ? {} : { secret: box.open(secret_cipher) }),
    ...(secondary_secret_cipher === null ? {} : { secondarySecret: box.open(secondary_secret_cipher) }),
    ...(fingerprint === null ? {} : { fingerprint }),
    ...(secondary_fingerprint === null ? {} : { secondaryFingerprint: secondary_fingerprint }),
    secureAccess: row.secure_access === 1,
    timeoutSeconds: row.timeout_seconds,
  };
}

/** What `rowOfDevice` gives. */
export const deviceColumns = {
  record_id: 'text',
  device_id: 'text',
  project_id: 'text',
  app_id: 'text',
  product_id: 'text',
  node_id: 'text',
  name: 'text',
  description: 'text',
  parent_id: 'text',
  root_id: 'text',
  auth_type: 'text',
  secret_cipher: 'text',
  secondary_secret_cipher: 'text',
  fingerprint: 'text',
  secondary_fingerprint: 'text',
  secure_access: 'int',
  timeout_seconds: 'int',
  extension_info: 'text',
  connectivity: 'text',
  created_at: 'int',
  location: 'text',
  legacy: 'text',
} as const satisfies { [Column in keyof ReturnType<typeof rowOfDevice>]: ColumnType };

export function rowOfDevice(device: NewDevice, rootId: DeviceId, box: SecretBox) {
  const { auth, extensionInfo } = device;
  return {
    record_id: device.recordId,
    device_id: device.deviceId,
    project_id: device.projectId,
    app_id: device.appId,
    product_id: device.productId,
    node_id: device.nodeId,
    name: orNull(device.name),
    description: orNull(device.description),
    parent_id: orNull(device.parentId),
    root_id: rootId,
    auth_type: auth.authType,
    secret_cipher: auth.secret === undefined ? null : box.seal(auth.secret),
    secondary_secret_cipher: auth.secondarySecret === undefined ? null : box.seal(auth.secondarySecret),
    fingerprint: orNull(auth.fingerprint),
    secondary_fingerprint: orNull(auth.secondaryFingerprint),
    secure_access: flagOf(auth.secureAccess),
    timeout_seconds: auth.timeoutSeconds,
    extension_info: extensionInfo === undefined ? null : JSON.stringify(extensionInfo),
    connectivity: 'INACTIVE',
    created_at: device.createdAt,
    ...rowOfLegacy(device.legacy ?? {}),
  } satisfies Insertable<DevicesTable>;
}
