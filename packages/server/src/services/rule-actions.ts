import { type ActionId, type AppId, asId, type ProjectId, type RecordId, type RuleId } from '../domain/ids.ts';
import type { Page, PageRequest } from '../domain/paging.ts';
import { Problem, invalid } from '../domain/problem.ts';
import type { ActionChannel, AmqpForwarding, HttpForwarding, RuleAction } from '../domain/rule.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { Store } from '../ports/store/store.ts';
import { checkAppFilter } from './app-scope.ts';

/** What each channel needs to know; only that of the action's channel is looked at. */
interface ChannelDetail {
  readonly http: HttpForwarding | undefined;
  readonly amqp: AmqpForwarding | undefined;
}

export interface CreateAction extends ChannelDetail {
  readonly ruleId: RuleId;
  readonly channel: string;
}

/** Which action a call means. */
export interface ActionKey {
  readonly projectId: ProjectId;
  readonly actionId: ActionId;
}

export interface ActionChanges extends ChannelDetail {
  readonly channel: string | undefined;
}

export interface ActionFilter {
  readonly projectId: ProjectId;
  readonly ruleId?: RuleId;
  readonly channel?: string;
  /** Scope of the action's rule: `GLOBAL` or `APP`. */
  readonly appType?: string;
  readonly appId?: AppId;
}

/** Where a rule's events go (v5 15.2). Unknown actions are actionNotFound in every call that names one. */
export interface RuleActionService {
  /** Problems: ruleNotFound (`ruleId`), queueNotFound (`amqp.queueName`), channelUnsupported, invalidInput. */
  create(projectId: ProjectId, command: CreateAction): Promise<RuleAction>;
  /** Problems: appNotFound. */
  list(filter: ActionFilter, page: PageRequest): Promise<Page<RuleAction>>;
  get(key: ActionKey): Promise<RuleAction>;
  /** What is absent stays as it is. Problems: queueNotFound (`amqp.queueName`), channelUnsupported, invalidInput. */
  update(key: ActionKey, changes: ActionChanges): Promise<RuleAction>;
  delete(key: ActionKey): Promise<void>;
}

export interface RuleActionServiceParts {
  readonly store: Pick<Store, 'apps' | 'rules'>;
  readonly clock: Clock;
  readonly random: Random;
}

export function createRuleActionService({ store, clock, random }: RuleActionServiceParts): RuleActionService {
  const get = async ({ projectId, actionId }: ActionKey): Promise<RuleAction> => {
    const action = await store.rules.findAction(projectId, actionId);
    if (action === undefined) throw new Problem('actionNotFound');
    return action;
  };
  return {
    create: async (projectId, { ruleId, channel, ...detail }) => {
      const target = checkTarget(channel, detail);
      const rule = await store.rules.find(projectId, ruleId);
      if (rule === undefined) throw new Problem('ruleNotFound', { field: 'ruleId' });
      const ids = { recordId: asId<RecordId>(random.orderedId()), actionId: asId<ActionId>(random.uuid()) };
      const action: RuleAction = { ...ids, ruleId, projectId, appId: rule.appId, target };
      await store.rules.insertAction(action, clock.now());
      return action;
    },
    list: async ({ appType, ...filter }, page) => {
      const scope = scopeOf(appType);
      await checkAppFilter(store.apps, filter.projectId, filter.appId);
      return store.rules.listActions({ ...filter, ...scope }, page);
    },
    get,
    update: async (key, { channel, http, amqp }) => {
      const { target } = await get(key);
      const now =
        target.channel === 'HTTP_FORWARDING' ? { ...target, amqp: undefined } : { ...target, http: undefined };
      const next = checkTarget(channel ?? now.channel, { http: http ?? now.http, amqp: amqp ?? now.amqp });
      return store.rules.updateAction(key.projectId, key.actionId, next);
    },
    delete: ({ projectId, actionId }) => store.rules.deleteAction(projectId, actionId),
  };
}

function scopeOf(appType: string | undefined): { global?: boolean } {
  if (appType === undefined) return {};
  if (appType !== 'GLOBAL' && appType !== 'APP') throw invalid('appType', 'must be one of GLOBAL, APP');
  return { global: appType === 'GLOBAL' };
}

function checkTarget(channel: string, { http, amqp }: ChannelDetail): ActionChannel {
  switch (channel) {
    case 'HTTP_FORWARDING':
      return { channel, http: checkHttp(http) };
    case 'AMQP_FORWARDING':
      if (amqp === undefined) throw invalid('amqp', 'is required for this channel');
      return { channel, amqp };
    default:
      // v5 15.2: the other channels are known and refused.
      throw new Problem('channelUnsupported', { field: 'channel' });
  }
}

function checkHttp(http: HttpForwarding | undefined): HttpForwarding {
  if (http === undefined) throw invalid('http', 'is required for this channel');
  checkUrl(http.url);
  checkServerName(http);
  if (http.signatureEnable === true && http.token === undefined) {
    throw invalid('http.token', 'is required where posts are signed');
  }
  return http;
}

function checkUrl(text: string): void {
  const url = URL.parse(text);
  if (url === null || !/^https?:\/\//i.test(text)) throw invalid('http.url', 'must be an http or https address');
  if (url.username !== '' || url.password !== '') throw invalid('http.url', 'must not hold a user or password');
}

const serverName = /^(?!-)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::\d{1,5})?$/;

/** v5 15.2: `cn_name` is domain[:port], with `sni_enable`. */
function checkServerName({ cnName, sniEnable }: HttpForwarding): void {
  if (cnName === undefined) {
    if (sniEnable === true) throw invalid('http.cnName', 'is required where a server name is sent');
  } else if (!serverName.test(cnName)) throw invalid('http.cnName', 'must be a domain, with or without a port');
}
