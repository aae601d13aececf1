import { subjects } from '../../../src/domain/rule.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, expectedError, type InventoryApi, type Json, startInventoryApi } from './fixture/inventory-api.ts';
import { itRefuses, itTakes, notText, type WrongField } from './fixture/wrong-fields.ts';

const rulesPath = '/routing-rule/rules';
const actionsPath = '/routing-rule/actions';
const subject = { resource: 'batchtask', event: 'update' };
const http = (more: Json = {}): Json => ({ http_forwarding: { url: 'https://example.com/in', ...more } });
const each = (field: string, values: readonly unknown[], more: Partial<WrongField> = {}): WrongField[] =>
  values.map((value) => ({ field, value, ...more }));

let api: InventoryApi;
beforeAll(async () => {
  api = await startInventoryApi();
});
afterAll(() => api.stop());

async function add(more: Json = {}): Promise<Json> {
  const answer = await api.mine.post(rulesPath, { subject, ...more });
  expect([answer.status, answer.body.error_msg]).toEqual([201, undefined]);
  return answer.body;
}

async function addAction(rule: Json, more: Json = {}): Promise<Json> {
  const body = { rule_id: rule.rule_id, channel: 'HTTP_FORWARDING', channel_detail: http(), ...more };
  const answer = await api.mine.post(actionsPath, body);
  expect([answer.status, answer.body.error_msg]).toEqual([201, undefined]);
  return answer.body;
}

const pathOf = (rule: Json): string => `${rulesPath}/${String(rule.rule_id)}`;
const actionPathOf = (action: Json): string => `${actionsPath}/${String(action.action_id)}`;

describe('rules', () => {
  it('are inactive until they are set active', async () => {
    const created = await api.mine.post(rulesPath, { subject, rule_name: 'R1', description: 'what for, in words' });
    expect([created.status, created.body]).toEqual([
      201,
      {
        rule_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        rule_name: 'R1',
        description: 'what for, in words',
        subject,
        app_type: 'GLOBAL',
        active: false,
      },
    ]);
    const active = await api.mine.put(pathOf(created.body), { active: true });
    expect([active.status, active.body]).toEqual([200, { ...created.body, active: true }]);
    expect((await api.mine.get(pathOf(created.body))).body).toEqual(active.body);
    expect((await api.mine.put(pathOf(created.body), { rule_name: 'R2' })).body).toEqual({
      ...active.body,
      rule_name: 'R2',
    });
    const sql = { select: 'event', where: "event = 'update'" };
    expect((await api.mine.put(pathOf(created.body), sql)).body).toMatchObject(sql);
    const cleared = (await api.mine.put(pathOf(created.body), { select: '', where: '' })).body;
    expect([cleared.select, cleared.where]).toEqual([undefined, undefined]);
  });

  it('are for the whole project or for one application', async () => {
    const app_id = String((await api.mine.post('/apps', { app_name: 'Scoped' })).body.app_id);
    const scoped = await add({ app_type: 'APP', app_id });
    expect(scoped).toMatchObject({ app_type: 'APP', app_id });
    const byDefault = await add({ app_type: 'APP' });
    expect(byDefault).toMatchObject({ app_type: 'APP', app_id: '00000000000000000000000000000001' });
    const listed = async (query: string) => (await api.mine.get(`${rulesPath}?${query}`)).body.rules;
    expect(await listed('app_type=APP')).toEqual([byDefault, scoped]);
    expect(await listed(`app_id=${app_id}`)).toEqual([scoped]);
    expect(JSON.stringify(await listed('app_type=GLOBAL&limit=50'))).not.toContain('APP');
  });

  it('are listed with count and marker at the top level [v5 13]', async () => {
    const rule = await add({ rule_name: 'listed' });
    const { status, body } = await api.mine.get(`${rulesPath}?rule_name=listed`);
    expect([status, body]).toEqual([200, { rules: [rule], count: 1, marker: expect.stringMatching(/^[0-9a-f]{24}$/) }]);
    expect((await api.mine.get(`${rulesPath}?rule_name=listed&active=true`)).body).toEqual({
      rules: [],
      count: 0,
      marker: null,
    });
    expect((await api.mine.get(`${rulesPath}?rule_name=listed&resource=batchtask&event=update`)).body.count).toBe(1);
    expect((await api.mine.get(`${rulesPath}?rule_name=listed&resource=device`)).body.count).toBe(0);
    const marker = String(body.marker);
    const older = (await api.mine.get(`${rulesPath}?marker=${marker}&limit=50`)).body.rules as Json[];
    expect(older.map(({ rule_id }) => rule_id)).not.toContain(rule.rule_id);
  });

  it('take their actions with them', async () => {
    const rule = await add();
    const action = await addAction(rule);
    expect((await api.mine.delete(pathOf(rule))).status).toBe(204);
    expect(errorOf(await api.mine.get(actionPathOf(action)))).toEqual(expectedError(404, '016001'));
    expect(errorOf(await api.mine.get(pathOf(rule)))).toEqual(expectedError(404, '016000'));
  });

  it('that are unknown or of another project answer 404 016000 [v5 8]', async () => {
    const rule = await add();
    const [, ...unknown] = [null, `${rulesPath}/nothing`, `${rulesPath}/%00`];
    for (const [method, body] of [['GET'], ['PUT', { active: true }], ['DELETE']] as const) {
      for (const path of unknown) {
        expect(errorOf(await api.mine.call(method, String(path), body))).toEqual(expectedError(404, '016000'));
      }
      expect(errorOf(await api.other.call(method, pathOf(rule), body))).toEqual(expectedError(404, '016000'));
    }
    expect((await api.mine.get(pathOf(rule))).body).toEqual(rule);
    expect((await api.other.get(rulesPath)).body.count).toBe(0);
  });
});

