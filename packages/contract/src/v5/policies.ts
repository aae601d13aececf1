import { Type } from 'typebox';
import type { Static } from 'typebox';
import { defaulted } from '../schema.ts';
import { name, oneOf, pagingQuery, shown, string, topLevelPage } from './primitives.ts';

// v5 15.4.
const policyName = name(256, 'Name.');
const description = name(256, 'What the policy is for.');
const nameFilter = string(256, 'Exact name.');

const backlogSizeMax = 1_073_741_823;
const backlogTimeMax = 86_399;
const backlogSize = Type.Integer({
  description: 'Bytes of notifications that may wait in the project; 0: none is kept after its first try.',
  minimum: 0,
  maximum: backlogSizeMax,
});
const backlogTime = Type.Integer({
  description: 'Seconds that a notification may wait; 0: none is kept after its first try.',
  minimum: 0,
  maximum: backlogTimeMax,
});

export const CreateBacklogPolicyRequest = Type.Object({
  policy_name: Type.Optional(policyName),
  description: Type.Optional(description),
  backlog_size: defaulted(backlogSize, backlogSizeMax),
  backlog_time: defaulted(backlogTime, backlogTimeMax),
});
export type CreateBacklogPolicyRequest = Static<typeof CreateBacklogPolicyRequest>;

export const UpdateBacklogPolicyRequest = Type.Object({
  policy_name: Type.Optional(policyName),
  description: Type.Optional(description),
  backlog_size: Type.Optional(backlogSize),
  backlog_time: Type.Optional(backlogTime),
});
export type UpdateBacklogPolicyRequest = Static<typeof UpdateBacklogPolicyRequest>;

export const ListBacklogPoliciesQuery = Type.Object({ policy_name: Type.Optional(nameFilter), ...pagingQuery });
export type ListBacklogPoliciesQuery = Static<typeof ListBacklogPoliciesQuery>;

export const BacklogPolicy = Type.Object({
  policy_id: shown('Policy id, a UUID.'),
  policy_name: Type.Optional(shown('Name.')),
  description: Type.Optional(shown('What the policy is for.')),
  backlog_size: Type.Integer({ description: 'Bytes of notifications that may wait in the project.' }),
  backlog_time: Type.Integer({ description: 'Seconds that a notification may wait.' }),
});
export type BacklogPolicy = Static<typeof BacklogPolicy>;

export const ListBacklogPoliciesResponse = Type.Object({
  backlog_policies: Type.Array(BacklogPolicy, { description: 'This page.' }),
  ...topLevelPage,
});
export type ListBacklogPoliciesResponse = Static<typeof ListBacklogPoliciesResponse>;

const scopes = ['USER', 'CHANNEL', 'RULE', 'ACTION'] as const;
const scope = oneOf(scopes, 'What is limited: everything of the project, a channel, a rule or an action.');
const scopeValue = string(64, 'The channel, rule id or action id; nothing for USER.');
const limit = Type.Integer({ description: 'Notifications per second.', minimum: 1, maximum: 1000 });

export const CreateFlowControlPolicyRequest = Type.Object({
  policy_name: Type.Optional(policyName),
  description: Type.Optional(description),
  scope: defaulted(scope, 'USER'),
  scope_value: Type.Optional(scopeValue),
  limit: defaulted(limit, 1000),
});
export type CreateFlowControlPolicyRequest = Static<typeof CreateFlowControlPolicyRequest>;

/** `scope` and `scope_value` are fixed. */
export const UpdateFlowControlPolicyRequest = Type.Object({
  policy_name: Type.Optional(policyName),
  description: Type.Optional(description),
  limit: Type.Optional(limit),
});
export type UpdateFlowControlPolicyRequest = Static<typeof UpdateFlowControlPolicyRequest>;

export const ListFlowControlPoliciesQuery = Type.Object({
  scope: Type.Optional(string(16, 'Only policies of this scope.')),
  scope_value: Type.Optional(string(64, 'Only policies of this channel, rule or action.')),
  policy_name: Type.Optional(nameFilter),
  ...pagingQuery,
});
export type ListFlowControlPoliciesQuery = Static<typeof ListFlowControlPoliciesQuery>;

export const FlowControlPolicy = Type.Object({
  policy_id: shown('Policy id, a UUID.'),
  policy_name: Type.Optional(shown('Name.')),
  description: Type.Optional(shown('What the policy is for.')),
  scope,
  scope_value: Type.Optional(shown('The channel, rule id or action id.')),
  limit: Type.Integer({ description: 'Notifications per second.' }),
});
export type FlowControlPolicy = Static<typeof FlowControlPolicy>;

export const ListFlowControlPoliciesResponse = Type.Object({
  flowcontrol_policies: Type.Array(FlowControlPolicy, { description: 'This page.' }),
  ...topLevelPage,
});
export type ListFlowControlPoliciesResponse = Static<typeof ListFlowControlPoliciesResponse>;
