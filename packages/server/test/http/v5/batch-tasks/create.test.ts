import { expect, test } from 'vitest';
import { toBasicTime } from '../../../../src/domain/time.ts';
import { startTaskApi } from './task-api.ts';

const zeros = { total: 0, processing: 0, success: 0, fail: 0, waitting: 0, fail_wait_retry: 0, stopped: 0, removed: 0 };
const freeze = { task_name: 'freeze', task_type: 'freezeDevices' } as const;

test('[v5 14] freezeDevices answers Initializing with zeros and without app_id, and ends Success with both devices frozen', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const ids = [...(await api.given.devices(client.scope, 2))];
  const created = await client.create({ ...freeze, targets: ids });
  expect(created.status).toBe(201);
  expect(created.body).toEqual({
    ...freeze,
    task_id: expect.stringMatching(/^[0-9a-f]{24}$/),
    targets: ids,
    need_confirm: false,
    status: 'Initializing',
    status_desc: '',
    task_progress: zeros,
    create_time: toBasicTime(api.clock.now()),
  });
  expect(created.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);

  await client.untilFinal(created.body.task_id);
  const { batchtask, task_details, page } = await client.show(created.body.task_id);
  expect(batchtask).toMatchObject({
    status: 'Success',
    status_desc: '',
    task_progress: { ...zeros, total: 2, success: 2 },
  });
  // Record ids follow the input and are shown descending.
  expect(task_details).toEqual(
    ids.toReversed().map((target) => ({
      target,
      status: 'Success',
      output: JSON.stringify({ device_id: target, app_id: client.appId }),
    })),
  );
  expect(page).toEqual({ count: 2, marker: expect.stringMatching(/^[0-9a-f]{24}$/) });
  for (const id of ids) expect(await api.store.devices.find(client.projectId, id)).toMatchObject({ frozen: true });
});

test('[v5 16] a repeated target counts once, and the first of them gives the order of the echo', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const created = await client.create({ ...freeze, targets: ['a', 'b', 'a'] });
  expect(created.body.targets).toEqual(['a', 'b']);
  await client.untilFinal(created.body.task_id);
  const { batchtask } = await client.show(created.body.task_id);
  expect(batchtask.targets).toEqual(['a', 'b']);
  expect(batchtask.task_progress.total).toBe(2);
});

test('[v5 17] an unknown device fails its subtask with 014000: alone the task fails, beside a good one it succeeds in part', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const [good] = await api.given.devices(client.scope, 1);
  const alone = await client.create({ ...freeze, targets: ['nobody'] });
  expect(await client.untilFinal(alone.body.task_id)).toMatchObject({
    status: 'Fail',
    status_desc: '0 succeeded, 1 failed, 0 stopped, 0 removed; most frequent: IOTDA.014000 The device does not exist.',
  });
  const both = await client.create({ ...freeze, targets: ['nobody', good ?? ''] });
  expect(await client.untilFinal(both.body.task_id)).toMatchObject({ status: 'PartialSuccess' });
  const { task_details } = await client.show(both.body.task_id, '?target=nobody');
  expect(task_details).toEqual([
    {
      target: 'nobody',
      status: 'Fail',
      error: { error_code: 'IOTDA.014000', error_msg: 'The device does not exist.' },
    },
  ]);
});

test('[v5 19] with targets and targets_filter only the targets count, and both are echoed', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const members = await api.given.devices(client.scope, 3);
  const group = await api.given.group(client.scope, { members });
  const targets_filter = { group_ids: [group.groupId] };
  const created = await client.create({ ...freeze, targets: ['a'], targets_filter });
  expect(created.body).toMatchObject({ targets: ['a'], targets_filter });
  await client.untilFinal(created.body.task_id);
  const { batchtask } = await client.show(created.body.task_id);
  expect(batchtask).toMatchObject({ targets: ['a'], targets_filter, task_progress: { total: 1 } });
});

test('[v5 28] an unknown group fails the task with its id and without details', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const group_ids = ['123456789', '987654321'];
  const created = await client.create({ ...freeze, targets_filter: { group_ids } });
  expect(created.status).toBe(201);
  await client.untilFinal(created.body.task_id);
  const { batchtask, task_details, page } = await client.show(created.body.task_id);
  expect(batchtask).toMatchObject({
    status: 'Fail',
    status_desc: 'The device group 123456789 does not exist.',
    task_progress: zeros,
  });
  expect(batchtask.targets).toBeUndefined();
  expect(task_details).toEqual([]);
  expect(page).toEqual({ count: 0, marker: null });
});

test('[v5 29] an empty group fails the task: no device matches', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const group = await api.given.group(client.scope);
  const created = await client.create({ ...freeze, targets_filter: { group_ids: [group.groupId] } });
  expect(await client.untilFinal(created.body.task_id)).toMatchObject({
    status: 'Fail',
    status_desc: 'no device matches',
  });
});

