import { expect, test } from 'vitest';
import { toBasicTime } from '../../../../src/domain/time.ts';
import type { JsonObject } from '../../../../src/domain/json.ts';
import { startTaskApi, type TaskApi, type TaskClient } from './task-api.ts';

interface Facts {
  readonly api: TaskApi;
  readonly client: TaskClient;
  readonly firmware: string;
  readonly software: string;
}

interface Wrong {
  readonly what: string;
  readonly code: string;
  /** What the sentence must name; absent where the contract's sentence is fixed and names nothing. */
  readonly names?: string;
  readonly status?: number;
  readonly headers?: Record<string, string>;
  body(facts: Facts): unknown;
}

const freeze = (over: JsonObject): JsonObject => ({
  task_name: 'n',
  task_type: 'freezeDevices',
  targets: ['a'],
  ...over,
});
const command = (over: JsonObject): JsonObject => ({
  task_name: 'n',
  task_type: 'createCommands',
  targets: ['a'],
  document: { paras: {} },
  ...over,
});
const upgrade = (firmware: string, over: JsonObject = {}): JsonObject => ({
  task_name: 'n',
  task_type: 'firmwareUpgrade',
  targets: ['a'],
  document: { package_id: firmware },
  ...over,
});
const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `d${index}`);
const from = (api: TaskApi, ms: number): string => toBasicTime(api.clock.now() + ms);
const week = 7 * 24 * 3_600_000;

