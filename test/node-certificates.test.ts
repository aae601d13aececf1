import { createLogin } from '@muster/simulator';
import mqtt, { type MqttClient } from 'mqtt';
import { expect, it, onTestFinished } from 'vitest';
import { createProduct } from '../scripts/demo/preparation.ts';
import { freePorts } from '../scripts/lib/free-ports.ts';
import { makeDeviceCertificate } from '../packages/server/test/support/device-certificate.ts';
import { type ClusterNode, createCluster } from './support/cluster.ts';

type Certificate = ReturnType<typeof makeDeviceCertificate>;

async function connect(port: number, deviceId: string, { cert, key }: Certificate): Promise<MqttClient> {
  const { clientId, username } = createLogin(deviceId, '', new Date());
  const options = { clientId, username, cert, key, rejectUnauthorized: false, reconnectPeriod: 0 };
  const client = await mqtt.connectAsync(`mqtts://127.0.0.1:${port}`, options);
  client.on('error', () => undefined);
  onTestFinished(() => client.endAsync(true));
  return client;
}

it('A device is of one certificate on every node, and a reset on any node ends its connection', {
  timeout: 120_000,
}, async () => {
  const [first, second] = (await freePorts(2)) as [number, number];
  const own = {
    one: { MUSTER_MQTTS_PORT: String(first) },
    two: { MUSTER_MQTTS_PORT: String(second) },
  };
  const { nodes } = await createCluster({ names: ['one', 'two'], own });
  const [one, two] = nodes as readonly [ClusterNode, ClusterNode];
  await Promise.all([one.start(), two.start()]);
  const certificates = [makeDeviceCertificate(), makeDeviceCertificate()] as const;
  const { device_id: deviceId } = await one.client.devices.create({
    node_id: 'press',
    product_id: await createProduct(one.client),
    auth_info: { auth_type: 'CERTIFICATES' },
  });

  // Both for the first time, each with its own and on its own node.
  const attempts = await Promise.allSettled([
    connect(first, deviceId, certificates[0]),
    connect(second, deviceId, certificates[1]),
  ]);
  expect(attempts.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const isFirst = attempts[0].status === 'fulfilled';
  const [good, bad] = isFirst ? certificates : [certificates[1], certificates[0]];
  const { auth_info: shown } = await two.client.devices.get(deviceId);
  expect(shown.fingerprint).toBe(good.sha256);
  await expect(connect(first, deviceId, bad)).rejects.toMatchObject({ code: 4 });
  await expect(connect(second, deviceId, bad)).rejects.toMatchObject({ code: 4 });

  const held = await connect(first, deviceId, good);
  const closed = new Promise<void>((resolve) => held.once('close', () => resolve()));
  await two.client.devices.resetFingerprint(deviceId, { force_disconnect: true });
  await closed;
  expect((await connect(second, deviceId, bad)).connected).toBe(true);
  await expect(connect(first, deviceId, good)).rejects.toMatchObject({ code: 4 });
});
