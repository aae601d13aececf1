import type { DeviceSessions } from '../services/device-side/device-sessions.ts';
import type { Reachability } from '../services/device-side/reachability.ts';
import { type Clock, sleep } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { CommandDelivery } from './commands/command-delivery.ts';
import type { Session } from './gateway-hooks.ts';
import type { MessageDelivery } from './messages/message-delivery.ts';
import type { ShadowDelivery } from './shadows/shadow-delivery.ts';

export interface ArrivalsParts {
  readonly sessions: Pick<DeviceSessions, 'isWelcome'>;
  readonly reachability: Reachability;
  readonly delivery: Pick<MessageDelivery, 'onDeliverable'>;
  readonly shadows: Pick<ShadowDelivery, 'onDeliverable'>;
  readonly commands: Pick<CommandDelivery, 'onDeliverable' | 'onChildrenDeliverable'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What begins when a device can be sent to (device 4.5), in its order. */
export interface Arrivals {
  onDeliverable(session: Session): void;
  /** Resolves when nothing of it is under way. */
  stop(): Promise<void>;
}

const pauseAfterFailureMs = 1000;

export function createArrivals(parts: ArrivalsParts): Arrivals {
  const { sessions, reachability, delivery, shadows, commands, clock, log } = parts;
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();

  /** A device that stays connected must not miss what waits for it because the store was away for a moment. */
  async function persist(session: Session, step: () => Promise<void>): Promise<void> {
    while (session.isOpen && !stopping.signal.aborted) {
      try {
        await step();
        return;
      } catch (err) {
        log.warn({ err, deviceId: session.device.deviceId }, 'work for a device could not begin; tried again');
        await sleep(clock, pauseAfterFailureMs, stopping.signal);
      }
    }
  }

  async function arrive(session: Session): Promise<void> {
    const { deviceId, projectId } = session.device;
    await persist(session, async () => {
      // Frozen or deleted between its sign-in and its place in the registry: nobody has closed it then.
      if (!(await sessions.isWelcome(projectId, deviceId))) session.close('frozen');
    });
    await persist(session, () => reachability.ofDevice(deviceId, 'reachable'));
    await persist(session, () => commands.onDeliverable(session));
    if (session.isOpen) delivery.onDeliverable(session, () => shadows.onDeliverable(session));
    await persist(session, () => reachability.ofChildren(deviceId, 'reachable'));
    await persist(session, () => commands.onChildrenDeliverable(session));
  }

  return {
    onDeliverable(session) {
      const work = arrive(session)
        .catch((err: unknown) =>
          log.error({ err, deviceId: session.device.deviceId }, 'work for a device did not begin'),
        )
        .finally(() => underWay.delete(work));
      underWay.add(work);
    },
    async stop() {
      stopping.abort();
      await Promise.all(underWay);
    },
  };
}
