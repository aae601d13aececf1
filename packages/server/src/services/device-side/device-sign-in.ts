import { asId, type DeviceId, type ProjectId } from '../../domain/ids.ts';
import type { DeviceLogin, SessionStore } from '../../ports/store/device-store.ts';
import { type CertificateProof, certificateProof, fingerprintOf } from './sign-in/certificate-proof.ts';
import { isDevicePassword } from './sign-in/device-password.ts';

/** What a device says when it signs in, by MQTT or HTTP; sign type 1's clock window has been checked (device 1.3). */
export interface DeviceCredentials {
  readonly deviceId: string;
  /** The 10 digits that are the key of the password's HMAC. */
  readonly timestamp: string;
  /** Absent for certificate devices, and not looked at where it is not. */
  readonly password: string | undefined;
  /** DER of the peer's certificate, whose key the TLS handshake has proven; undefined: none, or no TLS. */
  readonly certificate: Buffer | undefined;
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

type SignInStore = Pick<SessionStore, 'findLogin' | 'adoptFingerprint'>;

export function createDeviceSignIn(sessions: SignInStore): DeviceSignIn {
  const find = (deviceId: string): Promise<DeviceLogin | undefined> =>
    deviceIdShape.test(deviceId) ? sessions.findLogin(asId<DeviceId>(deviceId)) : Promise.resolve(undefined);
  return async (credentials) => {
    const login = await find(credentials.deviceId);
    const proof = proofOf(login, credentials);
    if (proof === 'wrong' || login === undefined) return badCredentials;
    const isBarred = login.frozen || login.isChild || (login.auth.secureAccess && !credentials.secure);
    if (isBarred) return { kind: 'refused', reason: 'not-authorized' };
    if (proof === 'first' && !(await adopt(sessions, login, credentials.certificate))) return badCredentials;
    return { kind: 'accepted', deviceId: login.deviceId, projectId: login.projectId };
  };
}

const badCredentials = { kind: 'refused', reason: 'bad-credentials' } as const;

/** A certificate device gets in by its certificate alone, every other one by its password alone. */
function proofOf(login: DeviceLogin | undefined, credentials: DeviceCredentials): CertificateProof {
  const { password, timestamp, certificate } = credentials;
  // The same work for unknown devices and for those with certificates (device 1.3).
  const secrets = [secretOf(login, 'secret'), secretOf(login, 'secondarySecret')] as const;
  const isRight = isDevicePassword({ password, timestamp, secrets });
  if (login?.auth.authType === 'CERTIFICATES') return certificateProof(login.auth, certificate);
  return isRight ? 'right' : 'wrong';
}

/** False: another connection was the first, with another certificate. */
async function adopt(
  sessions: SignInStore,
  { deviceId }: DeviceLogin,
  certificate: Buffer | undefined,
): Promise<boolean> {
  if (certificate === undefined) return false;
  if (await sessions.adoptFingerprint(deviceId, fingerprintOf(certificate))) return true;
  const login = await sessions.findLogin(deviceId);
  return login?.auth.authType === 'CERTIFICATES' && certificateProof(login.auth, certificate) === 'right';
}

function secretOf(login: DeviceLogin | undefined, slot: 'secret' | 'secondarySecret'): string | undefined {
  return login?.auth.authType === 'SECRET' ? login.auth[slot] : undefined;
}