const toSubject = (subject: string) => {
  const [resource, event] = subject.split(':');
  return { resource, event };
};

describe('the fields of a rule', () => {
  const changeable = [
    ...each('rule_name', ['a'.repeat(257), 'a b', ...notText]),
    ...each('description', ['a'.repeat(257), ...notText]),
    ...each('select', ['a'.repeat(2501), 7]),
    ...each('where', ['a'.repeat(2501), 7]),
  ];
  const options = {
    api: () => api,
    method: 'POST' as const,
    path: () => rulesPath,
    body: (): Json => ({ subject }),
    stored: async () => (await api.mine.get(`${rulesPath}?limit=50`)).body,
  };
  itRefuses(
    [
      ...changeable,
      ...each('subject', [undefined, null, 'batchtask:update']),
      ...each('subject.resource', [undefined, 'batchtasks', 7]),
      ...each('subject.event', [undefined, 'change', 7]),
      { field: 'subject', value: { resource: 'batchtask', event: 'delete' }, says: 'does not exist' },
      ...each('select', ["'a'"], { code: '015530', says: "select: at character 4: 'as' behind" }),
      ...each('where', ["notify_data.body.status == 'Fail'"], { code: '015530', says: 'where: at character 26:' }),
      ...each('app_type', ['ALL', 'app']),
      ...each('app_id', ['a.b', 7]),
      ...each('app_id', ['nowhere'], { code: '001000', status: 403, says: '' }),
    ],
    options,
  );
  itTakes(
    [
      ...each('subject', subjects.map(toSubject)),
      ...each('select', ['', '*', 'notify_data.body.status AS status, event']),
      ...each('where', ['', "notify_data.body.status = 'Fail'"]),
      { field: 'rule_name', value: '压'.repeat(256) },
      { field: 'app_type', value: null },
    ],
    options,
  );
  let path = '';
  beforeAll(async () => {
    path = pathOf(await add());
  });
  itRefuses(
    [
      ...changeable,
      ...each('active', ['true', 1]),
      ...each('select', [''], { says: 'where' }),
      ...each('where', [''], { says: 'select' }),
    ],
    { ...options, method: 'PUT', path: () => path, body: () => ({}) },
  );
  itRefuses([{ field: 'select', value: "'a'", code: '015530', says: 'select: at character 4' }], {
    ...options,
    method: 'PUT',
    path: () => path,
    body: () => ({ where: '', active: true }),
  });
});

