import type { Decoded } from '@muster/contract';
import type {
  Device as WireDevice,
  DeviceAuthInfo,
  DeviceSimple,
  ResetFingerprintRequest,
  ResetFingerprintResponse,
} from '@muster/contract/v5';
import type { Device, DeviceAuth } from '../../../domain/device.ts';
import type { DeviceId } from '../../../domain/ids.ts';
import { shownDevice, simpleDevice } from '../../../domain/shown-device.ts';
import { present } from '../../../domain/present.ts';

/** v5 6, Simple: what lists show, without anything of the sign-in. */
export const encodeSimpleDevice = (device: Device): DeviceSimple => simpleDevice(device);

/** `secrets` false for callers who may read but not change: a viewer sees none (operations page, Administration). */
export const encodeDevice = (device: Device, { secrets }: { readonly secrets: boolean }): WireDevice => ({
  ...shownDevice(device),
  auth_info: encodeAuth(device.auth, secrets),
});

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
