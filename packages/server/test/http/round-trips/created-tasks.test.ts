import { Readable } from 'node:stream';
import { schemaNode } from '@muster/contract';
import { CreateLegacyBatchTaskRequest, CreateOperationRequest } from '@muster/contract/legacy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asId, type TaskId } from '../../../src/domain/ids.ts';
import type { Task } from '../../../src/domain/task.ts';
import { parseBasicTime, toBasicTime } from '../../../src/domain/time.ts';
import { aPackageFile } from '../../builders/catalogue-builders.ts';
import { builtAt } from '../../builders/chance.ts';
import { type LegacyStack, operationsPath, startLegacyStack, tasksPath } from '../legacy/legacy-stack.ts';
import { loosely } from './loosely.ts';
import { free, word } from './stored-tasks.ts';

type Json = Readonly<Record<string, unknown>>;

const runs = { numRuns: 60 };
const aWhile = { timeout: 120_000 };
const minute = 60_000;
const day = 24 * 60 * minute;

const traits = { deviceType: 'press', model: 'P1', manufacturerName: 'Acme' };
const unlimited = { MUSTER_LEGACY_UNFINISHED_TASKS_MAX: '0' };

/** Three devices, two groups of them, a package for their product, and a file that names none of them. */
async function startFleet() {
  const stack = await startLegacyStack({ settings: unlimited });
  const { given, scope, store } = stack;
  const product = await given.product(scope, traits);
  const devices = [];
  for (let at = 0; at < 3; at++) devices.push((await given.device(scope, { product })).deviceId);
  const [upper, lower] = [
    await given.group(scope, { name: 'upper', members: devices.slice(0, 2) }),
    await given.group(scope, { name: 'lower', members: devices.slice(2) }),
  ];
  const file = aPackageFile({ projectId: scope.projectId });
  await store.packages.insertFile(file);
  const location = { kind: 'file', file } as const;
  const pkg = await given.pkg(scope, {
    productId: product.productId,
    type: 'firmwarePackage',
    version: '2.0',
    location,
  });
  const rows = Readable.from([Buffer.from('device_id\nstranger\n')], { objectMode: false });
  const { fileId } = await stack.batchFiles.upload({ projectId: scope.projectId }, 'strangers.csv', rows);
  return { stack, devices, groups: [upper, lower], packageId: pkg.packageId, fileId };
}

/** The answer of a call that must succeed. */
async function made(stack: LegacyStack, path: string, body: unknown): Promise<Json> {
  const { status, json, text } = await (path.startsWith('/batchtasks')
    ? stack.askV5('POST', path, body)
    : stack.ask('POST', path, body));
  expect(status, `${JSON.stringify(body)} ${text}`).toBeLessThan(300);
  return json as Json;
}

async function v5View(stack: LegacyStack, taskId: string): Promise<Json> {
  const { json } = await stack.askV5('GET', `/batchtasks/${taskId}`);
  return (json as { batchtask: Json }).batchtask;
}

async function storedTask({ store, scope }: LegacyStack, taskId: string): Promise<Task> {
  const task = await store.tasks.find(scope.projectId, asId<TaskId>(taskId));
  if (task === undefined) throw new Error('It was just made.');
  return task;
}