describe('rule actions', () => {
  it('are created, shown, changed and deleted', async () => {
    const rule = await add();
    const created = await api.mine.post(actionsPath, {
      rule_id: rule.rule_id,
      channel: 'HTTP_FORWARDING',
      channel_detail: http({ signature_enable: true, token: 'abc123', cn_name: 'example.com:443', sni_enable: true }),
    });
    expect([created.status, created.body]).toEqual([
      201,
      {
        action_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        rule_id: rule.rule_id,
        channel: 'HTTP_FORWARDING',
        channel_detail: {
          http_forwarding: {
            url: 'https://example.com/in',
            cn_name: 'example.com:443',
            sni_enable: true,
            signature_enable: true,
            token: 'abc123',
          },
        },
      },
    ]);
    const path = actionPathOf(created.body);
    expect((await api.mine.get(path)).body).toEqual(created.body);
    const changed = await api.mine.put(path, {
      channel: 'HTTP_FORWARDING',
      channel_detail: { http_forwarding: { url: 'http://127.0.0.1:9/x' } },
    });
    expect([changed.status, changed.body]).toEqual([
      200,
      {
        ...created.body,
        channel_detail: {
          http_forwarding: { url: 'http://127.0.0.1:9/x', sni_enable: false, signature_enable: false },
        },
      },
    ]);
    expect((await api.mine.put(path, { channel: 'HTTP_FORWARDING' })).body).toEqual(changed.body);
    expect((await api.mine.delete(path)).status).toBe(204);
    for (const [method, body] of [['GET'], ['PUT', {}], ['DELETE']] as const) {
      expect(errorOf(await api.mine.call(method, path, body))).toEqual(expectedError(404, '016001'));
    }
  });

  it('show their token to those alone who may change them', async () => {
    const action = await addAction(await add(), { channel_detail: http({ signature_enable: true, token: 'abc123' }) });
    const shown = (await api.viewer.get(actionPathOf(action))).body;
    expect(shown).toMatchObject({ channel_detail: { http_forwarding: { signature_enable: true } } });
    const listed = (await api.viewer.get(`${actionsPath}?limit=50`)).text;
    expect([JSON.stringify(shown), listed].some((text) => text.includes('abc123'))).toBe(false);
  });

  it('are listed by rule, channel, scope and application, with count and marker at the top level', async () => {
    const rule = await add({ app_type: 'APP' });
    const first = await addAction(rule);
    const second = await addAction(rule);
    expect(first.app_id).toBe(rule.app_id);
    const listed = async (query: string) => (await api.mine.get(`${actionsPath}?${query}`)).body;
    const byRule = `rule_id=${String(rule.rule_id)}`;
    expect(await listed(byRule)).toEqual({ actions: [second, first], count: 2, marker: expect.any(String) });
    expect((await listed(`${byRule}&limit=1&offset=1`)).actions).toEqual([first]);
    expect((await listed(`${byRule}&channel=HTTP_FORWARDING`)).count).toBe(2);
    expect((await listed(`${byRule}&channel=AMQP_FORWARDING`)).count).toBe(0);
    expect((await listed(`${byRule}&app_type=APP`)).count).toBe(2);
    expect((await listed(`${byRule}&app_type=GLOBAL`)).count).toBe(0);
    expect((await listed(`app_id=${String(rule.app_id)}`)).count).toBe(2);
    expect((await listed('rule_id=nothing')).count).toBe(0);
    expect(errorOf(await api.mine.get(`${actionsPath}?app_type=ALL`), 'app_type')).toEqual(
      expectedError(400, '000006', 'app_type'),
    );
    expect(errorOf(await api.mine.get(`${actionsPath}?app_id=nowhere`))).toEqual(expectedError(403, '001000'));
  });

  it('of another project are as if they did not exist [v5 8]', async () => {
    const rule = await add();
    const action = await addAction(rule);
    for (const [method, body] of [['GET'], ['PUT', {}], ['DELETE']] as const) {
      expect(errorOf(await api.other.call(method, actionPathOf(action), body))).toEqual(expectedError(404, '016001'));
    }
    const body = { rule_id: rule.rule_id, channel: 'HTTP_FORWARDING', channel_detail: http() };
    expect(errorOf(await api.other.post(actionsPath, body))).toEqual(expectedError(400, '016000'));
    expect((await api.other.get(actionsPath)).body).toEqual({ actions: [], count: 0, marker: null });
  });
});

