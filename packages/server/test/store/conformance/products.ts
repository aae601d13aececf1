import { describe, expect, it } from 'vitest';
import { asId, type AppId, type ProductId } from '../../../src/domain/ids.ts';
import { aProduct } from '../../builders/catalogue-builders.ts';
import { expectPaging, expectProblem, firstPage, type MakeStore, useStore } from './store-fixture.ts';

const productId = asId<ProductId>('press');

export function describeProducts(makeStore: MakeStore): void {
  describe('products', () => {
    const fixture = useStore(makeStore);

    it('keeps every field, absent ones absent', async () => {
      const { store, given, scope } = fixture();
      const bare = await given.product(scope);
      expect(await store.products.find(scope.projectId, bare.productId)).toEqual(bare);
      const full = await given.product(scope, {
        model: 'M1',
        manufacturerId: 'acme',
        manufacturerName: 'Acme',
        industry: 'metal',
        description: 'presses "metal"',
        customTopics: ['alarm'],
        capabilities: [
          {
            service_id: 's',
            service_type: 't',
            properties: [{ property_name: 'p', data_type: 'int', method: 'RW', default_value: 0 }],
          },
        ],
      });
      expect(await store.products.find(scope.projectId, full.productId)).toEqual(full);
      expect(full.appName).toBe('DefaultApp');
    });

    it('takes an id once per application', async () => {
      const { given, scope } = fixture();
      await given.product(scope, { productId });
      await expectProblem(given.product(scope, { productId }), 'productExists');
      await given.product({ ...scope, appId: (await given.app(scope)).appId }, { productId });
    });

    it('finds the default application’s first, else the oldest of that id', async () => {
      const { store, given, scope } = fixture();
      const older = await given.product({ ...scope, appId: (await given.app(scope)).appId }, { productId });
      const newer = await given.product({ ...scope, appId: (await given.app(scope)).appId }, { productId });
      expect(await store.products.find(scope.projectId, productId)).toEqual(older);
      expect(await store.products.find(scope.projectId, productId, newer.appId)).toEqual(newer);
      const byDefault = await given.product(scope, { productId });
      expect(await store.products.find(scope.projectId, productId)).toEqual(byDefault);
    });

    it('refuses an unknown application and one too many', async () => {
      const { store, scope, other } = fixture();
      const foreign = aProduct({ projectId: scope.projectId, appId: other.appId });
      await expectProblem(store.products.insert(foreign, 10), 'appNotFound');
      await store.products.insert(aProduct(scope), 1);
      await expectProblem(store.products.insert(aProduct(scope), 1), 'productLimit');
    });

    it('changes what is named and leaves the rest', async () => {
      const { store, given, scope } = fixture();
      const product = await given.product(scope, { industry: 'metal' });
      const changed = await store.products.update(product, { name: 'new', description: 'd' });
      expect(changed).toEqual({ ...product, name: 'new', description: 'd' });
      expect(await store.products.find(scope.projectId, product.productId)).toEqual(changed);
      await expectProblem(store.products.update({ ...product, appId: asId<AppId>('no') }, {}), 'productNotFound');
    });

    it('deletes one without devices and packages', async () => {
      const { store, given, scope } = fixture();
      const product = await given.product(scope);
      const device = await given.device(scope, { product });
      await expectProblem(store.products.delete(product), 'productInUse');
      await store.devices.delete(scope.projectId, device.deviceId, 1);
      const { packageId } = await given.pkg(scope, { productId: product.productId });
      await expectProblem(store.products.delete(product), 'productInUse');
      await store.packages.delete(scope.projectId, packageId);
      await store.products.delete(product);
      await expectProblem(store.products.delete(product), 'productNotFound');
    });

    it('pages them, by application and exact name', async () => {
      const { store, given, scope, other } = fixture();
      await given.product(other);
      const app = { ...scope, appId: (await given.app(scope)).appId };
      const here = await Promise.all(Array.from({ length: 6 }, () => given.product(scope, { name: 'same' })));
      const there = await given.product(app, { name: 'same' });
      const ids = here.map(({ recordId }) => recordId);
      await expectPaging((page) => store.products.list({ projectId: scope.projectId }, page), [...ids, there.recordId]);
      await expectPaging((page) => store.products.list(scope, page), ids);
      expect((await store.products.list({ ...scope, name: 'sam' }, firstPage)).count).toBe(0);
      expect((await store.products.list({ ...app, name: 'same' }, firstPage)).items).toEqual([there]);
    });
  });
}
