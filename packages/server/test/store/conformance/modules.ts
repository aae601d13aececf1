import { describe, expect, it } from 'vitest';
import { asId, type ModuleId } from '../../../src/domain/ids.ts';
import { Problem } from '../../../src/domain/problem.ts';
import { anOtaModule, aPackage } from '../../builders/catalogue-builders.ts';
import { expectPaging, expectProblem, firstPage, type MakeStore, useStore } from './store-fixture.ts';

export function describeModules(makeStore: MakeStore): void {
  describe('modules', () => {
    const fixture = useStore(makeStore);

    it('keep every field, absent ones absent', async () => {
      const { store, given, scope } = fixture();
      const product = await given.product(scope);
      for (const fields of [{}, { aliasName: '', description: '' }, { aliasName: '泵', description: 'd' }]) {
        const module = anOtaModule({ ...scope, productId: product.productId, ...fields });
        const stored = await store.modules.insert(module, 10);
        expect(stored).toEqual({ ...module, productName: product.name });
        expect(await store.modules.find(scope.projectId, module.moduleId)).toEqual(stored);
      }
    });

    it('are one per product and name, of a product that exists', async () => {
      const { store, given, scope, other } = fixture();
      const first = await given.module(scope, { name: 'motor' });
      await expectProblem(given.module(scope, { productId: first.productId, name: 'motor' }), 'moduleNameTaken');
      await given.module(scope, { name: 'motor' });
      const { productId } = await given.product(other);
      const foreign = store.modules.insert(anOtaModule({ ...scope, productId }), 10);
      expect((await expectProblem(foreign, 'productNotFound')).status).toBe(400);
    });

    it('are at most so many per product, however many come at once', async () => {
      const { store, given, scope } = fixture();
      const { productId } = await given.product(scope);
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, () => store.modules.insert(anOtaModule({ ...scope, productId }), 10)),
      );
      const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
      expect(refused).toHaveLength(10);
      for (const reason of refused) expect(reason).toMatchObject({ problem: 'moduleLimit' });
      const { items } = await store.modules.list({ ...scope, productId }, firstPage);
      expect(items).toHaveLength(10);
      await expectProblem(given.module(scope, { productId, name: items[0]?.name ?? '' }), 'moduleNameTaken');
    });

    it('change what is named and leave the rest', async () => {
      const { store, given, scope } = fixture();
      const module = await given.module(scope, { aliasName: 'a', description: 'd' });
      const { projectId, moduleId } = module;
      const changed = { ...module, aliasName: '' };
      expect(await store.modules.update(projectId, moduleId, { aliasName: '' })).toEqual(changed);
      expect(await store.modules.update(projectId, moduleId, {})).toEqual(changed);
      expect(await store.modules.find(projectId, moduleId)).toEqual(changed);
      await expectProblem(store.modules.update(projectId, asId<ModuleId>('no'), {}), 'moduleNotFound');
    });

    it('are held by their packages, and no others', async () => {
      const { store, given, scope } = fixture();
      const { productId, name, moduleId } = await given.module(scope);
      await given.module(scope, { name });
      const pkg = await given.pkg(scope, { productId, type: 'modulePackage', moduleName: name });
      await expectProblem(store.modules.delete(scope.projectId, moduleId), 'moduleInUse');
      await store.packages.delete(scope.projectId, pkg.packageId);
      await store.modules.delete(scope.projectId, moduleId);
      await expectProblem(store.modules.delete(scope.projectId, moduleId), 'moduleNotFound');
      const late = given.pkg(scope, { productId, type: 'modulePackage', moduleName: name });
      expect((await expectProblem(late, 'moduleNotFound')).status).toBe(400);
    });

    it('do not go while a package of them is made: one of the two is refused', async () => {
      const { store, given, scope } = fixture();
      const { productId } = await given.product(scope);
      for (let round = 0; round < 10; round += 1) {
        const { moduleId, name } = await given.module(scope, { productId });
        const pkg = aPackage({ ...scope, productId, type: 'modulePackage', moduleName: name });
        const both = [store.packages.insert(pkg), store.modules.delete(scope.projectId, moduleId)];
        const results = await Promise.allSettled(both);
        const lost = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
        expect(lost).toEqual([expect.any(Problem)]);
        if ((await store.modules.find(scope.projectId, moduleId)) === undefined) continue;
        await store.packages.delete(scope.projectId, pkg.packageId);
        await store.modules.delete(scope.projectId, moduleId);
      }
    });

    it('go with their product', async () => {
      const { store, given, scope } = fixture();
      const product = await given.product(scope);
      const { moduleId } = await given.module(scope, { productId: product.productId });
      await store.products.delete(product);
      expect(await store.modules.find(scope.projectId, moduleId)).toBeUndefined();
    });

    it('page, by application and product', async () => {
      const { store, given, scope, other } = fixture();
      await given.module(other);
      await given.module({ ...scope, appId: (await given.app(scope)).appId });
      const { productId } = await given.product(scope);
      const here = await Promise.all(Array.from({ length: 5 }, () => given.module(scope, { productId })));
      const elsewhere = await given.module(scope);
      const ids = here.map(({ recordId }) => recordId);
      await expectPaging((page) => store.modules.list(scope, page), [...ids, elsewhere.recordId]);
      await expectPaging((page) => store.modules.list({ ...scope, productId }, page), ids);
    });
  });
}
