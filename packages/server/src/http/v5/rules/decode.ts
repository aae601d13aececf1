import type { Decoded } from '@muster/contract';
import type {
  CreateRuleActionRequest,
  CreateRuleRequest,
  ListRuleActionsQuery,
  ListRulesQuery,
  UpdateRuleActionRequest,
  UpdateRuleRequest,
} from '@muster/contract/v5';
import { type AppId, asId, type ProjectId, type RuleId } from '../../../domain/ids.ts';
import type { HttpForwarding } from '../../../domain/rule.ts';
import type { ActionChanges, ActionFilter, CreateAction } from '../../../services/rule-actions.ts';
import type { CreateRule, RuleChanges, RuleFilter } from '../../../services/rules.ts';
import type { FieldNames } from '../field-names.ts';
import { present } from '../../../domain/present.ts';
import { given, givenId } from '../given.ts';

export const ruleFieldNames: FieldNames = {
  http: 'channel_detail.http_forwarding',
  amqp: 'channel_detail.amqp_forwarding',
  name: 'rule_name',
};

export function decodeCreateRule(body: Decoded<typeof CreateRuleRequest>): CreateRule {
  return {
    name: body.rule_name,
    description: body.description,
    subject: body.subject,
    appType: body.app_type,
    appId: givenId<AppId>(body.app_id),
    select: body.select,
    where: body.where,
  };
}

export function decodeRuleChanges(body: Decoded<typeof UpdateRuleRequest>): RuleChanges {
  const { rule_name: name, description, select, where, active } = body;
  return present({ name, description, select, where, active });
}

export function decodeRuleFilter(projectId: ProjectId, query: Decoded<typeof ListRulesQuery>): RuleFilter {
  return present({
    projectId,
    resource: query.resource,
    event: query.event,
    appId: query.app_id as AppId | undefined,
    global: query.app_type === undefined ? undefined : query.app_type === 'GLOBAL',
    name: query.rule_name,
    active: query.active,
  });
}

export function decodeCreateAction(body: Decoded<typeof CreateRuleActionRequest>): CreateAction {
  return {
    ruleId: asId<RuleId>(body.rule_id),
    channel: body.channel,
    ...decodeDetail(body.channel_detail),
  };
}

export function decodeActionChanges(body: Decoded<typeof UpdateRuleActionRequest>): ActionChanges {
  return { channel: body.channel, ...decodeDetail(body.channel_detail) };
}

type WireDetail = Decoded<typeof CreateRuleActionRequest>['channel_detail'];

function decodeDetail(wire: WireDetail | undefined): Pick<CreateAction, 'http' | 'amqp'> {
  const queueName = wire?.amqp_forwarding?.queue_name;
  return {
    http: decodeHttp(wire?.http_forwarding),
    amqp: queueName === undefined ? undefined : { queueName },
  };
}

function decodeHttp(wire: WireDetail['http_forwarding']): HttpForwarding | undefined {
  if (wire === undefined) return undefined;
  return present({
    url: wire.url,
    certId: given(wire.cert_id),
    cnName: given(wire.cn_name),
    sniEnable: wire.sni_enable,
    signatureEnable: wire.signature_enable,
    token: wire.token,
  });
}

export function decodeActionFilter(projectId: ProjectId, query: Decoded<typeof ListRuleActionsQuery>): ActionFilter {
  return present({
    projectId,
    ruleId: query.rule_id as RuleId | undefined,
    channel: query.channel,
    appType: query.app_type,
    appId: query.app_id as AppId | undefined,
  });
}
