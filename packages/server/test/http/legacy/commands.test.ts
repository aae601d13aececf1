import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHttpPush } from '../../../src/push/http/http-push.ts';
import { createMetrics } from '../../../src/system/metrics.ts';
import { asId, type CommandId } from '../../../src/domain/ids.ts';
import { random } from '../../builders/chance.ts';
import { minute } from '../../support/device-stack.ts';
import type { TestDevice } from '../../support/test-device.ts';
import { codeOf, startLegacyApi } from './legacy-api.ts';
import {
  answerCommand,
  commandTo,
  createBatch,
  type LegacyStack,
  startLegacyStack,
  tasksPath,
} from './legacy-stack.ts';

const commands = '/iocm/app/cmd/v1.4.0/deviceCommands';
const cancelTasks = '/iocm/app/cmd/v1.4.0/deviceCommandCancelTasks';
const sendTo = (deviceId: string, serviceId = 'Motor') =>
  `/iocm/app/signaltrans/v1.1.0/devices/${deviceId}/services/${serviceId}/sendCommand`;

const command = { serviceId: 'Motor', method: 'start', paras: { speed: 3 } };

type Members = Readonly<Record<string, unknown>>;
type Shown = Members & { readonly commandId: string };

async function create(stack: LegacyStack, body: object): Promise<Shown> {
  const { status, json, text } = await stack.ask('POST', commands, { command, ...body });
  expect([status, status === 201 ? '' : text]).toEqual([201, '']);
  return json as Shown;
}

async function shown(stack: LegacyStack, commandId: string): Promise<Shown | undefined> {
  const { data } = (await stack.get(`${commands}?pageSize=250`)) as { readonly data?: readonly Shown[] };
  return data?.find((one) => one.commandId === commandId);
}

const statusIs = (stack: LegacyStack, commandId: string, status: string): Promise<Shown> =>
  stack.eventually(async () => {
    const found = await shown(stack, commandId);
    return found?.['status'] === status && found;
  });

const requestIdOf = (topic: string): string => topic.replace(/^.*request_id=/, '');

