import type { Rule as WireRule, RuleAction as WireAction } from '@muster/contract/v5';
import type { ActionChannel, Rule, RuleAction } from '../../../domain/rule.ts';
import { present } from '../../../domain/present.ts';

export function encodeRule(rule: Rule): WireRule {
  return present({
    rule_id: rule.ruleId,
    rule_name: rule.name,
    description: rule.description,
    // Stored as the schema let it in.
    subject: rule.subject as WireRule['subject'],
    app_type: rule.appId === undefined ? ('GLOBAL' as const) : ('APP' as const),
    app_id: rule.appId,
    select: rule.select,
    where: rule.where,
    active: rule.active,
  });
}

/** `secrets` false for callers who may read but not change: the token signs what is pushed. */
export function encodeAction(action: RuleAction, { secrets }: { readonly secrets: boolean }): WireAction {
  return present({
    action_id: action.actionId,
    rule_id: action.ruleId,
    app_id: action.appId,
    channel: action.target.channel,
    channel_detail: encodeDetail(action.target, secrets),
  });
}

function encodeDetail(target: ActionChannel, secrets: boolean): WireAction['channel_detail'] {
  if (target.channel === 'AMQP_FORWARDING') return { amqp_forwarding: { queue_name: target.amqp.queueName } };
  const { http } = target;
  const forwarding = present({
    url: http.url,
    cert_id: http.certId,
    cn_name: http.cnName,
    sni_enable: http.sniEnable ?? false,
    signature_enable: http.signatureEnable ?? false,
    token: secrets ? http.token : undefined,
  });
  return { http_forwarding: forwarding };
}
