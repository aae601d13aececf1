import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asId, type DeviceId } from '../../src/domain/ids.ts';
import { sweepLapsedDevices } from '../../src/services/device-lapse.ts';
import { type InventoryApi, type Json, startInventoryApi } from '../http/v5/fixture/inventory-api.ts';

let api: InventoryApi;
beforeAll(async () => {
  api = await startInventoryApi();
  const product = { product_id: 'press', name: 'Press', device_type: 'Press', protocol_type: 'MQTT' };
  await api.mine.post('/products', { ...product, service_capabilities: [] });
});
afterAll(() => api.stop());

const add = (node_id: string, more: Json = {}) => api.mine.post('/devices', { node_id, product_id: 'press', ...more });
const statusOf = async (node: string): Promise<number> => (await api.mine.get(`/devices/press_${node}`)).status;
const timeout = (seconds: number): Json => ({ auth_info: { timeout: seconds } });

describe('the sweep of devices that never connected', () => {
  it('deletes them once their time is over, and nothing else', async () => {
    await add('lapses', timeout(60));
    await add('later', timeout(61));
    await add('never', timeout(0));
    await add('connects', timeout(60));
    await add('parent', timeout(60));
    await add('child', { gateway_id: 'press_parent' });
    const deviceId = asId<DeviceId>('press_connects');
    await api.store.sessions.attach({ deviceId, node: 'n', address: '127.0.0.1', at: api.clock.now() });
    expect(await sweepLapsedDevices(api)).toBe(0);
    await api.clock.advance(60_000);
    expect(await sweepLapsedDevices(api)).toBe(1);
    const nodes = ['lapses', 'later', 'never', 'connects', 'parent', 'child'];
    expect(await Promise.all(nodes.map(statusOf))).toEqual([404, 200, 200, 200, 200, 200]);
    await api.clock.advance(1_000);
    expect(await sweepLapsedDevices(api)).toBe(1);
    expect(await statusOf('later')).toBe(404);
  });

  it('is not held up by devices that have to stay', async () => {
    for (let no = 0; no < 3; no++) {
      await add(`gateway-${no}`, timeout(1));
      await add(`below-${no}`, { gateway_id: `press_gateway-${no}` });
    }
    await add('behind', timeout(2));
    await api.clock.advance(5_000);
    expect(await sweepLapsedDevices(api, 2)).toBe(1);
    expect(await statusOf('behind')).toBe(404);
  });
});
