import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asId, type DeviceId } from '../../src/domain/ids.ts';
import { noticeDownlinks } from '../../src/services/sub-devices-notify.ts';
import { type InventoryApi, type Json, startInventoryApi } from '../http/v5/fixture/inventory-api.ts';

let api: InventoryApi;
let gatewayId = asId<DeviceId>('');
let count = 0;

beforeAll(async () => {
  api = await startInventoryApi();
  const product = { product_id: 'press', name: 'Press', device_type: 'Press', protocol_type: 'MQTT' };
  await api.mine.post('/products', { ...product, service_capabilities: [], manufacturer_name: 'Maker', model: 'P1' });
});
afterAll(() => api.stop());
beforeEach(async () => {
  gatewayId = asId<DeviceId>(String((await add()).device_id));
  api.link.sent.length = 0;
});

async function add(more: Json = {}): Promise<Json> {
  const { body } = await api.mine.post('/devices', { node_id: `n${count++}`, product_id: 'press', ...more });
  return body;
}

const connect = (): Promise<unknown> =>
  api.store.sessions.attach({ deviceId: gatewayId, node: 'n', address: '127.0.0.1', at: 1 });

describe('a gateway', () => {
  it('is told of a child that the API adds, on any level, while it is connected', async () => {
    await connect();
    const child = await add({ gateway_id: gatewayId, device_name: 'One', extension_info: { a: 1 } });
    const grandchild = await add({ gateway_id: child.device_id });
    const [first, second] = api.link.sent;
    expect(first).toEqual({
      deviceId: gatewayId,
      rootId: gatewayId,
      content: {
        kind: 'event',
        serviceId: '$sub_device_manager',
        eventType: 'add_sub_device_notify',
        paras: {
          version: 1,
          devices: [
            {
              parent_device_id: gatewayId,
              node_id: child.node_id,
              device_id: child.device_id,
              name: 'One',
              manufacturer_id: 'Maker',
              model: 'P1',
              product_id: 'press',
              status: 'INACTIVE',
              extension_info: { a: 1 },
            },
          ],
        },
      },
    });
    expect(second).toMatchObject({
      deviceId: gatewayId,
      content: {
        paras: { version: 2, devices: [{ parent_device_id: child.device_id, device_id: grandchild.device_id }] },
      },
    });
    expect(api.link.sent).toHaveLength(2);
  });

  it('is told of a child that the API deletes', async () => {
    const child = await add({ gateway_id: gatewayId });
    await connect();
    await api.mine.delete(`/devices/${String(child.device_id)}`);
    const devices = [{ parent_device_id: gatewayId, node_id: child.node_id, device_id: child.device_id }];
    expect(api.link.sent.map(({ content }) => content)).toEqual([
      {
        kind: 'event',
        serviceId: '$sub_device_manager',
        eventType: 'delete_sub_device_notify',
        paras: { version: 2, devices },
      },
    ]);
    expect(api.link.closed.map(({ deviceId }) => deviceId)).not.toContain(child.device_id);
  });

  it('is not told anything while it is away, nor about direct devices', async () => {
    const child = await add({ gateway_id: gatewayId });
    await api.mine.delete(`/devices/${String(child.device_id)}`);
    await connect();
    await add();
    expect(api.link.sent).toEqual([]);
  });

  it('gets rising versions, one for each of many children that are added at once', async () => {
    await connect();
    await Promise.all(Array.from({ length: 20 }, () => add({ gateway_id: gatewayId })));
    const versions = api.link.sent.map(({ content }) => (content.kind === 'event' ? content.paras.version : 0));
    expect(versions).toEqual(Array.from({ length: 20 }, (_, no) => no + 1));
  });
});

describe('a notice of many children', () => {
  it('goes out in publishes of ten at most, with version before devices', () => {
    const devices = Array.from({ length: 21 }, (_, no) => ({ device_id: `d${no}` }));
    const downlinks = noticeDownlinks({ kind: 'add', gatewayId, version: 7, devices });
    const paras = downlinks.map(({ content }) => (content.kind === 'event' ? content.paras : {}));
    expect(paras.map((each) => (each.devices as unknown[]).length)).toEqual([10, 10, 1]);
    expect(paras.flatMap((each) => each.devices)).toEqual(devices);
    for (const each of paras) expect(JSON.stringify(each)).toMatch(/^\{"version":7,"devices":\[/);
  });
});