/** A server that hears what is posted to it, and the worker that posts. */
async function startReceiver({ store, clock, eventually }: LegacyStack) {
  const bodies: Members[] = [];
  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      bodies.push(JSON.parse(text) as Members);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, child: () => log };
  const push = createHttpPush({
    ...{ store, clock, random, log, metrics: createMetrics() },
    settings: { allowPrivate: [{ address: '127.0.0.0', prefix: 8, family: 'ipv4' }], gatherMs: 0 },
  });
  push.start();
  onTestFinished(async () => {
    await push.stop();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/commands?a=b`,
    bodies,
    /** Resolves with all that was heard once it is so much. */
    heard: (count: number): Promise<readonly Members[]> =>
      eventually(() => {
        push.nudge();
        return bodies.length >= count && bodies;
      }),
  };
}

describe('Legacy commands', () => {
  it('[legacy 44] are sent or cached, listed, answered and canceled', async () => {
    const stack = await startLegacyStack();
    const stored = await stack.newDevice();
    const { deviceId } = stored;
    const { appId } = stack.scope;
    const time = expect.stringMatching(/^\d{8}T\d{6}Z$/) as unknown as string;
    const first = await create(stack, { deviceId, expireTime: null, maxRetransmit: '1' });
    const cached = {
      ...{ commandId: first.commandId, appId, deviceId, command, callbackUrl: null, expireTime: 172_800 },
      ...{ status: 'PENDING', result: null, creationTime: time, executeTime: null, platformIssuedTime: null },
      ...{ deliveredTime: null, issuedTimes: 0, maxRetransmit: 1 },
    };
    expect(first).toEqual(cached);
    const second = await create(stack, { deviceId, expireTime: 60 });
    expect(await stack.get(commands)).toMatchObject({
      pagination: { pageNo: 0, pageSize: 25, totalSize: 2 },
      data: [{ commandId: second.commandId, expireTime: 60 }, cached],
    });
    const device = await stack.connect(stored);
    await answerCommand(device);
    expect(await statusIs(stack, first.commandId, 'SUCCESSFUL')).toEqual({
      ...{ ...cached, status: 'SUCCESSFUL', issuedTimes: 1, executeTime: time, platformIssuedTime: time },
      result: { resultCode: 'SUCCESSFUL', resultDetail: expect.objectContaining({ paras: { rpm: 7 } }) as unknown },
    });
    await answerCommand(device, { result_code: 3 });
    expect(await statusIs(stack, second.commandId, 'FAILED')).toMatchObject({ result: { resultCode: 'FAILED' } });

    const away = await stack.newDevice();
    const waiting: Shown[] = [];
    for (let n = 0; n < 20; n++) waiting.push(await create(stack, { deviceId: away.deviceId }));
    const more = await stack.ask('POST', commands, { deviceId: away.deviceId, command });
    expect(codeOf(more)).toBe('400 100223');
    const cancel = (commandId: string, body: object = { status: 'CANCELED' }) =>
      stack.ask('PUT', `${commands}/${commandId}`, body);
    const canceled = await cancel(waiting[0]?.commandId ?? '');
    expect([canceled.status, canceled.json]).toEqual([
      200,
      { ...waiting[0], status: 'CANCELED', result: { resultCode: 'CANCELED', resultDetail: {} } },
    ]);
    expect(await shown(stack, waiting[0]?.commandId ?? '')).toEqual(canceled.json);
    for (const commandId of [waiting[0]?.commandId ?? '', first.commandId]) {
      expect(codeOf(await cancel(commandId))).toBe('403 100435');
    }
    expect(codeOf(await cancel('nothing'))).toBe('404 100434');
    expect(codeOf(await cancel(first.commandId, { status: 'canceled' }))).toBe('400 100022');
    expect(await stack.get(`${commands}?deviceId=${away.deviceId}&pageNo=3&pageSize=6`)).toEqual({
      pagination: { pageNo: 3, pageSize: 6, totalSize: 20 },
      data: [waiting[1], canceled.json],
    });
    expect(stack.errors).toEqual([]);
  });

  it('are canceled all at once, which is remembered', async () => {
    const stack = await startLegacyStack();
    const [{ deviceId }, idle] = [await stack.newDevice(), await stack.newDevice()];
    const waiting = [await create(stack, { deviceId }), await create(stack, { deviceId })];
    const made = await stack.ask('POST', cancelTasks, { deviceId });
    const task = {
      ...{ taskId: (made.json as { taskId: string }).taskId, appId: stack.scope.appId, deviceId },
      ...{ status: 'SUCCESS', totalCount: 2 },
      deviceCommands: waiting.map((one) => ({
        ...{ ...one, status: 'CANCELED', result: { resultCode: 'CANCELED', resultDetail: {} } },
      })),
    };
    expect([made.status, made.json]).toEqual([201, task]);
    const none = await stack.ask('POST', cancelTasks, { deviceId: idle.deviceId });
    expect([none.status, none.json]).toMatchObject([201, { status: 'SUCCESS', totalCount: 0, deviceCommands: [] }]);
    expect(await stack.get(cancelTasks)).toEqual({
      pagination: { pageNo: 0, pageSize: 25, totalSize: 2 },
      data: [none.json, task],
    });
    const found = async (query: string) =>
      ((await stack.get(`${cancelTasks}?${query}`)) as { readonly data: readonly Members[] }).data.length;
    expect(await found(`taskId=${task.taskId}`)).toBe(1);
    expect(await found(`deviceId=${deviceId}&status=success`)).toBe(1);
    expect(await found('status=WAITTING')).toBe(0);
    expect(await found('pageNo=1')).toBe(0);
    expect(await found('endTime=20200101T000000Z')).toBe(0);
    expect(codeOf(await stack.ask('POST', cancelTasks, { deviceId: 'nobody' }))).toBe('404 100403');
  });

  it('of a batch task that are canceled end its sub-tasks', async () => {
    const stack = await startLegacyStack();
    const [one, two] = [await stack.newDevice(), await stack.newDevice()];
    const taskId = await createBatch(stack, commandTo([one, two]));
    await stack.eventually(
      async () => (await stack.get(commands))['pagination'] !== undefined && (await found()) === 2,
    );
    async function found(): Promise<number> {
      return ((await stack.get(commands)) as { readonly data: readonly Members[] }).data.length;
    }
    const { data } = (await stack.get(`${commands}?deviceId=${one.deviceId}`)) as { readonly data: readonly Shown[] };
    const commandId = data[0]?.commandId ?? '';
    expect((await stack.ask('PUT', `${commands}/${commandId}`, { status: 'CANCELED' })).status).toBe(200);
    expect((await stack.ask('POST', cancelTasks, { deviceId: two.deviceId })).status).toBe(201);
    expect(await stack.taskIs(taskId, 'Complete')).toMatchObject({ failCnt: 2, timeoutCnt: 0, expiredCnt: 0 });
    const rows = await stack.details(taskId, '&status=fail');
    expect(rows.map(({ error }) => JSON.parse(String(error)) as unknown)).toEqual(
      [1, 2].map(() => ({
        error_code: '100435',
        error_desc: 'The device command already canceled, expired or executed, Cannot cancel.',
      })),
    );
  });

  it('go out at once to who is online, and to nobody else', async () => {
    const stack = await startLegacyStack();
    const stored = await stack.newDevice();
    const { deviceId } = stored;
    const header = { mode: 'ACK', from: '/users/1', to: null, toType: 'GATEWAY', method: 'start' };
    const send = (over: object = {}, path = sendTo(deviceId)) =>
      stack.ask('POST', path, { header: { ...header, ...over }, body: { speed: 3 } });
    expect(codeOf(await send())).toBe('403 100428');
    expect(codeOf(await stack.ask('POST', commands, { deviceId, command, expireTime: 0 }))).toBe('403 100428');
    const device = await stack.connect(stored);
    const sent = await send({ requestId: 'my-7' });
    expect([sent.status, sent.json]).toEqual([
      200,
      { requestId: 'my-7', status: 'sent', timestamp: expect.stringMatching(/^\d{8}T\d{6}Z$/) as unknown },
    ]);
    const received = await device.next();
    expect(received.body).toMatchObject({ service_id: 'Motor', command_name: 'start', paras: { speed: 3 } });
    const again = (await send()).json as { readonly requestId: string };
    expect(again.requestId).toBe(requestIdOf((await device.next()).topic));
    const now = await create(stack, { deviceId, expireTime: 0 });
    expect(now).toMatchObject({ status: 'SENT', expireTime: 0, issuedTimes: 1 });
    expect(codeOf(await send({}, sendTo('nobody')))).toBe('404 100403');
    expect(codeOf(await send({}, sendTo(deviceId, 'x'.repeat(65))))).toBe('400 100022');
    for (const wrong of [{ mode: 'SOON' }, { mode: null }, { method: '' }, { callbackURL: 'ftp://x' }]) {
      expect([wrong, codeOf(await send(wrong))]).toEqual([wrong, '400 100022']);
    }
    expect(codeOf(await stack.ask('POST', sendTo(deviceId), {}))).toBe('400 100022');
  });

  it('[legacy 22] reach a silent device three times where two further transmissions are allowed', async () => {
    const stack = await startLegacyStack({
      ...{ timers: { commandTimeoutMs: 2000 }, settings: { MUSTER_COMMAND_TIMEOUT_SECONDS: '2' } },
    });
    const [one, two] = [await stack.newDevice(), await stack.newDevice()];
    const silent = await stack.connect(one);
    const late = await stack.connect(two);
    stack.commandUpkeep.start();
    const taskId = await createBatch(stack, commandTo([one], { maxRetransmit: 2 }));
    const alone = await create(stack, { deviceId: two.deviceId, maxRetransmit: 2 });
    const ids = async (device: TestDevice, count: number): Promise<ReadonlySet<string>> => {
      const received = new Set<string>();
      for (let n = 0; n < count; n++) received.add(requestIdOf((await device.next()).topic));
      return received;
    };
    const [id] = await ids(silent, 1);
    expect([...(await ids(late, 1))]).toEqual([alone.commandId]);
    await stack.clock.advance(3000);
    expect([...(await ids(silent, 1)), ...(await ids(late, 1))]).toEqual([id, alone.commandId]);
    await late.report(`commands/response/request_id=${alone.commandId}`, {});
    expect(await statusIs(stack, alone.commandId, 'SUCCESSFUL')).toMatchObject({ issuedTimes: 2 });
    await stack.clock.advance(3000);
    expect([...(await ids(silent, 1))]).toEqual([id]);
    await stack.clock.advance(3000);
    await stack.taskIs(taskId, 'Complete');
    expect(await shown(stack, id ?? '')).toMatchObject({ status: 'TIMEOUT', issuedTimes: 3, maxRetransmit: 2 });
    expect(await stack.details(taskId)).toMatchObject([{ status: 'Timeout', param: { commandId: id } }]);
    await stack.clock.advance(10_000);
    expect([await silent.rest(), await late.rest()]).toEqual([[], []]);
  });

  it('[legacy 23] tell a URL of every status, per device', async () => {
    const stack = await startLegacyStack();
    const receiver = await startReceiver(stack);
    const devices = [await stack.newDevice(), await stack.newDevice()] as const;
    const connected = [await stack.connect(devices[0]), await stack.connect(devices[1])] as const;
    const taskId = await createBatch(stack, commandTo(devices, { callbackUrl: receiver.url }));
    const ids = [await answerCommand(connected[0]), await answerCommand(connected[1])];
    await stack.taskIs(taskId, 'Complete');
    const bodies = await receiver.heard(4);
    const told = (deviceId: string): readonly unknown[] =>
      bodies
        .filter((body) => body['deviceId'] === deviceId)
        .map((body) => body['result'])
        .filter((result) => (result as { resultCode: string }).resultCode !== 'DELIVERED');
    for (const [at, { deviceId }] of devices.entries()) {
      expect(told(deviceId)).toEqual([
        { resultCode: 'SENT', resultDetail: {} },
        { resultCode: 'SUCCESSFUL', resultDetail: expect.objectContaining({ paras: { rpm: 7 } }) as unknown },
      ]);
      expect(bodies.find((body) => body['deviceId'] === deviceId)).toEqual({
        ...{ deviceId, commandId: ids[at], result: { resultCode: 'SENT', resultDetail: {} } },
      });
    }
    const away = await stack.newDevice();
    const { commandId } = await create(stack, { deviceId: away.deviceId, callbackUrl: receiver.url });
    await stack.ask('PUT', `${commands}/${commandId}`, { status: 'CANCELED' });
    const all = await receiver.heard(bodies.length + 1);
    expect(all.at(-1)).toEqual({
      ...{ deviceId: away.deviceId, commandId, result: { resultCode: 'CANCELED', resultDetail: {} } },
    });
  });

  it('are canceled with the batch task that is stopped', async () => {
    const stack = await startLegacyStack();
    const receiver = await startReceiver(stack);
    const { deviceId } = await stack.newDevice();
    const taskId = await createBatch(stack, commandTo([{ deviceId }], { callbackUrl: receiver.url }));
    await stack.taskIs(taskId, 'Running');
    await stack.ask('POST', `${tasksPath}/${taskId}/stop`);
    await stack.taskIs(taskId, 'Complete');
    const { data } = (await stack.get(`${commands}?deviceId=${deviceId}`)) as { data: Record<string, unknown>[] };
    const result = { resultCode: 'CANCELED', resultDetail: {} };
    expect(data).toMatchObject([{ status: 'CANCELED', result, issuedTimes: 0 }]);
    const commandId = data[0]?.['commandId'];
    expect(await receiver.heard(1)).toEqual([{ deviceId, commandId, result }]);
    const [row] = await stack.details(taskId);
    expect(row).toMatchObject({ status: 'Fail', param: { commandId } });
    // v5 9.
    expect(await stack.store.commands.find(deviceId, asId<CommandId>(String(commandId)))).toMatchObject({
      ...{ status: 'EXPIRED', canceled: true },
    });
  });

  it('of a batch task wait for the rest of its time, however long', async () => {
    const stack = await startLegacyStack();
    const { deviceId } = await stack.newDevice();
    const begun = stack.clock.now();
    const taskId = await createBatch(stack, { ...commandTo([{ deviceId }]), timeout: 2880 });
    await stack.taskIs(taskId, 'Running');
    const shownNow = async () => {
      const { data } = (await stack.get(`${commands}?deviceId=${deviceId}`)) as { data: Shown[] };
      return data.map(({ commandId, status, expireTime }) => ({ commandId, status, expireTime }));
    };
    const commandId = expect.any(String) as string;
    const all = await shownNow();
    expect(all).toEqual([{ commandId, status: 'PENDING', expireTime: 172_800 }]);
    await stack.ask('PUT', `${commands}/${all[0]?.commandId}`, { status: 'CANCELED' });
    await stack.taskIs(taskId, 'Complete');
    await stack.clock.advance(60 * minute);
    await stack.askV5('POST', `/batchtasks/${taskId}/retry`, {});
    const both = await stack.eventually(async () => {
      const now = await shownNow();
      return now.length === 2 && now;
    });
    expect(both).toEqual([
      { commandId, status: 'PENDING', expireTime: 169_200 },
      { commandId, status: 'CANCELED', expireTime: 172_800 },
    ]);
    const later = await stack.store.commands.find(deviceId, asId<CommandId>(both[0]?.commandId ?? ''));
    expect(later?.expiresAt).toBe(begun + 2880 * minute);
  });
});

describe('What is asked of commands', () => {
  it('is refused by name', async () => {
    const api = await startLegacyApi();
    const { client, given, scope } = api;
    const motor = { service_id: 'Motor', service_type: 'Motor', commands: [{ command_name: 'start' }] };
    const modelled = await given.device(scope, { product: await given.product(scope, { capabilities: [motor] }) });
    const { deviceId } = await given.device(scope, { product: await given.product(scope, { capabilities: [] }) });
    const known = { serviceId: 'Motor', method: 'start' };
    const cases: readonly (readonly [string, string, unknown, string])[] = [
      ['POST', commands, { deviceId }, '400 100022'],
      ['POST', commands, { command }, '400 100022'],
      ['POST', commands, { deviceId, command: { serviceId: 'a' } }, '400 100022'],
      ['POST', commands, { deviceId, command: { ...command, paras: 7 } }, '400 100022'],
      ['POST', commands, { deviceId, command: { ...command, paras: { a: 'x'.repeat(33_000) } } }, '400 100022'],
      ['POST', commands, { deviceId, command, maxRetransmit: 4 }, '400 100022'],
      ['POST', commands, { deviceId, command, expireTime: -1 }, '400 100022'],
      ['POST', commands, { deviceId, command, callbackUrl: 'ftp://a/b' }, '400 100022'],
      ['POST', commands, { deviceId, command, callbackUrl: 'nowhere' }, '400 100022'],
      ['POST', commands, { deviceId: 'nobody', command }, '404 100403'],
      ['POST', commands, { deviceId: modelled.deviceId, command: { serviceId: 'Pump', method: 'x' } }, '400 100431'],
      ['POST', commands, { deviceId: modelled.deviceId, command: { ...known, method: 'x' } }, '400 100431'],
      ['POST', commands, { deviceId: modelled.deviceId, command: known }, '201'],
      ['POST', commands, { deviceId, command }, '201'],
      ['GET', `${commands}?deviceId=nobody`, undefined, '404 100403'],
      ['GET', `${commands}?pageSize=251`, undefined, '400 100022'],
      ['GET', `${commands}?pageNo=-1`, undefined, '400 100022'],
      ['GET', `${commands}?startTime=now`, undefined, '400 100022'],
      ['GET', `${commands}?startTime=20260102T000000Z&endTime=20260101T000000Z`, undefined, '400 100022'],
      ['GET', `${commands}?startTime=20260101T000000Z&endTime=20260101T000000Z`, undefined, '200'],
      ['POST', cancelTasks, {}, '400 100022'],
      ['GET', `${cancelTasks}?status=DONE`, undefined, '400 100022'],
      ['GET', `${cancelTasks}?startTime=20260102T000000Z&endTime=20260101T000000Z`, undefined, '400 100022'],
    ];
    for (const [method, path, body, code] of cases) {
      expect([method, path, body, codeOf(await client.ask(method, path, { body }))]).toEqual([
        method,
        path,
        body,
        code,
      ]);
    }
    expect(api.errors).toEqual([]);
  });

  it('of another application is as if there were none', async () => {
    const api = await startLegacyApi();
    const { client, given, scope } = api;
    const owner = await api.newClient();
    const { deviceId } = await given.device({ ...scope, appId: owner.appId });
    const made = await owner.ask('POST', commands, { body: { deviceId, command } });
    const { commandId } = made.json as Shown;
    await owner.ask('POST', cancelTasks, {
      body: { deviceId: (await given.device({ ...scope, appId: owner.appId })).deviceId },
    });
    const header = { mode: 'ACK', method: 'start' };
    for (const [method, path, body, code] of [
      ['POST', commands, { deviceId, command }, '404 100403'],
      ['GET', `${commands}?deviceId=${deviceId}`, undefined, '404 100403'],
      ['PUT', `${commands}/${commandId}`, { status: 'CANCELED' }, '404 100434'],
      ['POST', cancelTasks, { deviceId }, '404 100403'],
      ['POST', sendTo(deviceId), { header }, '404 100403'],
    ] as const) {
      expect([method, path, codeOf(await client.ask(method, path, { body }))]).toEqual([method, path, code]);
    }
    for (const path of [commands, cancelTasks]) {
      expect((await client.ask('GET', path)).json).toMatchObject({ data: [], pagination: { totalSize: 0 } });
      expect((await owner.ask('GET', path)).json).toMatchObject({ pagination: { totalSize: 1 } });
      expect(codeOf(await client.ask('GET', `${path}?appId=${owner.appId}`))).toBe('403 100217');
    }
    await api.ofProject('PUT', `/apps/${owner.appId}/legacy-grants/${client.appId}`);
    const canceled = await client.ask('PUT', `${commands}/${commandId}?appId=${owner.appId}`, {
      body: { status: 'CANCELED' },
    });
    expect(canceled.json).toMatchObject({ appId: owner.appId, status: 'CANCELED' });
  });
});
