import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createV5Client, type V5Client } from '@muster/sdk';
import { registerDevices } from '@muster/simulator';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createEmptyDatabase } from '../packages/server/test/support/postgres/test-database.ts';
import { createProduct, forwardTaskUpdates, uploadFirmware } from '../scripts/demo/preparation.ts';
import { startReceiver } from '../scripts/demo/receiver.ts';
import { startServer } from '../scripts/demo/server-process.ts';
import { builtServer } from './support/built-server.ts';
import { connectFleet } from './support/crash-fleet.ts';
import { createInstallation, type Installation, readCredentials } from './support/installation.ts';
import { runServer } from './support/run-server.ts';

const patient = { timeout: 120_000 };
const masterKey = Buffer.alloc(32, 3).toString('base64');

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** An empty database of its own. */
async function database(): Promise<string> {
  const made = await createEmptyDatabase();
  onTestFinished(() => made.drop());
  return made.url;
}

async function run(args: readonly string[], settings: Readonly<Record<string, string>>) {
  const server = runServer(settings, args);
  return { code: await server.ended, output: server.output() };
}

/** The ports of an installation, for a server with other settings in its place. */
const portsOf = ({ httpUrl, mqttUrl, amqpUrl }: Installation) => ({
  MUSTER_HTTP_PORT: new URL(httpUrl).port,
  MUSTER_MQTT_PORT: new URL(mqttUrl).port,
  MUSTER_AMQP_PORT: new URL(amqpUrl).port,
});

async function collect<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

describe('migrate', patient, () => {
  it('makes or keeps the database of the data folder, says so in one sentence and ends', async () => {
    const MUSTER_DATA_DIR = join(await temporaryFolder(), 'data');
    for (let turn = 0; turn < 2; turn += 1) {
      const { code, output } = await run(['migrate'], { MUSTER_DATA_DIR });
      expect(output).toMatch(/^The database \S+muster\.db is up to date, with schema \d+\.\n$/);
      expect(code).toBe(0);
    }
    expect((await stat(MUSTER_DATA_DIR)).mode & 0o777).toBe(0o700);
  });

  it('does the same in PostgreSQL, for a server that starts afterwards', async () => {
    const folder = await temporaryFolder();
    const settings = { MUSTER_DATABASE_URL: await database(), MUSTER_MASTER_KEY: masterKey, MUSTER_DATA_DIR: folder };
    const { code, output } = await run(['migrate'], settings);
    expect(output).toMatch(/^The database of MUSTER_DATABASE_URL is up to date, with schema \d+\.\n$/);
    expect(code).toBe(0);
    expect(await readdir(folder)).toEqual([]);
    const server = await startServer({ program: builtServer(), dataDir: folder, settings, log: 'ignore' });
    expect(await server.stop()).toBe(0);
  });

  it('says what is wrong: a server that runs, a database that is away', async () => {
    const installation = await createInstallation();
    await installation.start();
    const busy = await run(['migrate'], { MUSTER_DATA_DIR: installation.dataDir });
    expect(busy.output).toContain(`Another process works on ${join(installation.dataDir, 'muster.db')}`);
    expect(busy.code).toBe(1);
    const away = await run(['migrate'], {
      MUSTER_DATABASE_URL: 'postgres://muster:geheim@127.0.0.1:1/muster',
      MUSTER_DATABASE_WAIT_SECONDS: '0',
      MUSTER_MASTER_KEY: masterKey,
    });
    expect(away.output).toContain('ECONNREFUSED');
    expect(away.output).not.toMatch(/geheim|^\s+at /m);
    expect(away.code).toBe(1);
  });

  it('and every other command is refused by name where there is no such', async () => {
    const { code, output } = await run(['restore', 'x'], {});
    expect(output).toBe('restore is not a command. Known: migrate, backup FILE, move postgres://…\n');
    expect(code).toBe(2);
  });
});

