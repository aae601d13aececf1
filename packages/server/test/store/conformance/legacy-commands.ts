import { describe, expect, it } from 'vitest';
import type { AsyncCommandRequest, EndedCommandStatus, NewAsyncCommand } from '../../../src/domain/async-command.ts';
import { type AppId, asId, type CommandId, type DeviceId, type RecordId } from '../../../src/domain/ids.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { builtAt, recordId } from '../../builders/chance.ts';
import { aCommand } from '../../builders/device-builders.ts';
import { expectPaging, expectProblem, firstPage, type MakeStore, useStore } from './store-fixture.ts';

const answerMs = 20_000;
const asked = { paras: { a: 1 }, strategy: 'delay', cacheSeconds: 3600 } as const satisfies AsyncCommandRequest;

/** What legacy clients ask of commands (legacy 7, 9.4). */
export function describeLegacyCommands(makeStore: MakeStore): void {
  describe('commands that leave more than once', () => {
    const fixture = useStore(makeStore);

    const due = async (now: number) =>
      (await fixture().store.commands.listDue(now, 10)).map(({ commandId, end, again }) => [commandId, end, again]);
    const send = (commandId: CommandId, now: number) =>
      fixture().store.commands.retransmit([commandId], { now, answerMs });

    it('do so as often as they may, under the same id, and time out behind the last', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope, { online: true });
      const request = { ...asked, maxRetransmit: 2 };
      const { commandId } = await given.command(scope, { deviceId, request });
      const next = await given.command(scope, { deviceId });
      const shown = async () => {
        const { status, issued, sentAt } = (await store.commands.find(deviceId, commandId)) ?? {};
        return { status, issued, sentAt };
      };
      expect(await shown()).toEqual({ status: 'SENT', issued: 1, sentAt: builtAt });
      expect(await send(commandId, builtAt + answerMs - 1)).toEqual([]);
      for (const times of [1, 2]) {
        const now = builtAt + times * answerMs;
        expect(await due(now)).toEqual([[commandId, undefined, true]]);
        expect(await send(commandId, now)).toMatchObject([{ deviceId, content: { kind: 'async-command', commandId } }]);
        // Two nodes looked at the same time.
        expect(await send(commandId, now)).toEqual([]);
        expect(await shown()).toEqual({ status: 'SENT', issued: times + 1, sentAt: builtAt });
        await store.commands.note([{ commandId, kind: 'unsent', at: now }]);
        expect(await shown()).toMatchObject({ status: 'SENT' });
      }
      const last = builtAt + 3 * answerMs;
      expect(await due(last - 1)).toEqual([]);
      expect(await due(last)).toEqual([[commandId, 'TIMEOUT', false]]);
      expect(await send(commandId, last)).toEqual([]);
      expect((await store.commands.find(deviceId, next.commandId))?.status).toBe('PENDING');
    });

    it('may have been acknowledged, are not waited for where their device is away, and begin anew where nothing left', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope);
      const session = await given.connect(deviceId);
      const request = { ...asked, maxRetransmit: 1 };
      const { commandId } = await given.command(scope, { deviceId, request });
      await store.commands.note([{ commandId, kind: 'unsent', at: builtAt }]);
      expect(await store.commands.find(deviceId, commandId)).toMatchObject({ status: 'PENDING', issued: 0 });
      await store.commands.claim([deviceId], { now: builtAt, answerMs });
      await store.commands.note([{ commandId, kind: 'delivered', at: builtAt + 1 }]);
      await store.sessions.detach(deviceId, session, builtAt + 2);
      expect(await send(commandId, builtAt + answerMs)).toEqual([]);
      expect(await store.commands.find(deviceId, commandId)).toMatchObject({ status: 'DELIVERED', issued: 2 });
      expect(await due(builtAt + 2 * answerMs)).toEqual([[commandId, 'TIMEOUT', false]]);
    });
  });

  describe('commands that are canceled', () => {
    const fixture = useStore(makeStore);

    it('waited, and have expired; what has left goes on', async () => {
      const { store, given, scope, other } = fixture();
      const { deviceId } = await given.device(scope, { online: true });
      const run = { taskNo: 3, seq: 1, attempt: 1 };
      const [sent, waiting] = [await given.command(scope, { deviceId }), await given.command(scope, { deviceId, run })];
      const cancel = ({ commandId }: NewAsyncCommand, projectId = scope.projectId) =>
        store.commands.cancel({ projectId, deviceId, commandId, at: builtAt + 5 });
      expect(await cancel(sent)).toBeUndefined();
      await expectProblem(cancel(waiting, other.projectId), 'deviceNotFound');
      expect(await cancel(waiting)).toEqual({
        ...{ commandId: waiting.commandId, deviceId, projectId: scope.projectId, run },
      });
      expect(await cancel(waiting)).toBeUndefined();
      const shown = await store.commands.findAll([sent.commandId, waiting.commandId]);
      expect([...shown.values()].map(({ status, canceled }) => [status, canceled]).toSorted()).toEqual([
        ['EXPIRED', true],
        ['SENT', false],
      ]);
      expect(await store.commands.claim([deviceId], { now: builtAt + 6, answerMs })).toEqual([]);
    });

    it('all at once are remembered, listed and forgotten', async () => {
      const { store, given, scope, other } = fixture();
      const [{ deviceId }, { deviceId: idle }] = [await given.device(scope), await given.device(scope)];
      const commands = [await given.command(scope, { deviceId }), await given.command(scope, { deviceId })];
      const cancelAll = (of: DeviceId, createdAt: number, { projectId, appId } = scope) =>
        store.commands.cancelAll({
          ...{ projectId, appId, deviceId: of, createdAt },
          ...{ recordId: recordId(), cancellationId: `c-${createdAt}` },
        });
      const { cancellation: first, commands: canceled } = await cancelAll(deviceId, builtAt + 1);
      expect(first.commandIds).toEqual(commands.map(({ commandId }) => commandId));
      expect(canceled).toHaveLength(2);
      const { cancellation: second } = await cancelAll(deviceId, builtAt + 2);
      const { cancellation: third } = await cancelAll(idle, builtAt + 3);
      expect([second.commandIds, third.commandIds]).toEqual([[], []]);
      await expectProblem(cancelAll(deviceId, builtAt, other), 'deviceNotFound');
      const { projectId, appId } = scope;
      const listed = async (filter: object) =>
        (await store.commands.listCancellations({ projectId, appId, ...filter }, firstPage)).items;
      expect(await listed({})).toEqual([third, second, first]);
      expect(await listed({ deviceId })).toEqual([second, first]);
      expect(await listed({ cancellationId: first.cancellationId })).toHaveLength(1);
      expect(await listed({ createdFrom: builtAt + 2, createdTo: builtAt + 2 })).toHaveLength(1);
      expect(await listed({ projectId: other.projectId })).toEqual([]);
      expect(await listed({ appId: asId<AppId>('no') })).toEqual([]);
      const ids = [first, second, third].map((one): RecordId => one.recordId);
      await expectPaging((page) => store.commands.listCancellations({ projectId, appId }, page), ids);
      await store.commands.purge(builtAt + 3, 10);
      expect(await listed({})).toHaveLength(1);
    });
  });

  describe('commands of an application', () => {
    const fixture = useStore(makeStore);

    it('are listed whatever their status, by device and time, and found', async () => {
      const { store, given, scope, other } = fixture();
      const foreign = { ...scope, appId: (await given.app(scope)).appId };
      const [a, b, c] = [
        await given.device(scope, { online: true }),
        await given.device(scope),
        await given.device(foreign),
      ];
      const of = ({ deviceId }: typeof a, later: number) =>
        given.command(scope, { deviceId, createdAt: builtAt + later });
      const [first, second, third, theirs] = [await of(a, 1), await of(b, 2), await of(a, 3), await of(c, 4)];
      const { projectId, appId } = scope;
      const list = (filter: object) => (page: typeof firstPage) =>
        store.commands.listOfApp({ projectId, appId, ...filter }, page);
      const cases: readonly (readonly [object, readonly NewAsyncCommand[]])[] = [
        [{}, [first, second, third]],
        [{ deviceId: a.deviceId }, [first, third]],
        [{ createdFrom: builtAt + 2 }, [second, third]],
        [{ createdTo: builtAt + 2, deviceId: a.deviceId }, [first]],
        [{ appId: foreign.appId }, [theirs]],
      ];
      for (const [filter, expected] of cases) {
        await expectPaging(
          list(filter),
          expected.map((one) => one.recordId),
        );
      }
      for (const nothing of [{ projectId: other.projectId }, { deviceId: c.deviceId }]) {
        expect((await list(nothing)(firstPage)).count).toBe(0);
      }
      expect(await store.commands.findOfApp(scope, first.commandId)).toMatchObject({ status: 'SENT' });
      expect(await store.commands.findOfApp(scope, theirs.commandId)).toBeUndefined();
      expect(await store.commands.findOfApp({ ...scope, projectId: other.projectId }, first.commandId)).toBeUndefined();
    });
  });

  describe('commands that call back', () => {
    const fixture = useStore(makeStore);

    const heard = async (): Promise<readonly unknown[]> => {
      const { outbox } = fixture().store;
      const told: unknown[] = [];
      // One after the other: order is kept per device and URL.
      for (;;) {
        const items = await outbox.claim(Date.UTC(2099, 0, 1), { limit: 50, leaseUntil: Date.UTC(2099, 0, 2) });
        if (items.length === 0) return told;
        for (const { no, actionId, payload, target } of items) {
          told.push([target.http.url, (payload['result'] as JsonObject)['resultCode'], payload]);
          await outbox.finish([{ kind: 'delivered', no, actionId }], builtAt);
        }
      }
    };
    const url = 'http://receiver.example/commands';
    const calling = { ...asked, callbackUrl: url };

    it('tell of every status from SENT on, in order', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope);
      const commands: NewAsyncCommand[] = [];
      for (let n = 0; n < 3; n++) commands.push(await given.command(scope, { deviceId, request: calling }));
      await given.command(scope, { deviceId });
      const [first, second, third] = commands as [NewAsyncCommand, NewAsyncCommand, NewAsyncCommand];
      await given.connect(deviceId);
      const { projectId } = scope;
      const settle = ({ commandId }: NewAsyncCommand, status: EndedCommandStatus, result?: JsonObject) =>
        store.effects.apply(projectId, [
          {
            ...{ kind: 'settleCommand', deviceId, commandId, status, at: builtAt, answerMs },
            ...(result === undefined ? {} : { result }),
          },
        ]);
      expect(await heard()).toEqual([]);
      await store.commands.claim([deviceId], { now: builtAt, answerMs });
      await store.commands.note([{ commandId: first.commandId, kind: 'delivered', at: builtAt }]);
      await settle(first, 'SUCCESSFUL', { paras: { ok: 1 } });
      await settle(second, 'FAILED', { result_code: 1 });
      await store.commands.note([{ commandId: third.commandId, kind: 'unsent', at: builtAt }]);
      await store.commands.cancel({ projectId, deviceId, commandId: third.commandId, at: builtAt });
      const told = (of: NewAsyncCommand, resultCode: string, resultDetail: JsonObject = {}) => [
        ...[url, resultCode],
        { deviceId, commandId: of.commandId, result: { resultCode, resultDetail } },
      ];
      expect(await heard()).toEqual([
        told(first, 'SENT'),
        told(first, 'DELIVERED'),
        told(first, 'SUCCESSFUL', { paras: { ok: 1 } }),
        told(second, 'SENT'),
        told(second, 'FAILED', { result_code: 1 }),
        told(third, 'SENT'),
        told(third, 'CANCELED'),
      ]);
    });

    it('tell of what leaves at once, times out, and is withdrawn in its time or at the end of it', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope, { online: true });
      const now = aCommand({ deviceId, request: { ...calling, strategy: 'immediately' } });
      const [sent, waiting, late] = Array.from({ length: 3 }, () => aCommand({ deviceId, request: calling })) as [
        ...[NewAsyncCommand, NewAsyncCommand, NewAsyncCommand],
      ];
      const { projectId } = scope;
      await store.effects.apply(
        projectId,
        [now, sent, waiting, late].map((command) => ({ kind: 'insertCommand', command, answerMs })),
      );
      const end = (kind: 'settleCommand' | 'withdrawCommand', { commandId }: NewAsyncCommand, at = builtAt) =>
        store.effects.apply(projectId, [
          kind === 'withdrawCommand'
            ? { kind, deviceId, commandId, at }
            : { kind, deviceId, commandId, status: 'TIMEOUT', at, answerMs },
        ]);
      await end('settleCommand', now);
      await end('withdrawCommand', waiting, waiting.expiresAt - 1);
      await end('withdrawCommand', late, late.expiresAt);
      await end('settleCommand', sent);
      const codes = (await heard()).map((one) => (one as readonly unknown[])[1]);
      expect(codes).toEqual(['SENT', 'SENT', 'TIMEOUT', 'CANCELED', 'EXPIRED', 'TIMEOUT']);
    });
  });
}
