import type { V5Client } from '@muster/sdk';
import { expect, it } from 'vitest';
import { createProduct, uploadFirmware } from '../scripts/demo/preparation.ts';
import { connectFleet, registerFleet } from './support/crash-fleet.ts';
import { createCluster } from './support/cluster.ts';
import { createInstallation } from './support/installation.ts';
import { startRawReceiver } from './support/raw-receiver.ts';

const appId = 'legacy-app';
const secret = 'Secret0123456789';
const settings = { MUSTER_LEGACY_APP_ID: appId, MUSTER_LEGACY_APP_SECRET: secret };
const soon = { interval: 50, timeout: 90_000 };
const deviceCount = 5;

interface Server {
  readonly httpUrl: string;
  readonly mqttUrl: string;
  start(): Promise<unknown>;
  kill(): Promise<void>;
  client(): Promise<V5Client> | V5Client;
}

interface Told {
  readonly notifyType: string;
  readonly deviceId: string;
  readonly step?: string;
  readonly status?: string;
  readonly resultCode?: string;
}

const post = async (url: string, headers: Readonly<Record<string, string>>, body: string): Promise<unknown> => {
  const answer = await fetch(url, { method: 'POST', headers, body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
};

/** To devices that come and connect, and to both kinds of messages about firmware. */
async function subscribe({ httpUrl }: Server, receiver: string): Promise<void> {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const login = await post(`${httpUrl}/iocm/app/sec/v1.1.0/login`, form, `appId=${appId}&secret=${secret}`);
  const { accessToken } = login as { readonly accessToken: string };
  const headers = { app_key: appId, authorization: `Bearer ${accessToken}` };
  for (const notifyType of ['deviceAdded', 'bindDevice']) {
    const body = JSON.stringify({ notifyType, callbackUrl: receiver });
    await post(`${httpUrl}/iocm/app/sub/v1.2.0/subscriptions`, headers, body);
  }
  for (const notifyType of ['fwUpgradeStateChangeNotify', 'fwUpgradeResultNotify']) {
    const body = JSON.stringify({ notifyType, callbackurl: receiver });
    await post(`${httpUrl}/iodm/app/sub/v1.1.0/subscribe`, headers, body);
  }
}

const wordOf = ({ notifyType, step, status, resultCode }: Told): string =>
  [notifyType, step ?? status ?? resultCode].filter((part) => part !== undefined).join(' ');

/** Repeats next to each other as one: messages come at least once. */
function lifeOf(deviceId: string, bodies: readonly string[]): readonly string[] {
  const own = bodies.filter((body, at) => body !== bodies[at - 1]).map((body) => JSON.parse(body) as Told);
  return own.filter((told) => told.deviceId === deviceId).map(wordOf);
}

const life = [
  'deviceAdded',
  'bindDevice succeeded',
  ...[1, 2, 3, 0].map((step) => `fwUpgradeStateChangeNotify ${step}`),
  'fwUpgradeResultNotify SUCCESS',
];

/** A receiver that is down all the while, and a server that is killed when the upgrade is over: nothing is lost or out of order. */
async function upgradeThroughTrouble(server: Server): Promise<void> {
  const receiver = await startRawReceiver();
  await server.start();
  const client = await server.client();
  await subscribe(server, receiver.url);
  receiver.setDown(true);
  const productId = await createProduct(client);
  const packageId = await uploadFirmware(client, productId);
  const devices = await registerFleet(client, productId, deviceCount);
  await connectFleet(server, devices, 20_261_127);
  const task = await client.batchTasks.create({
    ...{ task_name: 'told', task_type: 'firmwareUpgrade', document: { package_id: packageId } },
    targets: devices.map(({ deviceId }) => deviceId),
  });
  await client.batchTasks.waitFor(task.task_id);
  await expect.poll(() => receiver.refused.length, soon).toBeGreaterThan(0);
  await server.kill();
  receiver.setDown(false);
  await server.start();
  const lives = () => devices.map(({ deviceId }) => lifeOf(deviceId, receiver.taken));
  await expect.poll(lives, soon).toEqual(devices.map(() => life));
  for (const body of receiver.taken) {
    expect(body).toMatch(/^\{"notifyType":"/);
    expect(body).toBe(JSON.stringify(JSON.parse(body)));
  }
}

const name =
  'a firmware upgrade is told step by step and with its result, though receiver and server fail on the way [legacy 46]';

it(`${name} (SQLite)`, { timeout: 180_000 }, async () => {
  await upgradeThroughTrouble(await createInstallation(settings));
});

it(`${name} (PostgreSQL)`, { timeout: 180_000 }, async () => {
  const { nodes } = await createCluster({ names: ['node-1'], settings });
  const [node] = nodes;
  if (node === undefined) throw new Error('There is one node.');
  await upgradeThroughTrouble({ ...node, client: () => node.client });
});
