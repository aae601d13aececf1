import { describe, expect, it } from 'vitest';
import { random } from '../../builders/chance.ts';
import { codeOf } from './legacy-api.ts';
import { asId, type TaskId } from '../../../src/domain/ids.ts';
import { toBasicTime } from '../../../src/domain/time.ts';
import {
  answerCommand,
  command,
  commandTo,
  createBatch,
  detailsPath,
  operationsPath,
  startLegacyStack,
  tasksPath,
} from './legacy-stack.ts';

const isHex24 = expect.stringMatching(/^[0-9a-f]{24}$/) as unknown as string;

describe('Legacy batch tasks', () => {
  it('[legacy 11] [legacy 12] [legacy 13] are created at an address with a slash, and shown with tags on demand', async () => {
    const stack = await startLegacyStack();
    const device = await stack.newDevice();
    const { taskType, param } = commandTo([device], { callbackUrl: null, groupTag: null });
    const body = {
      ...{ appId: null, taskName: 'wash', taskType, timeout: '100', param },
      tags: [{ tagName: 'line', tagValue: '3' }],
    };
    const made = await stack.ask('POST', `${tasksPath}/`, body);
    expect([made.status, made.json]).toEqual([200, { taskID: isHex24, taskId: isHex24 }]);
    const { taskID, taskId } = made.json as { taskID: string; taskId: string };
    expect(taskID).toBe(taskId);

    const shown = await stack.get(`${tasksPath}/${taskId}?`);
    const { callbackUrl: _a, groupTag: _b, ...sent } = param as Record<string, unknown>;
    expect(shown).toMatchObject({
      ...{ appId: stack.scope.appId, taskId, taskName: 'wash', taskType: 'DeviceCmd', operator: stack.scope.appId },
      ...{ taskFrom: 'Northbound', timeout: 100, param: sent },
    });
    expect(shown).not.toHaveProperty('tags');
    expect(await stack.get(`${tasksPath}/${taskId}?&&appId=`)).not.toHaveProperty('tags');
    expect((await stack.get(`${tasksPath}/${taskId}?&select=tag`))['tags']).toEqual(body.tags);
    expect((await stack.get(`${tasksPath}/${taskId}?select=other`))['param']).toEqual(sent);
  });

  it('[legacy 15] are refused in the order of the page', async () => {
    const stack = await startLegacyStack();
    const device = await stack.newDevice();
    const good = { taskName: 'a', timeout: 10, ...commandTo([device]) };
    const refused = async (over: object) => codeOf(await stack.ask('POST', tasksPath, { ...good, ...over }));
    expect(await refused({ taskName: null })).toBe('400 100019');
    expect(await refused({ taskName: null, timeout: 9 })).toBe('400 100019');
    expect(await refused({ timeout: 9 })).toBe('400 100022');
    expect(await refused({ timeout: 2881 })).toBe('400 100022');
    expect(await refused({ taskType: 'DeviceNap' })).toBe('400 100022');
    expect(await refused({ param: { type: 'DeviceList', command: { serviceId: 's', method: 'm' } } })).toBe(
      '400 100019',
    );
    expect(await refused({ param: { ...good.param, command: null } })).toBe('400 100019');
    expect(await refused({ param: { ...good.param, maxRetransmit: 4 } })).toBe('400 100022');
    expect(await refused({ param: { ...good.param, callbackUrl: 'ftp://a' } })).toBe('400 100022');
    const twice = { tagName: 'a', tagValue: 'b' };
    expect(await refused({ tags: [twice, twice] })).toBe('400 105201');
    expect(await refused({ param: { ...good.param, type: 'GroupList', groupList: ['none'] } })).toBe('404 101001');
    expect(await refused({ taskType: 'DeviceDel', param: {} })).toBe('400 100019');
    expect(await refused({ taskType: 'DeviceDel', param: { fileId: 'none' } })).toBe('404 101001');
    expect(stack.errors).toEqual([]);
  });

  it('are refused for what is missing before what is wrong, and for that before what is unknown, by name', async () => {
    const stack = await startLegacyStack();
    const { param } = commandTo([await stack.newDevice()]);
    const twice = { tagName: 'a', tagValue: 'b' };
    const refused = async (over: object) => {
      const answer = await stack.ask('POST', tasksPath, { taskName: 'a', timeout: 9, taskType: 'DeviceCmd', ...over });
      const { error_detail: detail } = answer.json as { error_detail: string };
      return `${codeOf(answer)} ${/'(.*?)'/.exec(detail)?.[1]}`;
    };
    const { deviceList: _, ...unlisted } = param as Record<string, unknown>;
    const late = { timeout: 10, tags: [twice, twice] };
    const unknown = { ...param, type: 'GroupList', groupList: ['none'] };
    const cases: readonly (readonly [object, string])[] = [
      [{ param: {} }, '400 100019 param.type'],
      [{ param: { type: null, maxRetransmit: 9 } }, '400 100019 param.type'],
      [{ param: { ...unlisted, maxRetransmit: 9 } }, '400 100019 param.deviceList'],
      [{ param: { ...param, deviceList: [], maxRetransmit: 9 } }, '400 100019 param.deviceList'],
      [{ param: { type: 'Broadcast' } }, '400 100019 param.command'],
      [{ param: { type: 'DeviceArea' } }, '400 100019 param.deviceLocation'],
      [{ param: { type: 'Nobody' } }, '400 100019 param.command'],
      [{ taskType: 'DeviceReg', param: {} }, '400 100019 param.fileId'],
      [{ taskType: 'DeviceReg', timeout: 10, param: { fileId: '' } }, '400 100022 param.fileId'],
      [{ ...late, param: { ...unknown, callbackUrl: ' http://a/' } }, '400 100022 param.callbackUrl'],
      [{ ...late, tags: [], param: { ...unknown, callbackUrl: 'ftp://a/' } }, '400 100022 param.callbackUrl'],
      [{ ...late, tags: [], param: unknown }, '404 101001 none'],
    ];
    for (const [over, expected] of cases) expect([over, await refused(over)]).toEqual([over, expected]);
    expect(stack.errors).toEqual([]);
  });

  it('[legacy 16] have names that are unique, of simultaneous creates, too', async () => {
    const stack = await startLegacyStack();
    const device = await stack.newDevice();
    const body = { taskName: 'twins', timeout: 10, ...commandTo([device]) };
    const answers = await Promise.all(Array.from({ length: 20 }, () => stack.ask('POST', tasksPath, body)));
    expect(answers.map(codeOf).toSorted()).toEqual(['200', ...Array.from({ length: 19 }, () => '403 105002')]);
    const made = answers.find(({ status }) => status === 200);
    const { taskId } = (made?.json ?? { taskId: '' }) as { taskId: string };
    expect((await stack.ask('POST', `${tasksPath}/${taskId}/stop`)).status).toBe(204);
    await stack.taskIs(taskId, 'Complete');
    expect(codeOf(await stack.ask('POST', tasksPath, body))).toBe('403 105002');
    expect((await stack.ask('DELETE', `${tasksPath}/${taskId}`)).status).toBe(204);
    expect(codeOf(await stack.ask('POST', tasksPath, body))).toBe('200');
  });

  it('[legacy 17] are ten at a time', async () => {
    const stack = await startLegacyStack();
    const device = await stack.newDevice();
    const ids: string[] = [];
    for (let at = 0; at < 10; at++) ids.push(await createBatch(stack, commandTo([device])));
    const eleventh = { taskName: 'eleventh', timeout: 10, ...commandTo([device]) };
    expect(codeOf(await stack.ask('POST', tasksPath, eleventh))).toBe('403 105001');
    await stack.ask('POST', `${tasksPath}/${ids[0]}/stop`);
    await stack.taskIs(ids[0] ?? '', 'Complete');
    expect(codeOf(await stack.ask('POST', tasksPath, eleventh))).toBe('200');
  });

  it('[legacy 18] tell of commands that all devices answer', async () => {
    const stack = await startLegacyStack();
    const devices = [await stack.newDevice(), await stack.newDevice(), await stack.newDevice()];
    const connected = await Promise.all(devices.map((device) => stack.connect(device)));
    const taskId = await createBatch(stack, commandTo(devices));
    const commandIds: string[] = [];
    for (const device of connected) commandIds.push(await answerCommand(device));
    expect(await stack.taskIs(taskId, 'Complete')).toMatchObject({
      ...{ totalCnt: 3, successCnt: 3, failCnt: 0, timeoutCnt: 0, expiredCnt: 0, completeCnt: 3 },
      ...{ progress: 1000, successRate: 1000, endTime: expect.any(String) as string },
    });
    const rows = await stack.details(taskId);
    expect(rows.map(({ status, error, param }) => ({ status, error, param }))).toEqual(
      devices.map(({ deviceId, nodeId }, at) => ({
        ...{ status: 'Success', error: null },
        param: { index: null, nodeId, deviceId, commandId: commandIds[at] },
      })),
    );
    expect(JSON.parse(String(rows[0]?.['output']))).toEqual({ paras: { rpm: 7 } });
  });

  it('[legacy 19] [legacy 20] [legacy 30] tell what went wrong, and are filtered by it', async () => {
    const stack = await startLegacyStack();
    const devices = [await stack.newDevice(), await stack.newDevice(), await stack.newDevice()] as const;
    const [one, two, three] = [
      await stack.connect(devices[0]),
      await stack.connect(devices[1]),
      await stack.connect(devices[2]),
    ];
    const taskId = await createBatch(stack, commandTo(devices));
    const commandId = await answerCommand(one);
    await answerCommand(two);
    await answerCommand(three, { result_code: 4 });
    expect(await stack.taskIs(taskId, 'Complete')).toMatchObject({
      ...{ successCnt: 2, failCnt: 1, completeCnt: 3, progress: 1000, successRate: 666 },
      statusDesc: '2 succeeded, 1 failed, 0 timed out, 0 expired; most frequent: 105807 The device answered an error.',
    });
    const [failed] = await stack.details(taskId, '&status=FAILED');
    expect(failed).toMatchObject({
      ...{ status: 'Fail', output: JSON.stringify({ result_code: 4 }), param: { deviceId: devices[2].deviceId } },
    });
    expect(JSON.parse(String(failed?.['error']))).toEqual({
      ...{ error_code: '105807', error_desc: 'The device answered an error.' },
      error_detail: 'The device reported result_code 4.',
    });
    const found = async (query: string) => (await stack.details(taskId, query)).map((row) => row['status']);
    expect(await found('&status=SUCCESS')).toEqual(['Success', 'Success']);
    expect(await found(`&deviceId=${devices[1].deviceId}`)).toEqual(['Success']);
    expect(await found(`&deviceId=${devices[1].deviceId}&status=fail`)).toEqual([]);
    expect(await found(`&commandId=${commandId}`)).toEqual(['Success']);
    expect(await found(`&commandId=${commandId}&deviceId=${devices[1].deviceId}`)).toEqual([]);
    expect(await found(`&commandId=${random.uuid()}`)).toEqual([]);
    expect(await found(`&nodeId=${devices[2].nodeId}`)).toEqual(['Fail']);
    expect(await found('&index=1')).toEqual([]);
    expect((await stack.get(`${detailsPath}?taskID=${taskId}`))['totalCount']).toBe(3);
    expect(codeOf(await stack.ask('GET', detailsPath))).toBe('400 100019');
    expect(codeOf(await stack.ask('GET', `${detailsPath}?taskId=${'0'.repeat(24)}`))).toBe('404 105005');

    const other = await createBatch(stack, commandTo([{ deviceId: 'nobody' }, devices[0]]));
    await answerCommand(one);
    await stack.taskIs(other, 'Complete');
    const [unknown, known] = await stack.details(other);
    expect(JSON.parse(String(unknown?.['error']))).toEqual({
      ...{ error_code: '100403', error_desc: 'The device is not existed.' },
    });
    expect([unknown?.['status'], known?.['status']]).toEqual(['Fail', 'Success']);
  });

  it('[legacy 21] run out of time: what was sent timed out, what was not expired', async () => {
    const stack = await startLegacyStack({ settings: { MUSTER_LEGACY_TIMEOUT_UNIT: 'seconds' } });
    const [silent, away] = [await stack.newDevice(), await stack.newDevice()];
    await stack.connect(silent);
    const over = toBasicTime(stack.clock.now() + 10_000);
    const taskId = await createBatch(stack, commandTo([silent, away]));
    await stack.taskIs(taskId, 'Running');
    await stack.eventually(async () => (await stack.details(taskId, '&status=WaitResult')).length === 1);
    expect((await stack.details(taskId, '&status=Pending')).map(({ param }) => param)).toEqual([
      expect.objectContaining({ deviceId: away.deviceId }),
    ]);
    stack.commandUpkeep.start();
    await stack.clock.advance(10_000);
    await stack.clock.advance(1_000);
    expect(await stack.taskIs(taskId, 'Timeout')).toMatchObject({
      ...{ totalCnt: 2, timeoutCnt: 1, expiredCnt: 1, completeCnt: 1, progress: 500, successRate: 0 },
      statusDesc: `Its time was over at ${over}: 0 succeeded, 0 failed, 1 timed out, 1 expired; most frequent: 105803 The subtask timed out.`,
    });
    const rows = await stack.details(taskId, '&status=timeout');
    expect(rows.map(({ error }) => (JSON.parse(String(error)) as { error_code: string }).error_code)).toEqual([
      '105803',
      '105804',
    ]);
    const { tasks } = await stack.get(`${tasksPath}?status=timeout`);
    expect(tasks).toMatchObject([{ taskId }]);
    expect((await stack.get(`${tasksPath}?status=complete`))['totalCount']).toBe(0);
  });

  it('[legacy 29] page their sub-tasks, or give all of them', async () => {
    const stack = await startLegacyStack();
    const devices = (await stack.given.devices(stack.scope, 300)).map((deviceId) => ({ deviceId }));
    const taskId = await createBatch(stack, commandTo(devices));
    await stack.taskIs(taskId, 'Running');
    const all = await stack.get(`${detailsPath}?taskId=${taskId}`);
    expect([all['totalCount'], all['pageNo'], all['pageSize']]).toEqual([300, 0, 300]);
    const ids = (rows: unknown) => (rows as { param: { deviceId: string } }[]).map(({ param }) => param.deviceId);
    expect(ids(all['taskDetails'])).toEqual(devices.map(({ deviceId }) => deviceId));
    const rest = await stack.get(`${detailsPath}?taskId=${taskId}&pageNo=1&pageSize=250`);
    expect(ids(rest['taskDetails'])).toEqual(devices.slice(250).map(({ deviceId }) => deviceId));
    const pending = await stack.get(`${detailsPath}?taskId=${taskId}&status=pending&pageNo=2&pageSize=100`);
    expect([pending['totalCount'], ids(pending['taskDetails'])]).toEqual([
      300,
      devices.slice(200).map(({ deviceId }) => deviceId),
    ]);
    for (const query of ['pageSize=0', 'pageSize=251', 'pageSize=x', 'pageNo=-1']) {
      expect(codeOf(await stack.ask('GET', `${detailsPath}?taskId=${taskId}&${query}`))).toBe('400 100022');
    }
  });

  it('[legacy 24] reach exactly the devices that are named by groups, product, place, or all', async () => {
    const stack = await startLegacyStack();
    const { given, scope } = stack;
    const product = await given.product(scope, { deviceType: 'press', model: 'P1', manufacturerId: 'acme' });
    const placed = { legacy: { location: "hall 'x'" } };
    const a = await given.device(scope, { product });
    const b = await given.device(scope, { product, ...placed });
    const c = await given.device(scope, placed);
    await given.device({ ...scope, appId: (await given.app(scope)).appId }, placed);
    const upper = await given.group(scope, { name: 'upper', members: [a.deviceId] });
    await given.group(scope, { name: 'lower', superGroupId: upper.groupId, members: [b.deviceId] });
    const targets = async (param: object): Promise<readonly string[]> => {
      const taskId = await createBatch(stack, { taskType: 'DeviceCmd', param: { command, ...param } });
      const state = await stack.eventually(async () => {
        const { status } = await stack.task(taskId);
        return (status === 'Running' || status === 'Complete') && String(status);
      });
      const rows = await stack.details(taskId);
      await stack.ask('POST', `${tasksPath}/${taskId}/stop`);
      if (rows.length === 0) expect([state, (await stack.task(taskId))['progress']]).toEqual(['Complete', 1000]);
      return rows.map((row) => (row['param'] as { deviceId: string }).deviceId);
    };
    const all = [a.deviceId, b.deviceId, c.deviceId].toSorted();
    const sorted = async (param: object) => (await targets(param)).toSorted();
    expect(await sorted({ type: 'GroupList', groupList: ['upper'] })).toEqual(all.slice(0, 2));
    expect(await sorted({ type: 'GroupIdList', groupList: [upper.groupId] })).toEqual(all.slice(0, 2));
    expect(await sorted({ type: 'DeviceType', deviceType: 'press' })).toEqual(all.slice(0, 2));
    expect(await sorted({ type: 'DeviceType', deviceType: 'press', manufactureId: 'acme', model: 'P1' })).toEqual(
      all.slice(0, 2),
    );
    expect(await sorted({ type: 'DeviceType', deviceType: 'press', model: 'P2' })).toEqual([]);
    expect(await sorted({ type: 'DeviceArea', deviceLocation: "hall 'x'" })).toEqual(all.slice(1));
    expect(await sorted({ type: 'Broadcast' })).toEqual(all);
    const unknown = { taskName: 'u', timeout: 10, taskType: 'DeviceCmd' };
    for (const param of [
      { type: 'GroupList', groupList: [upper.groupId] },
      { type: 'GroupIdList', groupList: ['upper'] },
    ]) {
      expect(codeOf(await stack.ask('POST', tasksPath, { ...unknown, param: { command, ...param } }))).toBe(
        '404 101001',
      );
    }
  });

  it('[legacy 48] are stopped and deleted when their state allows it', async () => {
    const stack = await startLegacyStack();
    const device = await stack.newDevice();
    const taskId = await createBatch(stack, commandTo([device]));
    await stack.taskIs(taskId, 'Running');
    expect(codeOf(await stack.ask('DELETE', `${tasksPath}/${taskId}`))).toBe('403 105801');
    expect((await stack.get(`${tasksPath}?status=running&taskType=DeviceCmd`))['tasks']).toMatchObject([
      { taskId, tags: [] },
    ]);
    expect(codeOf(await stack.ask('POST', `${tasksPath}/${taskId}/stop`))).toBe('204');
    expect(await stack.taskIs(taskId, 'Complete')).toMatchObject({
      ...{ failCnt: 1, completeCnt: 1, progress: 1000, statusDesc: '0 succeeded, 1 failed, 0 timed out, 0 expired' },
    });
    const [row] = await stack.details(taskId);
    expect(JSON.parse(String(row?.['error']))).toEqual({
      ...{ error_code: '105805', error_desc: 'The subtask was stopped.' },
    });
    expect(codeOf(await stack.ask('POST', `${tasksPath}/${taskId}/stop`))).toBe('403 105802');
    expect(codeOf(await stack.ask('DELETE', `${tasksPath}/${taskId}`))).toBe('204');
    expect(codeOf(await stack.ask('GET', `${tasksPath}/${taskId}`))).toBe('404 105005');
  });

  it('[legacy 40] are one core with v5, each under its names there', async () => {
    const stack = await startLegacyStack();
    const { given, scope, store } = stack;
    const device = await stack.newDevice();
    const taskId = await createBatch(stack, commandTo([device]));
    const core = await store.tasks.find(scope.projectId, asId<TaskId>(taskId));
    expect(core).toMatchObject({ type: 'createAsyncCommands', operator: scope.appId });
    const source = { kind: 'devices', deviceIds: [device.deviceId] } as const;
    const frozen = await given.task(scope, { type: 'freezeDevices', source });
    const upgrade = await given.task(scope, { type: 'softwareUpgrade', document: { package_id: 'p' }, source });
    const ask = async (path: string) => codeOf(await stack.ask('GET', path));
    for (const hidden of [frozen, upgrade]) expect(await ask(`${tasksPath}/${hidden.taskId}`)).toBe('404 105005');
    for (const hidden of [frozen.taskId, taskId]) expect(await ask(`${operationsPath}/${hidden}`)).toBe('404 123009');
    stack.engine.nudge();
    const counts = await stack.eventually(async () => {
      const { staResult, status } = await stack.operation(upgrade.taskId);
      return status === 'failed' && staResult;
    });
    expect(counts).toEqual({ total: 1, wait: 0, processing: 0, success: 0, fail: 1, stop: 0, timeout: 0 });
    const commands = await given.task(scope, {
      ...{ type: 'createCommands', document: { service_id: 'Motor', command_name: 'start', paras: {} }, source },
    });
    expect(await stack.task(commands.taskId)).toMatchObject({
      ...{ taskType: 'DeviceCmd', timeout: 2880, operator: null },
      param: {
        ...{ type: 'DeviceList', deviceList: [device.deviceId] },
        command: { serviceId: 'Motor', method: 'start', paras: {} },
      },
    });
  });

  it('name the command of a device that was canceled', async () => {
    const stack = await startLegacyStack();
    const taskId = await createBatch(stack, commandTo([await stack.newDevice()]));
    const commandOf = async () => {
      const [{ param } = { param: undefined }] = await stack.details(taskId);
      return (param as { commandId: string } | undefined)?.commandId;
    };
    await stack.taskIs(taskId, 'Running');
    const commandId = await commandOf();
    const path = `/iocm/app/cmd/v1.4.0/deviceCommands/${commandId}`;
    expect((await stack.ask('PUT', path, { status: 'CANCELED' })).json).toMatchObject({ status: 'CANCELED' });
    await stack.taskIs(taskId, 'Complete');
    const [row] = await stack.details(taskId);
    expect(JSON.parse(String(row?.['error']))).toMatchObject({ error_code: '100435' });
    expect([row?.['status'], await commandOf()]).toEqual(['Fail', commandId]);
  });
});
