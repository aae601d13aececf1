import { describe, expect, it } from 'vitest';
import { asId, type DeviceId } from '../../../src/domain/ids.ts';
import { Problem } from '../../../src/domain/problem.ts';
import { aDevice } from '../../builders/device-builders.ts';
import { firstPage, type MakeStore, useStore } from './store-fixture.ts';

export function describeConcurrency(makeStore: MakeStore): void {
  describe('many calls at once', () => {
    const fixture = useStore(makeStore);

    it('let one of twenty equal inserts win and tell the others why', async () => {
      const { store, given, scope } = fixture();
      const { productId } = await given.product(scope);
      const nodeId = 'the-one';
      const inserts = Array.from({ length: 20 }, () => store.devices.insert(aDevice({ ...scope, productId, nodeId })));
      const results = await Promise.allSettled(inserts);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const lost = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
      for (const reason of lost) expect(reason).toMatchObject({ problem: 'deviceExists' });
    });

    it('do not harm each other where some fail', async () => {
      const { store, given, scope } = fixture();
      const { productId } = await given.product(scope);
      const results = await Promise.allSettled(
        Array.from({ length: 300 }, (_, n) =>
          n % 3 === 0
            ? store.devices.delete(scope.projectId, asId<DeviceId>(`nobody-${n}`), 1)
            : store.devices.insert(aDevice({ ...scope, productId, nodeId: `node-${n}` })),
        ),
      );
      const failed = results.filter(({ status }) => status === 'rejected');
      expect(failed).toHaveLength(100);
      for (const result of failed) {
        if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(Problem);
      }
      expect((await store.devices.list({ ...scope, productId }, firstPage)).count).toBe(200);
    });

    it('give every connection of a device its own epoch, each replacing the one before', async () => {
      const { store, given, scope } = fixture();
      const { deviceId } = await given.device(scope);
      const attached = await Promise.all(
        Array.from({ length: 50 }, (_, n) =>
          store.sessions.attach({ deviceId, node: `node-${n % 3}`, address: '::1', at: n }),
        ),
      );
      // Whatever order they went in: every one has replaced the one before it.
      const inOrder = attached.toSorted((a, b) => (a?.session.epoch ?? 0) - (b?.session.epoch ?? 0));
      expect(new Set(inOrder.map((session) => session?.session.epoch)).size).toBe(50);
      expect(inOrder[0]?.replaced).toBeUndefined();
      expect(inOrder.slice(1).map((session) => session?.replaced)).toEqual(
        inOrder.slice(0, -1).map((session) => session?.session),
      );
    });

    it('let a package be named by a new task or deleted, never both', async () => {
      const { store, given, scope } = fixture();
      const packages = await Promise.all(Array.from({ length: 40 }, () => given.pkg(scope)));
      const results = await Promise.all(
        packages.map(async ({ packageId }) => {
          const both = [given.task(scope, { packageId }), store.packages.delete(scope.projectId, packageId)];
          return await Promise.allSettled<unknown>(both);
        }),
      );
      for (const both of results) {
        const refused = both.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
        expect(refused).toHaveLength(1);
        const [reason] = refused as [Problem];
        expect(['packageNotFound', 'packageInUse']).toContain(reason.problem);
      }
    });

    it('see in a read what every write before it has stored', async () => {
      const { store, given, scope } = fixture();
      const { productId } = await given.product(scope);
      await Promise.all(
        Array.from({ length: 50 }, async () => {
          const { deviceId } = await store.devices.insert(aDevice({ ...scope, productId }));
          expect(await store.devices.find(scope.projectId, deviceId)).toBeDefined();
        }),
      );
    });

    it('fill a group to its count of members', async () => {
      const { store, given, scope } = fixture();
      const group = await given.group(scope);
      const ids = await given.devices(scope, 40);
      const { projectId } = scope;
      const added = await Promise.all(
        ids.map((id) => store.groups.addMembers(projectId, group.groupId, [id, ...ids.slice(0, 5)])),
      );
      expect(added.reduce((sum, count) => sum + count, 0)).toBe(40);
      expect((await store.groups.listMembers(projectId, group.groupId, firstPage)).count).toBe(40);
    });
  });
}