test('[v5 30] a device of a group, its subgroup and a second listed group has one subtask', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const members = await api.given.devices(client.scope, 3);
  const parent = await api.given.group(client.scope, { members: members.slice(0, 2) });
  await api.given.group(client.scope, { members, superGroupId: parent.groupId });
  const second = await api.given.group(client.scope, { members: members.slice(1) });
  const created = await client.create({ ...freeze, targets_filter: { group_ids: [parent.groupId, second.groupId] } });
  await client.untilFinal(created.body.task_id);
  const { task_details } = await client.show(created.body.task_id);
  const targets = (task_details as { target: string }[]).map(({ target }) => target);
  expect(targets.toSorted()).toEqual([...members].toSorted());
});

test('[v5 31] a dynamic group of a scheduled task is evaluated when the task starts', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const group = await api.given.group(client.scope, { rule: "device_name = 'late' or tag_key = 'late'" });
  const [before, tagged] = [
    await api.given.device(client.scope, { name: 'late' }),
    await api.given.device(client.scope),
  ];
  await api.given.device(client.scope, { name: 'other' });
  const created = await client.create({
    ...freeze,
    targets_filter: { group_ids: [group.groupId] },
    task_policy: { schedule_time: toBasicTime(api.clock.now() + 5000) },
  });
  const { task_id } = created.body;
  await client.until(task_id, ({ status }) => status === 'Waitting');
  const after = await api.given.device(client.scope, { name: 'late' });
  await api.store.tags.bind(tagged, [{ key: 'late', value: undefined }]);
  await api.clock.advance(6000);
  expect(await client.untilFinal(task_id)).toMatchObject({ status: 'Success', task_progress: { total: 3 } });
  const { task_details } = await client.show(task_id);
  const targets = (task_details as { target: string }[]).map(({ target }) => target);
  expect(targets.toSorted()).toEqual([before, tagged, after].map(({ deviceId }) => deviceId).toSorted());
});

test('a device of static and of dynamic groups has one subtask, and what nothing matches fails the task', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const members = await api.given.devices(client.scope, 3);
  const fixed = await api.given.group(client.scope, { members: members.slice(0, 2) });
  const rules = ["node_id like 'node-%'", `device_id in ('${members[1]}', '${members[2]}')`];
  const dynamic = [
    await api.given.group(client.scope, { rule: rules[0] }),
    await api.given.group(client.scope, { rule: rules[1] }),
  ];
  const group_ids = [...dynamic, fixed].map(({ groupId }) => groupId);
  const created = await client.create({ ...freeze, targets_filter: { group_ids } });
  await client.untilFinal(created.body.task_id);
  const { task_details } = await client.show(created.body.task_id);
  const targets = (task_details as { target: string }[]).map(({ target }) => target);
  expect(targets.toSorted()).toEqual([...members].toSorted());

  const nobody = await api.given.group(client.scope, { rule: "node_id = 'nobody'" });
  const failed = await client.create({ ...freeze, targets_filter: { group_ids: [nobody.groupId] } });
  expect(await client.untilFinal(failed.body.task_id)).toMatchObject({
    status: 'Fail',
    status_desc: 'no device matches',
  });
});

test.each([
  { task_type: 'createCommands', document: { paras: {} } },
  { task_type: 'createAsyncCommands', document: { paras: {}, send_strategy: 'delay' } },
  { task_type: 'createMessages', document: { message: 'm' } },
])('$task_type takes groups', async (task) => {
  const api = await startTaskApi();
  const client = await api.client();
  const group = await api.given.group(client.scope, { members: await api.given.devices(client.scope, 2) });
  const created = await client.create({ task_name: 'n', ...task, targets_filter: { group_ids: [group.groupId] } });
  expect(created).toMatchObject({ status: 201, body: task });
  await client.until(created.body.task_id, ({ task_progress }) => task_progress.total === 2);
});

test('[v5 20] a name may have 128 Chinese characters', async () => {
  const api = await startTaskApi({ engine: 'still' });
  const client = await api.client();
  const task_name = '名'.repeat(128);
  const created = await client.create({ ...freeze, task_name, targets: ['a'] });
  expect(created).toMatchObject({ status: 201, body: { task_name } });
});

test('[v5 23] a task of the near future waits, says for when, and runs then', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const [device = ''] = await api.given.devices(client.scope, 1);
  const schedule_time = toBasicTime(api.clock.now() + 5000);
  const created = await client.create({ ...freeze, targets: [device], task_policy: { schedule_time } });
  expect(created).toMatchObject({ status: 201, body: { status: 'Initializing', task_policy: { schedule_time } } });
  const waiting = await client.until(created.body.task_id, ({ status }) => status === 'Waitting');
  expect(waiting).toMatchObject({
    status_desc: `scheduled at ${schedule_time}`,
    task_progress: { total: 1, waitting: 1 },
  });
  const ended = client.untilFinal(created.body.task_id);
  await api.clock.advance(5000);
  expect(await ended).toMatchObject({ status: 'Success' });
});

