import type { RunEvent } from '../../domain/device-event.ts';
import type { DeviceId } from '../../domain/ids.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SubtaskStore } from '../../ports/store/subtask-store.ts';

type Change = Extract<RunEvent, { kind: 'reachable' | 'unreachable' }>['kind'];

export interface ReachabilityParts {
  readonly subtasks: Pick<SubtaskStore, 'listChildLaneHolders' | 'releaseOfflineChildren'>;
  readonly clock: Pick<Clock, 'now'>;
  /** The engine sends by the device link, which is made before it. */
  readonly engine: () => Pick<Engine, 'collect' | 'collectForDevice' | 'nudge'>;
}

/**
 * Tells waiting runs that their devices can be reached or no longer (device 7.2, rules 4, 11, 12, 15), and lets go those that have not
 * begun for want of it (legacy 4.3). The runs look at the sessions
 * as stored, so these events may come late, twice or out of order. They resolve when what follows has been sent.
 */
export interface Reachability {
  ofDevice(deviceId: DeviceId, change: Change): Promise<void>;
  /** device 7.5: the gateway's children that are ONLINE, without the gateway itself. */
  ofChildren(gatewayId: DeviceId, change: Change): Promise<void>;
}

/** Children told together: they share commits. */
const stepChildren = 200;

export function createReachability({ subtasks, engine, clock }: ReachabilityParts): Reachability {
  return {
    async ofDevice(deviceId, change) {
      await engine().collectForDevice(deviceId, { kind: change });
    },
    async ofChildren(gatewayId, change) {
      if (change === 'reachable' && (await subtasks.releaseOfflineChildren(gatewayId, clock.now()))) engine().nudge();
      let after = '';
      for (;;) {
        const holders = await subtasks.listChildLaneHolders(gatewayId, after, stepChildren);
        await Promise.all(holders.map((holder) => engine().collect(holder, holder.deviceId, { kind: change })));
        const last = holders.at(-1);
        if (last === undefined || holders.length < stepChildren) return;
        after = last.deviceId;
      }
    },
  };
}
