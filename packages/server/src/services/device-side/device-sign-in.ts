import { asId, type DeviceId, type ProjectId } from '../../domain/ids.ts';
import type { DeviceLogin, SessionStore } from '../../ports/store/device-store.ts';
import { isDevicePassword } from './sign-in/device-password.ts';

/** What a device says when it signs in, by MQTT or HTTP; sign type 1's clock window has been checked (device 1.3). */
export interface DeviceCredentials {
  readonly deviceId: string;
  /** The 10 digits that are the key of the password's HMAC. */
  readonly timestamp: string;
  /** Absent for certificate devices. */
  readonly password: string | undefined;
  /** Came over TLS. */
  readonly secure: boolean;
}

export type DeviceSignInResult =
  | { readonly kind: 'accepted'; readonly deviceId: DeviceId; readonly projectId: ProjectId }
  | { readonly kind: 'refused'; readonly reason: 'bad-credentials' | 'not-authorized' };

/** Steps 5 and 6 of device 1.4. Rejects when the store does. */
export type DeviceSignIn = (credentials: DeviceCredentials) => Promise<DeviceSignInResult>;

/** v5 6, `device_id`. Nothing else can exist, and not every database takes any text. */
const deviceIdShape = /^[\w-]{1,128}$/;

export function createDeviceSignIn(sessions: Pick<SessionStore, 'findLogin'>): DeviceSignIn {
  return async (credentials) => {
    const login = deviceIdShape.test(credentials.deviceId)
      ? await sessions.findLogin(asId<DeviceId>(credentials.deviceId))
      : undefined;
    const { password, timestamp } = credentials;
    // The same work for unknown devices, and for those with certificates, which cannot sign in yet (device 1.3).
    const secrets = [secretOf(login, 'secret'), secretOf(login, 'secondarySecret')] as const;
    const isRight = isDevicePassword({ password, timestamp, secrets });
    if (!isRight || login === undefined) return { kind: 'refused', reason: 'bad-credentials' };
    const isBarred = login.frozen || login.isChild || (login.auth.secureAccess && !credentials.secure);
    if (isBarred) return { kind: 'refused', reason: 'not-authorized' };
    return { kind: 'accepted', deviceId: login.deviceId, projectId: login.projectId };
  };
}

function secretOf(login: DeviceLogin | undefined, slot: 'secret' | 'secondarySecret'): string | undefined {
  return login?.auth.authType === 'SECRET' ? login.auth[slot] : undefined;
}
