import type { Server } from 'node:http';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { onTestFinished, expect, test } from 'vitest';
import type { HttpForwarding } from '../../../src/domain/rule.ts';
import { startWholeApi } from '../../support/whole-api.ts';

interface Body {
  readonly [key: string]: unknown;
  readonly error_code?: string;
}

/** The API, an action that posts to a real receiver, and what that received. */
async function start(status = 200, more: Partial<HttpForwarding> = {}) {
  const api = await startWholeApi();
  const posts: { readonly [key: string]: unknown }[] = [];
  const receiver = createServer((request, response) => {
    json(request).then(
      (event) => {
        posts.push(event as Body);
        response.writeHead(status, { location: '/elsewhere' }).end('a secret of the receiver');
      },
      () => response.destroy(),
    );
  });
  const url = await listen(receiver);
  const { given, scope, ofProject } = api;
  const rule = await given.rule(scope, { active: false });
  const http = { url, ...more };
  const action = await given.action(scope, { rule, target: { channel: 'HTTP_FORWARDING', http } });
  const path = `/routing-rule/actions/${action.actionId}`;
  const ask = async (method: string, end: string, body?: unknown) => {
    const answer = await ofProject(method, `${path}${end}`, body);
    return { status: answer.status, body: answer.json as Body };
  };
  return { ...api, posts, rule, action, ask };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test('a test push reaches the receiver of an inactive rule at once, and says what it answered', async () => {
  const { ask, posts, store } = await start(204);
  const answer = await ask('POST', '/test');
  expect(answer).toEqual({
    status: 200,
    body: { delivered: true, status_code: 204, milliseconds: expect.any(Number) },
  });
  expect(posts).toEqual([
    expect.objectContaining({ resource: 'batchtask', event: 'update', notify_data: { body: { test: true } } }),
  ]);
  expect(await store.outbox.size()).toBe(0);
});

test.each([
  [500, {}, { status_code: 500, error: 'status' }],
  [302, {}, { status_code: 302, error: 'status' }],
  [200, { url: 'http://127.0.0.1:1/' }, { error: 'connection' }],
  [200, { url: 'http://10.255.255.1/' }, { error: 'address' }],
  [200, { url: 'http://169.254.169.254/latest/meta-data' }, { error: 'address' }],
  [200, { url: 'http://receiver.invalid/' }, { error: 'name' }],
] as const)(
  'a test push that fails (%d, %j) says why in a word, and nothing of what it met',
  async (status, more, said) => {
    const { ask } = await start(status, more);
    const { body } = await ask('POST', '/test');
    expect(body).toEqual({ delivered: false, ...said, milliseconds: expect.any(Number) });
  },
);

test('tests of a project are few: five at once, then one a second', async () => {
  const { ask, posts, clock } = await start();
  const answers = [];
  for (let n = 0; n < 7; n++) answers.push((await ask('POST', '/test')).status);
  expect(answers).toEqual([200, 200, 200, 200, 200, 403, 403]);
  await clock.advance(1000);
  expect((await ask('POST', '/test')).status).toBe(200);
  expect(await ask('POST', '/test')).toMatchObject({ status: 403, body: { error_code: 'IOTDA.021101' } });
  expect(posts).toHaveLength(6);
});

test('status and deliveries tell how it goes, and redeliver tries again at once', async () => {
  const { ask, given, scope, store, rule, action, clock } = await start();
  expect((await ask('GET', '/status')).body).toEqual({
    ...{ since: expect.stringMatching(/^\d{4}-.*Z$/), delivered: 0, failed: 0, dropped: 0, waiting: 0 },
  });
  await store.rules.update(scope.projectId, rule.ruleId, { active: true });
  const tasks = [await given.finishedTask(scope), await given.finishedTask(scope)];
  const heads = await store.outbox.claim(clock.now(), { limit: 10, leaseUntil: clock.now() + 60_000 });
  await store.outbox.finish(
    heads.map(({ no, actionId }) => ({
      ...{ kind: 'failed', no, actionId, nextAt: clock.now() + 30_000, error: 'The receiver answered 500.' },
    })),
    clock.now(),
  );
  const failed = { failed: 2, waiting: 6, last_error: 'The receiver answered 500.' };
  expect((await ask('GET', '/status')).body).toMatchObject({ ...failed, last_failure_time: expect.any(String) });
  const first = (await ask('GET', '/deliveries?limit=1')).body;
  const keys = tasks.map(({ taskId }) => taskId).toSorted();
  expect(first).toEqual({
    deliveries: [
      {
        ...{ key: keys[0], request_id: expect.stringMatching(/^[0-9a-f-]{36}$/), state: 'DUE', attempts: 1 },
        ...{ created_time: expect.any(String), next_attempt_time: expect.any(String) },
        last_error: 'The receiver answered 500.',
      },
    ],
    count: 6,
    marker: expect.any(String),
  });
  const rest = (await ask('GET', `/deliveries?limit=50&marker=${String(first['marker'])}`)).body;
  expect(rest['deliveries']).toHaveLength(5);
  const ofKey = (await ask('GET', `/deliveries?key=${keys[1]}`)).body;
  expect(ofKey).toMatchObject({ count: 3, deliveries: [{ state: 'DUE' }, { state: 'BEHIND' }, { state: 'BEHIND' }] });
  expect((await ask('POST', '/redeliver', { key: keys[1] })).body).toEqual({ redelivered: 1 });
  expect((await ask('POST', '/redeliver')).body).toEqual({ redelivered: 1 });
  expect((await ask('POST', '/redeliver', {})).body).toEqual({ redelivered: 0 });
  const due = await store.outbox.claim(clock.now(), { limit: 10, leaseUntil: clock.now() + 1 });
  expect(due.map(({ key }) => key).toSorted()).toEqual(keys);
  expect(due[0]?.actionId).toBe(action.actionId);
});

test.each(['AA', 'bm8', '%00', 'OTk5OTk5OTk5OTk5OTk5OTk6aw'])(
  'a marker that is none of ours (%s) is refused',
  async (marker) => {
    const { ask } = await start();
    expect(await ask('GET', `/deliveries?marker=${marker}`)).toMatchObject({
      ...{ status: 400, body: { error_code: 'IOTDA.000018' } },
    });
  },
);
