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
  /** A newer session of the device is there: the device did not go away. */
  readonly isTakenOver: boolean;
}

/** The sessions of this node's devices in the store, and what follows from their beginning and end. */
export interface DeviceSessions {
  /** Ends what an earlier life of this node left, before any device is let in; then devices turn OFFLINE in their time. */
  start(): Promise<void>;
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
  return {
    async start() {
      await sessions.detachNode(node, clock.now());
      sweep.start();
    },
    stop: () => sweep.stop(),
    async begin(deviceId, remoteAddress) {
      const attached = await sessions.attach({ deviceId, node, address: remoteAddress, at: clock.now() });
      if (attached === undefined) return undefined;
      const { appId, productId } = attached;
      return { generation: attached.session.epoch, appId, productId };
    },
    async end({ deviceId, generation, isTakenOver }) {
      await sessions.detach(deviceId, { node, epoch: generation }, clock.now());
      // A takeover counts as gone and reachable again (device 7.2): the newer session says so.
      if (isTakenOver) return;
      await reachability.ofDevice(deviceId, 'unreachable');
      await reachability.ofChildren(deviceId, 'unreachable');
    },
    async isWelcome(projectId, deviceId) {
      const reach = await sessions.findReach(projectId, deviceId);
      return reach !== undefined && !reach.frozen;
    },
  };
}
