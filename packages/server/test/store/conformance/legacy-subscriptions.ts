import { describe, expect, it } from 'vitest';
import type { RecordId } from '../../../src/domain/ids.ts';
import { firstMarker } from '../../../src/domain/paging.ts';
import type { OutboxItem } from '../../../src/ports/store/push-store.ts';
import { builtAt } from '../../builders/chance.ts';
import { aSubscription } from '../../builders/push-builders.ts';
import { expectPaging, expectProblem, firstPage, type MakeStore, useStore } from './store-fixture.ts';

/** Whatever has happened by the store's own clock is due by then. */
const now = builtAt + 100 * 365 * 86_400_000;
const leaseUntil = now + 30_000;
const [here, there] = ['http://127.0.0.1:9/here', 'http://127.0.0.1:9/there'];

/** Legacy 8 and 9.1: who wants to hear of what, and what waits for them. */
export function describeLegacySubscriptions(makeStore: MakeStore): void {
  describe('legacy subscriptions', () => {
    const fixture = useStore(makeStore);
    const claim = (at = now) => fixture().store.outbox.claim(at, { limit: 100, leaseUntil: at + leaseUntil - now });
    const typeOf = ({ payload }: OutboxItem) => payload['notifyType'];
    const deliver = (items: readonly OutboxItem[]) =>
      fixture().store.outbox.finish(
        items.map(({ no, actionId }) => ({ kind: 'delivered', no, actionId })),
        now,
      );

    it('are one of each application and type', async () => {
      const { store, given, scope } = fixture();
      const { legacySubscriptions: subscriptions } = store;
      const first = await given.subscription(scope, { url: here });
      expect(await subscriptions.insert(aSubscription({ ...scope, url: there }))).toBe(false);
      expect(await subscriptions.find(scope, first.subscriptionId)).toEqual(first);
      await given.subscription({ ...scope, appId: (await given.app(scope)).appId });
      const changed = await subscriptions.put(aSubscription({ ...scope, url: there, kind: 'management' }));
      expect(changed).toEqual({ ...first, url: there, kind: 'management' });
      expect(await subscriptions.find(scope, first.subscriptionId)).toEqual(changed);
      const second = await subscriptions.put(aSubscription({ ...scope, notifyType: 'bindDevice', kind: 'oldest' }));
      expect((await subscriptions.list(scope, firstPage)).items).toEqual([second, changed]);
      const unknown = await given.scope();
      await expectProblem(subscriptions.insert(aSubscription({ ...scope, appId: unknown.appId })), 'appNotFound');
      await expectProblem(subscriptions.put(aSubscription({ ...unknown, appId: scope.appId })), 'appNotFound');
    });

    it('are stored once where many ask at once', async () => {
      const { store, scope } = fixture();
      const { legacySubscriptions: subscriptions } = store;
      const made = await Promise.all(Array.from({ length: 8 }, () => subscriptions.insert(aSubscription(scope))));
      expect(made.filter(Boolean)).toHaveLength(1);
      await Promise.all(Array.from({ length: 8 }, () => subscriptions.put(aSubscription({ ...scope, url: there }))));
      expect((await subscriptions.list(scope, firstPage)).items).toMatchObject([{ url: there }]);
    });

    it('are listed by pages from either end, with filters', async () => {
      const { store, given, scope } = fixture();
      const { legacySubscriptions: subscriptions } = store;
      const types = ['deviceAdded', 'bindDevice', 'deviceDeleted', 'deviceInfoChanged', 'ruleEvent'] as const;
      const made = [];
      for (const notifyType of types) {
        made.push(await given.subscription(scope, { notifyType, url: notifyType === 'ruleEvent' ? there : here }));
      }
      await expectPaging(
        (page) => subscriptions.list(scope, page),
        made.map(({ recordId }) => recordId),
      );
      const oldest = { limit: 2, marker: firstMarker, offset: 1, order: 'oldest-first' } as const;
      const page = await subscriptions.list(scope, oldest);
      expect(page).toEqual({ items: made.slice(1, 3), count: 5, marker: made[2]?.recordId as RecordId });
      expect((await subscriptions.list({ ...scope, notifyType: 'ruleEvent' }, firstPage)).items).toEqual([made[4]]);
      expect((await subscriptions.list({ ...scope, url: there }, firstPage)).items).toEqual([made[4]]);
    });

    it('end one by one, by what they have in common, or all, of their application alone', async () => {
      const { store, given, scope, other } = fixture();
      const { legacySubscriptions: subscriptions } = store;
      const own = await given.subscription(scope, { url: here });
      await given.subscription(scope, { notifyType: 'bindDevice', url: here });
      await given.subscription(scope, { notifyType: 'deviceDeleted', url: there });
      const theirs = await given.subscription(other, { url: here });
      expect(await subscriptions.delete({ ...other, subscriptionId: own.subscriptionId })).toBe(0);
      expect(await subscriptions.delete({ ...scope, subscriptionId: own.subscriptionId })).toBe(1);
      expect(await subscriptions.delete({ ...scope, subscriptionId: own.subscriptionId })).toBe(0);
      expect(await subscriptions.find(scope, own.subscriptionId)).toBeUndefined();
      expect(await subscriptions.delete({ ...scope, url: here })).toBe(1);
      expect(await subscriptions.delete({ ...scope, notifyType: 'bindDevice' })).toBe(0);
      expect(await subscriptions.delete(scope)).toBe(1);
      expect((await subscriptions.list(other, firstPage)).items).toEqual([theirs]);
    });

    it('are told in order per device and URL, whatever the type', async () => {
      const { given, scope } = fixture();
      await given.subscription(scope, { url: here });
      await given.subscription(scope, { notifyType: 'bindDevice', url: here });
      await given.subscription(scope, { notifyType: 'deviceInfoChanged', url: there });
      const first = await given.device(scope, { online: true });
      const second = await given.device(scope);
      const heads = await claim();
      const placeOf = (item: OutboxItem) => [item.payload['deviceId'], typeOf(item), item.target.http.url];
      expect(heads.map(placeOf)).toEqual([
        [first.deviceId, 'deviceAdded', here],
        [first.deviceId, 'deviceInfoChanged', there],
        [second.deviceId, 'deviceAdded', here],
      ]);
      expect(heads[0]).toMatchObject({ actionId: undefined, attempts: 0 });
      expect(new Set(heads.map(({ receiver }) => receiver)).size).toBe(2);
      expect(await claim()).toEqual([]);
      await deliver(heads.slice(1));
      expect(await claim()).toEqual([]);
      await deliver(heads.slice(0, 1));
      const next = await claim();
      expect(next.map(placeOf)).toEqual([[first.deviceId, 'bindDevice', here]]);
      await deliver(next);
      expect(await fixture().store.outbox.size()).toBe(0);
      expect(await fixture().store.outbox.nextWake()).toBeUndefined();
    });

    it('take what waits for them along, and let go what is behind it', async () => {
      const { store, given, scope } = fixture();
      const added = await given.subscription(scope, { url: here });
      await given.subscription(scope, { notifyType: 'bindDevice', url: here });
      await given.device(scope, { online: true });
      const heads = await claim();
      expect(heads.map(typeOf)).toEqual(['deviceAdded']);
      expect(await claim()).toEqual([]);
      await store.legacySubscriptions.delete({ ...scope, subscriptionId: added.subscriptionId });
      expect(await store.outbox.size()).toBe(1);
      expect((await claim()).map(typeOf)).toEqual(['bindDevice']);
      await store.legacySubscriptions.delete(scope);
      expect(await store.outbox.size()).toBe(0);
    });

    it('take what waits for them to their new URL', async () => {
      const { store, given, scope } = fixture();
      await given.subscription(scope, { url: here });
      await given.subscription(scope, { notifyType: 'bindDevice', url: here });
      await given.device(scope, { online: true });
      const [head] = await claim();
      await claim();
      if (head === undefined) throw new Error('One is due.');
      const { no, actionId } = head;
      await store.outbox.finish([{ kind: 'failed', no, actionId, nextAt: now + 3_600_000, error: 'e' }], now);
      expect(await claim()).toEqual([]);
      await store.legacySubscriptions.put(aSubscription({ ...scope, url: there }));
      const heads = await claim();
      expect(heads.map((item) => [typeOf(item), item.target.http.url])).toEqual([
        ['deviceAdded', there],
        ['bindDevice', here],
      ]);
      expect(heads[0]).toMatchObject({ attempts: 1 });
    });

    it('have a share of the backlog of their project, and an age of their own', async () => {
      const { store, given, scope } = fixture();
      await given.subscription(scope);
      const rule = await given.rule(scope, { subject: { resource: 'device', event: 'create' } });
      await given.action(scope, { rule });
      await given.device(scope);
      const [first] = await claim();
      const at = first?.createdAt ?? 0;
      const hour = 3_600_000;
      const limits = { bytesMax: 1e9, ageSecondsMax: 3600, legacyAgeMs: 2 * hour };
      expect(await store.outbox.trim(at + hour, limits)).toBe(0);
      expect(await store.outbox.trim(at + hour + 1, limits)).toBe(1);
      expect(await store.outbox.size()).toBe(1);
      expect(await store.outbox.trim(at + 2 * hour, limits)).toBe(0);
      expect(await store.outbox.trim(at + 2 * hour + 1, limits)).toBe(1);
      await given.device(scope);
      expect(await store.outbox.trim(at, { bytesMax: 1, ageSecondsMax: 3600 })).toBe(2);
      expect(await store.outbox.size()).toBe(0);
    });
  });
}
