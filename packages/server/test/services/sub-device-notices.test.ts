import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asId, type DeviceId } from '../../src/domain/ids.ts';
import { noticeDownlinks } from '../../src/domain/sub-device-notice.ts';
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

/**
 * In the order in which they were sent; on a PostgreSQL without nodes, which no installation has, calls are answered in any order.
 * Between nodes letters keep it (test/nodes.test.ts).
 */
function versionsOf(who: DeviceId): readonly unknown[] {
  const versions = api.link.sent
    .filter(({ deviceId }) => deviceId === who)
    .map(({ content }) => Number(content.kind === 'event' ? content.paras.version : 0));
  return process.env['MUSTER_TEST_STORE'] === 'postgres' ? versions.toSorted((a, b) => a - b) : versions;
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

  it('gets a version for each of many children that are added at once', async () => {
    await connect();
    await Promise.all(Array.from({ length: 20 }, () => add({ gateway_id: gatewayId })));
    expect(versionsOf(gatewayId)).toEqual(Array.from({ length: 20 }, (_, no) => no + 1));
  });
});

describe('change-gateway', () => {
  const other = async (): Promise<DeviceId> => asId<DeviceId>(String((await add()).device_id));
  const connectAs = (deviceId: DeviceId): Promise<unknown> =>
    api.store.sessions.attach({ deviceId, node: 'n', address: '127.0.0.1', at: 1 });
  const move = (child: Json, to: unknown) =>
    api.mine.post(`/devices/${String(child.device_id)}/change-gateway`, { gateway_id: to });

  it('tells the gateway that a child leaves and the one that it comes to, each with the version of its list', async () => {
    const to = await other();
    await add({ gateway_id: to });
    const child = await add({ gateway_id: gatewayId });
    await connect();
    await connectAs(to);
    const answer = await move(child, to);
    expect([answer.status, answer.text]).toEqual([204, '']);
    const { device_id, node_id } = child;
    expect(api.link.sent).toMatchObject([
      {
        deviceId: gatewayId,
        rootId: gatewayId,
        content: {
          eventType: 'delete_sub_device_notify',
          paras: { version: 2, devices: [{ parent_device_id: gatewayId, device_id, node_id }] },
        },
      },
      {
        deviceId: to,
        rootId: to,
        content: {
          eventType: 'add_sub_device_notify',
          paras: { version: 2, devices: [{ parent_device_id: to, device_id, node_id, status: 'INACTIVE' }] },
        },
      },
    ]);
    expect((await api.mine.get(`/devices/${String(device_id)}`)).body).toMatchObject({
      gateway_id: to,
      node_type: 'ENDPOINT',
    });
    expect(api.unreachable.at(-1)).toBe(device_id);
  });

  it('tells a gateway of both steps, in their order, where the child stays below it', async () => {
    const middle = await add({ gateway_id: gatewayId });
    const child = await add({ gateway_id: gatewayId });
    await connect();
    expect((await move(child, middle.device_id)).status).toBe(204);
    expect(api.link.sent.map(({ content }) => content)).toMatchObject([
      { eventType: 'delete_sub_device_notify', paras: { version: 3, devices: [{ parent_device_id: gatewayId }] } },
      { eventType: 'add_sub_device_notify', paras: { version: 4, devices: [{ parent_device_id: middle.device_id }] } },
    ]);
  });

  it('tells only those that are connected, and nobody where it is refused', async () => {
    const to = await other();
    const child = await add({ gateway_id: gatewayId });
    await connectAs(to);
    expect((await move(child, to)).status).toBe(204);
    expect(api.link.sent.map(({ deviceId }) => deviceId)).toEqual([to]);
    const again = await move(child, to);
    expect([again.status, again.body.error_code]).toEqual([400, 'IOTDA.014042']);
    expect(api.link.sent).toHaveLength(1);
  });

  it('gives rising versions where many children come and go at once', async () => {
    const to = await other();
    const children = await Promise.all(Array.from({ length: 8 }, () => add({ gateway_id: gatewayId })));
    await connect();
    await connectAs(to);
    await Promise.all([
      ...children.map((child) => move(child, to)),
      ...children.map(() => add({ gateway_id: gatewayId })),
    ]);
    expect(versionsOf(to)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(versionsOf(gatewayId)).toEqual(Array.from({ length: 16 }, (_, no) => no + 9));
  });

  it('names what is wrong with the request', async () => {
    const child = await add({ gateway_id: gatewayId });
    const unknown = await api.mine.post('/devices/nobody/change-gateway', { gateway_id: gatewayId });
    expect([unknown.status, unknown.body.error_code]).toEqual([404, 'IOTDA.014000']);
    for (const body of [{}, { gateway_id: '' }, { gateway_id: 'a/b' }, { gateway_id: 7 }]) {
      const answer = await api.mine.post(`/devices/${String(child.device_id)}/change-gateway`, body);
      expect([answer.status, answer.body.error_code]).toEqual([400, 'IOTDA.000006']);
      expect(String(answer.body.error_msg)).toContain('gateway_id');
    }
  });
});

describe('a notice of many children', () => {
  it('goes out in publishes of ten at most, with rising versions and each version before its devices', () => {
    const devices = Array.from({ length: 21 }, (_, no) => ({ device_id: `d${no}` }));
    const downlinks = noticeDownlinks({ kind: 'add', gatewayId, version: 27, devices });
    const paras = downlinks.map(({ content }) => (content.kind === 'event' ? content.paras : {}));
    expect(paras.map((each) => (each.devices as unknown[]).length)).toEqual([10, 10, 1]);
    expect(paras.flatMap((each) => each.devices)).toEqual(devices);
    expect(paras.map(({ version }) => version)).toEqual([16, 26, 27]);
    for (const each of paras) expect(JSON.stringify(each)).toMatch(/^\{"version":\d+,"devices":\[/);
  });
});
