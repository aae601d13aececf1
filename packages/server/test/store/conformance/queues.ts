import { describe, expect, it } from 'vitest';
import { asId, type QueueId } from '../../../src/domain/ids.ts';
import { builtAt } from '../../builders/chance.ts';
import { deviceOf, fillQueue, takeOptions as options } from './queue-fixture.ts';
import { expectPaging, expectProblem, type MakeStore, useStore } from './store-fixture.ts';

export function describeQueues(makeStore: MakeStore): void {
  describe('queues', () => {
    const fixture = useStore(makeStore);

    const filled = () => fillQueue(fixture());

    it('are found by name, listed by a part of it and paged', async () => {
      const { store, given, scope, other } = fixture();
      const { projectId } = scope;
      const first = await given.queue(scope, { name: 'alarms-of-all' });
      const second = await given.queue(scope, { name: 'states-of-all' });
      expect(await store.queues.find(projectId, first.queueId)).toEqual(first);
      expect(await store.queues.findByName(projectId, 'states-of-all')).toEqual(second);
      expect(await store.queues.findByName(other.projectId, 'states-of-all')).toBeUndefined();
      await expectPaging(
        (page) => store.queues.list({ projectId, namePart: 's-of' }, page),
        [first.recordId, second.recordId],
      );
      await expectProblem(given.queue(scope, { name: 'alarms-of-all' }), 'queueNameTaken');
      await expectProblem(store.queues.insert({ ...first, name: 'x' }, 3), 'queueLimit');
    });

    it('go with what waits in them, not while an action fills them, and the default one stays', async () => {
      const { store, scope, queue, action, a, report, take } = await filled();
      await report(a);
      await expectProblem(store.queues.delete(scope.projectId, queue.queueId), 'queueInUse');
      await store.rules.deleteAction(scope.projectId, action.actionId);
      await store.queues.delete(scope.projectId, queue.queueId);
      expect(await store.queueMessages.take({ queueId: queue.queueId, holder: 'x' }, options)).toBeUndefined();
      expect(await store.queueMessages.waiting([queue.queueId], builtAt)).toEqual([queue.queueId]);
      expect(await take('x')).toEqual([]);
      const home = await store.queues.findByName(scope.projectId, 'DefaultQueue');
      await expectProblem(store.queues.delete(scope.projectId, home?.queueId ?? asId<QueueId>('')), 'queueInUse');
    });

    it('hand out in order, bounded by count and bytes, each message once', async () => {
      const { store, queue, a, b, report, take } = await filled();
      expect(await store.queueMessages.waiting([queue.queueId], builtAt)).toEqual([]);
      await report(a, b, a, b);
      expect(await store.queueMessages.waiting([queue.queueId], Date.now())).toEqual([queue.queueId]);
      const [first, ...none] = await take('n/1', { bytesMax: 1 });
      expect([first && deviceOf(first), none]).toEqual([a, []]);
      expect((await take('n/1', { countMax: 2 })).map(deviceOf)).toEqual([b, a]);
      expect((await take('n/1')).map(deviceOf)).toEqual([b]);
      expect(await take('n/1')).toEqual([]);
    });

    it('give no holder anything of a key that another has in hand', async () => {
      const { store, a, b, report, take, holder } = await filled();
      await report(a, a, b);
      const [first] = await take('n/1', { countMax: 1 });
      expect((await take('n/2')).map(deviceOf)).toEqual([b]);
      expect((await take('n/1')).map(deviceOf)).toEqual([a]);
      await report(a);
      await store.queueMessages.settle([{ no: first?.no ?? 0, holder: 'n/1', kind: 'accepted' }], builtAt);
      expect(await take('n/2')).toEqual([]);
      await store.queueMessages.release(holder('n/1'));
      expect((await take('n/2')).map(deviceOf)).toEqual([a, a]);
    });

    it('hand out nothing behind what is put off, and that again when it is due', async () => {
      const { store, a, b, report, take } = await filled();
      await report(a, a, b);
      const [first] = await take('n/1', { countMax: 1 });
      const no = first?.no ?? 0;
      await store.queueMessages.settle([{ no, holder: 'n/1', kind: 'failed', dueAt: builtAt + 1000 }], builtAt);
      expect((await take('n/1', { now: builtAt + 999 })).map(deviceOf)).toEqual([b]);
      const again = await take('n/1', { now: builtAt + 1000 });
      expect(again.map(({ attempts }) => attempts)).toEqual([1, 0]);
      expect(again[0]?.no).toBe(no);
    });

    it('let a holder settle what it has in hand alone, and count that for the action', async () => {
      const { store, action, a, report, take } = await filled();
      await report(a, a, a);
      const [one, two, three] = (await take('n/1')).map(({ no }) => no) as [number, number, number];
      await store.queueMessages.settle([{ no: one, holder: 'n/2', kind: 'accepted' }], builtAt);
      await store.queueMessages.settle(
        [
          { no: one, holder: 'n/1', kind: 'accepted' },
          { no: two, holder: 'n/1', kind: 'released' },
          { no: three, holder: 'n/1', kind: 'failed', dueAt: builtAt },
        ],
        builtAt,
      );
      expect((await take('n/3')).map(({ no }) => no)).toEqual([two, three]);
      expect(await store.outbox.status(action.actionId)).toMatchObject({
        ...{ delivered: 1, failed: 1, dropped: 0, waiting: 2, succeededAt: builtAt, failedAt: builtAt },
      });
    });

    it('take back what the holders of a node have in hand, when it starts and when it is buried', async () => {
      const { store, a, b, report, take } = await filled();
      await report(a, b);
      expect(await take('one/1', { countMax: 1 })).toHaveLength(1);
      expect(await take('one-more/1')).toHaveLength(1);
      await store.queueMessages.releaseNode('one');
      expect((await take('two/1')).map(deviceOf)).toEqual([a]);
      await store.nodes.register({ name: 'one-more', instance: 'i' });
      expect((await take('three/1')).map(deviceOf)).toEqual([b]);
      await store.nodes.register({ name: 'two', instance: 'i' });
      await store.nodes.bury({ silentMs: -1_000_000, at: builtAt, limit: 10 });
      expect(await store.queueMessages.waiting([], builtAt)).toEqual([]);
    });

    it('count for the backlog of their project: what waits longest goes, what is in hand stays', async () => {
      const { store, action, a, b, report, take } = await filled();
      await report(a, b, a);
      const [held] = await take('n/1', { countMax: 1 });
      expect(await store.outbox.size()).toBe(3);
      const bytes = held?.bytes ?? 0;
      expect(await store.outbox.trim(builtAt, { bytesMax: bytes * 2, ageSecondsMax: 86_399 })).toBe(1);
      expect((await take('n/1')).map(deviceOf)).toEqual([a]);
      expect(await store.outbox.status(action.actionId)).toMatchObject({ dropped: 1, waiting: 2 });
    });

    it('take over what waits to be posted where the action begins to fill one', async () => {
      const { given } = fixture();
      const { store, scope, queue, a, report, take } = await filled();
      const subject = { resource: 'device.message', event: 'report' };
      const posted = await given.action(scope, { rule: await given.rule(scope, { subject }) });
      await report(a);
      expect(await take('n/1')).toHaveLength(1);
      const target = { channel: 'AMQP_FORWARDING', amqp: { queueName: queue.name } } as const;
      await store.rules.updateAction(scope.projectId, posted.actionId, target);
      expect(await store.outbox.claim(options.now, { limit: 10, leaseUntil: options.now })).toEqual([]);
      expect((await take('n/1')).map(deviceOf)).toEqual([a]);
      const nowhere = { channel: 'AMQP_FORWARDING', amqp: { queueName: 'nowhere' } } as const;
      await expectProblem(store.rules.updateAction(scope.projectId, posted.actionId, nowhere), 'queueNotFound');
    });
  });
}
