import { Type } from 'typebox';
import type { Static } from 'typebox';
import { defaulted } from '../schema.ts';
import { appIdField, name, oneOf, pagingQuery, shown, string, topLevelPage } from './primitives.ts';

// v5 15.1. The SQL of select and where (015530) and whether resource and event exist together are checked in services.
const appTypes = ['GLOBAL', 'APP'] as const;
const resources = [
  'batchtask',
  'device',
  'device.status',
  'device.property',
  'device.message',
  'device.message.status',
  'device.command.status',
  'product',
] as const;
const events = ['create', 'update', 'delete', 'report'] as const;

const RuleSubject = Type.Object(
  { resource: oneOf(resources, 'What it is about.'), event: oneOf(events, 'What happened to it.') },
  { description: 'Which events the rule is for.' },
);
const appType = oneOf(appTypes, 'GLOBAL: events of all applications; APP: of one.');
const ruleName = name(256, 'Name.');
const description = string(256, 'What the rule is for.');
const select = string(2500, 'SELECT part of the SQL over the pushed JSON; empty: everything.');
const where = string(2500, 'WHERE part of the SQL over the pushed JSON; empty: always.');

export const CreateRuleRequest = Type.Object({
  rule_name: Type.Optional(ruleName),
  description: Type.Optional(description),
  subject: RuleSubject,
  app_type: defaulted(appType, 'GLOBAL'),
  app_id: Type.Optional(appIdField('For APP; absent: the default application.')),
  select: Type.Optional(select),
  where: Type.Optional(where),
});
export type CreateRuleRequest = Static<typeof CreateRuleRequest>;

/** v5 15.1: `select` and `where` come both or not at all, checked in services; empty strings clear them. */
export const UpdateRuleRequest = Type.Object({
  rule_name: Type.Optional(ruleName),
  description: Type.Optional(description),
  select: Type.Optional(select),
  where: Type.Optional(where),
  active: Type.Optional(Type.Boolean({ description: 'Whether the rule fires.' })),
});
export type UpdateRuleRequest = Static<typeof UpdateRuleRequest>;

export const ListRulesQuery = Type.Object({
  resource: Type.Optional(string(64, 'Only rules for this resource.')),
  event: Type.Optional(string(64, 'Only rules for this event.')),
  app_type: Type.Optional(oneOf(appTypes, 'Only rules of this scope.')),
  app_id: Type.Optional(appIdField('Only rules of this application.')),
  rule_name: Type.Optional(string(256, 'Exact name.')),
  active: Type.Optional(Type.Boolean({ description: 'Only active, or only inactive, rules.' })),
  ...pagingQuery,
});
export type ListRulesQuery = Static<typeof ListRulesQuery>;

export const Rule = Type.Object({
  rule_id: shown('Rule id, a UUID.'),
  rule_name: Type.Optional(shown('Name.')),
  description: Type.Optional(shown('What the rule is for.')),
  subject: RuleSubject,
  app_type: appType,
  app_id: Type.Optional(shown('The application of an APP rule.')),
  select: Type.Optional(shown('SELECT part.')),
  where: Type.Optional(shown('WHERE part.')),
  active: Type.Boolean({ description: 'Whether the rule fires; a new rule does not.' }),
});
export type Rule = Static<typeof Rule>;

export const ListRulesResponse = Type.Object({
  rules: Type.Array(Rule, { description: 'This page.' }),
  ...topLevelPage,
});
export type ListRulesResponse = Static<typeof ListRulesResponse>;
