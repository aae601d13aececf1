import { describe, expect, it } from 'vitest';
import {
  type AsyncCommandStatus,
  asyncCommandDownlink,
  currentCommandStatuses,
  type EndedCommandStatus,
  historyCommandStatuses,
  type NewAsyncCommand,
} from '../../../src/domain/async-command.ts';
import { asId, type CommandId, type DeviceId } from '../../../src/domain/ids.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { builtAt } from '../../builders/chance.ts';
import { aCommand } from '../../builders/device-builders.ts';
import { expectPaging, firstPage, type MakeStore, useStore } from './store-fixture.ts';

const answerMs = 20_000;
const atOnce = { paras: {}, strategy: 'immediately', cacheSeconds: 86_400 } as const;

export function describeCommands(makeStore: MakeStore): void {
  describe('asynchronous commands', () => {
    const fixture = useStore(makeStore);

    const insert = (commands: readonly NewAsyncCommand[], { projectId } = fixture().scope) =>
      fixture().store.effects.apply(
        projectId,
        commands.map((command) => ({ kind: 'insertCommand', command, answerMs })),
      );

    const settle = (
      { deviceId, commandId }: Pick<NewAsyncCommand, 'deviceId' | 'commandId'>,
      status: EndedCommandStatus,
      { at = builtAt, result }: { readonly at?: number; readonly result?: JsonObject } = {},
    ) =>
      fixture().store.effects.apply(fixture().scope.projectId, [
        {
          kind: 'settleCommand',
          deviceId,
          commandId,
          status,
          at,
          answerMs,
          ...(result === undefined ? {} : { result }),
        },
      ]);

    const statusesOf = async (commands: readonly NewAsyncCommand[]): Promise<readonly unknown[]> => {
      const { store } = fixture();
      const found = await Promise.all(
        commands.map((command) => store.commands.find(command.deviceId, command.commandId)),
      );
      return found.map((command) => command?.status);
    };

    const claim = (deviceIds: readonly DeviceId[], now = builtAt) =>
      fixture().store.commands.claim(deviceIds, { now, answerMs });

    const named = (downlinks: Awaited<ReturnType<typeof claim>>): readonly string[] =>
      downlinks.map(({ content }) => (content.kind === 'async-command' ? content.commandId : content.kind));

    it('keep every field from their beginning to their end', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope);
      const request = {
        ...{ serviceId: 'Motor', commandName: 'start', paras: { a: [1, null, 'x'] } },
        ...({ strategy: 'delay', cacheSeconds: 60 } as const),
      };
      const command = await given.command(scope, { deviceId, request, run: { taskNo: 7, seq: 3, attempt: 2 } });
      const waiting = {
        ...command,
        ...{ status: 'PENDING', result: undefined, sentAt: undefined, deliveredAt: undefined, respondedAt: undefined },
        ...{ issued: 0, canceled: false },
      };
      expect(await store.commands.find(deviceId, command.commandId)).toEqual(waiting);
      expect(await store.commands.find(deviceId, asId<CommandId>('no'))).toBeUndefined();
      expect(await store.commands.find(asId<DeviceId>('no'), command.commandId)).toBeUndefined();
      await given.connect(deviceId);
      expect(await claim([deviceId], builtAt + 1)).toEqual([asyncCommandDownlink(command, deviceId)]);
      await store.commands.note([{ commandId: command.commandId, kind: 'delivered', at: builtAt + 2 }]);
      const delivered = { ...waiting, status: 'DELIVERED', sentAt: builtAt + 1, deliveredAt: builtAt + 2, issued: 1 };
      expect(await store.commands.find(deviceId, command.commandId)).toEqual(delivered);
      await settle(command, 'SUCCESSFUL', { at: builtAt + 3, result: { paras: { ok: true } } });
      expect(await store.commands.find(deviceId, command.commandId)).toEqual({
        ...delivered,
        ...{ status: 'SUCCESSFUL', result: { paras: { ok: true } }, respondedAt: builtAt + 3 },
      });
    });

    it('leave one after the other, the oldest first, each with the end of the one before', async () => {
      const { given, scope } = fixture();
      const { deviceId } = await given.device(scope, { online: true });
      const commands = [1, 2, 3].map(() => aCommand({ deviceId }));
      const { sent, conflicts } = await insert(commands);
      const [first, second, third] = commands as [NewAsyncCommand, NewAsyncCommand, NewAsyncCommand];
      expect(conflicts).toEqual([]);
      expect(sent).toEqual([{ node: 'node-1', downlink: asyncCommandDownlink(first, deviceId) }]);
      expect(await statusesOf(commands)).toEqual(['SENT', 'PENDING', 'PENDING']);
      expect((await insert([aCommand({ deviceId })])).sent).toEqual([]);
      expect(await claim([deviceId])).toEqual([]);
      const ended = await settle(first, 'FAILED');
      expect(ended.sent.map(({ downlink }) => downlink)).toEqual([asyncCommandDownlink(second, deviceId)]);
      // Its end is told twice: the queue moves once.
      expect((await settle(first, 'SUCCESSFUL')).sent).toEqual([]);
      expect(await statusesOf(commands)).toEqual(['FAILED', 'SENT', 'PENDING']);
      expect((await settle(second, 'TIMEOUT')).sent).toEqual([
        { node: 'node-1', downlink: asyncCommandDownlink(third, deviceId) },
      ]);
    });

    it('wait while their device is away, frozen, or a child that is not ONLINE', async () => {
      const { store, given, scope } = fixture();
      const gateway = await given.device(scope, { online: true });
      const devices = [
        await given.device(scope),
        await given.device(scope, { frozen: true }),
        await given.device(scope, { parent: gateway }),
      ];
      const commands = devices.map(({ deviceId }) => aCommand({ deviceId }));
      expect((await insert(commands)).sent).toEqual([]);
      expect(await claim(devices.map(({ deviceId }) => deviceId))).toEqual([]);
      const [direct, , child] = devices.map(({ deviceId }) => deviceId) as [DeviceId, DeviceId, DeviceId];
      expect((await store.commands.listWaitingChildren(gateway.deviceId, '', 10)).deviceIds).toEqual([]);
      await given.connect(direct);
      await store.devices.setChildStatuses(gateway.deviceId, [{ deviceId: child, status: 'ONLINE' }], builtAt);
      expect(await store.commands.listWaitingChildren(gateway.deviceId, '', 10)).toEqual({
        deviceIds: [child],
        next: undefined,
      });
      expect((await claim([direct, child])).map(({ rootId }) => rootId).toSorted()).toEqual(
        [direct, gateway.deviceId].toSorted(),
      );
    });

    it('of children are looked through in steps', async () => {
      const { store, given, scope } = fixture();
      const gateway = await given.device(scope, { online: true });
      const children: DeviceId[] = [];
      for (let n = 0; n < 3; n++) children.push((await given.device(scope, { parent: gateway })).deviceId);
      await insert(children.map((deviceId) => aCommand({ deviceId })));
      const statuses = children.map((deviceId) => ({ deviceId, status: 'ONLINE' }) as const);
      await store.devices.setChildStatuses(gateway.deviceId, statuses, builtAt);
      const [one, two, three] = children.toSorted();
      const step = await store.commands.listWaitingChildren(gateway.deviceId, '', 2);
      expect(step).toEqual({ deviceIds: [one, two], next: two });
      const last = await store.commands.listWaitingChildren(gateway.deviceId, step.next ?? '', 2);
      expect(last).toEqual({ deviceIds: [three], next: undefined });
    });

    it('that must not wait leave past the queue, and hold nobody up', async () => {
      const { given, scope } = fixture();
      const { deviceId } = await given.device(scope, { online: true });
      const queued = [aCommand({ deviceId }), aCommand({ deviceId })];
      await insert(queued);
      const hasty = aCommand({ deviceId, request: atOnce });
      expect((await insert([hasty])).sent.map(({ downlink }) => downlink)).toEqual([
        asyncCommandDownlink(hasty, deviceId),
      ]);
      expect(await statusesOf([...queued, hasty])).toEqual(['SENT', 'PENDING', 'SENT']);
      const { sent } = await settle(queued[0] ?? hasty, 'SUCCESSFUL');
      expect(named(sent.map(({ downlink }) => downlink))).toEqual([queued[1]?.commandId]);
    });

    it('[device 33] are at most twenty PENDING ones of a device, also when they come together', async () => {
      const { given, scope } = fixture();
      const [{ deviceId }, { deviceId: other }] = [await given.device(scope), await given.device(scope)];
      await insert(Array.from({ length: 18 }, () => aCommand({ deviceId })));
      const more = [
        ...[1, 2, 3].map(() => aCommand({ deviceId })),
        aCommand({ deviceId: other }),
        aCommand({ deviceId, request: atOnce }),
      ];
      expect((await insert(more)).conflicts).toEqual([2]);
      expect(await statusesOf(more)).toEqual(['PENDING', 'PENDING', undefined, 'PENDING', 'SENT']);
    });

    it('leave once, and are counted once, however many see to them at the same moment', async () => {
      const { given, scope } = fixture();
      const { deviceId } = await given.device(scope);
      const commands = Array.from({ length: 25 }, () => aCommand({ deviceId }));
      const inserted = await Promise.all(commands.map((command) => insert([command])));
      expect(inserted.flatMap(({ conflicts }) => conflicts)).toHaveLength(5);
      await given.connect(deviceId);
      const claimed = await Promise.all(Array.from({ length: 8 }, () => claim([deviceId])));
      const [first, ...more] = named(claimed.flat());
      expect(more).toEqual([]);
      const command = { deviceId, commandId: asId<CommandId>(first ?? '') };
      const ended = await Promise.all(Array.from({ length: 8 }, () => settle(command, 'SUCCESSFUL', { result: {} })));
      expect(ended.flatMap(({ sent }) => sent)).toHaveLength(1);
    });

    it('of another project or of no device are not taken, and not ended', async () => {
      const { store, given, scope, other } = fixture();
      const { deviceId } = await given.device(scope, { online: true });
      const foreign = [aCommand({ deviceId }), aCommand({ deviceId: asId<DeviceId>('nobody') })];
      expect((await insert(foreign, other)).conflicts).toEqual([0, 1]);
      const command = await given.command(scope, { deviceId });
      await store.effects.apply(other.projectId, [
        { kind: 'settleCommand', deviceId, commandId: command.commandId, status: 'FAILED', at: builtAt, answerMs },
      ]);
      expect(await statusesOf([...foreign, command])).toEqual([undefined, undefined, 'SENT']);
    });

    it('are found by their answer while they have left and not ended', async () => {
      const { store, given, scope } = fixture();
      const gateway = await given.device(scope, { online: true });
      const { deviceId } = await given.device(scope, { parent: gateway, online: true });
      const run = { taskNo: 1, seq: 0, attempt: 1 };
      const [sent, waiting] = [await given.command(scope, { deviceId, run }), await given.command(scope, { deviceId })];
      const asked = [sent.commandId, waiting.commandId, asId<CommandId>('none')];
      expect(await store.commands.findSent(asked)).toEqual([
        { commandId: sent.commandId, deviceId, projectId: scope.projectId, rootId: gateway.deviceId, run },
      ]);
      await settle(sent, 'SUCCESSFUL', { result: {} });
      expect((await store.commands.findSent(asked)).map(({ commandId }) => commandId)).toEqual([waiting.commandId]);
    });

    it('wait again when nothing has left, and are looked at soon', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope, { online: true });
      const [queued, hasty] = [aCommand({ deviceId }), aCommand({ deviceId, request: atOnce })];
      await insert([queued, hasty]);
      const unsent = [queued, hasty].map(({ commandId }) => ({ commandId, kind: 'unsent', at: builtAt }) as const);
      await store.commands.note(unsent);
      expect(await statusesOf([queued, hasty])).toEqual(['PENDING', 'SENT']);
      expect(await store.commands.listDue(builtAt + 999, 10)).toEqual([]);
      const looked = {
        commandId: queued.commandId,
        deviceId,
        projectId: scope.projectId,
        run: undefined,
        end: undefined,
        again: false,
      };
      expect(await store.commands.listDue(builtAt + 1000, 10)).toEqual([looked]);
      expect(named(await claim([deviceId], builtAt + 1000))).toEqual([queued.commandId]);
    });

    it('that were looked at in vain rest until their time is over', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope);
      const session = await given.connect(deviceId);
      const command = await given.command(scope, { deviceId });
      await store.sessions.detach(deviceId, session, builtAt);
      await store.commands.note([{ commandId: command.commandId, kind: 'unsent', at: builtAt }]);
      expect(await store.commands.listDue(builtAt + 1000, 10)).toHaveLength(1);
      expect(await claim([deviceId], builtAt + 1000)).toEqual([]);
      expect(await store.commands.listDue(command.expiresAt - 1, 10)).toEqual([]);
      expect(await store.commands.listDue(command.expiresAt, 10)).toMatchObject([{ end: 'EXPIRED' }]);
    });

    it('have a time at which they end, whatever happens: the oldest first', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope, { online: true });
      const run = { taskNo: 1, seq: 0, attempt: 1 };
      const [sent, waiting] = [await given.command(scope, { deviceId, run }), await given.command(scope, { deviceId })];
      const { projectId } = scope;
      expect(await store.commands.listDue(builtAt + answerMs - 1, 10)).toEqual([]);
      expect(await store.commands.listDue(builtAt + answerMs, 10)).toEqual([
        { commandId: sent.commandId, deviceId, projectId, run, end: 'TIMEOUT', again: false },
      ]);
      expect((await store.commands.listDue(waiting.expiresAt, 10)).map(({ end }) => end)).toEqual([
        'TIMEOUT',
        'EXPIRED',
      ]);
      expect(await store.commands.listDue(waiting.expiresAt, 1)).toHaveLength(1);
      // What never left is not late with its answer; what is over does not leave any more.
      await settle(waiting, 'TIMEOUT', { at: waiting.expiresAt });
      await settle(sent, 'TIMEOUT', { at: waiting.expiresAt });
      expect(await statusesOf([sent, waiting])).toEqual(['TIMEOUT', 'EXPIRED']);
      expect(await store.commands.listDue(waiting.expiresAt * 2, 10)).toEqual([]);
    });

    it('do not leave after their time, and let the next one pass', async () => {
      const { given, scope } = fixture();
      const { deviceId } = await given.device(scope);
      const brief = { paras: {}, strategy: 'delay', cacheSeconds: 1 } as const;
      const commands = [aCommand({ deviceId, request: brief }), aCommand({ deviceId })];
      await insert(commands);
      await given.connect(deviceId);
      expect(named(await claim([deviceId], builtAt + 1000))).toEqual([commands[1]?.commandId]);
    });

    it('are withdrawn while they wait, and on their own once they have left', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope, { online: true });
      const run = { taskNo: 1, seq: 0, attempt: 1 };
      const commands = [await given.command(scope, { deviceId, run }), await given.command(scope, { deviceId, run })];
      await store.effects.apply(
        scope.projectId,
        commands.map(({ commandId }) => ({ kind: 'withdrawCommand', deviceId, commandId, at: builtAt })),
      );
      expect(await statusesOf(commands)).toEqual(['SENT', 'EXPIRED']);
      const found = await store.commands.findSent(commands.map(({ commandId }) => commandId));
      expect(found).toMatchObject([{ commandId: commands[0]?.commandId, run: undefined }]);
    });

    it('keep the time of a PUBACK that was stored after the answer, and never go back', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope, { online: true });
      const { commandId } = await given.command(scope, { deviceId });
      await settle({ deviceId, commandId }, 'SUCCESSFUL', { result: {} });
      await store.commands.note([{ commandId, kind: 'unsent', at: builtAt }]);
      for (const at of [builtAt + 5, builtAt + 6]) await store.commands.note([{ commandId, kind: 'delivered', at }]);
      expect(await store.commands.find(deviceId, commandId)).toMatchObject({
        ...{ status: 'SUCCESSFUL', deliveredAt: builtAt + 5 },
      });
    });

    it('are listed by pages, filtered by state, name and time of creation, and counted', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope);
      const { deviceId: other } = await given.device(scope);
      await given.command(scope, { deviceId: other });
      const made = [];
      for (let n = 0; n < 12; n++) {
        const request = { paras: {}, commandName: n < 6 ? 'a' : 'b', strategy: 'delay', cacheSeconds: 60 } as const;
        made.push(await given.command(scope, { deviceId, request, createdAt: builtAt + n }));
      }
      const current: readonly AsyncCommandStatus[] = currentCommandStatuses;
      await expectPaging(
        (page) => store.commands.list(deviceId, { statuses: current }, page),
        made.map(({ recordId }) => recordId),
      );
      await settle(made[3] as NewAsyncCommand, 'EXPIRED');
      const count = (filter: object) => store.commands.count(deviceId, { statuses: current, ...filter });
      expect(await count({})).toBe(11);
      expect(await count({ commandName: 'a' })).toBe(5);
      expect(await count({ createdFrom: builtAt + 2, createdTo: builtAt + 4 })).toBe(2);
      expect(await count({ statuses: historyCommandStatuses })).toBe(1);
      const history = await store.commands.list(deviceId, { statuses: historyCommandStatuses }, firstPage);
      expect(history.items.map(({ commandId }) => commandId)).toEqual([made[3]?.commandId]);
    });

    it('are forgotten some time after their end, and with their device', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope);
      const commands = [1, 2, 3, 4].map(() => aCommand({ deviceId }));
      await insert(commands);
      for (const [index, command] of commands.slice(0, 3).entries())
        await settle(command, 'EXPIRED', { at: 100 + index });
      expect(await store.commands.purge(102, 1)).toBe(1);
      expect(await store.commands.purge(102, 10)).toBe(1);
      expect(await store.commands.purge(102, 10)).toBe(0);
      expect(await statusesOf(commands)).toEqual([undefined, undefined, 'EXPIRED', 'PENDING']);
      await store.devices.delete(scope.projectId, deviceId, builtAt);
      expect(await statusesOf(commands)).toEqual([undefined, undefined, undefined, undefined]);
    });
  });
}
