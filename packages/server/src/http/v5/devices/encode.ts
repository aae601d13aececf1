import type { Decoded } from '@muster/contract';
import type {
  Device as WireDevice,
  DeviceAuthInfo,
  DeviceSimple,
  DeviceTag,
  ResetFingerprintRequest,
  ResetFingerprintResponse,
} from '@muster/contract/v5';
import { type Device, type DeviceAuth, nodeTypeOf, shownStatus } from '../../../domain/device.ts';
import type { DeviceId } from '../../../domain/ids.ts';
import type { Tag } from '../../../domain/tag.ts';
import { toBasicTime, toMillisTime } from '../../../domain/time.ts';
import { present } from '../given.ts';

/** v5 6, Simple: what lists show, without anything of the sign-in. */
export function encodeSimpleDevice(device: Device): DeviceSimple {
  return present({
    app_id: device.appId,
    app_name: device.appName,
    device_id: device.deviceId,
    node_id: device.nodeId,
    // v5 6: a direct device names itself.
    gateway_id: device.parentId ?? device.deviceId,
    device_name: device.name,
    node_type: nodeTypeOf(device),
    description: device.description,
    fw_version: device.fwVersion,
    sw_version: device.swVersion,
    device_sdk_version: device.sdkVersion,
    product_id: device.productId,
    product_name: device.productName,
    status: shownStatus(device),
    tags: device.tags.map(encodeTag),
  });
}

function encodeTag({ key, value }: Tag): DeviceTag {
  return present({ tag_key: key, tag_value: value });
}

/** `secrets` false for callers who may read but not change: a viewer sees none (operations page, Administration). */
export function encodeDevice(device: Device, { secrets }: { readonly secrets: boolean }): WireDevice {
  return {
    ...encodeSimpleDevice(device),
    auth_info: encodeAuth(device.auth, secrets),
    create_time: toBasicTime(device.createdAt),
    ...present({
      connection_status_update_time: device.statusAt === undefined ? undefined : toMillisTime(device.statusAt),
      active_time: device.activeAt === undefined ? undefined : toMillisTime(device.activeAt),
      extension_info: device.extensionInfo,
    }),
  };
}

function encodeAuth(auth: DeviceAuth, secrets: boolean): DeviceAuthInfo {
  return present({
    auth_type: auth.authType,
    secret: secrets ? auth.secret : undefined,
    secondary_secret: secrets ? auth.secondarySecret : undefined,
    fingerprint: auth.fingerprint,
    secondary_fingerprint: auth.secondaryFingerprint,
    secure_access: auth.secureAccess,
    timeout: auth.timeoutSeconds,
  });
}

/** What stands there now; no `fingerprint`: none. */
export function encodeFingerprintReset(
  deviceId: DeviceId,
  { fingerprint, fingerprint_type }: Decoded<typeof ResetFingerprintRequest>,
): ResetFingerprintResponse {
  return present({ device_id: deviceId, fingerprint, fingerprint_type });
}
