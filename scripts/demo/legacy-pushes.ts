import { setTimeout as pause } from 'node:timers/promises';
import type { FleetPlan, Share } from './fleet-plan.ts';
import type { LegacyReceiver, ToldOfDevice } from './legacy-receiver.ts';
import { wantedCommand, wantedUpgrade } from './legacy-wants.ts';

export interface PushExpectations {
  readonly receiver: LegacyReceiver;
  readonly plan: FleetPlan;
  readonly operationId: string;
}

/** Pushes that nothing holds up follow one another closer than this. */
const quietMs = 10_000;

/** Waits until every device's upgrade and command is told to its end, or nothing has come for a while. Returns what is wrong or missing. */
export async function awaitLegacyPushes(expectations: PushExpectations): Promise<readonly string[]> {
  const { receiver } = expectations;
  let looked = -1;
  let until = Date.now() + quietMs;
  for (;;) {
    if (receiver.count === looked) {
      if (Date.now() >= until) return legacyPushSurprises(expectations);
    } else {
      looked = receiver.count;
      until = Date.now() + quietMs;
      if (legacyPushSurprises(expectations).length === 0) return [];
    }
    await pause(100);
  }
}

/** What was pushed otherwise than the plan says, device by device. */
export function legacyPushSurprises({ receiver, plan, operationId }: PushExpectations): readonly string[] {
  return plan.devices.flatMap(({ deviceId }) => {
    const share = plan.shareOf(deviceId);
    const told = receiver.of(deviceId);
    const surprises = [...upgradeSurprises(told, share, operationId), ...commandSurprises(told, share)];
    return surprises.map((surprise) => `${deviceId} (${share.name}): ${surprise}`);
  });
}

/** Steps of fwUpgradeStateChangeNotify: each attempt is offered (1), may get on (2, 3), and ends (0). */
const attempts = /^(?:1(?:23)?0)+$/;

/** One result, after the steps of its attempts; who never connects was never offered anything. */
function upgradeSurprises({ notices }: ToldOfDevice, share: Share, operationId: string): readonly string[] {
  const own = notices.filter((notice) => notice.operationId === operationId);
  const told = own.map(({ step, status }) => step ?? status ?? '').join('');
  const { pushed } = wantedUpgrade(share);
  const steps = told.endsWith(pushed) ? told.slice(0, -pushed.length) : undefined;
  const isOffered = share.behaviour.upgrade?.kind !== 'offline';
  const isInOrder = steps !== undefined && (isOffered ? attempts.test(steps) : steps === '');
  return isInOrder ? [] : [`told '${told}' of its upgrade, expected ${isOffered ? 'steps and ' : ''}one ${pushed}`];
}

/** DELIVERED is told where a device acknowledges before it answers. */
function commandSurprises({ commandStates }: ToldOfDevice, share: Share): readonly string[] {
  const states = commandStates.map(({ result }) => result.resultCode).filter((state) => state !== 'DELIVERED');
  const { pushed } = wantedCommand(share);
  const wanted = pushed === 'EXPIRED' ? pushed : `SENT, ${pushed}`;
  const told = states.join(', ');
  return told === wanted ? [] : [`told '${told}' of its command, expected '${wanted}'`];
}
