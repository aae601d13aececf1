import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, expectedError, type InventoryApi, type Json, startInventoryApi } from './fixture/inventory-api.ts';
import { itRefuses, type WrongField } from './fixture/wrong-fields.ts';

const backlogPath = '/routing-rule/backlog-policy';
const flowPath = '/routing-rule/flowcontrol-policy';
const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/);

let api: InventoryApi;
beforeAll(async () => {
  api = await startInventoryApi();
});
afterAll(() => api.stop());

async function clear(path: string, list: string): Promise<void> {
  for (const { policy_id } of (await api.mine.get(`${path}?limit=50`)).body[list] as Json[]) {
    await api.mine.delete(`${path}/${String(policy_id)}`);
  }
}

describe('backlog policies', () => {
  it('have the largest limits unless told otherwise, are one per project, change and go', async () => {
    const created = await api.mine.post(backlogPath, {});
    const wanted = { policy_id: uuid, backlog_size: 1_073_741_823, backlog_time: 86_399 };
    expect([created.status, created.body]).toEqual([201, wanted]);
    const path = `${backlogPath}/${String(created.body.policy_id)}`;
    expect(errorOf(await api.mine.post(backlogPath, {}))).toEqual(expectedError(400, '016004'));
    const fields = { policy_name: 'P', description: '说明', backlog_size: 0, backlog_time: 0 };
    const changed = await api.mine.put(path, fields);
    expect([changed.status, changed.body]).toEqual([200, { policy_id: created.body.policy_id, ...fields }]);
    expect((await api.mine.put(path, { policy_name: 'Q' })).body).toEqual({ ...changed.body, policy_name: 'Q' });
    const shown = await api.mine.get(path);
    expect(shown.body).toEqual({ ...changed.body, policy_name: 'Q' });
    const list = (await api.mine.get(`${backlogPath}?policy_name=Q`)).body;
    expect(list).toEqual({ backlog_policies: [shown.body], count: 1, marker: expect.stringMatching(/^[0-9a-f]{24}$/) });
    expect((await api.mine.get(`${backlogPath}?policy_name=P`)).body).toEqual({
      ...{ backlog_policies: [], count: 0, marker: null },
    });
    expect((await api.mine.delete(path)).status).toBe(204);
    for (const answer of [await api.mine.get(path), await api.mine.put(path, {}), await api.mine.delete(path)]) {
      expect(errorOf(answer)).toEqual(expectedError(404, '016003'));
    }
  });
});

describe('flow control policies', () => {
  it('are one per scope and value, which are fixed', async () => {
    const created = await api.mine.post(flowPath, {});
    expect([created.status, created.body]).toEqual([201, { policy_id: uuid, scope: 'USER', limit: 1000 }]);
    expect(errorOf(await api.mine.post(flowPath, { scope: 'USER', limit: 1 }))).toEqual(expectedError(400, '016004'));
    const path = `${flowPath}/${String(created.body.policy_id)}`;
    const changed = await api.mine.put(path, { limit: 1, scope: 'CHANNEL', scope_value: 'AMQP_FORWARDING' });
    expect([changed.status, changed.body]).toEqual([200, { ...created.body, limit: 1 }]);
    const rule = (await api.mine.post('/routing-rule/rules', { subject: { resource: 'batchtask', event: 'update' } }))
      .body;
    const action = await api.mine.post('/routing-rule/actions', {
      ...{ rule_id: rule.rule_id, channel: 'HTTP_FORWARDING' },
      channel_detail: { http_forwarding: { url: 'https://example.com/' } },
    });
    const values = [
      ['CHANNEL', 'HTTP_FORWARDING'],
      ['RULE', rule.rule_id],
      ['ACTION', action.body.action_id],
    ];
    for (const [scope, scope_value] of values) {
      const one = await api.mine.post(flowPath, { scope, scope_value, limit: 5, policy_name: 'n' });
      expect([one.status, one.body]).toMatchObject([201, { scope, scope_value, limit: 5 }]);
      const found = (await api.mine.get(`${flowPath}?scope=${scope}&scope_value=${scope_value}`)).body;
      expect(found).toMatchObject({ flowcontrol_policies: [one.body], count: 1 });
    }
    expect((await api.mine.get(`${flowPath}?policy_name=n&limit=1`)).body).toMatchObject({ count: 3 });
    expect((await api.mine.delete(path)).status).toBe(204);
    expect(errorOf(await api.mine.get(path))).toEqual(expectedError(404, '016003'));
    await clear(flowPath, 'flowcontrol_policies');
  });

  it('name something that exists and can be limited', async () => {
    const rule = (await api.mine.post('/routing-rule/rules', { subject: { resource: 'batchtask', event: 'update' } }))
      .body;
    const queued = await api.mine.post('/routing-rule/actions', {
      ...{ rule_id: rule.rule_id, channel: 'AMQP_FORWARDING' },
      channel_detail: { amqp_forwarding: { queue_name: 'DefaultQueue' } },
    });
    expect(queued.status).toBe(201);
    const nobody = '00000000-0000-4000-8000-000000000000';
    const tries: (readonly [Json, string])[] = [
      [{ scope: 'RULE', scope_value: nobody }, '016000'],
      [{ scope: 'ACTION', scope_value: nobody }, '016001'],
      [{ scope: 'CHANNEL', scope_value: 'OBS_FORWARDING' }, '016002'],
      [{ scope: 'CHANNEL', scope_value: 'AMQP_FORWARDING' }, '016002'],
      [{ scope: 'ACTION', scope_value: queued.body.action_id }, '016002'],
      [{ scope: 'RULE' }, '000006'],
      [{ scope: 'USER', scope_value: 'x' }, '000006'],
    ];
    for (const [body, code] of tries)
      expect(errorOf(await api.mine.post(flowPath, body))).toEqual(expectedError(400, code));
  });
});

describe('fields of policies', () => {
  const words: readonly WrongField[] = ['policy_name', 'description'].flatMap((field) =>
    ['a b', 'n'.repeat(257), 7].map((value) => ({ field, value })),
  );
  const ofBacklog = [
    ...[-1, 1_073_741_824, 1.5, 'x'].map((value) => ({ field: 'backlog_size', value })),
    ...[-1, 86_400, 'x'].map((value) => ({ field: 'backlog_time', value })),
    ...words,
  ];
  const ofFlow = [
    ...[0, 1001, 1.5, 'x'].map((value) => ({ field: 'limit', value })),
    ...['user', 7].map((value) => ({ field: 'scope', value })),
    ...words,
  ];
  const of = (path: string, list: string) => ({
    ...{ api: () => api, method: 'POST' as const, path: () => path, body: () => ({}) },
    stored: async () => (await api.mine.get(`${path}?limit=50`)).body[list],
  });
  describe('of backlogs', () => itRefuses(ofBacklog, of(backlogPath, 'backlog_policies')));
  describe('of flow control', () => itRefuses(ofFlow, of(flowPath, 'flowcontrol_policies')));
});
