import { describe, expect, it } from 'vitest';
import type { NotifyType } from '../../../src/domain/legacy-subscription.ts';
import { legacyDelayMs } from '../../../src/push/back-off.ts';
import { testCertificate } from '../../mqtt/fixture/test-certificate.ts';
import { type Behave, type Post, usePushFixture } from './push-fixture.ts';

const fixture = usePushFixture();
const soon = { interval: 5, timeout: 25_000 };

const answers =
  (...statuses: readonly number[]): Behave =>
  (response, _post, count) => {
    response.statusCode = statuses[count - 1] ?? 200;
    response.end();
  };

const subscribe = (url: string, notifyType: NotifyType = 'deviceDeleted') =>
  fixture().given.subscription(fixture().scope, { notifyType, url });

/** A device that never connected in its time, and is deleted at the moment of the test's clock. */
async function lostDevice(): Promise<string> {
  const { given, scope, store, clock } = fixture();
  const auth = { authType: 'SECRET', secret: 'a-secret-of-it', secureAccess: true, timeoutSeconds: 60 } as const;
  const { deviceId } = await given.device(scope, { auth, createdAt: clock.now() - 60_000 });
  await store.devices.delete(scope.projectId, deviceId, clock.now());
  return deviceId;
}

const waitsOf = (posts: readonly Post[]): readonly number[] =>
  posts.slice(1).map(({ at }, index) => at - (posts[index]?.at ?? 0));

