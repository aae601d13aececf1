import { Type } from 'typebox';
import type { Static } from 'typebox';
import { defaulted } from '../schema.ts';
import { appIdField, charsString, id, oneOf, pagingQuery, shown, string, topLevelPage } from './primitives.ts';

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

// Extensions (v5 15.3): how deliveries go.
const time = (description: string) => Type.Optional(shown(`${description}, yyyy-MM-dd'T'HH:mm:ss.SSS'Z'.`));
const total = (description: string) => Type.Integer({ description });

export const RuleActionStatus = Type.Object({
  since: shown("Since when it is counted, yyyy-MM-dd'T'HH:mm:ss.SSS'Z'."),
  delivered: total('Notifications that the receiver has taken.'),
  failed: total('Attempts that have failed.'),
  dropped: total('Notifications given up by the limits of the backlog.'),
  waiting: total('Notifications that wait now.'),
  last_success_time: time('Last delivery'),
  last_failure_time: time('Last attempt that failed'),
  last_error: Type.Optional(shown('Why it failed.')),
});
export type RuleActionStatus = Static<typeof RuleActionStatus>;

export const ListDeliveriesQuery = Type.Object({
  key: Type.Optional(string(256, 'Only what is about this task or device.')),
  limit: pagingQuery.limit,
  marker: Type.Optional(
    Type.String({ description: 'Marker of the page before; absent: from the start.', 'x-error-code': '000018' }),
  ),
});
export type ListDeliveriesQuery = Static<typeof ListDeliveriesQuery>;

const deliveryStates = ['DUE', 'BEHIND', 'LIMITED', 'SENDING'] as const;

export const WaitingDelivery = Type.Object({
  key: shown('The task or device that it is about: order is kept within it.'),
  request_id: Type.Optional(shown("The notification's; absent where the rule's select leaves it out.")),
  state: oneOf(
    deliveryStates,
    'DUE at next_attempt_time, BEHIND an earlier one of its key, LIMITED by flow control, or SENDING.',
  ),
  attempts: total('Attempts that have failed.'),
  created_time: shown("When it was made, yyyy-MM-dd'T'HH:mm:ss.SSS'Z'."),
  next_attempt_time: time('When it is tried next'),
  last_error: Type.Optional(shown('Why the last attempt failed.')),
});
export type WaitingDelivery = Static<typeof WaitingDelivery>;

export const ListDeliveriesResponse = Type.Object({
  deliveries: Type.Array(WaitingDelivery, { description: 'This page, by key and within it in order.' }),
  count: total('All that wait, whatever marker.'),
  marker: Type.Union([Type.String(), Type.Null()], { description: 'For the next page; null on an empty page.' }),
});
export type ListDeliveriesResponse = Static<typeof ListDeliveriesResponse>;

const testErrors = ['status', 'timeout', 'address', 'name', 'certificate', 'connection'] as const;

export const TestRuleActionResponse = Type.Object({
  delivered: Type.Boolean({ description: 'Whether the receiver answered 2xx in time.' }),
  status_code: Type.Optional(Type.Integer({ description: 'What it answered.' })),
  error: Type.Optional(
    oneOf(
      testErrors,
      'Why not: another status, no answer in time, an address that is not allowed, an unknown name, a certificate that is not trusted, or no connection.',
    ),
  ),
  milliseconds: Type.Integer({ description: 'How long it took.' }),
});
export type TestRuleActionResponse = Static<typeof TestRuleActionResponse>;

export const RedeliverRequest = Type.Object({
  key: Type.Optional(string(256, 'Only what is about this task or device; absent: everything that waits.', 1)),
});
export type RedeliverRequest = Static<typeof RedeliverRequest>;

export const RedeliverResponse = Type.Object({
  redelivered: Type.Integer({ description: 'So many waited for their next attempt and are due now.' }),
});
export type RedeliverResponse = Static<typeof RedeliverResponse>;
