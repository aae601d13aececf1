import type { IConnectPacket } from 'mqtt-packet';
import type { Connection } from '../connection.ts';
import type { SignIn } from '../gateway-hooks.ts';
import { MqttSession } from '../session.ts';
import type { SignInUnderWay } from '../session-registry.ts';
import { type ClientId, decodeClientId } from '../client-id.ts';
import { isWithinClockWindow } from '../../services/device-side/sign-in/clock-window.ts';

/** CONNECT: the checks of device 1.4 in their order; the first failure decides. */
export function onConnect(connection: Connection, frame: Buffer): void {
  const { codec, backoff } = connection.context;
  const decoded = codec.decodeConnect(frame);
  if (decoded.kind === 'malformed') {
    connection.close('malformed');
    return;
  }
  if (decoded.kind === 'unacceptable-protocol') {
    connection.refuse('unacceptable-protocol');
    return;
  }
  const { packet } = decoded;
  const clientId = decodeClientId(packet.clientId);
  if (!clientId || !isKeepaliveAllowed(connection, packet)) {
    connection.refuse('identifier-rejected');
    return;
  }
  if (!connection.context.isReady() || backoff.isBlocked(clientId.deviceId, connection.remoteAddress)) {
    connection.refuse('server-unavailable');
    return;
  }
  if (!isCredible(connection, packet, clientId)) {
    refuseCredentials(connection, clientId.deviceId);
    return;
  }
  connection.startSignIn();
  const signIn = describeSignIn(connection, packet, clientId);
  const underWay = connection.context.registry.beginSignIn(clientId.deviceId);
  const admission = admit(connection, signIn, { keepaliveSeconds: packet.keepalive ?? 0, underWay })
    .catch((cause: unknown) => {
      connection.context.log.warn({ err: cause, deviceId: clientId.deviceId }, 'a device could not sign in');
      connection.refuse('server-unavailable');
    })
    .finally(() => underWay.end());
  connection.context.track(admission);
}

function isKeepaliveAllowed(connection: Connection, { keepalive = 0 }: IConnectPacket): boolean {
  const { keepaliveMinSeconds, keepaliveMaxSeconds } = connection.context.limits;
  return keepalive >= keepaliveMinSeconds && keepalive <= keepaliveMaxSeconds;
}

/** The parts of step 5 that need no store: username, and the clock of sign type 1 before the password (device 1.3). */
function isCredible(connection: Connection, packet: IConnectPacket, clientId: ClientId): boolean {
  if (packet.username !== clientId.deviceId) return false;
  if (clientId.signType === '0') return true;
  const { clock, limits } = connection.context;
  return isWithinClockWindow({
    timestamp: clientId.timestamp,
    nowMs: clock.now(),
    toleranceHours: limits.clockToleranceHours,
  });
}

function describeSignIn(connection: Connection, packet: IConnectPacket, clientId: ClientId): SignIn {
  return {
    ...clientId,
    password: packet.password?.toString('latin1'),
    certificate: connection.clientCertificate,
    secure: connection.secure,
    remoteAddress: connection.remoteAddress,
  };
}

function refuseCredentials(connection: Connection, deviceId: string): void {
  connection.context.backoff.recordFailure(deviceId, connection.remoteAddress);
  connection.refuse('bad-credentials');
}

interface Admission {
  readonly keepaliveSeconds: number;
  readonly underWay: SignInUnderWay;
}

async function admit(connection: Connection, signIn: SignIn, { keepaliveSeconds, underWay }: Admission): Promise<void> {
  const { hooks, backoff, registry, codec, limits } = connection.context;
  const result = await hooks.authenticate(signIn);
  if (result.kind === 'refused') {
    if (result.reason === 'bad-credentials') refuseCredentials(connection, signIn.deviceId);
    else connection.refuse(result.reason);
    return;
  }
  backoff.recordSuccess(signIn.deviceId, connection.remoteAddress);
  if (!connection.isSigningIn) return;
  const { device } = result;
  const { secure, remoteAddress } = connection;
  const attached = await hooks.attach({ device, secure, remoteAddress });
  if (attached.kind === 'refused') {
    connection.refuse(attached.reason);
    return;
  }
  const { device: connected, generation } = attached;
  const session = new MqttSession({ device: connected, generation, link: connection, codec, limits });
  // The peer or the server gave up meanwhile: the record that was just made must go again.
  if (!connection.isSigningIn) {
    connection.context.onEnded(session, 'peer-closed');
    return;
  }
  // device 1.6: its credentials were reset meanwhile; it may come again with those that it has.
  if (underWay.closedBy !== undefined) {
    connection.context.onEnded(session, underWay.closedBy);
    connection.refuse('server-unavailable');
    return;
  }
  if (registry.add(session)) {
    connection.activate(session, keepaliveSeconds);
    return;
  }
  // A later connection of the device was faster.
  connection.context.onEnded(session, 'taken-over');
  connection.close('taken-over');
}