describe('backup', patient, () => {
  it('copies one moment of a database that a server writes to, and a server starts on the copy', async () => {
    const installation = await createInstallation();
    await installation.start();
    const client = await installation.client();
    const productId = await createProduct(client);
    const folder = await temporaryFolder();
    const writing = await keepWriting(client, productId);
    const known: (readonly string[])[] = [];
    for (const name of ['first.db', 'second.db', 'third.db']) {
      known.push([...writing.devices]);
      const { code, output } = await run(['backup', join(folder, name)], { MUSTER_DATA_DIR: installation.dataDir });
      expect(output).toContain(`${join(folder, name)} is a copy of the database.`);
      expect(code).toBe(0);
    }
    await writing.stop();
    expect((await readdir(folder)).toSorted()).toEqual(['first.db', 'second.db', 'third.db']);
    for (const [index, name] of ['first.db', 'second.db', 'third.db'].entries()) {
      expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
      const stored = readCopy(join(folder, name));
      expect(stored).toEqual(expect.arrayContaining([...(known[index] ?? [])]));
      // Each of them was stored with its application's counters, or not at all.
      expect(writing.devices).toEqual(expect.arrayContaining([...stored]));
    }
    const restored = await restore(installation, join(folder, 'third.db'));
    const devices = await collect(restored.devices.listAll({ limit: 50 }));
    expect(devices.map(({ device_id }) => device_id).toSorted()).toEqual(readCopy(join(folder, 'third.db')));
    const [task] = await collect(restored.batchTasks.listAll());
    expect((await restored.waitForTask(task?.task_id ?? '')).status).toBe('Success');
  });

  it('takes a stopped one, too, with what a killed server has left in the log', async () => {
    const installation = await createInstallation();
    await installation.start();
    const client = await installation.client();
    await registerDevices(client, { productId: await createProduct(client), count: 3 });
    await installation.kill();
    const file = join(await temporaryFolder(), 'copy.db');
    expect((await run(['backup', file], { MUSTER_DATA_DIR: installation.dataDir })).code).toBe(0);
    expect(readCopy(file)).toHaveLength(3);
    await installation.start();
    expect((await client.devices.list()).devices).toHaveLength(3);
  });

  it('overwrites nothing, and leaves nothing where it fails', async () => {
    const folder = await temporaryFolder();
    const MUSTER_DATA_DIR = join(folder, 'data');
    const file = join(folder, 'kept.db');
    const none = await run(['backup', file], { MUSTER_DATA_DIR });
    expect(none.output).toContain(`There is no database ${join(MUSTER_DATA_DIR, 'muster.db')}.`);
    await run(['migrate'], { MUSTER_DATA_DIR });
    await writeFile(file, 'precious');
    const taken = await run(['backup', file], { MUSTER_DATA_DIR });
    expect(taken.output).toContain(`${file} is there already`);
    expect(await readFile(file, 'utf8')).toBe('precious');
    const nowhere = await run(['backup', join(folder, 'none', 'x.db')], { MUSTER_DATA_DIR });
    expect(nowhere.output).toContain('ENOENT');
    await writeFile(
      join(MUSTER_DATA_DIR, 'muster.db'),
      'not a database, but long enough to be looked at as one. '.repeat(99),
    );
    const damaged = await run(['backup', join(folder, 'x.db')], { MUSTER_DATA_DIR });
    expect(damaged.output).toContain('file is not a database');
    expect([none.code, taken.code, nowhere.code, damaged.code]).toEqual([1, 1, 1, 1]);
    expect((await readdir(folder)).toSorted()).toEqual(['data', 'kept.db']);
  });
});

/** Devices one after the other, as fast as the server takes them, and one task. */
async function keepWriting(client: V5Client, productId: string) {
  const devices: string[] = [];
  const stopping = new AbortController();
  const first = Promise.withResolvers<void>();
  const writing = (async () => {
    for (let number = 0; !stopping.signal.aborted; number += 1) {
      const [device] = await registerDevices(client, { productId, count: 1, prefix: `d${number}-` });
      devices.push(device?.deviceId ?? '');
      if (number === 20) first.resolve();
    }
  })();
  await Promise.race([first.promise, writing]);
  await client.batchTasks.create({ task_name: 'frozen', task_type: 'freezeDevices', targets: devices.slice(0, 20) });
  return {
    devices,
    async stop() {
      stopping.abort();
      await writing;
    },
  };
}

