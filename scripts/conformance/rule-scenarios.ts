import type { Given, Json } from './given.ts';
import type { Scenario, Scenarios } from './scenario.ts';

// No rule here is ever active: nothing is sent.
const forwarding = {
  channel: 'HTTP_FORWARDING',
  channel_detail: { http_forwarding: { url: 'https://receiver.example/events' } },
};

const action = async (given: Given) =>
  given.id('action_id', '{P}/routing-rule/actions', { rule_id: await given.rule(), ...forwarding });

const ofRule =
  (more: Json = {}): Scenario =>
  async (given) => ({ params: { rule_id: await given.rule() }, ...more });

const ofAction =
  (more: Json = {}): Scenario =>
  async (given) => ({ params: { action_id: await action(given) }, ...more });

/** v5 15.1 to 15.3. */
const routingScenarios: Scenarios = {
  'POST {P}/routing-rule/rules': (given) => ({
    json: { rule_name: given.word('rule'), subject: { resource: 'batchtask', event: 'update' } },
  }),
  'GET {P}/routing-rule/rules': async (given) => {
    await given.rule();
    return { query: { resource: 'batchtask', limit: 50 } };
  },
  'GET {P}/routing-rule/rules/{rule_id}': ofRule(),
  'PUT {P}/routing-rule/rules/{rule_id}': ofRule({ json: { rule_name: 'renamed', active: false } }),
  'DELETE {P}/routing-rule/rules/{rule_id}': ofRule(),
  'POST {P}/routing-rule/actions': async (given) => ({ json: { rule_id: await given.rule(), ...forwarding } }),
  'GET {P}/routing-rule/actions': async (given) => {
    await action(given);
    return { query: { channel: 'HTTP_FORWARDING', limit: 50 } };
  },
  'GET {P}/routing-rule/actions/{action_id}': ofAction(),
  'PUT {P}/routing-rule/actions/{action_id}': ofAction({ json: forwarding }),
  'DELETE {P}/routing-rule/actions/{action_id}': ofAction(),
  'GET {P}/routing-rule/actions/{action_id}/status': ofAction(),
  'GET {P}/routing-rule/actions/{action_id}/deliveries': ofAction({ query: { limit: 50 } }),
  // A name that never resolves: the answer says so.
  'POST {P}/routing-rule/actions/{action_id}/test': ofAction(),
  'POST {P}/routing-rule/actions/{action_id}/redeliver': ofAction({ json: {} }),
};

interface PolicyKind {
  readonly path: string;
  readonly list: string;
  readonly json: Json;
}

const backlog: PolicyKind = {
  path: '{P}/routing-rule/backlog-policy',
  list: 'backlog_policies',
  json: { policy_name: 'backlog', backlog_size: 1_000_000, backlog_time: 3600 },
};

const flowControl: PolicyKind = {
  path: '{P}/routing-rule/flowcontrol-policy',
  list: 'flowcontrol_policies',
  json: { policy_name: 'flow', scope: 'USER', limit: 100 },
};

/** One for each project (and scope): what is there goes before the next is made. */
async function clearPolicies(given: Given, { path, list }: PolicyKind): Promise<void> {
  const found = await given.ask('GET', path, { query: { limit: 50 } });
  for (const policy of (found[list] ?? []) as Json[]) {
    const params = { policy_id: String(policy['policy_id']) };
    await given.ask('DELETE', `${path}/{policy_id}`, { params });
  }
}

async function newPolicy(given: Given, kind: PolicyKind): Promise<string> {
  await clearPolicies(given, kind);
  return given.id('policy_id', kind.path, kind.json);
}

/** v5 15.4. */
function policyScenarios(kind: PolicyKind): Scenarios {
  const ofPolicy =
    (more: Json = {}): Scenario =>
    async (given) => ({ params: { policy_id: await newPolicy(given, kind) }, ...more });
  return {
    [`POST ${kind.path}`]: async (given) => {
      await clearPolicies(given, kind);
      return { json: kind.json };
    },
    [`GET ${kind.path}`]: async (given) => {
      await newPolicy(given, kind);
      return { query: { limit: 50 } };
    },
    [`GET ${kind.path}/{policy_id}`]: ofPolicy(),
    [`PUT ${kind.path}/{policy_id}`]: ofPolicy({ json: { policy_name: 'renamed' } }),
    [`DELETE ${kind.path}/{policy_id}`]: ofPolicy(),
  };
}

const queue = (given: Given) => given.id('queue_id', '{P}/amqp-queues', { queue_name: given.word('conformance-') });

/** v5 15.6. */
const queueScenarios: Scenarios = {
  'POST {P}/amqp-queues': (given) => ({ json: { queue_name: given.word('conformance-') } }),
  'GET {P}/amqp-queues': () => ({ query: { queue_name: 'Default', limit: 50 } }),
  'GET {P}/amqp-queues/{queue_id}': async (given) => ({ params: { queue_id: await queue(given) } }),
  'DELETE {P}/amqp-queues/{queue_id}': async (given) => ({ params: { queue_id: await queue(given) } }),
  'POST {P}/auth/accesscode': () => ({ json: { type: 'AMQP' } }),
};

export const ruleScenarios: Scenarios = {
  ...routingScenarios,
  ...policyScenarios(backlog),
  ...policyScenarios(flowControl),
  ...queueScenarios,
};
