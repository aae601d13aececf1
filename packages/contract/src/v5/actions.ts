import { Type } from 'typebox';
import type { Static } from 'typebox';
import { defaulted } from '../schema.ts';
import { appIdField, charsString, id, pagingQuery, shown, string, topLevelPage } from './primitives.ts';

/** v5 15.2: channels that carry events. */
export const channels = ['HTTP_FORWARDING', 'AMQP_FORWARDING'] as const;

// Not a closed set: any other channel answers 016002, in services.
const channel = string(64, 'How events travel: `HTTP_FORWARDING` or `AMQP_FORWARDING`.', 1);

const HttpForwarding = Type.Object(
  {
    url: string(1024, 'Where events are posted, http or https.', 1),
    cert_id: Type.Optional(string(36, 'Certificate to check the receiver against.')),
    cn_name: Type.Optional(string(256, 'domain[:port] to check the certificate against; with sni_enable.')),
    sni_enable: defaulted(Type.Boolean({ description: 'Send cn_name as server name.' }), false),
    signature_enable: defaulted(Type.Boolean({ description: 'Sign each post with `token`.' }), false),
    token: Type.Optional(
      charsString({
        chars: 'A-Za-z0-9',
        words: 'letters and digits',
        description: 'Signature key; used only with signature_enable.',
        min: 3,
        max: 32,
      }),
    ),
  },
  { description: 'For HTTP_FORWARDING.' },
);

const AmqpForwarding = Type.Object(
  { queue_name: string(128, 'An existing queue.', 1) },
  { description: 'For AMQP_FORWARDING.' },
);

// Which member a channel needs is checked in services.
const ChannelDetail = Type.Object(
  { http_forwarding: Type.Optional(HttpForwarding), amqp_forwarding: Type.Optional(AmqpForwarding) },
  { description: 'The settings of the channel.' },
);

export const CreateRuleActionRequest = Type.Object({
  rule_id: id(36, 'The rule.'),
  channel,
  channel_detail: ChannelDetail,
});
export type CreateRuleActionRequest = Static<typeof CreateRuleActionRequest>;

export const UpdateRuleActionRequest = Type.Object({
  channel: Type.Optional(channel),
  channel_detail: Type.Optional(ChannelDetail),
});
export type UpdateRuleActionRequest = Static<typeof UpdateRuleActionRequest>;

export const ListRuleActionsQuery = Type.Object({
  rule_id: Type.Optional(id(36, 'Only actions of this rule.', 0)),
  channel: Type.Optional(string(64, 'Only actions of this channel.')),
  app_type: Type.Optional(string(16, 'Only actions of rules of this scope.')),
  app_id: Type.Optional(appIdField('Only actions of rules of this application.')),
  ...pagingQuery,
});
export type ListRuleActionsQuery = Static<typeof ListRuleActionsQuery>;

export const RuleAction = Type.Object({
  action_id: shown('Action id, a UUID.'),
  rule_id: shown('The rule.'),
  app_id: Type.Optional(shown('The application of an APP rule.')),
  channel: shown('How events travel.'),
  channel_detail: ChannelDetail,
});
export type RuleAction = Static<typeof RuleAction>;

export const ListRuleActionsResponse = Type.Object({
  actions: Type.Array(RuleAction, { description: 'This page.' }),
  ...topLevelPage,
});
export type ListRuleActionsResponse = Static<typeof ListRuleActionsResponse>;
