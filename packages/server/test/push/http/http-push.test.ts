import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { allDone, chunkOptions } from '../../builders/task-builders.ts';
import { testCertificate } from '../../mqtt/fixture/test-certificate.ts';
import { type Behave, usePushFixture } from './push-fixture.ts';

const fixture = usePushFixture();
const soon = { interval: 5, timeout: 25_000 };
const life = ['Waitting', 'Processing', 'Success'];

const failTimes =
  (times: number, status = 500): Behave =>
  (response, _post, count) => {
    response.statusCode = count <= times ? status : 200;
    response.end();
  };

const never: Behave = () => {};

test('[v5 59] an active rule gets Waitting, Processing and the final status in order, with all five body keys', async () => {
  const { given, scope, receiver, action, worker, store } = fixture();
  const { url, posts, statuses } = await receiver();
  await action({ url });
  const push = worker();
  push.start();
  const task = await given.finishedTask(scope);
  push.nudge();
  await expect.poll(() => statuses(), soon).toEqual(life);
  const [first] = posts;
  expect(first?.headers['content-type']).toBe('application/json');
  expect(first?.event).toMatchObject({ resource: 'batchtask', event: 'update' });
  expect(Object.keys(first?.event.notify_data ?? {})).toEqual(['body']);
  expect(first?.event.notify_data.body).toEqual({
    app_id: scope.appId,
    task_id: task.taskId,
    task_type: 'freezeDevices',
    status: 'Waitting',
    status_desc: '',
  });
  await expect.poll(() => store.outbox.size(), soon).toBe(0);
});

test('[v5 59] an inactive rule gets nothing', async () => {
  const { given, scope, receiver, store } = fixture();
  const { url } = await receiver();
  const rule = await given.rule(scope, { active: false });
  await given.action(scope, { rule, target: { channel: 'HTTP_FORWARDING', http: { url } } });
  await given.finishedTask(scope);
  expect(await store.outbox.size()).toBe(0);
});

test('[v5 59] a receiver that answers 500 twice gets the same request_id again, after 1 s and 2 s', async () => {
  const { given, scope, receiver, action, worker, clock } = fixture();
  const { url, posts, statuses } = await receiver(failTimes(2));
  await action({ url });
  await given.finishedTask(scope);
  const push = worker();
  push.start();
  await expect.poll(() => posts.length, soon).toBe(1);
  await expect.poll(() => clock.advance(50).then(() => posts.length), soon).toBe(2);
  await expect.poll(() => clock.advance(50).then(() => posts.length), soon).toBeGreaterThanOrEqual(3);
  await expect.poll(() => statuses(), soon).toEqual(['Waitting', 'Waitting', ...life]);
  const [first, second, third, next] = posts;
  expect([second?.event.request_id, third?.event.request_id]).toEqual([
    first?.event.request_id,
    first?.event.request_id,
  ]);
  expect(next?.event.request_id).not.toBe(first?.event.request_id);
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(1000);
  expect((third?.at ?? 0) - (second?.at ?? 0)).toBeGreaterThanOrEqual(2000);
});

test("a rule's where decides what is pushed, and its select what of it", async () => {
  const { given, scope, receiver, worker, store } = fixture();
  const { url, posts } = await receiver();
  const rule = await given.rule(scope, {
    select: "notify_data.body.status, notify_data.body.task_id AS task, 'muster' AS from_where",
    where: "notify_data.body.status IN ('Success', 'Fail') AND STARTS_WITH(notify_data.body.task_type, 'freeze')",
  });
  await given.action(scope, { rule, target: { channel: 'HTTP_FORWARDING', http: { url } } });
  const task = await given.finishedTask(scope);
  worker().start();
  await expect.poll(() => store.outbox.size(), soon).toBe(0);
  expect(posts.map(({ event }) => event)).toEqual([
    { 'notify_data.body.status': 'Success', task: task.taskId, from_where: 'muster' },
  ]);
});

test('a failing key does not hold the other keys of its action', async () => {
  const { given, scope, receiver, action, worker } = fixture();
  let stuckId = '';
  const { url, statuses } = await receiver((response, { event }) => {
    response.statusCode = event.notify_data.body['task_id'] === stuckId ? 503 : 204;
    response.end();
  });
  await action({ url });
  const failing = await given.finishedTask(scope);
  stuckId = failing.taskId;
  const good = await given.finishedTask(scope);
  worker().start();
  await expect.poll(() => statuses(good.taskId), soon).toEqual(life);
  expect(new Set(statuses(failing.taskId))).toEqual(new Set(['Waitting']));
});

test('a receiver that hangs does not slow another, whatever waits for it', async () => {
  const { given, scope, receiver, action, worker } = fixture();
  const hanging = await receiver(never);
  const good = await receiver();
  await action({ url: hanging.url });
  await action({ url: good.url });
  for (let count = 0; count < 40; count++) await given.finishedTask(scope);
  // The clock stands still: nothing of the hanging receiver times out meanwhile.
  worker({ totalMax: 20, perActionMax: 8 }).start();
  await expect.poll(() => good.posts.length, soon).toBe(120);
  expect(hanging.posts.length).toBeLessThanOrEqual(8);
});

