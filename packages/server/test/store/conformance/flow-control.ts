import { describe, expect, it } from 'vitest';
import type { ActionId } from '../../../src/domain/ids.ts';
import type { OutboxItem } from '../../../src/ports/store/push-store.ts';
import { builtAt } from '../../builders/chance.ts';
import type { Scope } from '../../builders/given.ts';
import { type MakeStore, useStore } from './store-fixture.ts';

const now = builtAt + 1000;

export function describeFlowControl(makeStore: MakeStore): void {
  describe('flow control', () => {
    const fixture = useStore(makeStore);
    const claim = (at: number, more: { isBusy?(actionId: ActionId): boolean } = {}) =>
      fixture().store.outbox.claim(at, { limit: 1000, leaseUntil: at + 60_000, ...more });
    const tasks = async (of: Scope, count: number): Promise<void> => {
      for (let n = 0; n < count; n++) await fixture().given.finishedTask(of);
    };
    /** What a worker gets that looks whenever there is something to do, from `from` for so long; by action. */
    const work = async (from: number, ms: number) => {
      const { store } = fixture();
      const got: { at: number; actionId: ActionId | undefined }[] = [];
      let looks = 0;
      for (let at = from; at < from + ms; ) {
        const items = await claim(at);
        looks += 1;
        got.push(...items.map(({ actionId }) => ({ at, actionId })));
        await store.outbox.finish(
          items.map(({ no, actionId }) => ({ kind: 'delivered', no, actionId })),
          at,
        );
        at = Math.max(at + 1, (await store.outbox.nextWake()) ?? Number.POSITIVE_INFINITY);
      }
      return { got, looks, of: (actionId: ActionId) => got.filter((each) => each.actionId === actionId).length };
    };

    it('lets through what a second allows, evenly, and nobody looks in vain meanwhile', async () => {
      const { given, scope } = fixture();
      await given.action(scope);
      await given.flowPolicy(scope, { limit: 10 });
      await tasks(scope, 12);
      const { got, looks } = await work(now, 2000);
      expect(got.length).toBe(20);
      for (let from = now; from < now + 1000; from += 50) {
        expect(got.filter(({ at }) => at >= from && at < from + 1000).length).toBeLessThanOrEqual(10);
      }
      // One for each that goes, and one for what each wakes behind it.
      expect(looks).toBeLessThanOrEqual(45);
    });

    it('keeps to the tightest policy of user, channel, rule and action', async () => {
      const { given, scope } = fixture();
      const rule = await given.rule(scope);
      const [tight, wide] = [await given.action(scope, { rule }), await given.action(scope, { rule })];
      const elsewhere = await given.action(scope);
      await given.flowPolicy(scope, { limit: 1000 });
      await given.flowPolicy(scope, { scope: 'CHANNEL', scopeValue: 'HTTP_FORWARDING', limit: 500 });
      await given.flowPolicy(scope, { scope: 'RULE', scopeValue: rule.ruleId, limit: 20 });
      await given.flowPolicy(scope, { scope: 'ACTION', scopeValue: tight.actionId, limit: 2 });
      await tasks(scope, 20);
      const { of } = await work(now, 1000);
      expect(of(tight.actionId)).toBe(2);
      expect(of(wide.actionId)).toBeGreaterThanOrEqual(16);
      expect(of(wide.actionId)).toBeLessThanOrEqual(21);
      expect(of(elsewhere.actionId)).toBe(60);
    });

    it('shares a limit among the actions under it, and leaves others alone', async () => {
      const { given, scope, other } = fixture();
      const actions = [await given.action(scope), await given.action(scope), await given.action(scope)];
      const theirs = await given.action(other);
      await given.flowPolicy(scope, { limit: 12 });
      await tasks(scope, 10);
      await tasks(other, 10);
      const { of } = await work(now, 1000);
      expect(of(theirs.actionId)).toBe(30);
      for (const { actionId } of actions) expect([3, 4, 5]).toContain(of(actionId));
    });

    it('changes at once with its policy: another limit, or none', async () => {
      const { given, scope, store } = fixture();
      const { actionId } = await given.action(scope);
      const { projectId, policyId } = await given.flowPolicy(scope, { limit: 1 });
      await tasks(scope, 30);
      expect((await work(now, 2000)).of(actionId)).toBe(2);
      await store.flowPolicies.update(projectId, policyId, { limit: 20 });
      const faster = (await work(now + 2000, 1000)).of(actionId);
      expect(faster).toBeGreaterThanOrEqual(18);
      expect(faster).toBeLessThanOrEqual(22);
      await store.flowPolicies.delete(projectId, policyId);
      await work(now + 3000, 1000);
      expect(await store.outbox.size()).toBe(0);
      expect(await store.outbox.nextWake()).toBeUndefined();
    });

    it('lets nothing through to whom has enough in hand', async () => {
      const { given, scope } = fixture();
      const [busy, free] = [await given.action(scope), await given.action(scope)];
      await given.flowPolicy(scope, { limit: 100 });
      await tasks(scope, 5);
      const items = await claim(now, { isBusy: (actionId) => actionId === busy.actionId });
      expect(new Set(items.map(({ actionId }: OutboxItem) => actionId))).toEqual(new Set([free.actionId]));
      expect((await claim(now + 50)).filter(({ actionId }) => actionId === busy.actionId)).toEqual([]);
      expect((await claim(now + 100)).filter(({ actionId }) => actionId === busy.actionId).length).toBe(5);
    });

    it('takes no more than the limit for all who claim at once', async () => {
      const { given, scope } = fixture();
      await given.action(scope);
      await given.flowPolicy(scope, { limit: 50 });
      await tasks(scope, 30);
      const claims = await Promise.all(Array.from({ length: 6 }, () => claim(now)));
      expect(claims.flat().length).toBe(6);
      expect(new Set(claims.flat().map(({ no }) => no)).size).toBe(6);
    });

    it('hands out again what a killed process had of it, without counting it twice', async () => {
      const { given, scope, store } = fixture();
      const { actionId } = await given.action(scope);
      await given.flowPolicy(scope, { limit: 1 });
      await given.finishedTask(scope);
      const [head] = await claim(now);
      expect(await claim(now + 59_999)).toEqual([]);
      expect(await claim(now + 60_000)).toEqual([head]);
      await store.rules.deleteAction(scope.projectId, actionId);
      expect(await store.outbox.nextWake()).toBeUndefined();
    });
  });
}
