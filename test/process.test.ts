import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, connect } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createV5Client } from '@muster/sdk';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createProduct, uploadFirmware } from '../scripts/demo/preparation.ts';
import { freePort } from '../scripts/lib/free-ports.ts';
import type { ServerAddresses } from '../scripts/demo/server-process.ts';
import { connectFleet, registerFleet } from './support/crash-fleet.ts';
import { createInstallation, readCredentials } from './support/installation.ts';
import { type RunningServer, runServer } from './support/run-server.ts';

const startMaxMs = 60_000;

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

interface Site {
  readonly dataDir: string;
  readonly readyFile: string;
  readonly settings: Readonly<Record<string, string>>;
}

async function newSite(): Promise<Site> {
  const folder = await temporaryFolder();
  const dataDir = join(folder, 'data');
  const readyFile = join(folder, 'ready.json');
  const settings = {
    MUSTER_DATA_DIR: dataDir,
    MUSTER_READY_FILE: readyFile,
    MUSTER_HTTP_PORT: '0',
    MUSTER_MQTT_PORT: '0',
    MUSTER_AMQP_PORT: '0',
  };
  return { dataDir, readyFile, settings };
}

async function ready(server: RunningServer, readyFile: string): Promise<ServerAddresses> {
  await server.printed('muster ready');
  return JSON.parse(await readFile(readyFile, 'utf8')) as ServerAddresses;
}

/** A port that somebody else listens on. */
async function takenPort(): Promise<number> {
  const other = createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => {
    other.close();
  });
  return (other.address() as AddressInfo).port;
}

async function isOpen(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  const { promise, resolve } = Promise.withResolvers<boolean>();
  socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  const open = await promise;
  socket.destroy();
  return open;
}

describe('A starting process', { timeout: startMaxMs }, () => {
  it('says where it listens, in its log and in the ready file, and answers there', async () => {
    const { settings, readyFile, dataDir } = await newSite();
    const server = runServer(settings);
    const addresses = await ready(server, readyFile);
    const { projectId } = await readCredentials(dataDir);
    expect(addresses).toEqual({
      http: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string,
      https: null,
      mqtt: expect.stringMatching(/^mqtt:\/\/127\.0\.0\.1:\d+$/) as string,
      mqtts: null,
      amqp: expect.stringMatching(/^amqp:\/\/127\.0\.0\.1:\d+$/) as string,
      amqps: null,
      packages: null,
      packagesHttp: null,
      projectId,
    });
    expect(server.output()).toContain(addresses.http);
    expect(server.output()).toContain(addresses.mqtt);
    expect((await fetch(`${addresses.http}/readyz`)).status).toBe(200);
    expect((await fetch(`${addresses.http}/healthz`)).status).toBe(200);
    expect(await isOpen(addresses.mqtt)).toBe(true);
  });

  it('writes the credentials for its owner alone and says where, but never what', async () => {
    const { settings, readyFile, dataDir } = await newSite();
    const server = runServer({ ...settings, MUSTER_LOG_LEVEL: 'debug' });
    await ready(server, readyFile);
    const path = join(dataDir, 'credentials.json');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
    const { password, secretKey } = await readCredentials(dataDir);
    expect(server.output()).toContain(path);
    expect(server.output()).not.toContain(password);
    expect(server.output()).not.toContain(secretKey);
  });

  it('replaces the ready file that a killed one has left', async () => {
    const { settings, readyFile } = await newSite();
    await writeFile(readyFile, '{"http":"http://127.0.0.1:1"}');
    const server = runServer(settings);
    expect((await ready(server, readyFile)).http).not.toBe('http://127.0.0.1:1');
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(existsSync(readyFile)).toBe(false);
  });

  it('stops with a clear error where another one works on the data folder, which goes on', async () => {
    const { settings, readyFile, dataDir } = await newSite();
    const addresses = await ready(runServer(settings), readyFile);
    const second = runServer(settings);
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(dataDir);
    expect(second.output()).not.toContain('muster ready');
    expect(second.output()).not.toMatch(/^\s+at /m);
    // What never started is not stopped, and says nothing in the log.
    expect(second.output()).not.toContain('could not be ended');
    expect(second.output()).not.toContain('not started');
    expect(existsSync(readyFile)).toBe(true);
    expect((await fetch(`${addresses.http}/readyz`)).status).toBe(200);
  });

  it.each([
    'MUSTER_HTTP_PORT',
    'MUSTER_HTTPS_PORT',
    'MUSTER_MQTT_PORT',
    'MUSTER_MQTTS_PORT',
    'MUSTER_AMQP_PORT',
    'MUSTER_AMQPS_PORT',
    'MUSTER_PACKAGES_HTTP_PORT',
    'MUSTER_PACKAGES_HTTPS_PORT',
  ])('names port, setting and fix where the port of %s is taken', async (setting) => {
    const { settings, readyFile } = await newSite();
    const port = await takenPort();
    const server = runServer({ ...settings, [setting]: String(port) });
    expect(await server.ended).toBe(1);
    expect(server.output()).toContain(String(port));
    expect(server.output()).toContain(setting);
    expect(server.output()).toMatch(/taken.*another port/s);
    expect(existsSync(readyFile)).toBe(false);
  });

  it.each([
    ['MUSTER_HTTP_PROT', '1', 'MUSTER_HTTP_PROT'],
    ['MUSTER_HTTP_PORT', 'eighty', 'MUSTER_HTTP_PORT'],
    ['MUSTER_OTA_OFFERS_MAX', '0', 'MUSTER_OTA_OFFERS_MAX'],
  ])('stops at %s=%s with a message that names it', async (variable, value, named) => {
    const { settings, dataDir } = await newSite();
    const server = runServer({ ...settings, [variable]: value });
    expect(await server.ended).toBe(2);
    expect(server.output()).toContain(named);
    expect(existsSync(dataDir)).toBe(false);
  });

  it('prints its settings on request, secrets masked, and does nothing else', async () => {
    const { settings, dataDir } = await newSite();
    const server = runServer(
      { ...settings, MUSTER_ADMIN_SK: 'sk-not-to-be-seen', MUSTER_ADMIN_PASSWORD: 'pw-not-to-be-seen' },
      ['--print-config'],
    );
    expect(await server.ended).toBe(0);
    expect(server.output()).toContain(dataDir);
    expect(server.output()).not.toContain('not-to-be-seen');
    expect(existsSync(dataDir)).toBe(false);
  });
});