test('no answer within 15 s counts as a failure, and the event comes again', async () => {
  const { given, scope, receiver, action, worker, clock } = fixture();
  const { url, posts, statuses } = await receiver((response, _post, count) => {
    if (count > 1) response.end();
  });
  await action({ url });
  await given.finishedTask(scope);
  worker().start();
  await expect.poll(() => posts.length, soon).toBe(1);
  await clock.advance(14_900);
  expect(posts).toHaveLength(1);
  await expect.poll(() => clock.advance(200).then(() => statuses()), soon).toEqual(['Waitting', ...life]);
  expect(posts[1]?.event.request_id).toBe(posts[0]?.event.request_id);
});

test('a connection that is reset, and a port where nobody listens, are tried again', async () => {
  const { given, scope, receiver, action, worker, clock } = fixture();
  const { url, statuses } = await receiver((response, _post, count) => {
    if (count === 1) response.socket?.resetAndDestroy();
    else response.end();
  });
  await action({ url });
  await action({ url: 'http://127.0.0.1:1/' });
  await given.finishedTask(scope);
  worker().start();
  await expect.poll(() => clock.advance(100).then(() => statuses()), soon).toEqual(['Waitting', ...life]);
});

test('a redirection is not followed and is no success', async () => {
  const { given, scope, receiver, action, worker, clock } = fixture();
  const elsewhere = await receiver();
  const { url, posts } = await receiver((response) => response.writeHead(307, { location: elsewhere.url }).end());
  await action({ url });
  await given.finishedTask(scope);
  worker().start();
  await expect.poll(() => clock.advance(100).then(() => posts.length), soon).toBeGreaterThan(2);
  expect(elsewhere.posts).toEqual([]);
  expect(new Set(posts.map(({ event }) => event.request_id)).size).toBe(1);
});

test('a 2xx is done whatever its body does, and an endless one is broken off', async () => {
  const { given, scope, receiver, action, worker } = fixture();
  let broken = 0;
  const { url, statuses } = await receiver((response) => {
    response.on('close', () => broken++);
    response.on('error', () => {});
    response.writeHead(200);
    const flood = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(16_384)));
    };
    response.on('drain', flood);
    flood();
  });
  await action({ url });
  await given.finishedTask(scope);
  worker().start();
  await expect.poll(() => statuses(), soon).toEqual(life);
  await expect.poll(() => broken, soon).toBe(3);
});

test('connections are kept between posts', async () => {
  const { given, scope, receiver, action, worker } = fixture();
  const { url, posts } = await receiver();
  await action({ url });
  await given.finishedTask(scope);
  worker().start();
  await expect.poll(() => posts.length, soon).toBe(3);
  expect(new Set(posts.map(({ fromPort }) => fromPort)).size).toBe(1);
});

test('posts are signed where the action says so', async () => {
  const { given, scope, receiver, action, worker, clock } = fixture();
  const signed = await receiver();
  const unsigned = await receiver();
  await action({ url: signed.url, signatureEnable: true, token: 'Secret123' });
  await action({ url: unsigned.url, signatureEnable: false, token: 'Secret123' });
  await given.finishedTask(scope);
  worker().start();
  await expect.poll(() => signed.posts.length + unsigned.posts.length, soon).toBe(6);
  const { timestamp, nonce, signature } = signed.posts[0]?.headers ?? {};
  expect(timestamp).toBe(String(clock.now()));
  expect(nonce).toMatch(/^[0-9A-Za-z]{16,}$/);
  const joined = ['Secret123', String(timestamp), String(nonce)].sort().join('');
  expect(signature).toBe(createHash('sha256').update(joined).digest('hex'));
  expect(signed.posts[1]?.headers['nonce']).not.toBe(nonce);
  expect(unsigned.posts[0]?.headers).not.toHaveProperty('signature');
});

test.each(['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1', '[::1]'])(
  'a private receiver at %s gets nothing unless it is allowed',
  async (host) => {
    const { given, scope, receiver, action, worker, clock } = fixture();
    const { port, posts } = await receiver();
    const url = `http://${host}:${port}/`;
    await action({ url });
    await given.finishedTask(scope);
    const push = worker({ allowPrivate: [] });
    push.start();
    const retries = () => clock.pending().length;
    await clock.advance(100);
    expect(retries()).toBeGreaterThan(0);
    await clock.advance(5000);
    await push.stop();
    expect(posts).toEqual([]);
  },
);

test('a receiver whose certificate nobody vouches for gets nothing', async () => {
  const { given, scope, receiver, action, worker, clock } = fixture();
  const { url, posts } = await receiver(undefined, { tls: true });
  await action({ url });
  await given.finishedTask(scope);
  const push = worker();
  push.start();
  for (let count = 0; count < 20; count++) await clock.advance(500);
  await push.stop();
  expect(posts).toEqual([]);
});

