import { describe, expect, it } from 'vitest';
import { anApp } from '../../builders/account-builders.ts';
import { expectProblem, type MakeStore, useStore } from './store-fixture.ts';

export function describeApps(makeStore: MakeStore): void {
  describe('applications', () => {
    const fixture = useStore(makeStore);

    it('stores, finds and lists them, newest first', async () => {
      const { store, given, scope } = fixture();
      const app = await given.app(scope);
      expect(await store.apps.find(scope.projectId, app.appId)).toEqual(app);
      expect((await store.apps.list(scope.projectId)).map(({ appId }) => appId)).toEqual([app.appId, scope.appId]);
      expect((await store.apps.list(scope.projectId, true)).map(({ appId }) => appId)).toEqual([scope.appId]);
      expect(await store.apps.list(scope.projectId, false)).toEqual([app]);
    });

    it('refuses a name that the project has, and takes one that another project has', async () => {
      const { store, given, scope, other } = fixture();
      const app = await given.app(scope);
      await expectProblem(given.app(scope, { name: app.name }), 'appNameTaken');
      await given.app(other, { name: app.name });
      const second = await given.app(scope);
      await expectProblem(store.apps.rename(scope.projectId, second.appId, app.name), 'appNameTaken');
      expect((await store.apps.rename(scope.projectId, second.appId, 'new')).name).toBe('new');
    });

    it('refuses one too many, the default one counted', async () => {
      const { store, scope } = fixture();
      await store.apps.insert(anApp({ projectId: scope.projectId }), 2);
      await expectProblem(store.apps.insert(anApp({ projectId: scope.projectId }), 2), 'appLimit');
    });

    it('deletes an empty one alone: not the default, not one with product, group, or unfinished task', async () => {
      const { store, given, scope } = fixture();
      await expectProblem(store.apps.delete(scope.projectId, scope.appId), 'appInUse');
      const used = { ...scope, appId: (await given.app(scope)).appId };
      const group = await given.group(used);
      await expectProblem(store.apps.delete(scope.projectId, used.appId), 'appInUse');
      await store.groups.delete(scope.projectId, group.groupId);
      const product = await given.product(used);
      await expectProblem(store.apps.delete(scope.projectId, used.appId), 'appInUse');
      await store.products.delete(product);
      await given.task(used);
      await expectProblem(store.apps.delete(scope.projectId, used.appId), 'appInUse');
    });

    it('deletes one whose tasks have all ended', async () => {
      const { store, given, scope } = fixture();
      const used = { ...scope, appId: (await given.app(scope)).appId };
      await given.finishedTask(used);
      await store.apps.delete(scope.projectId, used.appId);
      await expectProblem(store.apps.delete(scope.projectId, used.appId), 'appNotFound');
    });
  });
}