test('a schedule may be exactly seven days ahead', async () => {
  const api = await startTaskApi({ engine: 'still' });
  const client = await api.client();
  const schedule_time = toBasicTime(api.clock.now() + 7 * 24 * 3_600_000);
  expect(await client.create({ ...freeze, targets: ['a'], task_policy: { schedule_time } })).toMatchObject({
    status: 201,
  });
});

test.each([
  { retry_interval: 0 },
  { retry_count: 0, retry_interval: 5 },
  { retry_count: 0 },
  { retry_count: 5, retry_interval: 0 },
  {},
  { schedule_time: null, retry_count: null },
])('[v5 24] task_policy %j means no automatic retry', async (task_policy) => {
  const api = await startTaskApi();
  const client = await api.client();
  const created = await client.create({ ...freeze, targets: ['nobody'], task_policy });
  expect(created.status).toBe(201);
  expect(await client.untilFinal(created.body.task_id)).toMatchObject({ status: 'Fail' });
});

test('[v5 25] package_ids of one entry names the package and is echoed as it was given', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const pkg = await api.given.pkg(client.scope);
  const document = { package_ids: [pkg.packageId] };
  const created = await client.create({ task_name: 'fw', task_type: 'firmwareUpgrade', targets: ['a'], document });
  expect(created).toMatchObject({ status: 201, body: { document } });
  const { batchtask } = await client.show(created.body.task_id);
  expect(batchtask.document).toEqual(document);
});

test('upgrades take and echo task_mode, task_ext_info, need_confirm and on_conflict', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const { packageId } = await api.given.pkg(client.scope);
  const members = {
    task_name: 'fw',
    task_type: 'firmwareUpgrade',
    targets: ['a'],
    task_mode: 'GATEWAY',
    task_ext_info: { line: 3, note: null },
    need_confirm: true,
    document: { package_id: packageId },
    task_policy: { retry_count: 2, retry_interval: 5, on_conflict: 'queue' },
  };
  const created = await client.create({ ...members, app_id: client.appId, unknown_key: 1 });
  expect(created.status).toBe(201);
  expect(created.body).toMatchObject(members);
  expect(created.body).not.toHaveProperty('app_id');
  expect(created.body).not.toHaveProperty('unknown_key');
  const waiting = await client.until(created.body.task_id, ({ status }) => status === 'Waitting');
  expect(waiting).toMatchObject({ ...members, status_desc: 'waiting for confirmation' });
});

test('an empty document, source or application counts as absent', async () => {
  const api = await startTaskApi({ engine: 'still' });
  const client = await api.client();
  const empties = { document: {}, targets_filter: {}, document_source: '', app_id: '', task_mode: null };
  const created = await client.create({ ...freeze, targets: ['a'], ...empties });
  expect(created.status).toBe(201);
  expect(Object.keys(created.body)).toEqual(expect.not.arrayContaining(Object.keys(empties)));
});

test('30,000 targets are accepted, all shown by Show and the first 100 by List', async () => {
  const api = await startTaskApi({ engine: 'still' });
  const client = await api.client();
  const targets = Array.from({ length: 30_000 }, (_, index) => `device-${index}`);
  const created = await client.create({ ...freeze, targets });
  expect(created.status).toBe(201);
  expect(created.body.targets).toEqual(targets);
  expect((await client.show(created.body.task_id)).batchtask.targets).toEqual(targets);
  const { batchtasks } = await client.list();
  expect(batchtasks[0]?.targets).toEqual(targets.slice(0, 100));
});

test('[v5 27] at the limit of unfinished tasks another one is refused, and accepted once one has ended', async () => {
  const api = await startTaskApi({ unfinishedTasksMax: 2 });
  const client = await api.client();
  const task_policy = { schedule_time: toBasicTime(api.clock.now() + 60_000) };
  const waiting = { ...freeze, targets: ['a'], task_policy };
  const [first] = [await client.create(waiting), await client.create(waiting)];
  expect(await client.create(waiting)).toMatchObject({ status: 403, body: { error_code: 'IOTDA.014552' } });
  expect(await client.call('POST', '?dry_run=true', waiting)).toMatchObject({
    status: 403,
    body: { error_code: 'IOTDA.014552' },
  });
  const taskId = first?.body.task_id;
  await client.until(taskId, ({ status }) => status === 'Waitting');
  expect(await client.command(taskId, 'stop')).toMatchObject({ status: 200 });
  await client.untilFinal(taskId);
  expect(await client.create(waiting)).toMatchObject({ status: 201 });
});

test('another project does not count towards the limit', async () => {
  const api = await startTaskApi({ unfinishedTasksMax: 1, engine: 'still' });
  const [one, other] = [await api.client(), await api.client()];
  expect(await one.create({ ...freeze, targets: ['a'] })).toMatchObject({ status: 201 });
  expect(await other.create({ ...freeze, targets: ['a'] })).toMatchObject({ status: 201 });
});