/** The devices of a copy that is whole. */
function readCopy(path: string): readonly string[] {
  const copy = new DatabaseSync(path, { readOnly: true });
  try {
    expect(copy.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    return copy
      .prepare('SELECT device_id FROM devices ORDER BY device_id')
      .all()
      .map(({ device_id }) => String(device_id));
  } finally {
    copy.close();
  }
}

/** As the operations page says it: the copy and the key into an empty folder. */
async function restore({ dataDir }: Installation, copy: string): Promise<V5Client> {
  const folder = join(await temporaryFolder(), 'data');
  await mkdir(folder, { mode: 0o700 });
  await copyFile(copy, join(folder, 'muster.db'));
  await copyFile(join(dataDir, 'master.key'), join(folder, 'master.key'));
  const server = await startServer({
    program: builtServer(),
    dataDir: folder,
    settings: { MUSTER_LOG_LEVEL: 'error' },
    log: 'inherit',
  });
  onTestFinished(() => server.kill());
  return clientOf(dataDir, server.addresses.http);
}

async function clientOf(dataDir: string, endpoint: string): Promise<V5Client> {
  const { accessKey, secretKey, projectId } = await readCredentials(dataDir);
  return createV5Client({ endpoint, projectId, credentials: { kind: 'aksk', accessKey, secretKey } });
}

describe('move', patient, () => {
  it('takes an installation to PostgreSQL, where it goes on with its unfinished task', async () => {
    const receiver = await startReceiver();
    onTestFinished(() => receiver.stop());
    const installation = await createInstallation();
    await installation.start();
    const { dataDir } = installation;
    const client = await installation.client();
    const productId = await createProduct(client);
    await forwardTaskUpdates(client, receiver.url);
    const devices = await registerDevices(client, { productId, count: 8 });
    await connectFleet(installation, devices.slice(0, 4), 1);
    const group = await client.groups.create({
      name: 'all',
      app_id: (await client.apps.list()).applications[0]?.app_id ?? '',
    });
    for (const { deviceId } of devices) await client.groups.addDevice(group.group_id, deviceId);
    await client.messages.send(devices[7]?.deviceId ?? '', { message: 'for later' });
    const { task_id } = await client.batchTasks.create({
      task_name: 'half_done',
      task_type: 'firmwareUpgrade',
      targets: devices.map(({ deviceId }) => deviceId),
      document: { package_id: await uploadFirmware(client, productId) },
    });
    const progress = async () => (await client.batchTasks.show(task_id)).batchtask.task_progress?.success;
    await expect.poll(progress, { timeout: 60_000 }).toBe(4);
    const before = await lookAround(client, task_id);

    const targetUrl = await database();
    const settings = { MUSTER_DATA_DIR: dataDir };
    const running = await run(['move', targetUrl], settings);
    expect(running.output).toContain('Another process works on');
    expect(running.code).toBe(1);
    await installation.kill();
    const { code, output } = await run(['move', targetUrl], settings);
    expect(output).toContain('devices: 8 of 8\n');
    expect(output).toContain(`MUSTER_MASTER_KEY     what ${join(dataDir, 'master.key')} holds`);
    expect(output).toContain(`MUSTER_PACKAGE_STORE  ${join(dataDir, 'packages')}`);
    const key = (await readFile(join(dataDir, 'master.key'), 'utf8')).trim();
    expect(output).not.toContain(key);
    expect(output).not.toContain(targetUrl);
    expect(code).toBe(0);

    const server = await startServer({
      program: builtServer(),
      dataDir,
      settings: {
        ...{ MUSTER_LOG_LEVEL: 'error', MUSTER_PUSH_ALLOW_PRIVATE: '127.0.0.0/8', ...portsOf(installation) },
        MUSTER_DATABASE_URL: targetUrl,
        MUSTER_MASTER_KEY: key,
        MUSTER_PACKAGE_STORE: join(dataDir, 'packages'),
        MUSTER_DEVICE_OFFLINE_DELAY_SECONDS: '0',
      },
      log: 'inherit',
    });
    onTestFinished(() => server.kill());
    expect(await lookAround(client, task_id)).toEqual(before);
    // Its sessions ended with the process that had them; the fleet of before comes back by itself.
    const told = receiver.notifications.length;
    await connectFleet(installation, devices.slice(4), 2);
    expect((await client.waitForTask(task_id)).status).toBe('Success');
    await expect.poll(() => receiver.notifications.length, { timeout: 20_000 }).toBeGreaterThan(told);
    const next = await client.batchTasks.create({
      task_name: 'next',
      task_type: 'freezeDevices',
      targets: [devices[0]?.deviceId ?? ''],
    });
    expect((await client.waitForTask(next.task_id)).status).toBe('Success');
    const again = await run(['move', targetUrl], settings);
    expect(again.output).toMatch(/^Nothing was copied: The database is not empty/);
    expect(again.code).toBe(1);
  });

  it('is refused where there is nothing to move, or its key is missing', async () => {
    const MUSTER_DATA_DIR = await temporaryFolder();
    const targetUrl = await database();
    const none = await run(['move', targetUrl], { MUSTER_DATA_DIR });
    expect(none.output).toContain(`There is no database ${join(MUSTER_DATA_DIR, 'muster.db')}`);
    await run(['migrate'], { MUSTER_DATA_DIR });
    const keyless = await run(['move', targetUrl], { MUSTER_DATA_DIR });
    expect(keyless.output).toContain(`${join(MUSTER_DATA_DIR, 'master.key')} is missing: set MUSTER_MASTER_KEY`);
    const keyed = await run(['move', targetUrl], { MUSTER_DATA_DIR, MUSTER_MASTER_KEY: masterKey });
    expect(keyed.output).toContain('MUSTER_MASTER_KEY     as it is set now');
    expect([none.code, keyless.code, keyed.code]).toEqual([1, 1, 0]);
  });
});

/** What must be the same before and after, as clients see it; whether devices are connected is not. */
async function lookAround(client: V5Client, taskId: string) {
  const groups = await collect(client.groups.listAll());
  const members = groups.map(({ group_id }) => collect(client.groups.listAllDevices(group_id)));
  const devices = await collect(client.devices.listAll());
  const whole = await Promise.all(devices.map(({ device_id }) => client.devices.get(device_id)));
  return {
    groups,
    members: (await Promise.all(members)).flat().map(({ device_id }) => device_id),
    devices: whole.map((device) => ({ ...device, status: undefined, connection_status_update_time: undefined })),
    products: await collect(client.products.listAll()),
    packages: await collect(client.packages.listAll({ package_type: 'firmwarePackage' })),
    rules: await collect(client.rules.listAll()),
    actions: await collect(client.actions.listAll()),
    tasks: await collect(client.batchTasks.listAll()),
    details: await collect(client.batchTasks.listAllDetails(taskId)),
    messages: await client.messages.list(devices[0]?.device_id ?? ''),
  };
}