describe('A stopping process', { timeout: 4 * startMaxMs }, () => {
  it('ends in order while a task runs, and the work goes on after the next start', async () => {
    const installation = await createInstallation();
    await installation.start();
    const client = await installation.client();
    const productId = await createProduct(client);
    const devices = await registerFleet(client, productId, 200);
    const packageId = await uploadFirmware(client, productId);
    const fleet = await connectFleet(installation, devices, 1);
    const offered = once(fleet.events, 'offer');
    const { task_id: taskId } = await client.batchTasks.create({
      task_name: 'goes_on',
      task_type: 'firmwareUpgrade',
      targets: devices.map((device) => device.deviceId),
      document: { package_id: packageId },
    });
    // An open event stream must not hold the process up.
    const events = client.batchTasks.events(taskId)[Symbol.asyncIterator]();
    await events.next();
    await offered;
    expect(await installation.stop()).toBe(0);
    await events.return?.();

    await installation.start();
    const task = await client.waitForTask(taskId, { signal: AbortSignal.timeout(120_000) });
    expect(task).toMatchObject({ status: 'Success', task_progress: { total: 200, success: 200 } });
  });

  it('exits at once at a second signal, and the next one starts', async () => {
    const { settings, readyFile } = await newSite();
    const server = runServer(settings);
    const { http } = await ready(server, readyFile);
    // A request that never ends keeps the first signal busy.
    const { hostname, port } = new URL(http);
    const socket = connect({ host: hostname, port: Number(port) }).on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(
      'POST /v3/auth/tokens HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    );
    expect((await fetch(`${http}/healthz`)).status).toBe(200);
    server.child.kill('SIGTERM');
    // It has begun to stop, and waits for the request.
    await expect.poll(() => isOpen(http), { timeout: 30_000 }).toBe(false);
    expect(server.child.exitCode).toBe(null);
    server.child.kill('SIGINT');
    expect(await server.ended).toBe(1);
    socket.destroy();
    await ready(runServer(settings), readyFile);
  });

  it('leaves no device behind that looks connected after a crash', async () => {
    const installation = await createInstallation({ MUSTER_DEVICE_OFFLINE_DELAY_SECONDS: '0.2' });
    await installation.start();
    const client = await installation.client();
    const [device] = await registerFleet(client, await createProduct(client), 1);
    if (device === undefined) throw new Error('No device was registered.');
    const fleet = await connectFleet(installation, [device], 1);
    const statusOf = async () => (await client.devices.get(device.deviceId)).status;
    await expect.poll(statusOf, { timeout: 30_000 }).toBe('ONLINE');
    await installation.kill();
    await fleet.stop();
    await installation.start();
    await expect.poll(statusOf, { timeout: 30_000 }).toBe('OFFLINE');
  });

  it('leaves tokens that the next one takes [v5 2]', async () => {
    const { settings, readyFile, dataDir } = await newSite();
    const first = runServer(settings);
    const { http, projectId } = await ready(first, readyFile);
    const { domain, user, password, projectName } = await readCredentials(dataDir);
    const signIn = (secret: string): Promise<Response> =>
      fetch(`${http}/v3/auth/tokens`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({
          auth: {
            identity: {
              methods: ['password'],
              password: { user: { domain: { name: domain }, name: user, password: secret } },
            },
            scope: { project: { name: projectName } },
          },
        }),
      });
    expect((await signIn(`${password}x`)).status).toBe(401);
    const answer = await signIn(password);
    expect(answer.status).toBe(201);
    const token = answer.headers.get('X-Subject-Token') ?? '';
    first.child.kill('SIGKILL');
    expect(await first.ended).toBe('SIGKILL');

    const { http: endpoint } = await ready(runServer(settings), readyFile);
    const client = createV5Client({ endpoint, projectId, credentials: { kind: 'token', token } });
    expect((await client.devices.list()).devices).toEqual([]);
  });
});

it('A start without its database says what is wrong with it', async () => {
  const port = await freePort();
  const { settings } = await newSite();
  const server = runServer({
    ...settings,
    MUSTER_MASTER_KEY: Buffer.alloc(32, 5).toString('base64'),
    MUSTER_DATABASE_URL: `postgres://muster@127.0.0.1:${port}/muster`,
    MUSTER_DATABASE_WAIT_SECONDS: '0.2',
  });
  expect(await server.ended).toBe(1);
  expect(server.output()).toContain(`connect ECONNREFUSED 127.0.0.1:${port}`);
});
