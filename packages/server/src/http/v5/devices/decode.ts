import type { Decoded } from '@muster/contract';
import type {
  AddDeviceRequest,
  ListDevicesQuery,
  ResetDeviceSecretRequest,
  ResetFingerprintRequest,
  UpdateDeviceRequest,
} from '@muster/contract/v5';
import type { DeviceChanges } from '../../../domain/device.ts';
import { type AppId, asId, type DeviceId, type ProductId, type ProjectId } from '../../../domain/ids.ts';
import type { JsonObject } from '../../../domain/json.ts';
import type { FingerprintReset, SecretReset } from '../../../services/device-access.ts';
import type { AddDevice, DeviceFilter } from '../../../services/devices.ts';
import type { FieldNames } from '../field-names.ts';
import { present } from '../../../domain/present.ts';
import { givenId } from '../given.ts';
import { decodeTime } from '../time-field.ts';

export const deviceFieldNames: FieldNames = { desired: 'shadow', values: 'desired' };

export function decodeAddDevice(body: Decoded<typeof AddDeviceRequest>): AddDevice {
  const { auth_info: auth } = body;
  return {
    appId: givenId<AppId>(body.app_id),
    productId: asId<ProductId>(body.product_id),
    nodeId: body.node_id,
    deviceId: givenId<DeviceId>(body.device_id),
    name: body.device_name,
    description: body.description,
    gatewayId: givenId<DeviceId>(body.gateway_id),
    auth: {
      authType: auth.auth_type,
      secret: auth.secret,
      fingerprint: auth.fingerprint,
      secureAccess: auth.secure_access,
      timeoutSeconds: auth.timeout,
    },
    extensionInfo: body.extension_info as JsonObject | undefined,
    desired: (body.shadow ?? []).map(({ service_id, desired }) => ({
      serviceId: service_id,
      values: desired as JsonObject,
    })),
  };
}

/** Never the secret: that is what `resetSecret` is for (v5 6). */
export function decodeDeviceChanges(body: Decoded<typeof UpdateDeviceRequest>): DeviceChanges {
  return present({
    name: body.device_name,
    description: body.description,
    extensionInfo: body.extension_info as JsonObject | undefined,
    secureAccess: body.auth_info?.secure_access,
    timeoutSeconds: body.auth_info?.timeout,
  });
}

export function decodeDeviceFilter(projectId: ProjectId, query: Decoded<typeof ListDevicesQuery>): DeviceFilter {
  const end = decodeTime(query.end_time, 'end_time');
  return present({
    projectId,
    appId: query.app_id as AppId | undefined,
    productId: query.product_id as ProductId | undefined,
    nodeId: query.node_id,
    name: query.device_name,
    gatewayId: query.gateway_id as DeviceId | undefined,
    cascade: query.is_cascade_query,
    createdFrom: decodeTime(query.start_time, 'start_time'),
    // To the end of that second: a device is found by the very time that is shown of it.
    createdTo: end === undefined ? undefined : end + 999,
  });
}

export function decodeSecretReset(body: Decoded<typeof ResetDeviceSecretRequest>): SecretReset {
  return { secret: body.secret, slot: body.secret_type, forceDisconnect: body.force_disconnect };
}

export function decodeFingerprintReset(body: Decoded<typeof ResetFingerprintRequest>): FingerprintReset {
  return { fingerprint: body.fingerprint, slot: body.fingerprint_type, forceDisconnect: body.force_disconnect };
}
