import { describe, expect, it } from 'vitest';
import { builtAt } from '../../builders/chance.ts';
import { motorAndLamp } from '../../builders/catalogue-builders.ts';
import { type Shown, capabilities, pump, shadows, shown } from './device-calls.ts';
import { codeOf, startLegacyApi } from './legacy-api.ts';

describe('Shadows and capabilities', () => {
  it('are shown and set as the product model lets them', async () => {
    const api = await startLegacyApi();
    const { client, given, scope, store } = api;
    const product = await given.product(scope, { ...pump, capabilities: motorAndLamp });
    const { deviceId } = await given.device(scope, { product });
    const path = `${shadows}/${deviceId}`;
    const put = async (body: object) => codeOf(await client.ask('PUT', path, { body }));
    expect(await put({ serviceDesireds: [{ serviceId: 'Motor', desired: { mode: 3 } }] })).toBe('204');
    // No values are no reason to take back those that are there.
    expect(await put({ serviceDesireds: [{ serviceId: 'Motor', desired: { mode: null } }] })).toBe('204');
    await store.devices.reportProperties([{ deviceId, serviceId: 'Motor', properties: { mode: 1 }, at: builtAt }]);
    const { services, ...device } = (await client.ask('GET', path)).json as Shown;
    const { services: _, ...expected } = await shown(api, deviceId);
    expect(device).toEqual(expected);
    expect(services).toEqual([
      {
        ...{ serviceId: 'Motor', serviceType: motorAndLamp[0]?.service_type, reportedProps: { mode: 1 } },
        ...{ desiredProps: { mode: 3 }, eventTime: expect.stringMatching(/^\d{8}T\d{6}Z$/) },
      },
    ]);
    expect(await put({ serviceDesireds: [{ serviceId: 'Motor', desired: { nothing: 1 } }] })).toBe('400 100022');
    expect(await put({ serviceDesireds: [] })).toBe('400 100022');
    expect(await put({})).toBe('400 100022');
  });

  it('are those of one device, or of a gateway and its children', async () => {
    const api = await startLegacyApi();
    const { client, given, scope } = api;
    const capability = {
      ...{ service_id: 'Motor', service_type: 'Drive', option: 'Mandatory', description: 'it turns' },
      properties: [
        { property_name: 'mode', data_type: 'enum', method: 'RW', enum_list: ['a_b'], default_value: { a_b: 1 } },
      ],
      commands: [{ command_name: 'start', paras: [{ para_name: 'speed', max_length: 3 }] }],
    };
    const product = await given.product(scope, { capabilities: [capability] });
    const gateway = await given.device(scope, { product });
    const child = await given.device(scope, { parent: gateway });
    const of = async (query: string) => (await client.ask('GET', `${capabilities}?${query}`)).json;
    const own = {
      deviceId: gateway.deviceId,
      serviceCapabilities: [
        {
          ...{ serviceId: 'Motor', serviceType: 'Drive', option: 'Mandatory', description: 'it turns' },
          commands: [{ commandName: 'start', paras: [{ paraName: 'speed', maxLength: 3 }] }],
          properties: [
            { propertyName: 'mode', dataType: 'enum', method: 'RW', enumList: ['a_b'], defaultValue: { a_b: 1 } },
          ],
        },
      ],
    };
    expect(await of(`deviceId=${gateway.deviceId}`)).toEqual({
      ...{ deviceCapabilities: [own], totalCount: 1, pageNo: 0, pageSize: 1 },
    });
    expect(await of(`gatewayId=${gateway.deviceId}`)).toMatchObject({
      ...{ deviceCapabilities: [own, { deviceId: child.deviceId }], totalCount: 2 },
    });
    const both = (deviceId: string, gatewayId: string) => of(`deviceId=${deviceId}&gatewayId=${gatewayId}`);
    expect(await both(child.deviceId, gateway.deviceId)).toMatchObject({ totalCount: 1 });
    expect(await both(gateway.deviceId, child.deviceId)).toMatchObject({ totalCount: 0 });
    expect(codeOf(await client.ask('GET', capabilities))).toBe('400 100022');
  });
});
