import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Outcome } from '../../../src/ports/store/push-store.ts';
import { createGiven } from '../../builders/given.ts';
import { openTestStore } from '../../support/test-store.ts';

const taskCount = 200;
const statusesPerTask = 3;
const claimers = 6;

/**
 * Whoever removes a notification wakes the next of its task; whoever claims parks what stands behind another. Where both happen while the
 * next one is just being written, neither may rely on the other: it would wait for ever.
 */
it('no notification is forgotten behind one that goes while it comes', { timeout: 120_000 }, async () => {
  const store = await openTestStore();
  const given = createGiven(store);
  const scope = await given.scope();
  await given.action(scope, { rule: await given.rule(scope, { active: true }) });
  let left = taskCount * statusesPerTask;
  const finishing: Promise<void>[] = [];
  const write = async (): Promise<void> => {
    for (let count = 0; count < taskCount; count++) await given.finishedTask(scope);
  };
  const deliver = async (): Promise<void> => {
    while (left > 0) {
      const now = Date.now();
      const items = await store.outbox.claim(now, { limit: 8, leaseUntil: now + 60_000 });
      const outcomes = items.map(({ no, actionId }, at): Outcome => {
        const isFailed = (no + at) % 3 === 0 && Math.random() < 0.5;
        return isFailed
          ? { kind: 'failed', no, actionId, nextAt: now + 2, error: 'later' }
          : { kind: 'delivered', no, actionId };
      });
      left -= outcomes.filter(({ kind }) => kind === 'delivered').length;
      // Written while the next claim is under way, as the workers do it.
      finishing.push(store.outbox.finish(outcomes, now));
      await pause(items.length === 0 ? 3 : Math.random() * 4);
    }
  };
  await Promise.all([write(), ...Array.from({ length: claimers }, deliver)]);
  await Promise.all(finishing);
  expect([left, await store.outbox.size()]).toEqual([0, 0]);
});
