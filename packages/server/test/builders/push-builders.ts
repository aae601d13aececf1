import { type ActionId, asId, type PolicyId, type QueueId, type RuleId } from '../../src/domain/ids.ts';
import { type BacklogPolicy, defaultBacklog, type FlowPolicy } from '../../src/domain/policy.ts';
import type { Subscription } from '../../src/domain/legacy-subscription.ts';
import type { Queue } from '../../src/domain/queue.ts';
import type { Rule, RuleAction } from '../../src/domain/rule.ts';
import { builtAt, random, recordId, uniqueName } from './chance.ts';

/** Active, for every application of the project, on what batch tasks do. */
export function aRule(over: Partial<Rule> & Pick<Rule, 'projectId'>): Rule {
  return {
    recordId: recordId(),
    ruleId: asId<RuleId>(random.uuid()),
    name: uniqueName('rule'),
    description: undefined,
    subject: { resource: 'batchtask', event: 'update' },
    appId: undefined,
    select: undefined,
    where: undefined,
    active: true,
    ...over,
  };
}

/** Of that rule, in its scope. */
export function anAction(rule: Rule, over: Partial<RuleAction> = {}): RuleAction {
  return {
    recordId: recordId(),
    actionId: asId<ActionId>(random.uuid()),
    ruleId: rule.ruleId,
    projectId: rule.projectId,
    appId: rule.appId,
    target: { channel: 'HTTP_FORWARDING', http: { url: 'http://127.0.0.1:9/push' } },
    ...over,
  };
}

/** Of the default limits. */
export function aBacklogPolicy(over: Partial<BacklogPolicy> & Pick<BacklogPolicy, 'projectId'>): BacklogPolicy {
  return { ...policyIds(), name: uniqueName('backlog'), description: undefined, ...defaultBacklog, ...over };
}

/** For everything of the project. */
export function aFlowPolicy(over: Partial<FlowPolicy> & Pick<FlowPolicy, 'projectId'>): FlowPolicy {
  const words = { name: uniqueName('flow'), description: undefined };
  return { ...policyIds(), ...words, scope: 'USER', scopeValue: '', limit: 1000, ...over };
}

export function aQueue(over: Partial<Queue> & Pick<Queue, 'projectId'>): Queue {
  const ids = { recordId: recordId(), queueId: asId<QueueId>(random.uuid()) };
  return { ...ids, name: uniqueName('queue-of-'), createdAt: builtAt, modifiedAt: builtAt, ...over };
}

/** To devices that are added, by the business call. */
export function aSubscription(over: Partial<Subscription> & Pick<Subscription, 'projectId' | 'appId'>): Subscription {
  const ids = { recordId: recordId(), subscriptionId: random.uuid() };
  return { ...ids, notifyType: 'deviceAdded', url: 'http://127.0.0.1:9/told', kind: 'business', ...over };
}

const policyIds = () => ({ recordId: recordId(), policyId: asId<PolicyId>(random.uuid()) });