describe('a legacy receiver', () => {
  it('that answers 500, or not in time, gets the message again, and after 200 no more [legacy 47]', async () => {
    const { receiver, worker, clock, store } = fixture();
    const { url, posts } = await receiver((response, _post, count) => {
      if (count === 2) return;
      response.statusCode = count === 1 ? 500 : 200;
      response.end();
    });
    await subscribe(url);
    await lostDevice();
    worker().start();
    await expect.poll(() => posts.length, soon).toBe(1);
    await expect.poll(() => clock.advance(500).then(() => posts.length), soon).toBe(2);
    // 16 s later it is a failure: the message comes again 30 s after that.
    await clock.advance(14_000);
    expect(posts).toHaveLength(2);
    await expect.poll(() => clock.advance(500).then(() => posts.length), soon).toBe(3);
    await expect.poll(() => store.outbox.size(), soon).toBe(0);
    const [first, second] = waitsOf(posts);
    expect(first).toBeGreaterThanOrEqual(10_000);
    expect(second).toBeGreaterThanOrEqual(45_000);
    expect(new Set(posts.map(({ text }) => text)).size).toBe(1);
    await clock.advance(300_000);
    expect(posts).toHaveLength(3);
    expect(posts[0]?.headers['content-type']).toBe('application/json');
  });

  it('has taken a message with 200 alone', async () => {
    const { receiver, worker, clock, store } = fixture();
    const elsewhere = await receiver();
    const { url, posts } = await receiver((response, _post, count) => {
      const statuses = [204, 202, 307];
      response.writeHead(statuses[count - 1] ?? 200, { location: elsewhere.url }).end();
    });
    await subscribe(url);
    await lostDevice();
    worker().start();
    await expect.poll(() => clock.advance(1000).then(() => store.outbox.size()), soon).toBe(0);
    expect(posts).toHaveLength(4);
    expect(elsewhere.posts).toEqual([]);
    const waits = waitsOf(posts);
    [10_000, 30_000, 60_000].forEach((wait, at) => {
      expect(waits[at]).toBeGreaterThanOrEqual(wait);
      expect(waits[at]).toBeLessThan(wait + 2000);
    });
  });

  it('is tried after 10 and 30 seconds, 1, 2, 5, 10 and 30 minutes, then every hour', () => {
    const minutes = Array.from({ length: 10 }, (_, attempts) => legacyDelayMs(attempts) / 60_000);
    expect(minutes).toEqual([1 / 6, 0.5, 1, 2, 5, 10, 30, 60, 60, 60]);
  });

  it('is given up when the message has become too old, or at once', async () => {
    const { receiver, worker, clock, store } = fixture();
    const { url, posts } = await receiver(answers(500, 500, 500, 500, 500));
    await subscribe(url);
    await lostDevice();
    const push = worker({ legacy: { retryMs: 100_500 } });
    push.start();
    await expect.poll(() => clock.advance(500).then(() => store.outbox.size()), soon).toBe(0);
    // After 10, 40 and 100 s; the next time would be after 220 s.
    expect(posts).toHaveLength(4);
    await push.stop();
    await lostDevice();
    worker({ legacy: { retryMs: 0 } }).start();
    await expect.poll(() => store.outbox.size(), soon).toBe(0);
    expect(posts).toHaveLength(5);
  });

  it('may take as long as the setting says', async () => {
    const { receiver, worker, clock, store } = fixture();
    const { url, posts } = await receiver((response, _post, count) => {
      if (count > 1) response.end();
    });
    await subscribe(url);
    await lostDevice();
    worker({ legacy: { timeoutMs: 60_000 } }).start();
    await expect.poll(() => posts.length, soon).toBe(1);
    await clock.advance(59_000);
    expect(posts).toHaveLength(1);
    await expect.poll(() => clock.advance(500).then(() => store.outbox.size()), soon).toBe(0);
    expect(waitsOf(posts)[0]).toBeGreaterThanOrEqual(70_000);
  });

  it('gets what happens to a device in order; one device holds no other back, one receiver no other', async () => {
    const { given, scope, receiver, worker, clock, store } = fixture();
    let stuck = '';
    const typesOf = (posts: readonly Post[], deviceId: string): readonly unknown[] =>
      posts
        .map(({ text }) => JSON.parse(text) as Record<string, unknown>)
        .flatMap((body) => (body['deviceId'] === deviceId ? [body['notifyType']] : []));
    const picky = await receiver((response, { text }) => {
      response.statusCode = text.includes(stuck) ? 503 : 200;
      response.end();
    });
    const hanging = await receiver(() => {});
    const other = { ...scope, appId: (await given.app(scope)).appId };
    await subscribe(picky.url);
    await subscribe(picky.url, 'bindDevice');
    await given.subscription(other, { notifyType: 'deviceDeleted', url: hanging.url });
    const [first, second] = [await lostDevice(), await lostDevice()];
    stuck = first;
    for (const each of await given.devices(other, 40)) await store.devices.delete(scope.projectId, each, clock.now());
    const third = await lostDevice();
    // The clock stands still: nothing of the hanging receiver is over meanwhile.
    worker({ totalMax: 20, perActionMax: 8 }).start();
    const life = ['bindDevice', 'deviceDeleted'];
    await expect.poll(() => typesOf(picky.posts, third), soon).toEqual(life);
    await expect.poll(() => typesOf(picky.posts, second), soon).toEqual(life);
    expect(typesOf(picky.posts, first)).toEqual(['bindDevice']);
    expect(hanging.posts.length).toBeLessThanOrEqual(8);
  });

  it('must have a certificate that somebody vouches for, unless the setting says otherwise', async () => {
    const { receiver, worker, clock, store } = fixture();
    const { url, posts } = await receiver(undefined, { tls: true });
    await subscribe(url.replace('127.0.0.1', 'localhost'));
    await lostDevice();
    // What vouches for v5's receivers does not for these.
    const strict = worker({ ca: [testCertificate.cert] });
    strict.start();
    for (let count = 0; count < 20; count++) await clock.advance(500);
    await strict.stop();
    expect(posts).toEqual([]);
    const trusting = worker({ legacy: { ca: [testCertificate.cert] } });
    trusting.start();
    await expect.poll(() => clock.advance(1000).then(() => store.outbox.size()), soon).toBe(0);
    expect(posts).toHaveLength(1);
    await trusting.stop();
    await lostDevice();
    worker({ legacy: { tlsVerify: false } }).start();
    await expect.poll(() => posts.length, soon).toBe(2);
  });

  it.each(['127.0.0.1', 'localhost', '[::1]'])(
    'at the private address %s gets nothing unless it is allowed',
    async (host) => {
      const { receiver, worker, clock, store } = fixture();
      const { port, posts } = await receiver();
      await subscribe(`http://${host}:${port}/`);
      await lostDevice();
      const push = worker({ allowPrivate: [] });
      push.start();
      await clock.advance(60_000);
      await push.stop();
      expect(posts).toEqual([]);
      expect(await store.outbox.size()).toBe(1);
    },
  );

  it('gets what a killed process had claimed after its lease', async () => {
    const { receiver, worker, clock, store } = fixture();
    const { url, posts } = await receiver();
    await subscribe(url);
    await lostDevice();
    await store.outbox.claim(clock.now(), { limit: 10, leaseUntil: clock.now() + 60_000 });
    worker().start();
    await clock.advance(59_000);
    expect(posts).toEqual([]);
    await expect.poll(() => clock.advance(500).then(() => posts.length), soon).toBe(1);
  });
});