const refusedChannels = [
  ...['DIS', 'OBS', 'DMS_KAFKA', 'ROMA', 'INFLUXDB', 'MYSQL', 'FUNCTIONGRAPH', 'MRS_KAFKA'],
  ...['DMS_ROCKETMQ', 'MQTT_DEVICE', 'NOSUCH'],
].map((name) => `${name}_FORWARDING`);

describe('the fields of a rule action', () => {
  let rule: Json = {};
  let action: Json = {};
  beforeAll(async () => {
    rule = await add();
    action = await addAction(rule);
  });
  const inHttp = (more: Json, says: string): WrongField => ({ field: 'channel_detail', value: http(more), says });
  const detail = [
    { field: 'channel_detail', value: 'text' },
    { field: 'channel_detail', value: { http_forwarding: 'text' }, says: 'channel_detail.http_forwarding' },
    ...[undefined, '', 'example.com', 'ftp://example.com', 'file:///etc/passwd', 'http:example.com', 'http://', 7].map(
      (url) => inHttp({ url }, 'channel_detail.http_forwarding.url'),
    ),
    inHttp({ url: 'javascript:alert(1)' }, 'channel_detail.http_forwarding.url'),
    inHttp({ url: 'http://user:pass@example.com' }, 'channel_detail.http_forwarding.url'),
    inHttp({ url: `http://${'a'.repeat(1024)}` }, 'channel_detail.http_forwarding.url'),
    inHttp({ cert_id: 'a'.repeat(37) }, 'channel_detail.http_forwarding.cert_id'),
    ...['https://a', 'a b', 'a:port', 'a/b'].map((cn_name) =>
      inHttp({ cn_name }, 'channel_detail.http_forwarding.cn_name'),
    ),
    inHttp({ sni_enable: true }, 'channel_detail.http_forwarding.cn_name'),
    inHttp({ sni_enable: 'true' }, 'channel_detail.http_forwarding.sni_enable'),
    inHttp({ signature_enable: 1 }, 'channel_detail.http_forwarding.signature_enable'),
    inHttp({ signature_enable: true }, 'channel_detail.http_forwarding.token'),
    ...['ab', 'a'.repeat(33), 'a-b', 123].map((token) =>
      inHttp({ signature_enable: true, token }, 'channel_detail.http_forwarding.token'),
    ),
  ];
  const options = {
    api: () => api,
    method: 'POST' as const,
    path: () => actionsPath,
    body: (): Json => ({ rule_id: rule.rule_id, channel: 'HTTP_FORWARDING', channel_detail: http() }),
    stored: async () => (await api.mine.get(`${actionsPath}?limit=50`)).body,
  };
  itRefuses(
    [
      ...each('rule_id', [undefined, null, '', 'a'.repeat(37), 'a.b', 7]),
      ...each('rule_id', ['nothing'], { code: '016000', says: '' }),
      ...each('channel', [undefined, null, '', 7]),
      ...each('channel', refusedChannels, { code: '016002', says: '' }),
      ...each('channel_detail', [undefined, null]),
      ...each('channel_detail', [{}, { amqp_forwarding: { queue_name: 'q' } }], {
        says: 'channel_detail.http_forwarding',
      }),
      ...detail,
    ],
    options,
  );
  itTakes(
    [
      { field: 'channel_detail', value: http({ url: 'HTTP://[::1]:8080/a?b=c' }) },
      { field: 'channel_detail', value: http({ cert_id: '', cn_name: '', token: 'abc' }) },
    ],
    options,
  );
  itRefuses([...each('channel', refusedChannels, { code: '016002', says: '' }), ...detail], {
    ...options,
    method: 'PUT',
    path: () => actionPathOf(action),
    body: () => ({}),
  });
});
