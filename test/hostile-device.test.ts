import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { V5Client } from '@muster/sdk';
import type { DeviceSpec } from '@muster/simulator';
import { expect, it, onTestFinished } from 'vitest';
import { createProduct, uploadFirmware } from '../scripts/demo/preparation.ts';
import { connectPacket, RawClient } from '../packages/server/test/mqtt/fixture/raw-client.ts';
import { createRandom } from '../packages/simulator/src/random.ts';
import { connectFleet, registerFleet } from './support/crash-fleet.ts';
import { createInstallation } from './support/installation.ts';

const connectionsMax = 600;
const settings = {
  MUSTER_MQTT_CONNECTIONS_MAX: String(connectionsMax),
  MUSTER_MQTT_CONNECT_TIMEOUT_SECONDS: '5',
  MUSTER_MQTT_UPLINK_MESSAGES_PER_SECOND: '200',
  MUSTER_MQTT_AUTH_BACKOFF_SECONDS: '0',
};
const foreignCount = 100;
const floodCount = 1000;

/** The value of a counter with this reason; 0 before its first use. */
async function readCounter(httpUrl: string, name: string, reason: string): Promise<number> {
  const text = await (await fetch(`${httpUrl}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`muster_${name}{reason="${reason}"}`));
  return Number(line?.split(' ').at(-1) ?? 0);
}

async function signIn(port: number, { deviceId, secret }: DeviceSpec): Promise<RawClient> {
  const client = await RawClient.open(port);
  onTestFinished(() => {
    client.socket.destroy();
  });
  expect(await client.signIn(connectPacket({ deviceId, secret }))).toBe(0);
  return client;
}

/** Opens connections that say something and then nothing more; settles when the server has closed them all. */
async function openAndSay(count: number, port: number, bytes: () => Buffer | string): Promise<void> {
  const sockets: Socket[] = [];
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  const closed = Array.from({ length: count }, async () => {
    const socket = connect({ host: '127.0.0.1', port });
    sockets.push(socket);
    const over = new Promise((resolve) => socket.once('close', resolve));
    // A reset is a way to close, too.
    socket.on('error', () => undefined);
    socket.once('connect', () => socket.write(bytes()));
    // What comes is thrown away, but its end is heard.
    socket.resume();
    await over;
  });
  await Promise.all(closed);
}

/** Speaks for another device: forged ends of its upgrade, and its properties. Settles when all are acknowledged. */
async function forge(client: RawClient, victim: DeviceSpec): Promise<void> {
  const paras = { result_code: 0, progress: 100, version: '2.4.0' };
  const services = [{ service_id: '$ota', event_type: 'upgrade_progress_report', paras }];
  const before = client.packets.items.length;
  for (let messageId = 1; messageId <= foreignCount; messageId += 1) {
    const topic = `$oc/devices/${victim.deviceId}/sys/${messageId % 2 === 0 ? 'events/up' : 'properties/report'}`;
    client.publish({ topic, qos: 1, messageId, payload: JSON.stringify({ services }) });
  }
  await client.packets.reached(before + foreignCount);
}

/** Far more at once than the rate allows, none of it JSON. Settles when all are acknowledged: nothing is lost, it is only slowed down. */
async function flood(client: RawClient, { deviceId }: DeviceSpec): Promise<void> {
  const before = client.packets.items.length;
  for (let messageId = 1; messageId <= floodCount; messageId += 1) {
    client.publish({
      topic: `$oc/devices/${deviceId}/sys/properties/report`,
      qos: 1,
      messageId,
      payload: '{"services',
    });
  }
  await client.packets.reached(before + floodCount);
}

/** Calls the API again and again until told to end; throws if a call fails or is not answered. Returns the number of calls. */
async function callAllAlong(client: V5Client, deviceId: string, end: AbortSignal): Promise<number> {
  let calls = 0;
  for (; !end.aborted; calls += 1) {
    await client.devices.get(deviceId, { signal: AbortSignal.timeout(20_000) });
    await pause(50);
  }
  return calls;
}

/** A header that announces 2 MiB. */
async function announceTooMuch(client: RawClient): Promise<void> {
  client.write(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x01]));
  await client.closed;
}

it('Hostile devices and strangers neither stop the server nor hold up the upgrades of others', {
  timeout: 240_000,
}, async () => {
  const installation = await createInstallation(settings);
  await installation.start();
  const client = await installation.client();
  const productId = await createProduct(client);
  const devices = await registerFleet(client, productId, 30);
  const [forger, flooder, giant, late, ...good] = devices;
  const [victim] = good;
  if (!forger || !flooder || !giant || !late || !victim) throw new Error('Too few devices were registered.');
  const packageId = await uploadFirmware(client, productId);
  await connectFleet(installation, good, 1);
  const mqttPort = Number(new URL(installation.mqttUrl).port);
  const httpPort = Number(new URL(installation.httpUrl).port);
  const random = createRandom(7);
  const garbage = (): Buffer => Buffer.from(Array.from({ length: 300 }, () => Math.floor(random() * 256)));
  const [forging, flooding, announcing] = [
    await signIn(mqttPort, forger),
    await signIn(mqttPort, flooder),
    await signIn(mqttPort, giant),
  ];

  const attacks = Promise.all([
    forge(forging, victim),
    flood(flooding, flooder),
    announceTooMuch(announcing),
    openAndSay(100, mqttPort, garbage),
    openAndSay(100, httpPort, garbage),
    // The beginning of a CONNECT, and never the rest.
    openAndSay(1000, mqttPort, () => Buffer.from([0x10, 100, 0, 4, 0x4d])),
  ]);
  const over = new AbortController();
  const calling = callAllAlong(client, victim.deviceId, over.signal);
  const { task_id: taskId } = await client.batchTasks.create({
    task_name: 'among_enemies',
    task_type: 'firmwareUpgrade',
    targets: good.map((device) => device.deviceId),
    document: { package_id: packageId },
  });
  const task = await client.waitForTask(taskId, {
    signal: AbortSignal.timeout(120_000),
    pollMs: 200,
  });
  expect(task).toMatchObject({ status: 'Success', task_progress: { total: good.length, success: good.length } });
  await attacks;
  over.abort();
  expect(await calling).toBeGreaterThan(10);

  const counted = (name: string, reason: string): Promise<number> => readCounter(installation.httpUrl, name, reason);
  expect(await counted('mqtt_dropped_total', 'foreign-topic')).toBe(foreignCount);
  expect(await counted('mqtt_dropped_total', 'bad-payload')).toBe(floodCount);
  expect(await counted('mqtt_closed_total', 'packet-too-large')).toBeGreaterThanOrEqual(1);
  // More half-open connections came than there is room for: some were turned away, the others ran out of time.
  const slow = await counted('mqtt_closed_total', 'connect-timeout');
  expect(slow).toBeGreaterThan(0);
  expect(slow).toBeLessThanOrEqual(connectionsMax);
  // Who was only loud is still connected, and there is room again.
  expect(forging.socket.closed || flooding.socket.closed).toBe(false);
  await signIn(mqttPort, late);
  expect((await fetch(`${installation.httpUrl}/healthz`)).status).toBe(200);
});
