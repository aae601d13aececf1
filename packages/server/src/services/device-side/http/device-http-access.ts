import { asId, type DeviceId } from '../../../domain/ids.ts';
import { Problem } from '../../../domain/problem.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Random } from '../../../ports/random.ts';
import type { Store } from '../../../ports/store/store.ts';
import type { DeviceMessages } from '../device-messages.ts';
import { createDeviceSignIn } from '../device-sign-in.ts';
import { createFamily, type Family, type Speaker } from '../family.ts';
import { createPropertyReports, type PropertyReports, type ReportWatch } from '../property-reports.ts';
import type { AuthBackoff } from '../sign-in/auth-backoff.ts';
import { isWithinClockWindow } from '../sign-in/clock-window.ts';
import type { ProductRef } from '../user-topics.ts';
import { createDeviceTokens, type DeviceTokens } from './device-tokens.ts';

export interface HttpSignIn {
  readonly deviceId: string;
  readonly signType: 0 | 1;
  /** 10 digits. */
  readonly timestamp: string;
  readonly password: string;
  /** Came over TLS. */
  readonly secure: boolean;
  readonly remoteAddress: string;
}

export interface HttpCredential {
  readonly token: string | undefined;
  /** As the path names it. */
  readonly deviceId: string;
  readonly secure: boolean;
}

/** Devices that report over HTTP instead of MQTT (device 10): sign-in, and what their calls need. */
export interface DeviceHttpAccess {
  readonly reports: PropertyReports;
  readonly family: Family;
  readonly messages: DeviceMessages;
  readonly clock: Clock;
  /** Problems: authenticationFailed (credentials, frozen or child device, TLS required), rateLimited (back-off). */
  signIn(request: HttpSignIn): Promise<{ readonly token: string; readonly expiresInSeconds: number }>;
  /** Problems: tokenForbidden (bad, expired, foreign, revoked), rateLimited. */
  authorize(credential: HttpCredential): Promise<Speaker & ProductRef>;
  /** What also closes a device's session (device 1.6) ends its tokens. */
  revoke(deviceIds: readonly DeviceId[]): void;
}

export interface DeviceHttpAccessParts {
  readonly store: Pick<Store, 'sessions' | 'devices' | 'dryRun'>;
  readonly clock: Clock;
  readonly random: Random;
  /** Shared with MQTT (device 1.5). */
  readonly backoff: AuthBackoff;
  readonly messages: DeviceMessages;
  readonly reported: ReportWatch;
  readonly settings: {
    readonly tokenLifeMs: number;
    readonly tokenRenewalMs: number;
    readonly callsPerSecond: number;
    /** Hours; sign type 1. */
    readonly clockToleranceHours: number;
  };
}

export function createDeviceHttpAccess(parts: DeviceHttpAccessParts): DeviceHttpAccess {
  const { store, clock, messages, settings } = parts;
  const tokens = createDeviceTokens({
    ...parts,
    lifeMs: settings.tokenLifeMs,
    renewalMs: settings.tokenRenewalMs,
    callsPerSecond: settings.callsPerSecond,
  });
  const prove = createProof(parts);
  return {
    reports: createPropertyReports(store, parts.reported),
    family: createFamily(store.sessions),
    messages,
    clock,
    async signIn(request) {
      const holder = await prove(request);
      await store.sessions.activate(holder.deviceId, clock.now());
      const token = tokens.issue({ ...holder, secure: request.secure });
      // A second less, so that who trusts it is never late.
      return { token, expiresInSeconds: Math.max(0, Math.floor(settings.tokenLifeMs / 1000) - 1) };
    },
    authorize: (credential) => authorize(store.sessions, tokens, credential),
    revoke: (deviceIds) => tokens.revoke(deviceIds),
  };
}

/** The password's rules and their back-off are those of MQTT (device 1.3 to 1.5). */
function createProof({ store, clock, backoff, settings }: DeviceHttpAccessParts) {
  const signIn = createDeviceSignIn(store.sessions);
  return async (request: HttpSignIn): Promise<Speaker> => {
    const { deviceId, remoteAddress, timestamp } = request;
    if (backoff.isBlocked(deviceId, remoteAddress)) throw new Problem('rateLimited');
    const { clockToleranceHours: toleranceHours } = settings;
    const isTimely = request.signType === 0 || isWithinClockWindow({ timestamp, nowMs: clock.now(), toleranceHours });
    const result = isTimely
      ? await signIn({ ...request, certificate: undefined })
      : ({ kind: 'refused', reason: 'bad-credentials' } as const);
    if (result.kind === 'accepted') {
      backoff.recordSuccess(deviceId, remoteAddress);
      return result;
    }
    if (result.reason === 'bad-credentials') backoff.recordFailure(deviceId, remoteAddress);
    throw new Problem('authenticationFailed');
  };
}

async function authorize(
  sessions: Pick<Store['sessions'], 'findReach'>,
  tokens: DeviceTokens,
  { token, deviceId, secure }: HttpCredential,
): Promise<Speaker & ProductRef> {
  const holder = token === undefined ? undefined : tokens.find(token);
  if (holder?.deviceId !== asId<DeviceId>(deviceId)) throw new Problem('tokenForbidden');
  if (holder.secure && !secure) throw new Problem('tokenForbidden');
  if (!tokens.takeCall(holder.deviceId)) throw new Problem('rateLimited');
  const reach = await sessions.findReach(holder.projectId, holder.deviceId);
  if (reach === undefined || reach.frozen) {
    tokens.revoke([holder.deviceId]);
    throw new Problem('tokenForbidden');
  }
  const { appId, productId } = reach;
  return { deviceId: holder.deviceId, projectId: holder.projectId, appId, productId };
}
