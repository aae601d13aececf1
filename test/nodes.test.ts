import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerDevices } from '@muster/simulator';
import { expect, it } from 'vitest';
import { createProduct } from '../scripts/demo/preparation.ts';
import { type Cluster, type ClusterNode, type ClusterOptions, createCluster } from './support/cluster.ts';
import { runServer } from './support/run-server.ts';
import { connectDevice } from './support/wire-device.ts';

const patient = { timeout: 120_000 };
const settings = { MUSTER_NODE_LEASE_SECONDS: '2', MUSTER_DEVICE_OFFLINE_DELAY_SECONDS: '1' };

async function startTwo(options: Partial<ClusterOptions> = {}) {
  const cluster = await createCluster({ names: ['one', 'two'], settings, ...options });
  const [one, two] = cluster.nodes as readonly [ClusterNode, ClusterNode];
  await Promise.all([one.start(), two.start()]);
  return { cluster, one, two };
}

async function addDevice({ client }: ClusterNode) {
  const [device] = await registerDevices(client, { productId: await createProduct(client), count: 1 });
  if (device === undefined) throw new Error('One was registered.');
  return device;
}

const sessionOf = async (cluster: Cluster, deviceId: string) =>
  (await cluster.query<{ node: string }>('SELECT node FROM sessions WHERE device_id = $1', [deviceId]))[0]?.node;

it('A device that connects to another node is taken over there and stays ONLINE [device 10]', patient, async () => {
  const { cluster, one, two } = await startTwo();
  const device = await addDevice(one);
  const { deviceId } = device;
  const first = await connectDevice(one.mqttUrl, device);
  const { status: before } = await one.client.devices.get(deviceId);
  const second = await connectDevice(two.mqttUrl, device);
  await first.closed;
  expect(second.isConnected).toBe(true);
  expect(await sessionOf(cluster, deviceId)).toBe('two');
  // Longer than an end would take to show.
  const [shown] = await cluster.query<{ status_at: string; active_at: string }>(
    'SELECT status_at, active_at FROM devices WHERE device_id = $1',
    [deviceId],
  );
  expect([before, (await one.client.devices.get(deviceId)).status]).toEqual(['ONLINE', 'ONLINE']);
  expect(shown?.status_at).toBe(shown?.active_at);
  // And back again: the newer epoch wins, whichever node it is on.
  const third = await connectDevice(one.mqttUrl, device);
  await second.closed;
  expect(third.isConnected).toBe(true);
  expect(await sessionOf(cluster, deviceId)).toBe('one');
});

it(
  'Any node reaches a device that another one holds: command with its answer, message, freezing',
  patient,
  async () => {
    const { one, two } = await startTwo();
    const device = await addDevice(one);
    const { deviceId } = device;
    const connection = await connectDevice(two.mqttUrl, device);
    const { response } = await one.client.commands.send(deviceId, {
      service_id: 'Motor',
      command_name: 'setSpeed',
      paras: { speed: 3 },
    });
    expect(response).toMatchObject({ result_code: 0, paras: { ok: true } });
    const { message_id } = await one.client.messages.send(deviceId, { message: 'hello' });
    const status = async () => (await one.client.messages.get(deviceId, message_id)).status;
    await expect.poll(status, { timeout: 20_000 }).toBe('DELIVERED');
    expect(connection.received.filter(({ topic }) => topic.endsWith('/sys/messages/down'))).toHaveLength(1);
    await one.client.devices.freeze(deviceId);
    await connection.closed;
  },
);

it(
  'Asynchronous commands and properties reach a device of any node, and their answers come back',
  patient,
  async () => {
    const { one, two } = await startTwo({
      own: { one: { MUSTER_ROLES: 'api,engine,push' }, two: { MUSTER_ROLES: 'gateway' } },
    });
    const { client } = one;
    const device = await addDevice(one);
    const { deviceId } = device;
    const body = { service_id: 'Motor', command_name: 'setSpeed', paras: { speed: 3 } };
    const waiting = await client.asyncCommands.create(deviceId, body);
    expect(waiting.status).toBe('PENDING');
    const connection = await connectDevice(two.mqttUrl, device);
    const status = async (commandId: string) => (await client.asyncCommands.get(deviceId, commandId)).status;
    await expect.poll(() => status(waiting.command_id), { timeout: 20_000 }).toBe('SUCCESSFUL');
    const { command_id } = await client.asyncCommands.create(deviceId, { ...body, send_strategy: 'immediately' });
    await expect.poll(() => status(command_id), { timeout: 20_000 }).toBe('SUCCESSFUL');
    const { task_id } = await client.batchTasks.create({
      task_name: 'far',
      task_type: 'createAsyncCommands',
      targets: [deviceId],
      document: body,
    });
    expect((await client.waitForTask(task_id)).status).toBe('Success');
    expect(await client.asyncCommands.countHistory(deviceId)).toEqual({ count: 3 });
    expect((await client.properties.get(deviceId, 'Motor')).response).toMatchObject({ paras: { ok: true } });
    expect(connection.received).toHaveLength(4);
  },
);

