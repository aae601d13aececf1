import type { DryRunResponse } from '@muster/contract/v5';
import { expect, test } from 'vitest';
import type { DeviceId } from '../../../../src/domain/ids.ts';
import type { JsonObject } from '../../../../src/domain/json.ts';
import { startTaskApi, type TaskClient } from './task-api.ts';

const dryRun = async (client: TaskClient, body: JsonObject) => {
  const before = await client.call('GET');
  const answered = await client.call<DryRunResponse>('POST', '?dry_run=true', { task_name: 'dry', ...body });
  expect(await client.list()).toEqual(before.body);
  expect(answered.status).toBe(200);
  return answered.body;
};

const reason = (severity: string, code: string, samples: readonly string[], count = samples.length) => ({
  severity,
  error_code: `IOTDA.${code}`,
  error_msg: expect.any(String),
  count,
  samples,
});

test('[v5 57] a dry run counts the targets that exist and those that do not, and stores nothing', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const [good = ''] = await api.given.devices(client.scope, 1);
  expect(await dryRun(client, { task_type: 'freezeDevices', targets: [good, 'nobody', good] })).toEqual({
    dry_run: true,
    task_type: 'freezeDevices',
    total: 2,
    valid: 1,
    invalid: 1,
    reasons: [
      {
        severity: 'error',
        error_code: 'IOTDA.014000',
        error_msg: 'The device does not exist.',
        count: 1,
        samples: ['nobody'],
      },
    ],
  });
  expect(await api.store.devices.find(client.projectId, good as DeviceId)).toMatchObject({ frozen: false });
});

test('a reason has at most ten samples, whatever it counts', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const targets = Array.from({ length: 2500 }, (_, index) => `d${index}`);
  expect(await dryRun(client, { task_type: 'freezeDevices', targets })).toMatchObject({
    total: 2500,
    invalid: 2500,
    reasons: [reason('error', '014000', targets.slice(0, 10), 2500)],
  });
});

test('each type judges its targets by its own rules', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const gateway = await api.given.device(client.scope);
  const child = await api.given.device(client.scope, { parent: gateway });
  const frozen = await api.given.device(client.scope, { frozen: true });
  const targets = [gateway.deviceId, child.deviceId, frozen.deviceId];
  expect(await dryRun(client, { task_type: 'freezeDevices', targets })).toMatchObject({
    valid: 2,
    reasons: [reason('error', '014038', [child.deviceId])],
  });
  expect(await dryRun(client, { task_type: 'unfreezeDevices', targets })).toMatchObject({
    valid: 1,
    reasons: [reason('error', '014040', [gateway.deviceId]), reason('error', '014038', [child.deviceId])],
  });
});

test('a device that is not there now is a warning for what needs it, and no matter for what does not', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const offline = await api.given.device(client.scope);
  const online = await api.given.device(client.scope, { online: true });
  const targets = [offline.deviceId, online.deviceId];
  const warned = { total: 2, valid: 2, invalid: 0, reasons: [reason('warning', '014016', [offline.deviceId])] };
  expect(await dryRun(client, { task_type: 'createCommands', targets, document: { paras: {} } })).toMatchObject(warned);
  expect(await dryRun(client, { task_type: 'createMessages', targets, document: { message: 'm' } })).toMatchObject(
    warned,
  );
  expect(await dryRun(client, { task_type: 'freezeDevices', targets })).toMatchObject({ valid: 2, reasons: [] });
});

test('a command that the product model does not know is an error', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const capabilities = [{ service_id: 'Motor', service_type: 'Motor', commands: [{ command_name: 'start' }] }];
  const product = await api.given.product(client.scope, { capabilities });
  const { deviceId } = await api.given.device(client.scope, { product, online: true });
  const run = (command_name: string) =>
    dryRun(client, {
      task_type: 'createCommands',
      targets: [deviceId],
      document: { service_id: 'Motor', command_name, paras: {} },
    });
  expect(await run('start')).toMatchObject({ valid: 1, reasons: [] });
  expect(await run('fly')).toMatchObject({ valid: 0, reasons: [reason('error', '014108', [deviceId])] });
});

