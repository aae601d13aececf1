import { grantable, type Meter, spend } from '../domain/flow-control.ts';
import { pushEvent } from '../domain/push-event.ts';
import { Problem } from '../domain/problem.ts';
import type { HttpChannel, Rule, RuleAction, Subject } from '../domain/rule.ts';
import type { Clock } from '../ports/clock.ts';
import type { ProbeResult, PushProbe } from '../ports/push-probe.ts';
import type { Random } from '../ports/random.ts';
import type { DeliveryStatus, WaitingItem, WaitingPage, WaitingQuery } from '../ports/store/push-store.ts';
import type { Store } from '../ports/store/store.ts';
import type { ActionKey } from './rule-actions.ts';

export type { DeliveryStatus, ProbeResult, WaitingItem, WaitingPage, WaitingQuery };

/** How the deliveries of actions go (v5 15.3, extensions). Unknown actions are actionNotFound in every call. */
export interface ActionDeliveryService {
  status(key: ActionKey): Promise<DeliveryStatus>;
  /** Problems: channelUnsupported. */
  list(key: ActionKey, query: Omit<WaitingQuery, 'actionId'>): Promise<WaitingPage>;
  /** Sends a sample to the receiver at once. Problems: channelUnsupported, rateLimited. */
  test(key: ActionKey): Promise<ProbeResult>;
  /** What waits for its next attempt is due now, of one task or device or all; returns how many. Problems: channelUnsupported. */
  redeliver(key: ActionKey, about: string | undefined): Promise<number>;
}

export interface ActionDeliveryParts {
  readonly store: Pick<Store, 'rules' | 'outbox'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly probe: PushProbe;
  /** Something is due now. */
  onDue(): void;
}

export function createActionDeliveryService(parts: ActionDeliveryParts): ActionDeliveryService {
  const { store, clock, probe } = parts;
  const mayTest = createTestLimit(clock);
  const get = async ({ projectId, actionId }: ActionKey): Promise<RuleAction> => {
    const action = await store.rules.findAction(projectId, actionId);
    if (action === undefined) throw new Problem('actionNotFound');
    return action;
  };
  /** Consumers of a queue take what waits there at their own pace. */
  const getPosted = async (key: ActionKey): Promise<RuleAction & { readonly target: HttpChannel }> => {
    const { target, ...action } = await get(key);
    if (target.channel !== 'HTTP_FORWARDING') throw new Problem('channelUnsupported');
    return { ...action, target };
  };
  return {
    status: async (key) => {
      const { actionId } = await get(key);
      const status = await store.outbox.status(actionId);
      // Deleted in between.
      if (status === undefined) throw new Problem('actionNotFound');
      return status;
    },
    list: async (key, query) => store.outbox.listWaiting({ ...query, actionId: (await getPosted(key)).actionId }),
    test: async (key) => {
      const { ruleId, target } = await getPosted(key);
      const rule = await store.rules.find(key.projectId, ruleId);
      if (rule === undefined) throw new Problem('actionNotFound');
      if (!mayTest(key.projectId)) throw new Problem('rateLimited');
      return probe(target, sampleOf(parts, rule));
    },
    redeliver: async (key, about) => {
      const { actionId } = await getPosted(key);
      const count = await store.outbox.redeliver(actionId, { key: about, now: clock.now() });
      if (count > 0) parts.onDue();
      return count;
    },
  };
}

function sampleOf({ clock, random }: ActionDeliveryParts, { subject: { resource, event } }: Rule) {
  return pushEvent({
    // Checked when the rule was made.
    subject: `${resource}:${event}` as Subject,
    at: clock.now(),
    requestId: random.uuid(),
    notifyData: { body: { test: true } },
  });
}

const testsPerSecond = 1;
const testBurstMs = 4000;
/** Projects whose tests are remembered; whoever has not tested for a while is forgotten first. */
const remembered = 10_000;

/** Of one process: a test makes a request to wherever somebody likes, so that nobody may make many. */
function createTestLimit(clock: Clock): (projectId: string) => boolean {
  const meters = new Map<string, Meter>();
  return (projectId) => {
    const now = clock.now();
    const meter = meters.get(projectId) ?? { perSecond: testsPerSecond, spentUntilUs: 0 };
    if (grantable(meter, now, testBurstMs) === 0) return false;
    // Last in the map has tested last.
    meters.delete(projectId);
    meters.set(projectId, spend(meter, now, 1));
    const [oldest] = meters.keys();
    if (meters.size > remembered && oldest !== undefined) meters.delete(oldest);
    return true;
  };
}
