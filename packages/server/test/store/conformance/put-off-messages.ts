import { describe, expect, it } from 'vitest';
import type { DeviceId } from '../../../src/domain/ids.ts';
import type { QueueMessage } from '../../../src/ports/store/queue-store.ts';
import { builtAt } from '../../builders/chance.ts';
import { deviceOf, fillQueue } from './queue-fixture.ts';
import { type MakeStore, useStore } from './store-fixture.ts';

/** More than one look at a queue reads, and more than one transaction puts aside or brings back. */
const many = 2600;

/** v5 15.3: what a consumer did not want, and what stands behind it, is out of the way of everything else. */
export function describePutOffMessages(makeStore: MakeStore): void {
  describe('messages that are put off', () => {
    const fixture = useStore(makeStore);

    const filled = async () => {
      const made = await fillQueue(fixture());
      const { store, queue, take } = made;
      const failed = (message: QueueMessage | undefined, dueAt: number, holder = 'n/1') =>
        store.queueMessages.settle([{ no: message?.no ?? 0, holder, kind: 'failed', dueAt }], builtAt);
      const isWaiting = async (now: number) =>
        (await store.queueMessages.waiting([queue.queueId], now)).includes(queue.queueId);
      const takeAll = async (name: string, now: number): Promise<readonly QueueMessage[]> => {
        const all: QueueMessage[] = [];
        for (let taken = await take(name, { now }); taken.length > 0; taken = await take(name, { now }))
          all.push(...taken);
        return all;
      };
      return { ...made, failed, isWaiting, takeAll };
    };
    const repeated = (deviceId: DeviceId, count: number) => Array.from({ length: count }, () => deviceId);
    const ascending = (messages: readonly QueueMessage[]) => messages.map(({ no }) => no).toSorted((a, b) => a - b);

    it('hold up nobody else, however much stands behind them, and come again in order', async () => {
      const { a, b, report, take, takeAll, failed, isWaiting } = await filled();
      await report(...repeated(a, many), b);
      const [first] = await take('n/1', { countMax: 1 });
      await failed(first, builtAt + 1000);
      expect((await take('n/2', { now: builtAt + 999 })).map(deviceOf)).toEqual([b]);
      expect(await isWaiting(builtAt + 999)).toBe(false);
      expect(await take('n/2', { now: builtAt + 999 })).toEqual([]);
      expect(await isWaiting(builtAt + 1000)).toBe(true);
      const again = await takeAll('n/1', builtAt + 1000);
      expect(again).toHaveLength(many);
      expect(again[0]?.no).toBe(first?.no);
      expect(again.map(({ no }) => no)).toEqual(ascending(again));
      expect(await isWaiting(builtAt + 1000)).toBe(false);
    });

    it('are many, and each is handed out again when its own time has come', async () => {
      const { store, given, scope } = fixture();
      const { report, take, takeAll, failed, isWaiting } = await filled();
      const devices = await given.devices(scope, 60);
      await report(...devices, ...devices);
      const heads = await take('n/1', { countMax: devices.length });
      const settlements = heads.map(({ no }, nth) => ({
        no,
        holder: 'n/1',
        kind: 'failed' as const,
        dueAt: builtAt + nth,
      }));
      await store.queueMessages.settle(settlements, builtAt);
      for (const [nth, deviceId] of devices.entries()) {
        expect((await takeAll('n/2', builtAt + nth)).map(deviceOf)).toEqual([deviceId, deviceId]);
      }
      expect(await isWaiting(Number.MAX_SAFE_INTEGER)).toBe(false);
      await failed(heads[0], builtAt, 'n/1');
      expect(await take('n/2')).toEqual([]);
    });

    it('wait for an earlier one of their key whose time comes later', async () => {
      const { a, report, take, failed } = await filled();
      await report(a, a, a);
      const [first, second] = await take('n/1', { countMax: 2 });
      await failed(first, builtAt + 2000);
      await failed(second, builtAt + 1000);
      expect(await take('n/2', { now: builtAt + 1000 })).toEqual([]);
      const again = await take('n/2', { now: builtAt + 2000 });
      expect(again.map(({ no }) => no)).toEqual(ascending(again));
      expect(again.map(({ attempts }) => attempts)).toEqual([1, 1, 0]);
    });

    it('leave what stands behind them its time when the backlog drops them', async () => {
      const { store, a, report, take, failed } = await filled();
      await report(a, a, a);
      const [first] = await take('n/1', { countMax: 1 });
      await failed(first, builtAt + 1000);
      expect(await take('n/2', { now: builtAt })).toEqual([]);
      const limits = { bytesMax: (first?.bytes ?? 0) * 2, ageSecondsMax: 86_399 };
      expect(await store.outbox.trim(builtAt, limits)).toBe(1);
      expect(await take('n/2', { now: builtAt + 1000 })).toHaveLength(2);
    });

    it('are no others than those of a key that another has in hand: behind many of these the rest is found', async () => {
      const { a, b, report, take, takeAll, isWaiting } = await filled();
      await report(...repeated(a, many), b);
      const [first] = await take('n/1', { countMax: 1 });
      expect((await take('n/2')).map(deviceOf)).toEqual([b]);
      expect(await take('n/2')).toEqual([]);
      expect(await isWaiting(builtAt)).toBe(true);
      const rest = await takeAll('n/1', builtAt);
      expect([first, ...rest].map((message) => message?.no)).toEqual(ascending([...(first ? [first] : []), ...rest]));
      expect(rest).toHaveLength(many - 1);
    });
  });
}