test("a receiver whose certificate the operator's own authority vouches for gets its posts, for the name in it alone", async () => {
  const { given, scope, receiver, action, worker, clock } = fixture();
  const good = await receiver(undefined, { tls: true });
  const misnamed = await receiver(undefined, { tls: true });
  const named = { cnName: 'localhost', sniEnable: true };
  await action({ url: good.url, ...named });
  await action({ url: misnamed.url, ...named, cnName: 'other.example' });
  await given.finishedTask(scope);
  worker({ ca: [testCertificate.cert] }).start();
  await expect.poll(() => clock.advance(100).then(() => good.statuses()), soon).toEqual(life);
  expect(misnamed.posts).toEqual([]);
});

test('a project that keeps no backlog has each notification tried once, in order', async () => {
  const { given, scope, receiver, action, worker, store } = fixture();
  const { url, statuses } = await receiver(failTimes(1_000_000));
  const { actionId } = await action({ url });
  await given.backlogPolicy(scope, { bytesMax: 0 });
  await given.finishedTask(scope);
  worker().start();
  await expect.poll(() => store.outbox.size(), soon).toBe(0);
  expect(statuses()).toEqual(life);
  expect(await store.outbox.status(actionId)).toMatchObject({ delivered: 0, failed: 3, dropped: 3 });
});

test('a limited action goes at its pace, and another beside it at once', async () => {
  const { given, scope, receiver, action, worker, clock } = fixture();
  const [limited, free] = [await receiver(), await receiver()];
  const { actionId } = await action({ url: limited.url });
  await action({ url: free.url });
  await given.flowPolicy(scope, { scope: 'ACTION', scopeValue: actionId, limit: 1 });
  for (let count = 0; count < 10; count++) await given.finishedTask(scope);
  worker().start();
  // The clock stands still.
  await expect.poll(() => free.posts.length, soon).toBe(30);
  expect(limited.posts).toHaveLength(1);
  const from = clock.now();
  await expect.poll(() => clock.advance(100).then(() => limited.posts.length), soon).toBe(4);
  expect(clock.now() - from).toBeGreaterThanOrEqual(3000);
});

test('what a killed process had claimed is delivered after its lease', async () => {
  const { given, scope, receiver, action, worker, clock, store } = fixture();
  const { url, statuses } = await receiver();
  await action({ url });
  await given.finishedTask(scope);
  await store.outbox.claim(clock.now(), { limit: 10, leaseUntil: clock.now() + 60_000 });
  worker().start();
  await clock.advance(59_000);
  expect(statuses()).toEqual([]);
  await expect.poll(() => clock.advance(500).then(() => statuses()), soon).toEqual(life);
});

test('a stop lets a delivery in hand end, and gives back what it cuts off', async () => {
  const { given, scope, receiver, action, worker, clock, store } = fixture();
  let finish = (): void => {};
  const slow = await receiver((response) => {
    finish = () => response.end();
  });
  const hanging = await receiver((response, _post, count) => {
    if (count > 1) response.end();
  });
  await action({ url: slow.url });
  await action({ url: hanging.url });
  await given.finishedTask(scope);
  const push = worker();
  push.start();
  await expect.poll(() => slow.posts.length + hanging.posts.length, soon).toBe(2);
  const stopped = push.stop();
  finish();
  await expect.poll(() => store.outbox.size(), soon).toBe(5);
  await clock.advance(5000);
  await stopped;
  await push.stop();
  expect(clock.pending()).toEqual([]);
  worker().start();
  await expect.poll(() => hanging.statuses(), soon).toEqual(['Waitting', ...life]);
  expect(hanging.posts[1]?.event.request_id).toBe(hanging.posts[0]?.event.request_id);
});

test('what is older than the backlog may be is dropped', async () => {
  const { given, scope, receiver, action, worker, clock, store } = fixture();
  const { url, posts } = await receiver(failTimes(1_000_000));
  await action({ url });
  await given.finishedTask(scope);
  worker().start();
  await expect.poll(() => posts.length, soon).toBe(1);
  clock.set(clock.now() + 86_400_000);
  await expect.poll(() => clock.advance(1000).then(() => store.outbox.size()), soon).toBe(0);
});

test('more keys than may wait in memory reach one receiver, each in its order', { timeout: 120_000 }, async () => {
  const { given, scope, receiver, action, worker, store, clock } = fixture();
  const { url, posts, statuses } = await receiver();
  await action({ url });
  const tasks = await Promise.all(Array.from({ length: 700 }, () => given.task(scope)));
  await Promise.all(tasks.map(({ taskNo }) => store.subtasks.expand(taskNo, { now: clock.now(), limit: 10 })));
  await Promise.all(tasks.map(({ taskNo }) => store.subtasks.dispatch(taskNo, chunkOptions, allDone)));
  worker().start();
  await expect.poll(() => clock.advance(100).then(() => posts.length), { interval: 20, timeout: 100_000 }).toBe(2100);
  for (const { taskId } of tasks.slice(-50)) expect(statuses(taskId)).toEqual(life);
  await expect.poll(() => store.outbox.size(), soon).toBe(0);
});
