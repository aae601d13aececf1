import type { AppId, DeviceId, ProductId, ProjectId } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Store } from '../../ports/store/store.ts';
import { createOfflineSweep } from './offline-sweep.ts';
import type { Reachability } from './reachability.ts';

export interface DeviceSessionsParts {
  readonly store: Pick<Store, 'sessions'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly reachability: Reachability;
  readonly nodeName: string;
  /** MUSTER_DEVICE_OFFLINE_DELAY_SECONDS. */
  readonly offlineDelayMs: number;
}

export interface BegunSession {
  /** The higher one is the device's newer session. */
  readonly generation: number;
  readonly appId: AppId;
  readonly productId: ProductId;
}

export interface EndedSession {
  readonly deviceId: DeviceId;
  readonly generation: number;
  /**
   * `taken-over`: a newer session of the device is there, the device did not go away. `stopping`: the whole node goes, and `stop` ends
   * its sessions in sets: one by one, a node with many devices would not be gone in time.
   */
  readonly how: 'gone' | 'taken-over' | 'stopping';
}

/** The sessions of this node's devices in the store, and what follows from their beginning and end. */
export interface DeviceSessions {
  /** Ends what an earlier life of this node left, before any device is let in; then devices turn OFFLINE in their time. */
  start(): Promise<void>;
  /** Ends the sessions that are still there, if it has started. What waits for their devices goes on when they are back, as after a crash. */
  stop(): Promise<void>;
  /** Takes over from an older session atomically (device 1.6). Undefined: deleted or frozen since it signed in. */
  begin(deviceId: DeviceId, remoteAddress: string): Promise<BegunSession | undefined>;
  end(session: EndedSession): Promise<void>;
  /** The device, or its project's right to it, is as it was at sign-in: not frozen, not deleted. */
  isWelcome(projectId: ProjectId, deviceId: DeviceId): Promise<boolean>;
}

export function createDeviceSessions(parts: DeviceSessionsParts): DeviceSessions {
  const { store, clock, log, nodeName: node, offlineDelayMs, reachability } = parts;
  const { sessions } = store;
  const sweep = createOfflineSweep({ sessions, clock, log, offlineDelayMs });
  let hasStarted = false;
  return {
    async start() {
      await sessions.detachNode(node, clock.now());
      hasStarted = true;
      sweep.start();
    },
    async stop() {
      // Before, the sessions in the store are those of another process under this name.
      if (!hasStarted) return;
      await sweep.stop();
      try {
        await sessions.detachNode(node, clock.now());
      } catch (cause) {
        // They end with the lease of this node, or at its next start.
        log.error({ err: cause }, 'the sessions of this node could not be ended');
      }
    },
    async begin(deviceId, remoteAddress) {
      const attached = await sessions.attach({ deviceId, node, address: remoteAddress, at: clock.now() });
      if (attached === undefined) return undefined;
      const { appId, productId } = attached;
      return { generation: attached.session.epoch, appId, productId };
    },
    async end({ deviceId, generation, how }) {
      if (how === 'stopping') return;
      await sessions.detach(deviceId, { node, epoch: generation }, clock.now());
      // A takeover counts as gone and reachable again (device 7.2): the newer session says so.
      if (how === 'taken-over') return;
      await reachability.ofDevice(deviceId, 'unreachable');
      await reachability.ofChildren(deviceId, 'unreachable');
    },
    async isWelcome(projectId, deviceId) {
      const reach = await sessions.findReach(projectId, deviceId);
      return reach !== undefined && !reach.frozen;
    },
  };
}