const wrongs: readonly Wrong[] = [
  // The body as a whole.
  { what: 'a list as the body', code: '000006', body: () => [] },
  { what: 'a text as the body', code: '000006', body: () => 'text' },
  // task_name
  {
    what: 'no task_name',
    code: '000006',
    names: 'task_name',
    body: () => ({ task_type: 'freezeDevices', targets: ['a'] }),
  },
  { what: 'task_name null', code: '000006', names: 'task_name', body: () => freeze({ task_name: null }) },
  { what: 'an empty task_name', code: '000006', names: 'task_name', body: () => freeze({ task_name: '' }) },
  {
    what: '[v5 20] a task_name of 129',
    code: '000006',
    names: 'task_name',
    body: () => freeze({ task_name: '名'.repeat(129) }),
  },
  { what: '[v5 20] a task_name with -', code: '000006', names: 'task_name', body: () => freeze({ task_name: 'a-b' }) },
  {
    what: '[v5 20] a task_name with a space',
    code: '000006',
    names: 'task_name',
    body: () => freeze({ task_name: 'a b' }),
  },
  {
    what: 'a task_name with a letter that is not ASCII',
    code: '000006',
    names: 'task_name',
    body: () => freeze({ task_name: 'é' }),
  },
  { what: 'a task_name that is a number', code: '000006', names: 'task_name', body: () => freeze({ task_name: 7 }) },
  // task_type
  { what: 'no task_type', code: '000006', names: 'task_type', body: () => ({ task_name: 'n', targets: ['a'] }) },
  { what: 'a task_type that is a number', code: '000006', names: 'task_type', body: () => freeze({ task_type: 1 }) },
  ...['moduleUpgrade', 'changeGateway', 'nonsense'].map((type) => ({
    what: `[v5 21] task_type ${type}`,
    code: '014559',
    names: type,
    body: () => freeze({ task_type: type }),
  })),
  ...['sendDevices', 'toString'].map((type) => ({
    what: `task_type ${type}`,
    code: '014559',
    names: type,
    body: () => freeze({ task_type: type }),
  })),
  // app_id
  { what: 'an unknown app_id', code: '001000', status: 403, body: () => freeze({ app_id: 'f'.repeat(32) }) },
  { what: 'a malformed app_id', code: '000006', names: 'app_id', body: () => freeze({ app_id: 'a/b' }) },
  { what: 'an app_id of 37', code: '000006', names: 'app_id', body: () => freeze({ app_id: 'a'.repeat(37) }) },
  // task_mode, need_confirm, task_ext_info
  {
    what: '[v5 22] freezeDevices with task_mode',
    code: '014555',
    names: 'task_mode',
    body: () => freeze({ task_mode: 'GATEWAY' }),
  },
  {
    what: 'another task_mode',
    code: '014555',
    names: 'task_mode',
    body: ({ firmware }) => upgrade(firmware, { task_mode: 'gateway' }),
  },
  {
    what: 'a task_mode that is a number',
    code: '014555',
    names: 'task_mode',
    body: ({ firmware }) => upgrade(firmware, { task_mode: 1 }),
  },
  {
    what: 'need_confirm without an upgrade',
    code: '014555',
    names: 'need_confirm',
    body: () => freeze({ need_confirm: true }),
  },
  {
    what: 'a need_confirm that is a text',
    code: '014555',
    names: 'need_confirm',
    body: ({ firmware }) => upgrade(firmware, { need_confirm: 'true' }),
  },
  {
    what: 'task_ext_info without an upgrade',
    code: '014555',
    names: 'task_ext_info',
    body: () => command({ task_ext_info: { a: 1 } }),
  },
  {
    what: 'a task_ext_info that is a text',
    code: '014555',
    names: 'task_ext_info',
    body: ({ firmware }) => upgrade(firmware, { task_ext_info: 'a' }),
  },
  {
    what: 'a task_ext_info of 513',
    code: '014555',
    names: 'task_ext_info',
    body: ({ firmware }) => upgrade(firmware, { task_ext_info: { a: 'x'.repeat(513 - '{"a":""}'.length) } }),
  },
  // The three sources.
  { what: 'no source', code: '014556', names: 'targets', body: () => ({ task_name: 'n', task_type: 'freezeDevices' }) },
  {
    what: '[v5 18] only empty sources',
    code: '014556',
    names: 'targets',
    body: () => freeze({ targets: [], targets_filter: {}, document_source: '' }),
  },
  {
    what: 'a filter that names no group',
    code: '014556',
    names: 'targets_filter',
    body: () => freeze({ targets: [], targets_filter: { group_ids: [] } }),
  },
  {
    what: 'a source that the type does not take',
    code: '014556',
    names: 'targets',
    body: () => command({ targets: [], document_source: 'file' }),
  },
  { what: '[v5 15] 30,001 targets', code: '014557', body: () => freeze({ targets: many(30_001) }) },
  { what: 'far more targets', code: '014557', body: () => freeze({ targets: many(200_001) }) },
  {
    what: '[v5 15] a target with a slash',
    code: '000006',
    names: 'targets[1]',
    body: () => freeze({ targets: ['a', 'a/b'] }),
  },
  { what: 'an empty target', code: '000006', names: 'targets[0]', body: () => freeze({ targets: [''] }) },
  { what: 'a target of 129', code: '000006', names: 'targets[0]', body: () => freeze({ targets: ['a'.repeat(129)] }) },
  { what: 'a target that is a number', code: '000006', names: 'targets[0]', body: () => freeze({ targets: [1] }) },
  { what: 'a target that is null', code: '000006', names: 'targets[0]', body: () => freeze({ targets: [null] }) },
  { what: 'targets that are a text', code: '000006', names: 'targets', body: () => freeze({ targets: 'a' }) },
  {
    what: 'another key in the filter',
    code: '014555',
    names: 'targets_filter.tag',
    body: () => freeze({ targets: [], targets_filter: { group_ids: ['g'], tag: 'a' } }),
  },
  {
    what: 'only another key in the filter',
    code: '014555',
    names: 'targets_filter.tag',
    body: () => freeze({ targets: [], targets_filter: { tag: 'a' } }),
  },
  { what: '101 groups', code: '014557', body: () => freeze({ targets: [], targets_filter: { group_ids: many(101) } }) },
  {
    what: 'a group with a dot',
    code: '000006',
    names: 'targets_filter.group_ids[0]',
    body: () => freeze({ targets: [], targets_filter: { group_ids: ['a.b'] } }),
  },
  {
    what: 'a group of 37',
    code: '000006',
    names: 'targets_filter.group_ids[0]',
    body: () => freeze({ targets: [], targets_filter: { group_ids: ['a'.repeat(37)] } }),
  },
  {
    what: 'groups that are a text',
    code: '000006',
    names: 'targets_filter.group_ids',
    body: () => freeze({ targets: [], targets_filter: { group_ids: 'a' } }),
  },
  {
    what: 'a filter that is a list',
    code: '000006',
    names: 'targets_filter',
    body: () => freeze({ targets: [], targets_filter: ['a'] }),
  },
  {
    what: 'a document_source that is a number',
    code: '000006',
    names: 'document_source',
    body: () => freeze({ document_source: 5 }),
  },
  // document
  {
    what: '[v5 22] createCommands without document',
    code: '014555',
    names: 'document',
    body: () => command({ document: null }),
  },
  { what: 'a document without use', code: '014555', names: 'document', body: () => freeze({ document: { a: 1 } }) },
  { what: 'a document that is a text', code: '014555', names: 'document', body: () => command({ document: 'a' }) },
  {
    what: 'a command without paras',
    code: '014555',
    names: 'document.paras',
    body: () => command({ document: { service_id: 's' } }),
  },
  {
    what: 'a command whose service_id is a number',
    code: '014555',
    names: 'document.service_id',
    body: () => command({ document: { service_id: 1, paras: {} } }),
  },
  {
    what: 'a message without message',
    code: '014555',
    names: 'document.message',
    body: () => command({ task_type: 'createMessages', document: { name: 'n' } }),
  },
  {
    what: 'a message whose ttl is no multiple of 5',
    code: '014555',
    names: 'document.ttl',
    body: () => command({ task_type: 'createMessages', document: { message: 'm', ttl: 7 } }),
  },
  {
    what: 'an asynchronous command that is cached for too long',
    code: '014555',
    names: 'document.expire_time',
    body: () => command({ task_type: 'createAsyncCommands', document: { paras: {}, expire_time: 172_801 } }),
  },
  // Upgrade packages.
  {
    what: 'an upgrade without package',
    code: '014555',
    names: 'document.package_id',
    body: ({ firmware }) => upgrade(firmware, { document: {} }),
  },
  {
    what: '[v5 25] two package_ids',
    code: '014555',
    names: 'document.package_ids',
    body: ({ firmware }) => upgrade(firmware, { document: { package_ids: [firmware, firmware] } }),
  },
  {
    what: 'package_id and package_ids that differ',
    code: '014555',
    names: 'document.package_ids',
    body: ({ firmware, software }) =>
      upgrade(firmware, { document: { package_id: software, package_ids: [firmware] } }),
  },
  { what: '[v5 25] an unknown package', code: '014580', body: () => upgrade('f'.repeat(24)) },
  { what: '[v5 25] a software package for firmware', code: '014581', body: ({ software }) => upgrade(software) },
  {
    what: 'a firmware package for software',
    code: '014581',
    body: ({ firmware }) => upgrade(firmware, { task_type: 'softwareUpgrade' }),
  },
  // task_policy
  {
    what: 'a task_policy that is a list',
    code: '000006',
    names: 'task_policy',
    body: () => freeze({ task_policy: [] }),
  },
  {
    what: '[v5 23] a schedule of a minute ago',
    code: '014553',
    names: 'schedule_time',
    body: ({ api }) => freeze({ task_policy: { schedule_time: from(api, -60_000) } }),
  },
  {
    what: 'a schedule of now',
    code: '014553',
    names: 'schedule_time',
    body: ({ api }) => freeze({ task_policy: { schedule_time: from(api, 0) } }),
  },
  {
    what: '[v5 23] a schedule in 7 days and a minute',
    code: '014553',
    names: 'schedule_time',
    body: ({ api }) => freeze({ task_policy: { schedule_time: from(api, week + 60_000) } }),
  },
  {
    what: '[v5 23] a schedule that is a date',
    code: '000009',
    body: () => freeze({ task_policy: { schedule_time: '2026-01-01' } }),
  },
  {
    what: 'a schedule that is an empty text',
    code: '000009',
    body: () => freeze({ task_policy: { schedule_time: '' } }),
  },
  {
    what: 'a schedule on a day that does not exist',
    code: '000009',
    body: () => freeze({ task_policy: { schedule_time: '20270230T000000Z' } }),
  },
  { what: 'a schedule that is a number', code: '000009', body: () => freeze({ task_policy: { schedule_time: 5 } }) },
  ...[
    { retry_count: 3 },
    { retry_interval: 5 },
    { retry_count: 6, retry_interval: 5 },
    { retry_count: 6 },
    { retry_count: 3, retry_interval: 1441 },
    { retry_count: 0, retry_interval: 1441 },
    { retry_count: -1, retry_interval: 5 },
    { retry_count: 3, retry_interval: -5 },
    { retry_count: 1.5, retry_interval: 5 },
    { retry_count: '3', retry_interval: 5 },
    { retry_count: 3, retry_interval: true },
  ].map((task_policy) => ({
    what: `[v5 24] task_policy ${JSON.stringify(task_policy)}`,
    code: '014554',
    names: 'retry_count',
    body: () => freeze({ task_policy }),
  })),
  {
    what: 'on_conflict without an upgrade',
    code: '014555',
    names: 'task_policy.on_conflict',
    body: () => freeze({ task_policy: { on_conflict: 'queue' } }),
  },
  {
    what: 'another on_conflict',
    code: '000006',
    names: 'task_policy.on_conflict',
    body: ({ firmware }) => upgrade(firmware, { task_policy: { on_conflict: 'wait' } }),
  },
  // Idempotency-Key
  {
    what: 'an empty Idempotency-Key',
    code: '000006',
    names: 'Idempotency-Key',
    headers: { 'Idempotency-Key': '' },
    body: () => freeze({}),
  },
  {
    what: 'an Idempotency-Key with a space',
    code: '000006',
    names: 'Idempotency-Key',
    headers: { 'Idempotency-Key': 'a b' },
    body: () => freeze({}),
  },
  {
    what: 'an Idempotency-Key of 129',
    code: '000006',
    names: 'Idempotency-Key',
    headers: { 'Idempotency-Key': 'k'.repeat(129) },
    body: () => freeze({}),
  },
];

