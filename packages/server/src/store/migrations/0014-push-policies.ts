/**
 * Policies of pushing (v5 15.4), and what is known of each action's deliveries. `spent_until`: what was let through has used a flow
 * policy up until then, µs since epoch. `outbox.hold`: `lease` in the hands of a process, `flow` behind its policies.
 * `action_deliveries` has a row for every action: how its deliveries went, and when what waits behind its policies is looked at again.
 */
const tablesOf = (text: string, int: string): string => `
CREATE TABLE backlog_policies (
  policy_id ${text} PRIMARY KEY, record_id ${text} NOT NULL UNIQUE, project_id ${text} NOT NULL, name ${text}, description ${text},
  bytes_max ${int} NOT NULL, age_seconds_max ${int} NOT NULL,
  CONSTRAINT backlog_policies_project_id_key UNIQUE (project_id)
);
CREATE TABLE flow_policies (
  policy_id ${text} PRIMARY KEY, record_id ${text} NOT NULL UNIQUE, project_id ${text} NOT NULL, name ${text}, description ${text},
  scope ${text} NOT NULL CHECK (scope IN ('USER', 'CHANNEL', 'RULE', 'ACTION')), scope_value ${text} NOT NULL,
  per_second ${int} NOT NULL CHECK (per_second > 0), spent_until ${int} NOT NULL DEFAULT 0,
  CONSTRAINT flow_policies_project_id_scope_scope_value_key UNIQUE (project_id, scope, scope_value)
);
CREATE INDEX flow_policies_page ON flow_policies (project_id, record_id);
CREATE TABLE action_deliveries (
  action_id ${text} PRIMARY KEY REFERENCES rule_actions ON DELETE CASCADE, since ${int} NOT NULL,
  delivered ${int} NOT NULL DEFAULT 0, failed ${int} NOT NULL DEFAULT 0, dropped ${int} NOT NULL DEFAULT 0,
  succeeded_at ${int}, failed_at ${int}, error ${text}, flow_at ${int}, served_at ${int} NOT NULL DEFAULT 0
);
CREATE INDEX action_deliveries_flow ON action_deliveries (flow_at) WHERE flow_at IS NOT NULL;
ALTER TABLE outbox ADD COLUMN hold ${text} CHECK (hold IN ('lease', 'flow'));
CREATE INDEX outbox_held ON outbox (action_id, no) WHERE hold = 'flow';
`;

export const pushPolicies = `${tablesOf('TEXT', 'INTEGER')}
INSERT INTO action_deliveries (action_id, since) SELECT action_id, CAST(unixepoch('subsec') * 1000 AS INTEGER) FROM rule_actions;
`;

export const pushPoliciesOfPostgres = `${tablesOf('TEXT COLLATE "C"', 'BIGINT')}
INSERT INTO action_deliveries (action_id, since) SELECT action_id, (extract(epoch FROM now()) * 1000)::bigint FROM rule_actions;
`;
