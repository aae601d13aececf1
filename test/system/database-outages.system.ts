import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createV5Client, type V5Client } from '@muster/sdk';
import { registerDevices } from '@muster/simulator';
import { expect, it, onTestFinished } from 'vitest';
import { createProduct } from '../../scripts/demo/preparation.ts';
import { startServer } from '../../scripts/demo/server-process.ts';
import { builtServer } from '../support/built-server.ts';
import { connectDevice } from '../support/wire-device.ts';
import { query, setSynchronousStandbys, startPgBouncer, startPrimary, startStandby } from './outage-servers.ts';

const account = { accessKey: 'AKTEST0000', secretKey: 'SKTEST0000000000', projectId: '5'.repeat(32) };

async function startMuster(settings: Readonly<Record<string, string>>) {
  const dataDir = mkdtempSync(join(tmpdir(), 'muster-system-'));
  const server = await startServer({
    program: builtServer(),
    dataDir,
    log: 'inherit',
    settings: {
      MUSTER_LOG_LEVEL: 'error',
      MUSTER_MASTER_KEY: Buffer.alloc(32, 5).toString('base64'),
      MUSTER_ADMIN_AK: account.accessKey,
      MUSTER_ADMIN_SK: account.secretKey,
      MUSTER_PROJECT_ID: account.projectId,
      ...settings,
    },
  });
  onTestFinished(async () => {
    await server.kill();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const credentials = { kind: 'aksk', ...account } as const;
  const client = createV5Client({ endpoint: server.addresses.http, projectId: account.projectId, credentials });
  return { client, server };
}

/** Muster on a primary whose commits wait for its standby; it knows both. */
async function startOnTwoServers() {
  const primary = await startPrimary();
  await query(primary.url('postgres'), 'CREATE DATABASE muster');
  const standby = await startStandby(primary);
  const both = primary.url('muster').replace(`:${primary.port}`, `:${primary.port},127.0.0.1:${standby.port}`);
  const muster = await startMuster({ MUSTER_DATABASE_URL: both, MUSTER_DATABASE_WAIT_SECONDS: '60' });
  return { primary, standby, ...muster };
}

async function addDevices(client: V5Client, count: number) {
  return registerDevices(client, { productId: await createProduct(client), count });
}

const setSpeed = { service_id: 'Motor', command_name: 'setSpeed', paras: { speed: 3 } };

it('Everything works through PgBouncer in transaction mode', async () => {
  const postgres = await startPrimary();
  await query(postgres.url('postgres'), 'CREATE DATABASE muster');
  const through = await startPgBouncer(postgres);
  const { client, server } = await startMuster({
    MUSTER_DATABASE_URL: through('muster'),
    MUSTER_DATABASE_LISTEN_URL: postgres.url('muster'),
    MUSTER_DATABASE_POOL_MAX: '10',
  });
  const devices = await addDevices(client, 200);
  const [device] = devices;
  if (device === undefined) throw new Error('200 were registered.');
  await connectDevice(server.addresses.mqtt, device);
  expect((await client.commands.send(device.deviceId, setSpeed)).response).toMatchObject({ result_code: 0 });
  const targets = devices.map(({ deviceId }) => deviceId);
  for (let round = 0; round < 5; round += 1) {
    for (const task_type of ['freezeDevices', 'unfreezeDevices'] as const) {
      const { task_id } = await client.batchTasks.create({ task_name: 'all', task_type, targets });
      const task = await client.waitForTask(task_id, { signal: AbortSignal.timeout(60_000) });
      expect(task).toMatchObject({ status: 'Success', task_progress: { success: 200 } });
    }
  }
});

it('A failover to a promoted standby loses nothing and ends nothing', async () => {
  const { primary, standby, client, server } = await startOnTwoServers();
  const devices = await addDevices(client, 300);
  const [device] = devices;
  if (device === undefined) throw new Error('300 were registered.');
  const connection = await connectDevice(server.addresses.mqtt, device);
  const targets = devices.map(({ deviceId }) => deviceId);
  const document = { message: 'hello' };
  const tasks: Promise<string>[] = [];
  const create = () => client.batchTasks.create({ task_name: 'm', task_type: 'createMessages', targets, document });
  for (let index = 0; index < 4; index += 1) tasks.push(create().then(({ task_id }) => task_id));
  const known = await Promise.all(tasks);
  await primary.kill();
  // Asked in between: it waits for the new primary.
  const late = create().then(({ task_id }) => task_id);
  standby.promote();
  await setSynchronousStandbys(standby, '');
  const taskIds = [...known, await late];
  expect((await client.batchTasks.list({ limit: 50 })).batchtasks.map(({ task_id }) => task_id).toSorted()).toEqual(
    taskIds.toSorted(),
  );
  // The one that is connected gets its message of each task, sent before or after.
  const delivered = async (taskId: string) =>
    (await client.batchTasks.show(taskId, { limit: 1 })).batchtask.task_progress.success;
  for (const taskId of taskIds) await expect.poll(() => delivered(taskId), { timeout: 60_000 }).toBe(1);
  for (const taskId of taskIds) await client.batchTasks.stop(taskId);
  for (const taskId of taskIds) {
    const { status, task_progress: progress } = await client.waitForTask(taskId, {
      signal: AbortSignal.timeout(60_000),
    });
    expect([status, progress.total]).toEqual(['Stopped', 300]);
    expect(progress.success).toBe(1);
  }
  expect(connection.isConnected).toBe(true);
  expect((await client.commands.send(device.deviceId, setSpeed)).response).toMatchObject({ result_code: 0 });
});

it('A primary that stands still is left for the one that was promoted', async () => {
  const { primary, standby, client, server } = await startOnTwoServers();
  const targets = (await addDevices(client, 50)).map(({ deviceId }) => deviceId);
  primary.freeze();
  // Asked of the one that answers nothing any more.
  const created = client.batchTasks.create({ task_name: 'f', task_type: 'freezeDevices', targets });
  standby.promote();
  await setSynchronousStandbys(standby, '');
  const { task_id } = await created;
  const task = await client.waitForTask(task_id, { signal: AbortSignal.timeout(60_000) });
  expect(task).toMatchObject({ status: 'Success', task_progress: { success: 50 } });
  const named = `SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = 'muster hints'`;
  const hearing = async () => (await query<{ count: number }>(standby.url('muster'), named))[0]?.count;
  await expect.poll(hearing, { timeout: 60_000 }).toBe(1);
  standby.freeze();
  expect(await server.stop()).toBe(1);
});