it('Tasks of one node work on the devices of all, whichever engine takes them', patient, async () => {
  const { one, two } = await startTwo({
    own: { one: { MUSTER_ROLES: 'api,engine,push' }, two: { MUSTER_ROLES: 'gateway' } },
  });
  const device = await addDevice(one);
  const connection = await connectDevice(two.mqttUrl, device);
  const { task_id } = await one.client.batchTasks.create({
    task_name: 'far',
    task_type: 'createCommands',
    targets: [device.deviceId],
    document: { service_id: 'Motor', command_name: 'setSpeed', paras: { speed: 3 } },
  });
  expect((await one.client.waitForTask(task_id)).status).toBe('Success');
  const frozen = await one.client.batchTasks.create({
    task_name: 'freeze',
    task_type: 'freezeDevices',
    targets: [device.deviceId],
  });
  expect((await one.client.waitForTask(frozen.task_id)).status).toBe('Success');
  await connection.closed;
  // Each listens to what is its part alone.
  await expect(connectDevice(one.mqttUrl, device)).rejects.toThrow();
  expect((await fetch(`${two.httpUrl}/readyz`)).status).toBe(200);
  expect((await fetch(`${two.httpUrl}/v5/iot/x/devices`)).status).toBe(404);
});

it('A gateway of one node hears of every child, in order, whichever nodes make them [device 62]', patient, async () => {
  const { one, two } = await startTwo();
  const gateway = await addDevice(one);
  const productId = gateway.deviceId.slice(0, gateway.deviceId.indexOf('_'));
  const connection = await connectDevice(two.mqttUrl, gateway);
  const rows = Array.from({ length: 2500 }, (_, n) => `c${n},${productId},${gateway.deviceId}`);
  const file = new Blob([`node_id,product_id,gateway_id\n${rows.join('\n')}\n`]);
  const { file_id: fileId } = await one.client.batchFiles.upload(file, 'children.csv');
  const { task_id: taskId } = await one.client.batchTasks.create({
    task_name: 'children',
    task_type: 'createDevices',
    document_source: fileId,
  });
  const single = async ({ client }: ClusterNode, nodeId: string) =>
    client.devices.create({ node_id: nodeId, product_id: productId, gateway_id: gateway.deviceId });
  for (let n = 0; n < 10; n += 1) await Promise.all([single(one, `one${n}`), single(two, `two${n}`)]);
  expect(await one.client.waitForTask(taskId)).toMatchObject({ status: 'Success' });
  const notices = () =>
    connection.received.map(
      ({ text }) => JSON.parse(text) as { services: [{ paras: { version: number; devices: [] } }] },
    );
  const told = () => notices().flatMap(({ services: [{ paras }] }) => paras.devices).length;
  await expect.poll(told, { timeout: 20_000 }).toBe(2520);
  const versions = notices().map(({ services: [{ paras }] }) => paras.version);
  expect(versions).toEqual(versions.toSorted((a, b) => a - b));
  expect([new Set(versions).size, versions.at(-1)]).toEqual([versions.length, 2520]);
});

it('Devices of a node that is killed turn OFFLINE, and are welcome on another', patient, async () => {
  const { cluster, one, two } = await startTwo();
  const device = await addDevice(two);
  await connectDevice(one.mqttUrl, device);
  await one.kill();
  const status = async () => (await two.client.devices.get(device.deviceId)).status;
  await expect.poll(status, { timeout: 30_000 }).toBe('OFFLINE');
  expect(await cluster.query('SELECT name FROM nodes')).toEqual([{ name: 'two' }]);
  const back = await connectDevice(two.mqttUrl, device);
  expect(back.isConnected).toBe(true);
  expect(await status()).toBe('ONLINE');
});

it('All of it survives a restart of the database, without a restart of its own', patient, async () => {
  const { cluster, one, two } = await startTwo();
  const device = await addDevice(one);
  const connection = await connectDevice(two.mqttUrl, device);
  const restarted = cluster.postgres.restart();
  // Asked while it is away.
  const list = one.client.devices.list({ limit: 1 });
  await restarted;
  expect((await list).devices).toHaveLength(1);
  const { response } = await one.client.commands.send(device.deviceId, {
    service_id: 'Motor',
    command_name: 'setSpeed',
    paras: {},
  });
  expect(response).toMatchObject({ result_code: 0 });
  expect(connection.isConnected).toBe(true);
});

it('A second process under the name of a node goes on, and the first one ends and says why', patient, async () => {
  const cluster = await createCluster({ names: ['same'], settings });
  const [node] = cluster.nodes as readonly [ClusterNode];
  const others = {
    ...cluster.settingsOf('same'),
    MUSTER_HTTP_PORT: '0',
    MUSTER_MQTT_PORT: '0',
    MUSTER_AMQP_PORT: '0',
    MUSTER_LOG_FORMAT: 'json',
  };
  const first = runServer({ ...others, MUSTER_LOG_LEVEL: 'info' });
  await first.printed('muster ready');
  await node.start();
  // Not to be started again by a supervisor, or the two would take the name from each other for ever.
  expect(await first.ended).toBe(3);
  expect(first.output()).toContain('MUSTER_NODE_NAME must be unique');
  expect((await fetch(`${node.httpUrl}/readyz`)).status).toBe(200);
});

it('A node with another master key, or other packages, does not start, and says why', patient, async () => {
  const cluster = await createCluster({ names: ['one'], settings });
  const [node] = cluster.nodes as readonly [ClusterNode];
  await node.start();
  const others = { ...cluster.settingsOf('two'), MUSTER_HTTP_PORT: '0', MUSTER_MQTT_PORT: '0', MUSTER_AMQP_PORT: '0' };
  const stranger = runServer({ ...others, MUSTER_MASTER_KEY: Buffer.alloc(32, 9).toString('base64') });
  expect(await stranger.ended).toBe(1);
  expect(stranger.output()).toContain('MUSTER_MASTER_KEY must be the same');
  const elsewhere = await mkdtemp(join(tmpdir(), 'muster-elsewhere-'));
  const apart = runServer({ ...others, MUSTER_PACKAGE_STORE: elsewhere });
  expect(await apart.ended).toBe(1);
  expect(apart.output()).toContain('set MUSTER_PACKAGE_STORE to one that all nodes share');
});
