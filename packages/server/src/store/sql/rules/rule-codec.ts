import type { Selectable } from 'kysely';
import { type ActionId, type AppId, asId, type ProjectId, type RecordId, type RuleId } from '../../../domain/ids.ts';
import type {
  ActionChannel,
  AmqpForwarding,
  HttpChannel,
  HttpForwarding,
  Rule,
  RuleAction,
} from '../../../domain/rule.ts';
import type { SecretBox } from '../../../ports/secret-box.ts';
import { flagOf, orNull, orUndefined } from '../columns.ts';
import type { RuleActionsTable, RulesTable } from '../push-tables.ts';

export function ruleOf(row: Selectable<RulesTable>): Rule {
  return {
    recordId: asId<RecordId>(row.record_id),
    ruleId: asId<RuleId>(row.rule_id),
    projectId: asId<ProjectId>(row.project_id),
    name: orUndefined(row.name),
    description: orUndefined(row.description),
    subject: { resource: row.resource, event: row.event },
    appId: row.app_id === null ? undefined : asId<AppId>(row.app_id),
    select: orUndefined(row.select_sql),
    where: orUndefined(row.where_sql),
    active: row.active === 1,
  };
}

export function rowOfRule(rule: Rule): Selectable<RulesTable> {
  return {
    record_id: rule.recordId,
    rule_id: rule.ruleId,
    project_id: rule.projectId,
    app_id: orNull(rule.appId),
    name: orNull(rule.name),
    description: orNull(rule.description),
    resource: rule.subject.resource,
    event: rule.subject.event,
    select_sql: orNull(rule.select),
    where_sql: orNull(rule.where),
    active: flagOf(rule.active),
  };
}

export function actionOf(row: Selectable<RuleActionsTable>, box: SecretBox): RuleAction {
  return {
    recordId: asId<RecordId>(row.record_id),
    actionId: asId<ActionId>(row.action_id),
    ruleId: asId<RuleId>(row.rule_id),
    projectId: asId<ProjectId>(row.project_id),
    appId: row.app_id === null ? undefined : asId<AppId>(row.app_id),
    target: channelOf(row, box),
  };
}

/** Without its queue. */
export function rowOfAction(action: RuleAction, box: SecretBox): Omit<Selectable<RuleActionsTable>, 'queue_id'> {
  return {
    record_id: action.recordId,
    action_id: action.actionId,
    rule_id: action.ruleId,
    project_id: action.projectId,
    app_id: orNull(action.appId),
    ...columnsOfChannel(action.target, box),
  };
}

/** The token signs what is pushed: it is sealed like any other secret. */
export function columnsOfChannel(target: ActionChannel, box: SecretBox): Pick<RuleActionsTable, 'channel' | 'detail'> {
  const { channel } = target;
  if (channel === 'AMQP_FORWARDING') return { channel, detail: JSON.stringify(target.amqp) };
  const { http } = target;
  const sealed = http.token === undefined ? http : { ...http, token: box.seal(http.token) };
  return { channel, detail: JSON.stringify(sealed) };
}

function channelOf(row: Pick<RuleActionsTable, 'channel' | 'detail'>, box: SecretBox): ActionChannel {
  if (row.channel === 'AMQP_FORWARDING') {
    return { channel: row.channel, amqp: JSON.parse(row.detail) as AmqpForwarding };
  }
  return httpChannelOf(row, box);
}

export function httpChannelOf(row: Pick<RuleActionsTable, 'channel' | 'detail'>, box: SecretBox): HttpChannel {
  if (row.channel !== 'HTTP_FORWARDING') throw new Error(`${row.channel} is not posted.`);
  const http = JSON.parse(row.detail) as HttpForwarding;
  return {
    channel: row.channel,
    http: http.token === undefined ? http : { ...http, token: box.open(http.token) },
  };
}
