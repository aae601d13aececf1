import type { BatchTask, V5Client } from '@muster/sdk';
import { expect, it } from 'vitest';
import { startS3Server, testBucket } from '../packages/server/test/support/s3-server.ts';
import { createProduct, uploadFirmware } from '../scripts/demo/preparation.ts';
import { createCluster } from './support/cluster.ts';
import { connectFleet, registerFleet } from './support/crash-fleet.ts';

const deviceCount = 20;

function upgrade(client: V5Client, packageId: string, targets: readonly string[]): Promise<BatchTask> {
  return client.batchTasks.create({
    task_name: packageId,
    task_type: 'firmwareUpgrade',
    targets,
    document: { package_id: packageId },
  });
}

it('Two nodes serve the packages of one bucket, offer objects of it by signed URLs, and start while its store is away', {
  timeout: 240_000,
}, async () => {
  const s3 = await startS3Server();
  const settings = {
    MUSTER_OBJECT_STORES: JSON.stringify({ plant: s3.settings }),
    MUSTER_PACKAGE_STORE: `plant/${testBucket}`,
  };
  // The last node is where devices download.
  const cluster = await createCluster({ names: ['one', 'two'], settings });
  const [one, two] = cluster.nodes;
  if (one === undefined || two === undefined) throw new Error('Two were made.');
  await Promise.all([one.start(), two.start()]);
  const productId = await createProduct(one.client);
  const devices = await registerFleet(one.client, productId, deviceCount);
  const targets = devices.map(({ deviceId }) => deviceId);
  const fleet = await connectFleet({ mqttUrl: cluster.mqttUrls }, devices, 1);
  const offers: (string | undefined)[] = [];
  fleet.events.on('offer', ({ offer }) => offers.push(offer.accessToken));
  const succeed = async (task: BatchTask): Promise<void> => {
    const ended = await two.client.batchTasks.waitFor(task.task_id);
    expect(ended.status).toBe('Success');
  };

  await succeed(await upgrade(one.client, await uploadFirmware(one.client, productId), targets));
  expect(offers.filter((token) => token !== undefined)).toHaveLength(deviceCount);

  await s3.put('firmware/press-3.bin', Buffer.alloc(100_000, 3));
  const { applications } = await one.client.apps.list({ default_app: true });
  const object = await two.client.packages.create({
    app_id: applications[0]?.app_id ?? '',
    product_id: productId,
    package_type: 'firmwarePackage',
    version: '3.0.0',
    file_location: {
      obs_location: { region_name: 'plant', bucket_name: testBucket, object_key: 'firmware/press-3.bin' },
    },
  });
  await succeed(await upgrade(two.client, object.package_id, targets));
  expect(offers.slice(deviceCount)).toEqual(Array.from({ length: deviceCount }, () => undefined));

  await one.stop();
  await s3.stop();
  await one.start();
  await expect(uploadFirmware(one.client, productId)).rejects.toMatchObject({ status: 503 });
  expect((await fetch(`${one.httpUrl}/readyz`)).status).toBe(200);
});
