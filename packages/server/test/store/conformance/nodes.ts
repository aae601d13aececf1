import { describe, expect, it } from 'vitest';
import { asId, type CommandId, type DeviceId } from '../../../src/domain/ids.ts';
import type { Downlink } from '../../../src/domain/downlink.ts';
import type { NodeLetter } from '../../../src/domain/node-letter.ts';
import { type MakeStore, useStore } from './store-fixture.ts';

const letter = (requestId: string): NodeLetter => ({
  kind: 'reply',
  rootId: asId<DeviceId>('d'),
  requestId,
  reply: { resultCode: 0, body: {} },
});

const commandFor = (rootId: DeviceId): Downlink => ({
  deviceId: rootId,
  rootId,
  content: { kind: 'command', requestId: `r-${rootId}`, paras: {} },
});

export function describeNodes(makeStore: MakeStore): void {
  describe('nodes', () => {
    const fixture = useStore(makeStore);
    const nodes = () => fixture().store.nodes;
    const one = { name: 'one', instance: 'a' };
    const two = { name: 'two', instance: 'b' };
    /** Everybody has been silent for as long. */
    const buryAll = { silentMs: -1000, at: 5, limit: 100 };
    const attach = (deviceId: DeviceId, node: string) =>
      fixture().store.sessions.attach({ deviceId, node, address: '::1', at: 1 });

    it('live as long as they beat, by the database’s clock', async () => {
      const registered = await nodes().register(one);
      expect(registered).toMatchObject({ isOurs: true, isReplaced: false });
      const beat = await nodes().beat(one);
      expect(beat).toMatchObject({ isOurs: true });
      expect(beat.now).toBeGreaterThanOrEqual(registered.now);
      expect(Math.abs(beat.now - Date.now())).toBeLessThan(60_000);
    });

    it('lose their name to whoever takes it later, and learn of it', async () => {
      await nodes().register(one);
      const later = { ...one, instance: 'later' };
      await nodes().register(later);
      expect(await nodes().beat(one)).toMatchObject({ isOurs: false, isReplaced: true });
      expect(await nodes().beat(later)).toMatchObject({ isOurs: true });
      // Nor does the older life take the newer one along.
      await nodes().leave(one);
      expect(await nodes().beat(later)).toMatchObject({ isOurs: true });
    });

    it('are given up after their silence: sessions in steps, letters, and the node itself', async () => {
      const { given, scope, store } = fixture();
      await nodes().register(one);
      const ids = await given.devices(scope, 5);
      for (const deviceId of ids) await attach(deviceId, 'one');
      await nodes().post('one', [letter('lost')]);
      expect(await nodes().bury({ silentMs: 60_000, at: 5, limit: 2 })).toBeUndefined();
      expect(await nodes().bury({ ...buryAll, limit: 2 })).toEqual(expect.any(String));
      expect(await nodes().beat(one)).toMatchObject({ isOurs: false, isReplaced: false });
      while ((await nodes().bury({ ...buryAll, limit: 2 })) !== undefined);
      expect(await nodes().take('one', 10)).toEqual([]);
      expect(await store.sessions.earliestEnded()).toBe(5);
      expect(await store.sessions.settleOffline(5, 10)).toBe(5);
    });

    it('come back after they were given up, with nothing of before', async () => {
      const { given, scope, store } = fixture();
      await nodes().register(one);
      const [before, after] = (await given.devices(scope, 2)) as [DeviceId, DeviceId];
      await attach(before, 'one');
      await nodes().bury({ ...buryAll, limit: 1 });
      const again = { ...one, instance: 'again' };
      await nodes().register(again);
      await attach(after, 'one');
      expect(await nodes().bury({ silentMs: 60_000, at: 6, limit: 100 })).toBeUndefined();
      expect(await nodes().beat(again)).toMatchObject({ isOurs: true });
      expect((await store.sessions.findReach(scope.projectId, after))?.reachable).toBe(true);
    });

    it('get letters in order, each once', async () => {
      await nodes().register(one);
      await nodes().post('one', [letter('1'), letter('2')]);
      await nodes().post('one', [letter('3')]);
      expect(await nodes().take('two', 10)).toEqual([]);
      expect(await nodes().take('one', 2)).toEqual([letter('1'), letter('2')]);
      expect(await nodes().take('one', 2)).toEqual([letter('3')]);
      expect(await nodes().take('one', 2)).toEqual([]);
    });

    it('get what is said to all, but for whoever says it', async () => {
      await nodes().register(one);
      await nodes().register(two);
      await nodes().broadcast('one', letter('all'));
      expect(await nodes().take('one', 10)).toEqual([]);
      expect(await nodes().take('two', 10)).toEqual([letter('all')]);
    });

    it('get the downlinks of the devices that they hold; the others are named', async () => {
      const { given, scope } = fixture();
      await nodes().register(one);
      await nodes().register(two);
      const [here, there, nowhere] = (await given.devices(scope, 3)) as [DeviceId, DeviceId, DeviceId];
      await attach(here, 'one');
      await attach(there, 'two');
      const downlinks = [commandFor(here), commandFor(there), commandFor(nowhere)];
      expect(await nodes().postDownlinks('one', downlinks)).toEqual([0, 2]);
      // Who waits for the answer to a command is said with it.
      expect(await nodes().take('two', 10)).toEqual([
        { kind: 'downlink', downlink: commandFor(there), replyTo: 'one' },
      ]);
      expect(await nodes().postDownlinks('one', [])).toEqual([]);
    });

    it('are told who waits for an answer, of every request that somebody waits for, and of no other', async () => {
      const { given, scope } = fixture();
      await nodes().register(two);
      const [deviceId] = (await given.devices(scope, 1)) as [DeviceId];
      await attach(deviceId, 'two');
      const contents: readonly Downlink['content'][] = [
        { kind: 'properties-get', requestId: 'r', serviceId: 's' },
        { kind: 'properties-set', requestId: 'r', services: [], isAwaited: true },
        { kind: 'properties-set', requestId: 'r', services: [] },
        { kind: 'async-command', commandId: asId<CommandId>('c'), paras: {} },
      ];
      const downlinks = contents.map((content): Downlink => ({ deviceId, rootId: deviceId, content }));
      expect(await nodes().postDownlinks('one', downlinks)).toEqual([]);
      const letters = await nodes().take('two', 10);
      expect(letters.map((taken) => taken.kind === 'downlink' && taken.replyTo)).toEqual([
        ...['one', 'one'],
        ...[undefined, undefined],
      ]);
    });

    it('close the older session of a device that has come to another', async () => {
      const { given, scope } = fixture();
      await nodes().register(one);
      const [deviceId] = (await given.devices(scope, 1)) as [DeviceId];
      await attach(deviceId, 'one');
      const newer = await attach(deviceId, 'two');
      expect(await nodes().take('one', 10)).toEqual([
        { kind: 'close', deviceIds: [deviceId], reason: 'taken-over', olderThan: newer?.session.epoch },
      ]);
    });

    it('leave no letters behind for ones that are gone', async () => {
      await nodes().register(two);
      await nodes().post('gone', [letter('x')]);
      await nodes().post('two', [letter('y')]);
      expect(await nodes().bury({ silentMs: 60_000, at: 1, limit: 10 })).toBeUndefined();
      expect(await nodes().take('gone', 10)).toEqual([]);
      expect(await nodes().take('two', 10)).toEqual([letter('y')]);
    });

    it('agree on what the first of them says of the installation', async () => {
      const { meta } = fixture().store;
      const claims = await Promise.all(['x', 'y', 'z'].map((value) => meta.claim('package-folder', value)));
      expect(new Set(claims).size).toBe(1);
      expect(await meta.claim('package-folder', 'later')).toBe(claims[0]);
    });
  });
}
