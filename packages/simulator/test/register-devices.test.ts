import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createV5Client } from '@muster/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { registerDevices } from '../src/register-devices.ts';

let close: () => void = () => undefined;
afterEach(() => close());

/** An API that answers every creation with this status and error code. */
async function clientOf(status: number, code: string) {
  const bodies: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      bodies.push(JSON.parse(body) as Record<string, unknown>);
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ error_code: code, error_msg: 'x' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { kind: 'token', token: 't' } as const;
  return { client: createV5Client({ endpoint, projectId: 'p', credentials }), bodies };
}

describe('registering a fleet', () => {
  it('creates each device with a secret that a later run derives again', async () => {
    const { client, bodies } = await clientOf(201, '');
    const first = await registerDevices(client, { productId: 'pr', count: 3, appId: 'a1' });
    expect(first.map(({ deviceId }) => deviceId)).toEqual(['pr_sim-000000', 'pr_sim-000001', 'pr_sim-000002']);
    expect(bodies).toHaveLength(3);
    expect(bodies[0]).toMatchObject({ product_id: 'pr', app_id: 'a1', auth_info: { secure_access: false } });
    expect(first[0]?.secret).toMatch(/^[0-9a-f]{32}$/);
    expect(await registerDevices(client, { productId: 'pr', count: 3, appId: 'a1' })).toEqual(first);
  });

  it('takes devices that exist and passes other errors on', async () => {
    const known = await clientOf(400, 'IOTDA.014115');
    expect(await registerDevices(known.client, { productId: 'pr', count: 2 })).toHaveLength(2);
    close();
    const missing = await clientOf(400, 'IOTDA.013000');
    const failed = registerDevices(missing.client, { productId: 'pr', count: 2 });
    await expect(failed).rejects.toMatchObject({ code: 'IOTDA.013000' });
  });
});
