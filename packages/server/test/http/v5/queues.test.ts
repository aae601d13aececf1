import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asId, type ProjectId } from '../../../src/domain/ids.ts';
import {
  errorOf,
  expectedError,
  type InventoryApi,
  type Json,
  type ProjectCaller,
  startInventoryApi,
} from './fixture/inventory-api.ts';
import { itRefuses } from './fixture/wrong-fields.ts';

const path = '/amqp-queues';
const time = expect.stringMatching(/^\d{8}T\d{6}Z$/);
const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/);

let api: InventoryApi;
beforeAll(async () => {
  api = await startInventoryApi();
});
afterAll(() => api.stop());

const add = async (queue_name: string): Promise<Json> => (await api.mine.post(path, { queue_name })).body;

describe('queues', () => {
  it('are made, shown, listed by a part of their name, and go', async () => {
    const created = await api.mine.post(path, { queue_name: 'Alarms_of.plant:1-a' });
    const wanted = { queue_id: uuid, queue_name: 'Alarms_of.plant:1-a', create_time: time, last_modify_time: time };
    expect([created.status, created.body]).toEqual([201, wanted]);
    const one = `${path}/${String(created.body.queue_id)}`;
    expect((await api.mine.get(one)).body).toEqual(created.body);
    const listed = (await api.mine.get(`${path}?queue_name=plant`)).body;
    expect(listed).toEqual({ queues: [created.body], page: { count: 1, marker: expect.any(String) } });
    expect((await api.mine.get(`${path}?queue_name=PLANT`)).body.queues).toEqual([]);
    expect((await api.mine.delete(one)).status).toBe(204);
  });

  it('that do not exist are shown with nulls and cannot be deleted [v5 62]', async () => {
    const unknown = await api.mine.get(`${path}/nobody`);
    const nulls = { queue_id: null, queue_name: null, create_time: null, last_modify_time: null };
    expect([unknown.status, unknown.body]).toEqual([200, nulls]);
    expect(errorOf(await api.mine.delete(`${path}/nobody`))).toEqual(expectedError(404, '016020'));
  });

  it('begin with one in every project, which stays', async () => {
    for (const caller of [api.mine, api.other]) {
      const { queues } = (await caller.get(`${path}?queue_name=DefaultQueue`)).body as { queues: Json[] };
      expect(queues).toHaveLength(1);
      const one = `${path}/${String(queues[0]?.queue_id)}`;
      expect(errorOf(await caller.delete(one))).toEqual(expectedError(403, '016022'));
    }
  });

  it('have names that are unique in their project, and are a hundred at most', async () => {
    await add('only-once');
    expect(errorOf(await api.mine.post(path, { queue_name: 'only-once' }))).toEqual(expectedError(400, '016021'));
    expect((await api.other.post(path, { queue_name: 'only-once' })).status).toBe(201);
    const { page } = (await api.other.get(path)).body as { page: { count: number } };
    for (let count = page.count; count < 100; count++) {
      expect((await api.other.post(path, { queue_name: `queue-no-${count}` })).status).toBe(201);
    }
    expect(errorOf(await api.other.post(path, { queue_name: 'one-too-many' }))).toEqual(expectedError(403, '016023'));
  });

  const wrong = ['short-1', 'x'.repeat(129), 'with space', 'with/slash', 7, undefined];
  itRefuses(
    wrong.map((value) => ({ field: 'queue_name', value })),
    {
      api: () => api,
      method: 'POST',
      path: () => path,
      body: () => ({}),
      stored: async () => (await api.mine.get(path)).body,
    },
  );
});

describe('actions that fill a queue', () => {
  const rulesPath = '/routing-rule/rules';
  const actionsPath = '/routing-rule/actions';
  const ruleOf = async (caller: ProjectCaller) =>
    String((await caller.post(rulesPath, { subject: { resource: 'batchtask', event: 'update' } })).body.rule_id);
  const amqp = (queue_name: string) => ({
    channel: 'AMQP_FORWARDING',
    channel_detail: { amqp_forwarding: { queue_name } },
  });

  it('name one that exists in their project, and keep it from being deleted', async () => {
    const queue = await add('filled-by-an-action');
    const rule_id = await ruleOf(api.mine);
    const made = await api.mine.post(actionsPath, { rule_id, ...amqp('filled-by-an-action') });
    expect([made.status, made.body]).toEqual([201, { action_id: uuid, rule_id, ...amqp('filled-by-an-action') }]);
    const action = `${actionsPath}/${String(made.body.action_id)}`;
    expect((await api.mine.get(action)).body).toEqual(made.body);
    const listed = await api.mine.get(`${actionsPath}?channel=AMQP_FORWARDING`);
    expect(listed.body.actions).toEqual([made.body]);
    const queuePath = `${path}/${String(queue.queue_id)}`;
    expect(errorOf(await api.mine.delete(queuePath))).toEqual(expectedError(403, '016022'));
    expect((await api.mine.put(action, amqp('DefaultQueue'))).body).toEqual({ ...made.body, ...amqp('DefaultQueue') });
    expect((await api.mine.delete(queuePath)).status).toBe(204);
  });

  it('are refused where the queue does not exist, or is not told', async () => {
    const rule_id = await ruleOf(api.mine);
    await api.other.post(path, { queue_name: 'queue-of-others' });
    for (const name of ['nobodys-queue', 'queue-of-others']) {
      const refused = await api.mine.post(actionsPath, { rule_id, ...amqp(name) });
      expect(errorOf(refused)).toEqual(expectedError(400, '016020'));
    }
    const without = await api.mine.post(actionsPath, { rule_id, channel: 'AMQP_FORWARDING', channel_detail: {} });
    expect(errorOf(without, 'channel_detail.amqp_forwarding')).toEqual(
      expectedError(400, '000006', 'channel_detail.amqp_forwarding'),
    );
  });
});

describe('access codes', () => {
  const codePath = '/auth/accesscode';

  it('are one for each project and type, new ones in the place of the former, and only their hash is kept', async () => {
    const stored = (key: unknown) => api.store.accessCodes.find(String(key));
    const first = await api.mine.post(codePath, {});
    const shown = { access_key: expect.stringMatching(/^[A-Za-z0-9]{8}$/), access_code: expect.any(String) };
    expect([first.status, first.body]).toEqual([201, shown]);
    const mqtt = (await api.mine.post(codePath, { type: 'MQTT' })).body;
    expect(await stored(first.body.access_key)).toEqual({
      projectId: asId<ProjectId>(api.mine.projectId),
      type: 'AMQP',
      accessKey: first.body.access_key,
      codeHash: createHash('sha256').update(String(first.body.access_code)).digest('hex'),
      createdAt: expect.any(Number),
    });
    const second = (await api.mine.post(codePath, { type: 'AMQP', force_disconnect: false })).body;
    expect(await stored(first.body.access_key)).toBeUndefined();
    expect(await stored(second.access_key)).toMatchObject({ type: 'AMQP' });
    expect(await stored(mqtt.access_key)).toMatchObject({ type: 'MQTT' });
  });
});
