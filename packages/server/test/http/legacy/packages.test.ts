import { describe, expect, it } from 'vitest';
import { aPackageFile } from '../../builders/catalogue-builders.ts';
import { codeOf, type LegacyApi, startLegacyApi, upgrade } from './legacy-api.ts';

const list = `${upgrade}/category`;

interface Listed {
  readonly data: readonly { readonly fileId: string }[];
  readonly totalCount: number;
}

async function idsOf({ client }: LegacyApi, query = ''): Promise<readonly string[]> {
  const { status, json } = await client.ask('GET', `${list}${query}`);
  expect(status).toBe(200);
  return (json as Listed).data.map(({ fileId }) => fileId);
}

describe('Upgrade packages', () => {
  it('are listed, shown and deleted with an empty answer [legacy 31]', async () => {
    const api = await startLegacyApi();
    const { client, given, scope, store } = api;
    const product = await given.product(scope, {
      ...{ deviceType: 'Pump', model: 'P-7', manufacturerName: 'Acme', protocolType: 'MQTT' },
    });
    const file = aPackageFile({ projectId: scope.projectId, fileName: 'pump-2.0.bin' });
    await store.packages.insertFile(file);
    const { productId } = product;
    const pkg = await given.pkg(scope, {
      ...{ productId, version: 'V2.0', description: 'faster', location: { kind: 'file', file } },
    });
    const shown = {
      ...{ fileId: pkg.packageId, name: 'pump-2.0.bin', version: 'V2.0', fileType: 'firmwarePackage' },
      ...{ deviceType: 'Pump', model: 'P-7', manufacturerName: 'Acme', protocolType: 'MQTT', description: 'faster' },
      ...{ date: expect.stringMatching(/^\d{8}T\d{6}Z$/), uploadTime: expect.stringMatching(/^\d{8}T\d{6}Z$/) },
    };
    const listed = await client.ask('GET', list);
    expect(listed.json).toEqual({ data: [shown], pageNo: 0, pageSize: 10, totalCount: 1 });
    expect((await client.ask('GET', `${list}/${pkg.packageId}`)).json).toEqual(shown);
    expect(codeOf(await client.ask('GET', `${list}/unknown`))).toBe('404 123002');

    const gone = await client.ask('DELETE', `${list}/${pkg.packageId}`);
    expect([gone.status, gone.text, gone.headers['content-type']]).toEqual([200, '', 'application/json']);
    expect(codeOf(await client.ask('DELETE', `${list}/${pkg.packageId}`))).toBe('404 123002');
    expect(await idsOf(api)).toEqual([]);
    expect(api.errors).toEqual([]);
  });

  it('leave out nothing: what has no value is null, and an object is called by the end of its key', async () => {
    const { client, given, scope } = await startLegacyApi();
    const location = { kind: 'object', region: 'r', bucket: 'b', key: 'a/b/c.bin', sign: undefined, size: 1 } as const;
    const pkg = await given.pkg(scope, { location, type: 'softwarePackage' });
    expect((await client.ask('GET', `${list}/${pkg.packageId}`)).json).toMatchObject({
      ...{ name: 'c.bin', fileType: 'softwarePackage', manufacturerName: null, description: null },
    });
  });

  it('are found by every filter, exactly, newest first, page by page', async () => {
    const api = await startLegacyApi();
    const { given, scope, client } = api;
    const pump = await given.product(scope, { deviceType: 'Pump', model: 'P', manufacturerName: 'Acme' });
    const lamp = await given.product(scope, { name: 'Lamp', manufacturerName: 'Other' });
    const first = (await given.pkg(scope, { productId: pump.productId, version: '1' })).packageId;
    const second = (await given.pkg(scope, { productId: lamp.productId, version: '1' })).packageId;
    const third = (await given.pkg(scope, { productId: pump.productId, version: '2', type: 'softwarePackage' }))
      .packageId;
    expect(await idsOf(api)).toEqual([third, second, first]);
    expect(await idsOf(api, '?fileType=softwarepackage')).toEqual([third]);
    expect(await idsOf(api, '?deviceType=Pump')).toEqual([third, first]);
    expect(await idsOf(api, '?deviceType=pump')).toEqual([]);
    expect(await idsOf(api, '?model=Lamp')).toEqual([second]);
    expect(await idsOf(api, '?manufacturerName=Acme&version=1')).toEqual([first]);
    expect(await idsOf(api, '?pageSize=2&pageNo=1')).toEqual([first]);
    expect(await idsOf(api, '?pageSize=2&pageNo=2')).toEqual([]);
    for (const query of ['pageSize=0', 'pageSize=101', 'pageSize=x', 'pageNo=-1', 'pageNo=1.5']) {
      expect(codeOf(await client.ask('GET', `${list}?${query}`))).toBe('400 123029');
    }
    for (const query of ['fileType=modulePackage', `model=${'x'.repeat(257)}`, 'version=%00']) {
      expect(codeOf(await client.ask('GET', `${list}?${query}`))).toBe('400 120015');
    }
  });

  it('of modules, of other applications and of other projects do not exist', async () => {
    const api = await startLegacyApi();
    const { client, given, scope } = api;
    const foreign = await given.scope();
    const other = { ...scope, appId: (await given.app(scope)).appId };
    const hidden = [
      await given.pkg(scope, { type: 'modulePackage', moduleName: 'm' }).catch(() => undefined),
      await given.pkg(foreign),
      await given.pkg(other),
    ];
    for (const pkg of hidden) {
      if (pkg === undefined) continue;
      for (const method of ['GET', 'DELETE']) {
        expect(codeOf(await client.ask(method, `${list}/${pkg.packageId}`))).toBe('404 123002');
      }
      expect(await api.store.packages.find(pkg.projectId, pkg.packageId)).toEqual(pkg);
    }
    expect(await idsOf(api)).toEqual([]);
  });

  it('have ids of one shape, and stay while an unfinished task uses them', async () => {
    const { client, given, scope } = await startLegacyApi();
    for (const id of ['%20', 'a.b', 'x'.repeat(65), '%00', '%E4%B8%AD']) {
      for (const method of ['GET', 'DELETE']) {
        expect(codeOf(await client.ask(method, `${list}/${id}`))).toBe('400 120015');
      }
    }
    const pkg = await given.pkg(scope);
    await given.task(scope, { packageId: pkg.packageId });
    expect(codeOf(await client.ask('DELETE', `${list}/${pkg.packageId}`))).toBe('403 123803');
  });
});
