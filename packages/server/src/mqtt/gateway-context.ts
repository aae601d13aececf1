import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { PacketCodec } from './codec/packet-codec.ts';
import type { Connection } from './connection.ts';
import type { GatewayHooks, MqttCounters } from './gateway-hooks.ts';
import type { MqttLimits } from './limits.ts';
import type { FlushQueue } from './packet-output.ts';
import type { EndReason } from './reasons.ts';
import type { MqttSession } from './session.ts';
import type { SessionRegistry } from './session-registry.ts';
import type { AuthBackoff } from '../services/device-side/sign-in/auth-backoff.ts';

/** What the connections of one gateway share. */
export interface GatewayContext {
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: MqttLimits;
  readonly hooks: GatewayHooks;
  readonly counters: MqttCounters;
  readonly codec: PacketCodec;
  readonly backoff: AuthBackoff;
  readonly registry: SessionRegistry;
  readonly flushQueue: FlushQueue;
  /** device 1.4 step 4: neither starting nor draining. */
  isReady(): boolean;
  onActivated(session: MqttSession): void;
  onEnded(session: MqttSession, reason: EndReason): void;
  onSocketClosed(connection: Connection): void;
  /** `stop` waits for it. Never rejects. */
  track(work: Promise<void>): void;
  /** Runs a hook that must not fail; if it does, the failure is recorded and nothing else suffers. */
  notify(run: () => void): void;
}
