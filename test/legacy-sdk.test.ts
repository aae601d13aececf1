import { createLegacyClient } from '@muster/sdk/legacy';
import { MusterError } from '@muster/sdk';
import { expect, it } from 'vitest';
import { createProduct, uploadFirmware } from '../scripts/demo/preparation.ts';
import { connectFleet, registerFleet } from './support/crash-fleet.ts';
import { createInstallation } from './support/installation.ts';

const appId = 'legacy-app';
const secret = 'Secret0123456789';
const settings = {
  ...{ MUSTER_LEGACY_APP_ID: appId, MUSTER_LEGACY_APP_SECRET: secret, MUSTER_LEGACY_CALLS_PER_MINUTE: '0' },
  // Each sign-in ends the tokens before it.
  MUSTER_LEGACY_SINGLE_TOKEN: 'true',
};
const deviceCount = 120;
const fast = { pollMs: 50 };

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

it('the legacy client does an application’s work on a started Muster', { timeout: 180_000 }, async () => {
  const installation = await createInstallation(settings);
  await installation.start();
  const v5 = await installation.client();
  const productId = await createProduct(v5);
  const fileId = await uploadFirmware(v5, productId);
  const devices = await registerFleet(v5, productId, deviceCount);
  const ids = devices.map(({ deviceId }) => deviceId);
  await connectFleet(installation, devices, 20_261_127);
  const client = createLegacyClient({ endpoint: installation.httpUrl, appId, secret });

  const packages = await collect(client.packages.listAll({ fileType: 'firmwarePackage' }));
  expect(packages.map((each) => each.fileId)).toEqual([fileId]);
  const group = await client.groups.create({ name: 'line 3', deviceIds: ids });
  expect(group).toMatchObject({ appId, curDevNum: deviceCount });
  expect((await collect(client.groups.listAllDevices(group.id))).toSorted()).toEqual(ids.toSorted());

  const url = 'http://127.0.0.1:9/told';
  const subscription = await client.subscriptions.create({ notifyType: 'deviceDeleted', callbackUrl: url });
  expect(await collect(client.subscriptions.listAll())).toEqual([subscription]);
  await client.subscriptions.deleteAll();
  expect(await client.subscriptions.list()).toMatchObject({ totalCount: 0 });

  const seen: number[] = [];
  const { operationId } = await client.upgrades.createFirmware({ fileId, targets: { devices: ids } });
  const operation = await client.upgrades.waitFor(operationId, {
    ...fast,
    onProgress: ({ staResult }) => seen.push(staResult.success),
  });
  expect([operation.status, operation.staResult.success]).toEqual(['success', deviceCount]);
  expect(seen.at(-1)).toBe(deviceCount);
  expect(await collect(client.upgrades.listAllSubOperations(operationId))).toHaveLength(deviceCount);

  // Somebody else signs in: the client's token is good no longer, which its caller does not notice.
  const other = createLegacyClient({ endpoint: installation.httpUrl, appId, secret });
  await other.packages.list();
  const command = { serviceId: 'Motor', method: 'setSpeed', paras: { speed: 3 } };
  const { taskId } = await client.batchTasks.create({
    ...{ taskName: 'faster', taskType: 'DeviceCmd', timeout: 10 },
    param: { type: 'GroupIdList', groupList: [group.id], command },
  });
  const task = await client.batchTasks.waitFor(taskId, fast);
  expect(task).toMatchObject({ status: 'Complete', totalCnt: deviceCount, successCnt: deviceCount, progress: 1000 });
  expect(await collect(client.batchTasks.listAllDetails({ taskId, status: 'Success' }))).toHaveLength(deviceCount);

  const [first = ''] = ids;
  await client.devices.update(first, { name: 'West', location: 'hall 3' });
  const listed = await collect(client.devices.listAll({ location: 'hall 3' }));
  expect(listed.map(({ deviceId, deviceInfo }) => [deviceId, deviceInfo.name])).toEqual([[first, 'West']]);
  expect(await client.devices.get(first)).toMatchObject({ deviceInfo: { status: 'ONLINE', fwVersion: '2.4.0' } });
  const registered = await client.devices.register({ nodeId: 'later', productId });
  expect(await client.devices.activation(registered.deviceId)).toMatchObject({ activated: false });
  const waiting = await client.commands.create({ deviceId: registered.deviceId, command });
  expect(waiting.status).toBe('PENDING');
  expect((await client.commands.cancel(waiting.commandId)).status).toBe('CANCELED');
  const sent = await collect(client.commands.listAll());
  expect(sent).toHaveLength(deviceCount + 1);
  expect(sent[0]).toMatchObject({ commandId: waiting.commandId, status: 'CANCELED' });
  await client.devices.delete(registered.deviceId);

  const rows = new Blob([`node_id,product_id\nfrom-file-1,${productId}\nfrom-file-2,${productId}\n`]);
  const file = await client.batchTasks.uploadFile(rows, 'devices.csv');
  const bulk = { taskName: 'more', taskType: 'DeviceReg', timeout: 10, param: { fileId: file.fileId } } as const;
  const registering = await client.batchTasks.waitFor((await client.batchTasks.create(bulk)).taskId, fast);
  expect(registering).toMatchObject({ status: 'Complete', successCnt: 2 });
  await client.batchTasks.deleteFile(file.fileId);
  expect(await client.batchTasks.listFiles()).toMatchObject({ files: [] });

  const error: unknown = await client.batchTasks.get('nobody').catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(MusterError);
  expect(error).toMatchObject({ code: '105005', status: 404, message: 'The batchTask is not existed.' });
  expect((error as MusterError).requestId).not.toBe('');
  await client.groups.delete(group.id);
  const wrong = createLegacyClient({ endpoint: installation.httpUrl, appId, secret: 'wrong-secret' });
  await expect(wrong.packages.list()).rejects.toMatchObject({ code: '100208', status: 401 });
});
