import { beforeEach, describe, expect, it } from 'vitest';
import type { HttpAnswer } from '../../../support/http-client.ts';
import { startWholeApi } from '../../../support/whole-api.ts';

type Json = Record<string, unknown>;

let api: Awaited<ReturnType<typeof startWholeApi>>;
let body: Json;

beforeEach(async () => {
  api = await startWholeApi();
  const { productId } = await api.given.product(api.scope, { name: 'Press' });
  body = { app_id: api.scope.appId, product_id: productId, module_name: 'motor' };
});

const base = '/ota-upgrades/modules';
const json = (answer: HttpAnswer): Json => (answer.json ?? {}) as Json;
const codeOf = (answer: HttpAnswer): string => `${answer.status} ${String(json(answer)['error_code'])}`;
const create = (over: Json = {}) => api.ofProject('POST', base, { ...body, ...over });
const list = async (query = '') => json(await api.ofProject('GET', `${base}?app_id=${api.scope.appId}${query}`));

describe('an OTA module', () => {
  it('is created, shown, listed, changed and deleted', async () => {
    const created = await create({ alias_name: '主电机', description: 'd' });
    const shown = {
      ...body,
      module_id: expect.stringMatching(/^[0-9a-f]{24}$/),
      product_name: 'Press',
      alias_name: '主电机',
      description: 'd',
      create_time: '20261122T015513Z',
    };
    expect([created.status, created.json]).toEqual([201, shown]);
    const path = `${base}/${String(json(created)['module_id'])}`;
    expect((await api.ofProject('GET', path)).json).toEqual(created.json);
    expect(await list()).toEqual({ modules: [created.json], page: { count: 1, marker: json(created)['module_id'] } });
    const changed = await api.ofProject('PUT', path, { alias_name: 'm', description: null, module_name: 'other' });
    expect([changed.status, changed.json]).toEqual([200, { ...json(created), alias_name: 'm' }]);
    expect(json(await api.ofProject('PUT', path, { description: '' }))['description']).toBe('');
    expect((await api.ofProject('DELETE', path)).status).toBe(204);
    for (const method of ['GET', 'DELETE']) expect(codeOf(await api.ofProject(method, path))).toBe('404 IOTDA.014585');
    expect(codeOf(await api.ofProject('PUT', path, {}))).toBe('404 IOTDA.014585');
  });

  it('leaves out what it has not', async () => {
    const shown = ['app_id', 'create_time', 'module_id', 'module_name', 'product_id', 'product_name'];
    expect(Object.keys(json(await create())).toSorted()).toEqual(shown);
  });

  it('takes every field up to its limit', async () => {
    const longest = {
      module_name: 'Az0_.-'.padEnd(64, 'x'),
      alias_name: '泵'.repeat(64),
      description: '😀'.repeat(1024),
    };
    const created = await create(longest);
    expect([created.status, created.json]).toMatchObject([201, longest]);
  });

  it('is refused with the field named, or the code of what it lacks', async () => {
    const cases: readonly (readonly [Json, string, string?])[] = [
      [{ module_name: 'x'.repeat(65) }, '400 IOTDA.000006', 'module_name'],
      [{ module_name: 'a b' }, '400 IOTDA.000006', 'module_name'],
      [{ module_name: '' }, '400 IOTDA.000006', 'module_name'],
      [{ module_name: undefined }, '400 IOTDA.000006', 'module_name'],
      [{ alias_name: '泵'.repeat(65) }, '400 IOTDA.000006', 'alias_name'],
      [{ alias_name: 'a b' }, '400 IOTDA.000006', 'alias_name'],
      [{ description: 'x'.repeat(1025) }, '400 IOTDA.000006', 'description'],
      [{ app_id: undefined }, '400 IOTDA.000006', 'app_id'],
      [{ app_id: 'nobody' }, '403 IOTDA.001000'],
      [{ product_id: undefined }, '400 IOTDA.000006', 'product_id'],
      [{ product_id: 'nothing' }, '400 IOTDA.013000'],
    ];
    for (const [over, code, named = ''] of cases) {
      const answer = await create(over);
      expect([JSON.stringify(over), codeOf(answer)]).toEqual([JSON.stringify(over), code]);
      expect(json(answer)['error_msg']).toContain(named);
    }
    expect((await list())['modules']).toEqual([]);
  });

  it('has a name of its own in its product (014586), which has at most ten (014587)', async () => {
    await create();
    expect(codeOf(await create())).toBe('400 IOTDA.014586');
    for (let n = 2; n <= 10; n += 1) expect((await create({ module_name: `m${n}` })).status).toBe(201);
    expect(codeOf(await create({ module_name: 'm11' }))).toBe('403 IOTDA.014587');
    expect(codeOf(await create())).toBe('400 IOTDA.014586');
    const second = await api.given.product(api.scope);
    expect((await create({ product_id: second.productId })).status).toBe(201);
  });

  it('stays while a package is of it (014589)', async () => {
    const { module_id } = json(await create());
    const productId = body['product_id'] as never;
    await api.given.pkg(api.scope, { productId, type: 'modulePackage', moduleName: 'motor' });
    expect(codeOf(await api.ofProject('DELETE', `${base}/${String(module_id)}`))).toBe('403 IOTDA.014589');
    expect((await list())['modules']).toHaveLength(1);
  });

  it('goes with its product', async () => {
    const { module_id } = json(await create());
    expect((await api.ofProject('DELETE', `/products/${String(body['product_id'])}`)).status).toBe(204);
    expect(codeOf(await api.ofProject('GET', `${base}/${String(module_id)}`))).toBe('404 IOTDA.014585');
  });
});

describe('the list of OTA modules', () => {
  it('needs an application that exists', async () => {
    const answers = ['', '?app_id=', '?app_id=nobody'].map((query) => api.ofProject('GET', `${base}${query}`));
    const codes = (await Promise.all(answers)).map(codeOf);
    expect(codes).toEqual(['400 IOTDA.000006', '400 IOTDA.000006', '403 IOTDA.001000']);
  });

  it('pages newest first to its end, by product if one is named', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const module_name of names) await create({ module_name });
    await api.given.module(api.scope);
    const query = `&product_id=${String(body['product_id'])}&limit=2`;
    const found: unknown[] = [];
    let marker: unknown;
    do {
      const answer = await list(`${query}${marker === undefined ? '' : `&marker=${String(marker)}`}`);
      const page = answer['page'] as { count: number; marker: string | null };
      expect(page.count).toBe(5);
      found.push(...(answer['modules'] as Json[]).map((module) => module['module_name']));
      marker = page.marker;
    } while (marker !== null);
    expect(found).toEqual(names.toReversed());
    expect(((await list(`${query}&offset=4`))['modules'] as Json[]).map((module) => module['module_name'])).toEqual([
      'a',
    ]);
    expect((await list('&product_id=nothing'))['modules']).toEqual([]);
    expect(((await list())['page'] as Json)['count']).toBe(6);
  });
});

describe('a module package', () => {
  it('cannot be installed: an upgrade of it is refused with 014581', async () => {
    await create();
    const productId = body['product_id'] as never;
    const pkg = await api.given.pkg(api.scope, { productId, type: 'modulePackage', moduleName: 'motor' });
    for (const task_type of ['softwareUpgrade', 'firmwareUpgrade']) {
      const task = { task_name: 'u', task_type, targets: ['d'], document: { package_id: pkg.packageId } };
      expect(codeOf(await api.ofProject('POST', '/batchtasks', task))).toBe('400 IOTDA.014581');
    }
  });
});
