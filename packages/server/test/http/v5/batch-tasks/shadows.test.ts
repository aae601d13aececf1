import type { BatchTask, DeviceShadow, ShowBatchTaskResponse } from '@muster/contract/v5';
import { describe, expect, it } from 'vitest';
import { motorAndLamp } from '../../../builders/catalogue-builders.ts';
import { startWholeApi } from '../../../support/whole-api.ts';

async function start() {
  const api = await startWholeApi();
  const { given, scope } = api;
  const product = await given.product(scope, { capabilities: motorAndLamp });
  const { deviceId } = await given.device(scope, { product });
  const path = `/devices/${deviceId}/shadow`;
  const put = (shadow: unknown) => api.ofProject('PUT', path, { shadow });
  const get = async () => (await api.ofProject('GET', path)).json as DeviceShadow;
  return { ...api, product, deviceId, put, get };
}

const error = (code: string) => ({ error_code: `IOTDA.${code}` });

describe('a task of shadows', () => {
  async function ended(api: Awaited<ReturnType<typeof start>>, targets: readonly string[], shadow: unknown) {
    const created = await api.ofProject('POST', '/batchtasks', {
      ...{ task_name: 'shadows', task_type: 'updateDeviceShadows', targets, document: { shadow } },
    });
    const { task_id } = created.json as BatchTask;
    for (;;) {
      const shown = (await api.ofProject('GET', `/batchtasks/${task_id}`)).json as ShowBatchTaskResponse;
      if (['Success', 'PartialSuccess', 'Fail'].includes(shown.batchtask.status)) return shown;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  it('[v5 53] succeeds for a device that is offline, and GET shadow agrees', async () => {
    const api = await start();
    await api.put([{ service_id: 'Motor', desired: { speed: 1, mode: 'm' } }]);
    const shown = await ended(
      api,
      [api.deviceId],
      [
        { service_id: 'Motor', desired: { speed: 7, mode: null } },
        { service_id: 'Lamp', desired: { on: false } },
      ],
    );
    expect(shown.batchtask.status).toBe('Success');
    const versions = [
      { service_id: 'Motor', version: 2 },
      { service_id: 'Lamp', version: 1 },
    ];
    expect(JSON.parse(shown.task_details[0]?.output ?? '')).toEqual({ shadow: versions });
    const { shadow } = await api.get();
    expect(shadow.map(({ service_id, desired, version }) => [service_id, desired?.properties, version])).toEqual([
      ['Lamp', { on: false }, 1],
      ['Motor', { speed: 7 }, 2],
    ]);
  });

  it('fails each target for its own reason: 014000, 013002 and 014134', async () => {
    const api = await start();
    const other = await api.given.device(api.scope, {});
    await api.put([{ service_id: 'Motor', desired: { mode: 'x'.repeat(260_000) } }]);
    const fresh = await api.given.device(api.scope, { product: api.product });
    const targets = ['nobody', other.deviceId, api.deviceId, fresh.deviceId];
    const shown = await ended(api, targets, [{ service_id: 'Motor', desired: { speed: 'y'.repeat(5000) } }]);
    expect(shown.batchtask.status).toBe('PartialSuccess');
    const codes = shown.task_details.map(({ target, error: cause }) => [target, cause?.error_code]);
    expect(Object.fromEntries(codes)).toEqual({
      nobody: 'IOTDA.014000',
      [other.deviceId]: 'IOTDA.013002',
      [api.deviceId]: 'IOTDA.014134',
      [fresh.deviceId]: undefined,
    });
    expect((await api.get()).shadow[0]?.version).toBe(1);
  });

  const service = (n: number) => ({ service_id: `s${n}`, desired: {} });
  const bytes = (count: number) => {
    const shadow = [{ service_id: 'Motor', desired: { mode: '' } }];
    const rest = count - JSON.stringify({ shadow }).length;
    return [{ service_id: 'Motor', desired: { mode: 'x'.repeat(rest) } }];
  };

  it.each([
    ['[v5 53] six services', [0, 1, 2, 3, 4, 5].map(service), 'document.shadow'],
    ['no service', [], 'document.shadow'],
    ['a service twice', [service(1), service(1)], 'document.shadow[1].service_id'],
    ['no desired values', [{ service_id: 'Motor' }], 'document.shadow[0].desired'],
    ['a key with a dot', [{ service_id: 'Motor', desired: { 'a.b': 1 } }], 'document.shadow[0].desired'],
    ['more than 10 KB', bytes(10_241), 'document'],
    ['nothing', undefined, 'document.shadow'],
  ])('refuses %s with 014555', async (_what, shadow, field) => {
    const { ofProject, deviceId } = await start();
    const task = { task_name: 'shadows', task_type: 'updateDeviceShadows', targets: [deviceId], document: { shadow } };
    const refused = await ofProject('POST', '/batchtasks', task);
    expect(refused.status).toBe(400);
    expect(refused.json).toMatchObject({ ...error('014555'), error_msg: expect.stringContaining(`'${field}'`) });
  });

  it('takes five services and a document of just 10 KB', async () => {
    const api = await start();
    const five = [0, 1, 2, 3, 4].map((n) => ({ service_id: `s${n}`, desired: {} }));
    expect((await ended(api, [api.deviceId], five)).batchtask.status).toBe('Success');
    expect((await ended(api, [api.deviceId], bytes(10_240))).batchtask.status).toBe('Success');
  });
});