test.each(wrongs)(
  '$what answers $code, and nothing is stored',
  async ({ code, names, status = 400, headers, body }) => {
    const facts = await startFacts();
    const { client } = facts;
    for (const query of ['', '?dry_run=true']) {
      const answered = await client.call('POST', query, body(facts), headers);
      expect(answered.body).toEqual({ error_code: `IOTDA.${code}`, error_msg: expect.stringContaining(names ?? '') });
      expect(answered.status).toBe(status);
    }
    expect(await client.list()).toEqual({ batchtasks: [], page: { count: 0, marker: null } });
  },
);

async function startFacts(): Promise<Facts> {
  const api = await startTaskApi({ engine: 'still' });
  const client = await api.client();
  const { packageId: firmware } = await api.given.pkg(client.scope);
  const { packageId: software } = await api.given.pkg(client.scope, { type: 'softwarePackage' });
  return { api, client, firmware, software };
}

test('a dry_run that is no boolean answers 000006', async () => {
  const { client } = await startFacts();
  const answered = await client.call('POST', '?dry_run=perhaps', freeze({}));
  expect(answered).toMatchObject({
    status: 400,
    body: { error_code: 'IOTDA.000006', error_msg: expect.stringContaining('dry_run') },
  });
});

test("another project's package and application do not exist for the caller", async () => {
  const { api, client, firmware } = await startFacts();
  const stranger = await api.client();
  expect(await stranger.create(upgrade(firmware))).toMatchObject({ status: 400, body: { error_code: 'IOTDA.014580' } });
  expect(await stranger.create(freeze({ app_id: client.appId }))).toMatchObject({
    status: 403,
    body: { error_code: 'IOTDA.001000' },
  });
});

test('a caller without the permission may not create, and may look', async () => {
  const { api } = await startFacts();
  const viewer = await api.client('viewer');
  expect(await viewer.create(freeze({}))).toMatchObject({ status: 403, body: { error_code: 'IOTDA.000022' } });
  expect(await viewer.call('GET')).toMatchObject({ status: 200 });
});
