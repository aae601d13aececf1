import type { Provocation } from './provocation.ts';

const nobody = 'f0'.repeat(12);
const http = { http_forwarding: { url: 'https://example.com/x' } };

/** v5 15. */
export const ruleErrors: readonly Provocation[] = [
  { error: '404 016000', of: ({ call }) => call('GET', `/routing-rule/rules/${nobody}`) },
  {
    error: '400 016000',
    of: ({ call }) => {
      const action = { rule_id: nobody, channel: 'HTTP_FORWARDING', channel_detail: http };
      return call('POST', '/routing-rule/actions', action);
    },
  },
  {
    error: '400 016020',
    of: async ({ api, call, scope }) => {
      const { ruleId } = await api.given.rule(scope);
      const channel_detail = { amqp_forwarding: { queue_name: 'nobodys-queue' } };
      return call('POST', '/routing-rule/actions', { rule_id: ruleId, channel: 'AMQP_FORWARDING', channel_detail });
    },
  },
  { error: '404 016020', of: ({ call }) => call('DELETE', `/amqp-queues/${nobody}`) },
  { error: '400 016021', of: ({ call }) => call('POST', '/amqp-queues', { queue_name: 'DefaultQueue' }) },
  {
    error: '403 016022',
    of: async ({ api, call, scope }) => {
      const queue = await api.given.queue(scope);
      await api.given.action(scope, { target: { channel: 'AMQP_FORWARDING', amqp: { queueName: queue.name } } });
      return call('DELETE', `/amqp-queues/${queue.queueId}`);
    },
  },
  {
    error: '403 016023',
    of: async ({ api, call, scope }) => {
      for (let left = 99; left > 0; left--) await api.given.queue(scope).catch(() => undefined);
      return call('POST', '/amqp-queues', { queue_name: 'one-too-many' });
    },
  },
  { error: '404 016001', of: ({ call }) => call('GET', `/routing-rule/actions/${nobody}`) },
  {
    error: '400 016002',
    of: async ({ api, call, scope }) => {
      const { ruleId } = await api.given.rule(scope);
      const action = { rule_id: ruleId, channel: 'DIS_FORWARDING', channel_detail: {} };
      return call('POST', '/routing-rule/actions', action);
    },
  },
  {
    error: '400 016001',
    of: ({ call }) => call('POST', '/routing-rule/flowcontrol-policy', { scope: 'ACTION', scope_value: nobody }),
  },
  { error: '404 016003', of: ({ call }) => call('GET', `/routing-rule/backlog-policy/${nobody}`) },
  {
    error: '400 016004',
    of: async ({ call }) => {
      await call('POST', '/routing-rule/flowcontrol-policy', {});
      return call('POST', '/routing-rule/flowcontrol-policy', {});
    },
  },
];