test("upgrades tell another product's devices, running upgrades and devices that are away", async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const product = await api.given.product(client.scope);
  const { packageId: package_id } = await api.given.pkg(client.scope, { productId: product.productId });
  const busy = await api.given.device(client.scope, { product });
  const idle = await api.given.device(client.scope, { product });
  const foreign = await api.given.device(client.scope);
  const upgrade = { task_type: 'firmwareUpgrade', document: { package_id } };
  const running = await client.create({ task_name: 'fw', ...upgrade, targets: [busy.deviceId] });
  await client.until(running.body.task_id, ({ task_progress }) => task_progress.processing === 1);
  const report = {
    total: 3,
    valid: 2,
    invalid: 1,
    reasons: [
      reason('warning', '014590', [busy.deviceId]),
      reason('warning', '014016', [idle.deviceId]),
      reason('error', '014582', [foreign.deviceId]),
    ],
  };
  const targets = [busy.deviceId, idle.deviceId, foreign.deviceId];
  expect(await dryRun(client, { ...upgrade, targets })).toMatchObject(report);
  const queueing = { ...upgrade, targets, task_policy: { on_conflict: 'queue' } };
  expect(await dryRun(client, queueing)).toMatchObject(report);
});

test('groups are resolved with their subgroups, each device once', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const members = await api.given.devices(client.scope, 2500);
  const parent = await api.given.group(client.scope, { members: members.slice(0, 1500) });
  await api.given.group(client.scope, { members: members.slice(1000), superGroupId: parent.groupId });
  const second = await api.given.group(client.scope, { members: members.slice(500, 2000) });
  const group_ids = [second.groupId, parent.groupId];
  expect(await dryRun(client, { task_type: 'freezeDevices', targets_filter: { group_ids } })).toMatchObject({
    total: 2500,
    valid: 2500,
    reasons: [],
  });
});

test('dynamic groups are resolved by their rules, each device once', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const members = await api.given.devices(client.scope, 1200);
  const fixed = await api.given.group(client.scope, { members: members.slice(0, 100) });
  const all = await api.given.group(client.scope, { rule: "node_id like 'node%'" });
  const few = await api.given.group(client.scope, { rule: `device_id in ('${members[0]}', '${members[500]}')` });
  const group_ids = [few, all, fixed].map(({ groupId }) => groupId);
  expect(await dryRun(client, { task_type: 'freezeDevices', targets_filter: { group_ids } })).toMatchObject({
    total: 1200,
  });
});

test('a group filter that would fail the task is told with its text', async () => {
  const api = await startTaskApi();
  const [client, stranger] = [await api.client(), await api.client()];
  const empty = await api.given.group(client.scope);
  const failed = { dry_run: true, task_type: 'freezeDevices', total: 0, valid: 0, invalid: 0 };
  const run = (of: TaskClient, group_ids: string[]) =>
    dryRun(of, { task_type: 'freezeDevices', targets_filter: { group_ids } });
  expect(await run(client, [empty.groupId, '123456789'])).toEqual({
    ...failed,
    reasons: [
      {
        severity: 'error',
        error_code: 'IOTDA.015500',
        error_msg: 'The device group 123456789 does not exist.',
        count: 0,
        samples: [],
      },
    ],
  });
  expect(await run(client, [empty.groupId])).toEqual({
    ...failed,
    reasons: [{ severity: 'error', error_msg: 'no device matches', count: 0, samples: [] }],
  });
  expect((await run(stranger, [empty.groupId])).reasons[0]?.error_msg).toContain(empty.groupId);
});

test("another project's devices do not exist", async () => {
  const api = await startTaskApi();
  const [client, stranger] = [await api.client(), await api.client()];
  const [foreign = ''] = await api.given.devices(stranger.scope, 1);
  expect(await dryRun(client, { task_type: 'freezeDevices', targets: [foreign] })).toMatchObject({
    invalid: 1,
    reasons: [reason('error', '014000', [foreign])],
  });
});
