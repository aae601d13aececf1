import { describe, expect, it } from 'vitest';
import { type ProductTraits, traitsOf } from '../../../src/domain/product.ts';
import { asId, type PackageId } from '../../../src/domain/ids.ts';
import { aPackage, aPackageFile } from '../../builders/catalogue-builders.ts';
import { builtAt } from '../../builders/chance.ts';
import { expectPaging, expectProblem, firstPage, type MakeStore, useStore } from './store-fixture.ts';

export function describePackages(makeStore: MakeStore): void {
  describe('packages', () => {
    const fixture = useStore(makeStore);

    it('keep every field, in an object store or with a file', async () => {
      const { store, given, scope } = fixture();
      const product = await given.product(scope);
      const file = aPackageFile({ projectId: scope.projectId });
      await store.packages.insertFile(file);
      await given.module(scope, { productId: product.productId, name: 'motor' });
      const wanted = [
        aPackage({ ...scope, productId: product.productId }),
        aPackage({
          ...scope,
          productId: product.productId,
          type: 'modulePackage',
          moduleName: 'motor',
          sourceVersions: ['1', '2'],
          description: 'd',
          customInfo: '{"a":1}',
          location: { kind: 'file', file },
        }),
      ];
      for (const pkg of wanted) {
        const stored = await store.packages.insert(pkg);
        expect(stored).toEqual({ ...pkg, productName: product.name, traits: traitsOf(product) });
        expect(await store.packages.find(scope.projectId, pkg.packageId)).toEqual(stored);
      }
    });

    it('are one per product, type, module and version', async () => {
      const { given, scope } = fixture();
      const first = await given.pkg(scope);
      const { productId, version } = first;
      await expectProblem(given.pkg(scope, { productId, version }), 'packageExists');
      await given.pkg(scope, { productId, version, type: 'softwarePackage' });
      for (const name of ['a', 'b']) await given.module(scope, { productId, name });
      await given.pkg(scope, { productId, version, type: 'modulePackage', moduleName: 'a' });
      await given.pkg(scope, { productId, version, type: 'modulePackage', moduleName: 'b' });
      await given.pkg(scope, { version });
    });

    it('refuse an unknown product', async () => {
      const { store, given, scope, other } = fixture();
      const { productId } = await given.product(other);
      await expectProblem(store.packages.insert(aPackage({ ...scope, productId })), 'productNotFound');
    });

    it('take a file once, and only one of their project', async () => {
      const { store, given, scope, other } = fixture();
      const file = aPackageFile({ projectId: scope.projectId });
      const foreign = aPackageFile({ projectId: other.projectId });
      await store.packages.insertFile(file);
      await store.packages.insertFile(foreign);
      const free = () => store.packages.findFreeFile(scope.projectId, file.fileId);
      expect(await free()).toEqual(file);
      await given.pkg(scope, { location: { kind: 'file', file } });
      expect(await free()).toBeUndefined();
      await expectProblem(given.pkg(scope, { location: { kind: 'file', file } }), 'packageFileUnusable');
      await expectProblem(given.pkg(scope, { location: { kind: 'file', file: foreign } }), 'packageFileUnusable');
      expect((await store.packages.list({ ...scope, types: ['firmwarePackage'] }, firstPage)).count).toBe(1);
    });

    it('leave stale files, which are dropped oldest first and stay dropped until they are forgotten', async () => {
      const { store, given, scope } = fixture();
      const files = [3, 1, 2, 9].map((day) => aPackageFile({ projectId: scope.projectId, uploadedAt: day }));
      for (const file of files) await store.packages.insertFile(file);
      const [third, first, second, fresh] = files;
      if (third !== undefined) await given.pkg(scope, { location: { kind: 'file', file: third } });
      const drop = async (limit: number) => [...(await store.packages.dropStaleFiles(9, limit))].sort();
      const ids = (...of: (typeof first)[]) => of.flatMap((file) => file?.fileId ?? []).sort();
      expect(await drop(1)).toEqual(ids(first));
      expect(await drop(10)).toEqual(ids(first, second));
      expect(first && (await store.packages.findFreeFile(scope.projectId, first.fileId))).toBeUndefined();
      await store.packages.forgetFiles(ids(first, fresh, third));
      expect(await drop(10)).toEqual(ids(second));
      await store.packages.forgetFiles(ids(second));
      expect(await drop(10)).toEqual([]);
      expect(fresh && (await store.packages.findFreeFile(scope.projectId, fresh.fileId))).toEqual(fresh);
    });

    it('take a file that has come to its end, and none that is still coming or was given up', async () => {
      const { store, given, scope } = fixture();
      const file = aPackageFile({ projectId: scope.projectId });
      const { size: _size, sha256: _sha256, ...incoming } = file;
      await store.packages.insertFile(incoming);
      const free = () => store.packages.findFreeFile(scope.projectId, file.fileId);
      expect(await free()).toBeUndefined();
      await expectProblem(given.pkg(scope, { location: { kind: 'file', file } }), 'packageFileUnusable');
      expect(await store.packages.keepFile(file)).toBe(true);
      expect(await free()).toEqual(file);
      await store.packages.dropFile(file.fileId);
      expect(await free()).toBeUndefined();
      expect(await store.packages.keepFile(file)).toBe(false);
      await expectProblem(given.pkg(scope, { location: { kind: 'file', file } }), 'packageFileUnusable');
    });

    it('leave their file dropped when they go, unless an unfinished task uses them', async () => {
      const { store, given, scope } = fixture();
      const file = aPackageFile({ projectId: scope.projectId });
      await store.packages.insertFile(file);
      const pkg = await given.pkg(scope, { location: { kind: 'file', file } });
      const task = await given.task(scope, { packageId: pkg.packageId });
      await expectProblem(store.packages.delete(scope.projectId, pkg.packageId), 'packageInUse');
      await store.subtasks.expand(task.taskNo, { now: builtAt, limit: 10 });
      await expectProblem(store.packages.delete(scope.projectId, pkg.packageId), 'packageInUse');
      const unused = await given.pkg(scope);
      expect(await store.packages.delete(scope.projectId, unused.packageId)).toEqual(unused);
      const another = aPackageFile({ projectId: scope.projectId });
      await store.packages.insertFile(another);
      const withFile = await given.pkg(scope, { location: { kind: 'file', file: another } });
      expect(await store.packages.delete(scope.projectId, withFile.packageId)).toEqual(withFile);
      expect(await store.packages.dropStaleFiles(0, 10)).toEqual([another.fileId]);
      await expectProblem(store.packages.delete(scope.projectId, unused.packageId), 'packageNotFound');
      await expectProblem(store.packages.delete(scope.projectId, asId<PackageId>('no')), 'packageNotFound');
    });

    it('are told of and found by when they are gone, as long as a task names them', async () => {
      const { store, given, scope, other } = fixture();
      const product = await given.product(scope, { deviceType: 'Pump', manufacturerName: 'Acme' });
      const { packageId, version } = await given.pkg(scope, { productId: product.productId });
      const types = ['firmwareUpgrade', 'softwareUpgrade'] as const;
      const upgrade = { packageId, type: 'firmwareUpgrade' } as const;
      const tasks = [await given.task(scope, upgrade), await given.task(scope, upgrade)];
      for (const task of tasks) await given.finish(task);
      const told = () => store.targets.findTaskPackages(scope, [packageId, 'no']);
      const found = async (traits: Partial<ProductTraits>) =>
        (await store.tasks.list({ ...scope, types, traits }, firstPage)).items.map(({ taskNo }) => taskNo).toSorted();
      const before = new Map([
        [packageId, { type: 'firmwarePackage', productId: product.productId, version, traits: traitsOf(product) }],
      ]);
      expect(await told()).toEqual(before);

      await store.packages.delete(scope.projectId, packageId);
      await store.products.delete(product);
      expect([await told(), (await store.targets.findPackages(scope, [packageId])).size]).toEqual([before, 0]);
      const numbers = tasks.map(({ taskNo }) => taskNo);
      for (const name of ['deviceType', 'model', 'manufacturerName'] as const) {
        expect(await found({ [name]: traitsOf(product)[name] })).toEqual(numbers);
        expect(await found({ [name]: 'other' })).toEqual([]);
      }
      expect((await store.targets.findTaskPackages(other, [packageId])).size).toBe(0);

      for (const { taskId } of tasks) {
        expect((await told()).size).toBe(1);
        await store.tasks.delete(scope.projectId, taskId);
      }
      expect((await told()).size).toBe(0);
    });

    it('page, by type and every other filter', async () => {
      const { store, given, scope, other } = fixture();
      await given.pkg(other);
      const { productId } = await given.product(scope);
      const here = await Promise.all(Array.from({ length: 5 }, () => given.pkg(scope, { productId })));
      const elsewhere = await given.pkg(scope, { version: 'special' });
      await given.pkg(scope, { type: 'softwarePackage' });
      const ids = here.map(({ recordId }) => recordId);
      const filter = { projectId: scope.projectId, types: ['firmwarePackage'] } as const;
      await expectPaging((page) => store.packages.list(filter, page), [...ids, elsewhere.recordId]);
      await expectPaging((page) => store.packages.list({ ...filter, productId, appId: scope.appId }, page), ids);
      const special = await store.packages.list({ ...filter, version: 'special' }, firstPage);
      expect(special.items).toEqual([elsewhere]);
    });

    it('are of several types at once, and of products with some traits, names standing for what a product leaves out', async () => {
      const { store, given, scope } = fixture();
      // What no database reads of a document must not keep it from being read.
      const odd = { property_name: 'p', data_type: 'string', method: 'R', default_value: { a: '\0\ud800 \\u0000' } };
      const capabilities = [{ service_id: 's', service_type: 's', properties: [odd] }];
      const full = await given.product(scope, {
        ...{ capabilities, deviceType: 'Pump', protocolType: 'CoAP', model: 'M"1', manufacturerName: 'Müller' },
        manufacturerId: 'mid',
      });
      const bare = await given.product(scope, { name: 'Lamp', manufacturerName: 'Acme' });
      const pump = await given.pkg(scope, { productId: full.productId });
      const software = await given.pkg(scope, { productId: bare.productId, type: 'softwarePackage' });
      await given.pkg(scope, { productId: bare.productId, type: 'modulePackage' });
      expect(pump.traits).toEqual(traitsOf(full));
      expect(software.traits).toEqual({
        ...{
          deviceType: 'Press',
          model: 'Lamp',
          protocolType: 'MQTT',
          manufacturerName: 'Acme',
          manufacturerId: 'Acme',
        },
      });
      const types = ['firmwarePackage', 'softwarePackage'] as const;
      const found = async (traits: Partial<ProductTraits>) =>
        (await store.packages.list({ projectId: scope.projectId, types, traits }, firstPage)).items.map(
          (each) => each.recordId,
        );
      expect((await found({})).toSorted()).toEqual([pump.recordId, software.recordId].toSorted());
      for (const name of ['deviceType', 'model', 'manufacturerName', 'manufacturerId', 'protocolType'] as const) {
        expect(await found({ [name]: pump.traits[name] })).toEqual([pump.recordId]);
      }
      expect(await found({ model: 'Lamp', manufacturerId: 'Acme' })).toEqual([software.recordId]);
      await store.products.update(full, { model: 'M2', deviceType: 'Other' });
      expect([await found({ model: 'M2', deviceType: 'Other' }), await found({ model: 'M"1' })]).toEqual([
        ...[[pump.recordId], []],
      ]);
    });
  });
}
