import type { DeviceId } from '../domain/ids.ts';
import type { PublishOutcome, PublishRequest, Session } from './gateway-hooks.ts';
import type { EndReason } from './reasons.ts';

/** A device between its CONNECT and its place in the registry. */
export interface SignInUnderWay {
  /** Why the device's session was to be closed since: its credentials may be others by now. */
  readonly closedBy: EndReason | undefined;
  /** Over, whatever came of it. */
  end(): void;
}

/** The sessions of this node by device: one each (device 1.6). */
export class SessionRegistry {
  readonly #sessions = new Map<DeviceId, Session>();
  /** As many as the gateway lets sign in at once. */
  readonly #signIns = new Map<string, Set<{ closedBy: EndReason | undefined }>>();

  get size(): number {
    return this.#sessions.size;
  }

  find(deviceId: DeviceId): Session | undefined {
    return this.#sessions.get(deviceId);
  }

  sessions(): IterableIterator<Session> {
    return this.#sessions.values();
  }

  /** Sends to the device's session on this node, if it has one. */
  publish(deviceId: DeviceId, request: PublishRequest): PublishOutcome {
    return this.#sessions.get(deviceId)?.publish(request) ?? { kind: 'no-session' };
  }

  /**
   * Closes the device's session; with `olderThan` only one of a lower generation, as after a takeover by another node. True if there
   * was one to close.
   */
  close(deviceId: DeviceId, reason: EndReason, olderThan = Number.POSITIVE_INFINITY): boolean {
    // A takeover is told by the generation, which a sign-in has none of yet.
    if (olderThan === Number.POSITIVE_INFINITY) {
      for (const signIn of this.#signIns.get(deviceId) ?? []) signIn.closedBy = reason;
    }
    const session = this.#sessions.get(deviceId);
    if (!session || session.generation >= olderThan) return false;
    session.close(reason);
    return true;
  }

  /** From here on `close` reaches the device also before its session is there. */
  beginSignIn(deviceId: string): SignInUnderWay {
    const signIns = this.#signIns.get(deviceId) ?? new Set();
    this.#signIns.set(deviceId, signIns);
    const signIn = {
      closedBy: undefined as EndReason | undefined,
      end: () => {
        signIns.delete(signIn);
        if (signIns.size === 0 && this.#signIns.get(deviceId) === signIns) this.#signIns.delete(deviceId);
      },
    };
    signIns.add(signIn);
    return signIn;
  }

  /** Takes over from an older session of the device, whose socket closes without a packet; false if a newer one is here already. */
  add(session: Session): boolean {
    const { deviceId } = session.device;
    const present = this.#sessions.get(deviceId);
    if (present && present.generation > session.generation) return false;
    this.#sessions.set(deviceId, session);
    present?.close('taken-over');
    return true;
  }

  /** Forgets a session that has ended, unless a newer one is in its place. */
  remove(session: Session): void {
    const { deviceId } = session.device;
    if (this.#sessions.get(deviceId) === session) this.#sessions.delete(deviceId);
  }
}
