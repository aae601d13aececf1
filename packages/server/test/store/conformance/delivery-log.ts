import { describe, expect, it } from 'vitest';
import { type ActionId, asId } from '../../../src/domain/ids.ts';
import type { OutboxItem, WaitingQuery } from '../../../src/ports/store/push-store.ts';
import { builtAt } from '../../builders/chance.ts';
import { type MakeStore, useStore } from './store-fixture.ts';

const now = builtAt + 1000;
const limits = { bytesMax: 1e9, ageSecondsMax: 86_399 };

export function describeDeliveryLog(makeStore: MakeStore): void {
  describe('the log of deliveries', () => {
    const fixture = useStore(makeStore);
    const claim = (at = now) => fixture().store.outbox.claim(at, { limit: 100, leaseUntil: at + 60_000 });
    const fail = (items: readonly OutboxItem[], nextAt: number | undefined, at = now) =>
      fixture().store.outbox.finish(
        items.map(({ no, actionId }) => ({ kind: 'failed', no, actionId, nextAt, error: `at ${at}` })),
        at,
      );
    const waiting = async (query: WaitingQuery) => (await fixture().store.outbox.listWaiting(query)).items;

    it('counts for each action what was delivered, failed and dropped, and when', async () => {
      const { given, scope, store } = fixture();
      const [first, second] = [await given.action(scope), await given.action(scope)];
      await given.finishedTask(scope);
      const heads = await claim();
      await store.outbox.finish(
        heads.map(({ no, actionId }) =>
          actionId === first.actionId
            ? { kind: 'delivered', no, actionId }
            : { kind: 'failed', no, actionId, nextAt: now + 1, error: 'bad' },
        ),
        now,
      );
      const none = {
        delivered: 0,
        failed: 0,
        dropped: 0,
        succeededAt: undefined,
        failedAt: undefined,
        error: undefined,
      };
      expect(await store.outbox.status(first.actionId)).toEqual({
        ...none,
        ...{ since: builtAt, delivered: 1, waiting: 2, succeededAt: now },
      });
      expect(await store.outbox.status(second.actionId)).toEqual({
        ...none,
        ...{ since: builtAt, failed: 1, waiting: 3, failedAt: now, error: 'bad' },
      });
      await fail(await claim(now + 2), undefined, now + 2);
      expect(await store.outbox.status(second.actionId)).toMatchObject({ failed: 2, dropped: 1, waiting: 2 });
      await store.outbox.trim(builtAt + 86_400_000, limits);
      expect(await store.outbox.status(second.actionId)).toMatchObject({ failed: 2, dropped: 3, waiting: 0 });
      expect(await store.outbox.status(asId<ActionId>('no'))).toBeUndefined();
      await store.rules.deleteAction(scope.projectId, first.actionId);
      expect(await store.outbox.status(first.actionId)).toBeUndefined();
    });

    it('lists what waits, by key and in order, and says what each waits for', async () => {
      const { given, scope, store } = fixture();
      const { actionId } = await given.action(scope);
      const tasks = [await given.finishedTask(scope), await given.finishedTask(scope)];
      const heads = await claim();
      await fail(
        heads.filter(({ key }) => key === tasks[0]?.taskId),
        now + 5000,
      );
      const { items, count } = await store.outbox.listWaiting({ actionId, limit: 50 });
      expect(count).toBe(6);
      const keys = tasks.map(({ taskId }) => taskId).toSorted();
      expect(items.map(({ key }) => key)).toEqual(keys.flatMap((key) => [key, key, key]));
      const ofTask = (at: number) => items.filter(({ key }) => key === tasks[at]?.taskId);
      expect(ofTask(0).map(({ place }) => place)).toEqual(['due', 'behind', 'behind']);
      expect(ofTask(1).map(({ place }) => place)).toEqual(['sending', 'behind', 'behind']);
      const [failed] = ofTask(0);
      expect(failed).toMatchObject({ attempts: 1, error: `at ${now}`, nextAt: now + 5000, createdAt: builtAt });
      expect(failed?.requestId).toBe(heads.find(({ no }) => no === failed?.no)?.payload['request_id']);
      expect(await waiting({ actionId, limit: 50, key: keys[1] ?? '' })).toEqual(items.slice(3));
      const paged = [];
      for (let after: WaitingQuery['after'] | undefined; ; after = paged.at(-1)) {
        const page = await waiting({ actionId, limit: 2, ...(after === undefined ? {} : { after }) });
        if (page.length === 0) break;
        paged.push(...page);
      }
      expect(paged).toEqual(items);
    });

    it('makes due what waits for its next attempt, all or of one key, and nothing that is in hand', async () => {
      const { given, scope, store } = fixture();
      const { actionId } = await given.action(scope);
      const tasks = [await given.finishedTask(scope), await given.finishedTask(scope), await given.finishedTask(scope)];
      const heads = await claim();
      await fail(heads.slice(0, 2), now + 60_000);
      const [first, second, inHand] = heads;
      expect(await store.outbox.redeliver(actionId, { key: first?.key, now })).toBe(1);
      expect((await claim()).map(({ no }) => no)).toEqual([first?.no]);
      expect(await store.outbox.redeliver(actionId, { key: undefined, now })).toBe(1);
      expect((await claim()).map(({ no }) => no)).toEqual([second?.no]);
      expect(await store.outbox.redeliver(actionId, { key: inHand?.key, now })).toBe(0);
      expect(tasks).toHaveLength(3);
      expect(await store.outbox.redeliver(asId<ActionId>('no'), { key: undefined, now })).toBe(0);
    });

    it('keeps what its policy keeps: so many bytes, so many seconds, or nothing after the first try', async () => {
      const { given, scope, other, store } = fixture();
      await given.action(scope);
      await given.action(other);
      await given.finishedTask(scope);
      await given.finishedTask(other);
      const { projectId, policyId } = await given.backlogPolicy(scope, { ageSecondsMax: 10 });
      expect(await store.outbox.trim(builtAt + 10_000, limits)).toBe(0);
      const [item] = await claim();
      expect(item?.isKept).toBe(true);
      const bytes = Buffer.byteLength(JSON.stringify(item?.payload));
      await store.backlogPolicies.update(projectId, policyId, { bytesMax: Math.floor(bytes * 2.5) });
      expect(await store.outbox.trim(builtAt + 10_000, limits)).toBe(1);
      expect(await store.outbox.trim(builtAt + 10_001, limits)).toBe(2);
      await given.finishedTask(scope);
      await store.backlogPolicies.update(projectId, policyId, { bytesMax: 0 });
      expect((await claim(now + 1)).map(({ isKept }) => isKept)).toEqual([false]);
      expect(await store.outbox.trim(builtAt + 60_000, limits)).toBe(0);
      expect(await store.outbox.trim(builtAt + 60_001, limits)).toBe(3);
      expect(await store.outbox.size()).toBe(3);
    });
  });
}
