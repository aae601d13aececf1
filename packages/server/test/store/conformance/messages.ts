import { describe, expect, it } from 'vitest';
import { asId, type DeviceId, type MessageId, type RecordId } from '../../../src/domain/ids.ts';
import { type MessageStatus, messageDownlink } from '../../../src/domain/message.ts';
import { causeOf } from '../../../src/domain/problem.ts';
import { builtAt } from '../../builders/chance.ts';
import { aMessage } from '../../builders/device-builders.ts';
import { type MakeStore, useStore } from './store-fixture.ts';

export function describeMessages(makeStore: MakeStore): void {
  describe('messages', () => {
    const fixture = useStore(makeStore);

    const settle = (deviceId: DeviceId, messageId: MessageId, status: MessageStatus, at = builtAt) =>
      fixture().store.effects.apply(fixture().scope.projectId, [
        { kind: 'settleMessage', deviceId, messageId, status, at },
      ]);

    it('keep every field', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope);
      const message = await given.message(scope, {
        deviceId,
        request: {
          name: 'n',
          message: { a: [1, null, 'x'] },
          properties: { correlation_data: 'c' },
          encoding: 'none',
          format: 'standard',
          topic: 'alarm',
          ttlMinutes: 10,
        },
        run: { taskNo: 7, seq: 3, attempt: 2 },
      });
      const stored = { ...message, status: 'PENDING', cause: undefined, finishedAt: undefined };
      expect(await store.messages.find(deviceId, message.messageId)).toEqual(stored);
      expect(await store.messages.find(deviceId, asId<MessageId>('no'))).toBeUndefined();
      expect(await store.messages.find(asId<DeviceId>('no'), message.messageId)).toBeUndefined();
    });

    it('leave in the order of their creation, for the session of the root', async () => {
      const { store, given, scope } = fixture();
      const gateway = await given.device(scope);
      const { deviceId } = await given.device(scope, { parent: gateway });
      const topical = { message: 'AQI=', encoding: 'base64', format: 'raw', topic: 'alarm', ttlMinutes: 5 } as const;
      const [first, second] = [
        await given.message(scope, { deviceId }),
        await given.message(scope, { deviceId, request: topical, run: { taskNo: 1, seq: 0, attempt: 1 } }),
      ];
      const done = await given.message(scope, { deviceId });
      await settle(deviceId, done.messageId, 'DELIVERED');
      expect(await store.messages.listPending(deviceId)).toEqual([
        messageDownlink(first, gateway.deviceId),
        messageDownlink(second, gateway.deviceId),
      ]);
    });

    it('are read in steps by what waits for its device', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope);
      const made = [];
      for (let n = 0; n < 3; n++) made.push((await given.message(scope, { deviceId })).recordId);
      const step = async (after: string, limit: number) =>
        (await store.messages.listPending(deviceId, { after: asId<RecordId>(after), limit })).map(({ content }) =>
          content.kind === 'message' ? content.recordId : undefined,
        );
      expect(await step('', 2)).toEqual(made.slice(0, 2));
      expect(await step(made[1] ?? '', 2)).toEqual(made.slice(2));
    });

    it('of children wait for their gateway, unless the child is not ONLINE', async () => {
      const { store, given, scope } = fixture();
      const gateway = await given.device(scope, { online: true });
      const children = [];
      for (const online of [true, false, true]) children.push(await given.device(scope, { parent: gateway, online }));
      await given.device(scope, { parent: gateway, online: true });
      for (const { deviceId } of children) await given.message(scope, { deviceId });
      const waiting = [children[0], children[2]].map((child) => child?.deviceId ?? '').sort();
      expect(await store.messages.listWaitingChildren(gateway.deviceId, '')).toEqual({
        deviceIds: waiting,
        next: undefined,
      });
      const behind = await store.messages.listWaitingChildren(gateway.deviceId, waiting[0] ?? '');
      expect(behind.deviceIds).toEqual(waiting.slice(1));
    });

    it('may wait on for a cause, and may have failed from the start without pushing out another', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope);
      const first = await given.message(scope, { deviceId });
      for (let n = 0; n < 19; n++) await given.message(scope, { deviceId });
      const failed = aMessage({ deviceId });
      const failure = causeOf('deviceOffline');
      await store.effects.apply(scope.projectId, [{ kind: 'insertMessage', message: failed, failure }]);
      expect(await store.messages.find(deviceId, failed.messageId)).toMatchObject({ status: 'FAILED', cause: failure });
      const cause = causeOf('notSubscribed');
      await store.effects.apply(scope.projectId, [
        { kind: 'settleMessage', deviceId, messageId: first.messageId, status: 'PENDING', cause, at: builtAt },
      ]);
      const waiting = { status: 'PENDING', cause, finishedAt: undefined };
      expect(await store.messages.find(deviceId, first.messageId)).toMatchObject(waiting);
    });

    it('are listed newest first, twenty pending and twenty ended ones at most', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope);
      const ended: MessageId[] = [];
      for (let n = 0; n < 22; n++) {
        const { messageId } = await given.message(scope, { deviceId });
        await settle(deviceId, messageId, 'DELIVERED');
        ended.push(messageId);
      }
      const pending: MessageId[] = [];
      for (let n = 0; n < 20; n++) pending.push((await given.message(scope, { deviceId })).messageId);
      const listed = (await store.messages.list(deviceId)).map(({ messageId }) => messageId);
      expect(listed).toEqual([...ended.slice(2), ...pending].reverse());
    });

    it('are withdrawn while they wait, and not afterwards', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope);
      const message = await given.message(scope, { deviceId });
      expect(await store.messages.withdraw(deviceId, message.messageId, builtAt + 1)).toEqual(message);
      expect(await store.messages.withdraw(deviceId, message.messageId, builtAt + 2)).toBeUndefined();
      const ended = { status: 'FAILED', cause: causeOf('notDelivered'), finishedAt: builtAt + 1 };
      expect(await store.messages.find(deviceId, message.messageId)).toMatchObject(ended);
    });

    it('end TIMEOUT when their time is over, oldest first, but for those of a run', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope);
      const later = await given.message(scope, { deviceId, expiresAt: 200 });
      const sooner = await given.message(scope, { deviceId, expiresAt: 100 });
      await given.message(scope, { deviceId, expiresAt: 100, run: { taskNo: 1, seq: 0, attempt: 1 } });
      expect(await store.messages.expire(99, 10)).toBe(0);
      expect(await store.messages.expire(200, 1)).toBe(1);
      const timeout = { status: 'TIMEOUT', cause: causeOf('deviceOffline'), finishedAt: 200 };
      expect(await store.messages.find(deviceId, sooner.messageId)).toMatchObject(timeout);
      expect(await store.messages.find(deviceId, later.messageId)).toMatchObject({ status: 'PENDING' });
      expect(await store.messages.expire(200, 10)).toBe(1);
      expect(await store.messages.expire(10_000, 10)).toBe(0);
    });

    it('are forgotten some time after their end', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope);
      const messages = await Promise.all([1, 2, 3, 4].map(() => given.message(scope, { deviceId })));
      for (const [index, { messageId }] of messages.slice(0, 3).entries()) {
        await settle(deviceId, messageId, 'DELIVERED', 100 + index);
      }
      expect(await store.messages.purge(102, 1)).toBe(1);
      expect(await store.messages.purge(102, 10)).toBe(1);
      expect(await store.messages.purge(102, 10)).toBe(0);
      const left = (await store.messages.list(deviceId)).map(({ messageId }) => messageId);
      expect(left).toEqual(
        messages
          .slice(2)
          .map(({ messageId }) => messageId)
          .reverse(),
      );
    });
  });
}
