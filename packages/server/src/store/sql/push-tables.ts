import type { Generated } from 'kysely';

/** What is pushed to whom, as in tables.ts. */

export interface RulesTable {
  rule_id: string;
  record_id: string;
  project_id: string;
  app_id: string | null;
  name: string | null;
  description: string | null;
  resource: string;
  event: string;
  select_sql: string | null;
  where_sql: string | null;
  active: 0 | 1;
}

export interface RuleActionsTable {
  action_id: string;
  record_id: string;
  rule_id: string;
  project_id: string;
  app_id: string | null;
  channel: string;
  detail: string;
  /** Of AMQP_FORWARDING. */
  queue_id: string | null;
}

export interface OutboxTable {
  no: Generated<number>;
  /** Null: a post to the URL in the row. */
  action_id: string | null;
  /** Of a post it begins with a hash of project and URL. */
  key: string;
  payload: string;
  bytes: number;
  created_at: number;
  attempts: Generated<number>;
  /** Null: parked behind an earlier one of its action and key, or behind flow control. */
  next_at: number | null;
  error: string | null;
  /** `lease`: in the hands of a process until `next_at`; `flow`: until flow control lets it through. */
  hold: 'lease' | 'flow' | null;
  /** These three are of posts alone. */
  project_id: string | null;
  url: string | null;
  subscription_id: string | null;
}

export interface ActionDeliveriesTable {
  action_id: string;
  since: number;
  delivered: Generated<number>;
  failed: Generated<number>;
  dropped: Generated<number>;
  succeeded_at: number | null;
  failed_at: number | null;
  error: string | null;
  /** When what waits behind flow control is looked at again; null: nothing does. */
  flow_at: number | null;
  /** When flow control last let something through: whoever waits longest comes first. */
  served_at: Generated<number>;
}

export interface BacklogPoliciesTable {
  policy_id: string;
  record_id: string;
  project_id: string;
  name: string | null;
  description: string | null;
  bytes_max: number;
  age_seconds_max: number;
}

export interface FlowPoliciesTable {
  policy_id: string;
  record_id: string;
  project_id: string;
  name: string | null;
  description: string | null;
  scope: 'USER' | 'CHANNEL' | 'RULE' | 'ACTION';
  scope_value: string;
  per_second: number;
  /** What was let through has used it up until then, µs since epoch. */
  spent_until: Generated<number>;
}

export interface QueuesTable {
  queue_id: string;
  record_id: string;
  project_id: string;
  name: string;
  created_at: number;
  modified_at: number;
}

export interface QueueMessagesTable {
  no: Generated<number>;
  queue_id: string;
  action_id: string;
  key: string;
  payload: string;
  bytes: number;
  created_at: number;
  holder: string | null;
  due_at: number | null;
  attempts: Generated<number>;
}

export interface AccessCodesTable {
  project_id: string;
  type: 'AMQP' | 'MQTT';
  access_key: string;
  code_hash: string;
  created_at: number;
}
