import { type ActionId, asId, type RuleId } from '../../src/domain/ids.ts';
import type { Rule, RuleAction } from '../../src/domain/rule.ts';
import { random, recordId, uniqueName } from './chance.ts';

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