const some = <T>(...values: readonly T[]) => fc.subarray([...values], { minLength: 1 });
const optional = <T>(members: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(members, { requiredKeys: [] });
const coins = fc.infiniteStream(fc.boolean()).map((stream) => () => stream.next().value === true);

interface Known {
  readonly devices: readonly string[];
  readonly groups: readonly { readonly name: string; readonly groupId: string }[];
}

/** Members of `param` that a task may have no use for; they come back all the same. */
const idleMembers = (devices: readonly string[]) =>
  optional<Json>({
    ...{ deviceList: some(...devices), deviceType: word, deviceLocation: word, groupList: some('upper', 'nowhere') },
    ...{ fileId: word, manufacturerId: word, model: word, groupTag: word },
    ...{ maxRetransmit: fc.nat(3), callbackUrl: word.map((name) => `https://muster.test/${encodeURIComponent(name)}`) },
  });

/** `param` of commands, as it is shown. */
function commandParam({ devices, groups }: Known): fc.Arbitrary<Json> {
  const selector: fc.Arbitrary<Json> = fc.oneof(
    fc.record({ type: fc.constant('DeviceList'), deviceList: some(...devices, 'nobody') }),
    fc.record({ type: fc.constant('DeviceType'), deviceType: word }),
    fc.record({ type: fc.constant('DeviceArea'), deviceLocation: word }),
    fc.record({ type: fc.constant('GroupList'), groupList: some(...groups.map(({ name }) => name)) }),
    fc.record({ type: fc.constant('GroupIdList'), groupList: some(...groups.map(({ groupId }) => groupId)) }),
    fc.constant({ type: 'Broadcast' }),
  );
  const command = fc.record({ serviceId: word, method: word, paras: free }, { requiredKeys: ['serviceId', 'method'] });
  return fc
    .tuple(idleMembers(devices), selector, command)
    .map(([rest, chosen, asked]) => ({ ...rest, ...chosen, command: asked }));
}

/** With the other spelling of a member (legacy 3.2). */
function misspelt({ manufacturerId, ...rest }: Json): Json {
  return manufacturerId === undefined ? rest : { ...rest, manufactureId: manufacturerId };
}

describe('A batch task that a legacy client makes', () => {
  it('is shown as it was sent, however loosely, and the core is asked for just that', aWhile, async () => {
    const { stack, ...known } = await startFleet();
    let count = 0;
    const tags = fc.uniqueArray(fc.record({ tagName: word, tagValue: word }), {
      selector: ({ tagName }) => tagName,
      maxLength: 3,
    });
    const asked = fc.record({ param: commandParam(known), timeout: fc.integer({ min: 10, max: 2880 }), tags });
    const property = fc.asyncProperty(
      asked,
      fc.boolean(),
      coins,
      async ({ param, timeout, tags: own }, misspells, coin) => {
        const taskName = `task ${++count}`;
        const body = {
          taskName,
          taskType: 'DeviceCmd',
          timeout,
          tags: own,
          param: misspells ? misspelt(param) : param,
        };
        const { taskId } = await made(stack, tasksPath, loosely(schemaNode(CreateLegacyBatchTaskRequest), body, coin));
        const shown = await stack.get(`${tasksPath}/${String(taskId)}?select=tag`);
        expect(shown).toMatchObject({ taskName, taskType: 'DeviceCmd', timeout });
        expect([shown['param'], shown['tags']]).toEqual([param, own]);

        const { serviceId, method, paras = {} } = param['command'] as Json;
        const { policy, createdAt, document } = await storedTask(stack, String(taskId));
        expect(policy.end).toEqual({ at: createdAt + timeout * minute, rest: 'fail' });
        const v5 = await v5View(stack, String(taskId));
        expect(v5).toMatchObject({ task_name: taskName, task_type: 'createAsyncCommands', document });
        expect(document).toMatchObject({ service_id: serviceId, command_name: method, send_strategy: 'delay' });
        expect(document?.['paras']).toEqual(paras);
        expect(v5['targets']).toEqual(param['type'] === 'DeviceList' ? param['deviceList'] : undefined);
      },
    );
    await fc.assert(property, runs);
    expect([stack.errors, stack.stackErrors]).toEqual([[], []]);
  });

  it('is shown as it was sent if it has a file, too', aWhile, async () => {
    const { stack, devices, fileId } = await startFleet();
    let count = 0;
    const type = optional<Json>({ type: fc.constantFrom('DeviceList', 'Broadcast') });
    const asked = fc.tuple(idleMembers(devices), type).map(([idle, some]) => ({ ...idle, ...some, fileId }));
    const property = fc.asyncProperty(asked, fc.boolean(), coins, async (param, misspells, coin) => {
      const body = {
        taskName: `file ${++count}`,
        taskType: 'DeviceDel',
        timeout: 10,
        param: misspells ? misspelt(param) : param,
      };
      const { taskId } = await made(stack, tasksPath, loosely(schemaNode(CreateLegacyBatchTaskRequest), body, coin));
      expect((await stack.task(String(taskId)))['param']).toEqual(param);
      expect(await storedTask(stack, String(taskId))).toMatchObject({
        type: 'deleteDevices',
        sourceKind: 'file',
        fileId,
      });
    });
    await fc.assert(property, runs);
    expect([stack.errors, stack.stackErrors]).toEqual([[], []]);
  });
});

/** `policy` of an operation, as it is shown. */
const shownPolicy = fc
  .record({
    executeType: fc.constantFrom('now', 'device_online', 'custom'),
    ...{ from: fc.nat(30 * day), for: fc.integer({ min: 1000, max: 30 * day }), retryTimes: fc.nat(5) },
  })
  .map(({ executeType, from, for: span, retryTimes }) => {
    const at = (ms: number) => (executeType === 'custom' ? toBasicTime(builtAt + ms) : null);
    return { executeType, startTime: at(from), endTime: at(from + span), retryType: retryTimes > 0, retryTimes };
  });
type ShownPolicy = typeof shownPolicy extends fc.Arbitrary<infer T> ? T : never;

/** Without what stands for nothing; what goes without saying may be said. */
function sentPolicy(
  { executeType, startTime, endTime, retryType, retryTimes }: ShownPolicy,
  coin: () => boolean,
): Json {
  return {
    ...(executeType === 'now' && coin() ? {} : { executeType }),
    ...(startTime === null ? {} : { startTime, endTime }),
    ...(!retryType && coin() ? {} : { retryType }),
    ...(retryTimes === 0 ? {} : { retryTimes }),
  };
}

describe('An operation that a legacy client makes', () => {
  it('is shown as it was sent, however loosely, and the core is asked for just that', aWhile, async () => {
    const { stack, devices, packageId } = await startFleet();
    const targets = fc.oneof(
      fc.record({ devices: some(...(devices as readonly string[])), deviceGroups: fc.constant(null) }),
      fc.record({ devices: fc.constant(null), deviceGroups: some('upper', 'lower') }),
    );
    const asked = fc.record({ targets, policy: fc.option(shownPolicy), saysTraits: fc.boolean() });
    const property = fc.asyncProperty(asked, coins, async ({ targets: own, policy, saysTraits }, coin) => {
      const body = {
        fileId: packageId,
        targets: {
          ...(own.devices === null ? { deviceGroups: own.deviceGroups } : { devices: own.devices }),
          ...(saysTraits || own.devices === null ? traits : {}),
        },
        ...(policy === null ? {} : { policy: sentPolicy(policy, coin) }),
      };
      const path = `${operationsPath}/firmwareUpgrade`;
      const answer = await made(stack, path, loosely(schemaNode(CreateOperationRequest), body, coin));
      const operationId = String(answer['operationId']);
      const shown = await stack.operation(operationId);
      expect(shown['targets']).toEqual({ ...own, ...traits });
      expect(shown['policy']).toEqual(policy);

      const { executeType = 'now', endTime = null, startTime = null, retryTimes = 0 } = policy ?? {};
      const stored = (await storedTask(stack, operationId)).policy;
      expect(stored.retryCount).toBe(retryTimes);
      expect(stored.end?.at).toBe(endTime === null ? undefined : parseBasicTime(endTime));
      expect(stored.startAt ?? builtAt).toBe(startTime === null ? builtAt : parseBasicTime(startTime));
      expect(stored.onlineBy === undefined).toBe(executeType === 'now');
      const v5 = await v5View(stack, operationId);
      expect(v5).toMatchObject({ task_type: 'firmwareUpgrade', document: { package_id: packageId } });
      expect([v5['task_name'], v5['targets']]).toEqual([
        `legacy_firmwareUpgrade_${operationId}`,
        own.devices === null ? undefined : own.devices,
      ]);
    });
    await fc.assert(property, runs);
    expect([stack.errors, stack.stackErrors]).toEqual([[], []]);
  });
});

interface V5Source {
  readonly targets?: string[];
  readonly targets_filter?: { readonly group_ids: string[] };
  readonly document_source?: string;
}

/** Legacy 10.5, of the source that takes effect. */
function legacySource({ targets, targets_filter: filter, document_source: fileId }: V5Source): Json {
  if (targets !== undefined) return { type: 'DeviceList', deviceList: targets };
  return filter === undefined ? { fileId } : { type: 'GroupIdList', groupList: filter.group_ids };
}

/** Targets as v5 takes them; where both are given the devices take effect (v5 11.1). */
function v5Targets({ devices, groups }: Known) {
  const listed = fc.record({ targets: some(...devices, 'nobody') });
  const filtered = some(...groups.map(({ groupId }) => groupId)).map((group_ids) => ({
    targets_filter: { group_ids },
  }));
  const both = fc.tuple(listed, filtered).map(([one, other]) => ({ ...one, ...other }));
  return fc.oneof<fc.Arbitrary<V5Source>[]>(listed, filtered, both);
}

interface V5Policy {
  readonly schedule_time?: string;
  readonly on_conflict?: string;
  readonly retry_count?: number;
  readonly retry_interval?: number;
}

const v5Policy = fc.oneof<fc.Arbitrary<V5Policy>[]>(
  optional({
    schedule_time: fc.integer({ min: 1000, max: 6 * day }).map((ms) => toBasicTime(builtAt + ms)),
    on_conflict: fc.constant('fail'),
  }),
  fc.record({ retry_count: fc.nat(5), retry_interval: fc.nat(1440) }),
);

describe('A batch task that a v5 client makes', () => {
  it('is shown as it was sent, and to legacy clients in their words', aWhile, async () => {
    const { stack, fileId, ...known } = await startFleet();
    const document = fc.record(
      {
        service_id: word,
        command_name: word,
        paras: free,
        expire_time: fc.nat(172_800),
        send_strategy: fc.constant('delay'),
      },
      { requiredKeys: ['service_id', 'command_name', 'paras'] },
    );
    const targets = v5Targets(known);
    const file = { document_source: fileId };
    const work = fc.oneof(
      fc
        .tuple(document, targets)
        .map(([command, of]) => ({ task_type: 'createAsyncCommands', document: command, ...of })),
      fc
        .oneof<fc.Arbitrary<V5Source>[]>(
          targets,
          fc.constant(file),
          targets.map((of) => ({ ...of, ...file })),
        )
        .map((of) => ({ task_type: 'deleteDevices', ...of })),
    );
    // Nothing is to happen to the fleet.
    const later = { schedule_time: toBasicTime(builtAt + day) };
    const property = fc.asyncProperty(work, v5Policy, async (asked: V5Source & Json, policy) => {
      const { document_source: _never, ...sent } = {
        task_name: 'both',
        ...asked,
        task_policy: { ...policy, ...later },
      };
      const taskId = String((await made(stack, '/batchtasks', { ...sent, ...asked }))['task_id']);
      const v5 = await v5View(stack, taskId);
      const own = ['task_id', 'need_confirm', 'status', 'status_desc', 'task_progress', 'create_time'];
      expect(Object.fromEntries(Object.entries(v5).filter(([name]) => !own.includes(name)))).toEqual(sent);

      const { param, taskName } = await stack.task(taskId);
      const { service_id: serviceId, command_name: method, paras } = (asked['document'] ?? {}) as Json;
      const command = serviceId === undefined ? {} : { command: { serviceId, method, paras } };
      expect([taskName, param]).toEqual(['both', { ...legacySource(asked), ...command }]);
    });
    await fc.assert(property, runs);
  });
});

describe('An upgrade that a v5 client makes', () => {
  it('is shown as it was sent, and to legacy clients in their words', aWhile, async () => {
    const { stack, packageId, ...known } = await startFleet();
    const property = fc.asyncProperty(v5Targets(known), fc.option(v5Policy), async (targets, policy) => {
      const task_policy = policy === null ? {} : { task_policy: policy };
      const asked = { task_name: 'both', task_type: 'firmwareUpgrade', document: { package_id: packageId } };
      const sent = { ...asked, ...targets, ...task_policy };
      const taskId = String((await made(stack, '/batchtasks', sent))['task_id']);
      expect(await v5View(stack, taskId)).toMatchObject(sent);

      const shown = await stack.operation(taskId);
      const groupIds = targets.targets_filter?.group_ids ?? [];
      const names = known.groups.filter(({ groupId }) => groupIds.includes(groupId)).map(({ name }) => name);
      expect(shown['targets']).toEqual({
        ...traits,
        devices: targets.targets ?? null,
        deviceGroups: targets.targets === undefined ? names : null,
      });
      const { schedule_time: startTime = null, retry_count = 0, retry_interval = 0 } = policy ?? {};
      const retryTimes = retry_interval === 0 ? 0 : retry_count;
      const says = startTime !== null || retryTimes !== 0;
      const executeType = startTime === null ? 'now' : 'custom';
      const expected = { executeType, startTime, endTime: null, retryType: retryTimes !== 0, retryTimes };
      expect(shown['policy']).toEqual(says ? expected : null);
    });
    await fc.assert(property, runs);
  });
});
