import { expect } from 'vitest';
import type { CannedAnswer, RecordedCall } from './legacy-recorder.ts';

/** One call of a legacy client: what has to be on the wire, what comes back, and what the client's caller then has. */
export interface WireCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** The parameters of a query in alphabetical order: theirs does not count. */
  readonly target: string;
  /** Login, refresh and logout carry neither `app_key` nor `Authorization` (legacy 1.2). */
  readonly isSigned: boolean;
  /** Absent: no body, and no word of one. A text: these bytes. Else JSON. */
  readonly body?: unknown;
  readonly answer: CannedAnswer;
  readonly outcome: unknown;
}

const sec = '/iocm/app/sec/v1.1.0';
const batch = '/iocm/app/batchtask/v1.1.0';
const upgrade = '/iodm/northbound/v1.5.0';
const tokens = { scope: 'default', tokenType: 'bearer', expiresIn: 3600, accessToken: 'token-1', refreshToken: 'r-1' };
const noContent = { answer: { status: 204 }, outcome: null } as const;

const security: readonly WireCall[] = [
  {
    ...{ method: 'POST', target: `${sec}/login`, isSigned: false, body: 'appId=App_1-x&secret=aB9' },
    ...{ answer: { body: tokens }, outcome: 'token-1' },
  },
  {
    ...{ method: 'POST', target: `${sec}/refreshToken`, isSigned: false },
    body: { appId: 'App_1-x', secret: 'aB9', refreshToken: 'refresh-1' },
    ...{ answer: { body: tokens }, outcome: 'r-1' },
  },
  { method: 'POST', target: `${sec}/logout`, isSigned: false, body: { accessToken: 'token-1' }, ...noContent },
];

const signed = { isSigned: true } as const;
const subTask = { status: 'Fail', output: null, error: '{}', param: { index: 7, nodeId: 'n 1', deviceId: 'd&1' } };

const batchTasks: readonly WireCall[] = [
  {
    ...{ method: 'POST', target: `${batch}/tasks`, ...signed },
    body: {
      ...{ appId: 'App_2', taskName: 'Straße 1/2', taskType: 'DeviceCmd', timeout: 100 },
      param: {
        ...{ type: 'DeviceList', deviceList: ['d-1', 'd-2'] },
        command: { serviceId: 'Brightness', method: 'SET', paras: { brightness: 10 } },
        ...{ callbackUrl: 'https://app.example/cb?x=1', maxRetransmit: 2 },
      },
      tags: [{ tagName: 'site', tagValue: 'north' }],
    },
    ...{ answer: { body: { taskID: 't-1', taskId: 't-1' } }, outcome: 't-1' },
  },
  {
    ...{ method: 'POST', target: `${batch}/tasks`, ...signed },
    body: { taskName: 'reg', taskType: 'DeviceReg', timeout: 10, param: { fileId: 'file-1' } },
    ...{ answer: { body: { taskID: 't-2' } }, outcome: 't-2' },
  },
  {
    ...{ method: 'GET', target: `${batch}/tasks/t%2F1`, ...signed },
    ...{ answer: { body: { status: 'Running' } }, outcome: 'Running' },
  },
  {
    ...{ method: 'GET', target: `${batch}/tasks/t-1?appId=App_2&select=tag`, ...signed },
    ...{ answer: { body: { tags: [{ tagName: 'site' }] } }, outcome: [{ tagName: 'site' }] },
  },
  {
    ...{ method: 'GET', target: `${batch}/taskDetails?taskId=t-1`, ...signed },
    ...{ answer: { body: { totalCount: 3 } }, outcome: 3 },
  },
  {
    method: 'GET',
    target: `${batch}/taskDetails?appId=App_2&commandId=c&deviceId=d%261&index=7&nodeId=n%201&pageNo=0&pageSize=250&status=Fail&taskId=t-1`,
    ...signed,
    ...{ answer: { body: { totalCount: 1, taskDetails: [subTask] } }, outcome: 'd&1' },
  },
];

const batchExtensions: readonly WireCall[] = [
  { method: 'GET', target: `${batch}/tasks`, ...signed, answer: { body: { totalCount: 2, tasks: [] } }, outcome: 2 },
  {
    ...{ method: 'GET', target: `${batch}/tasks?pageNo=1&pageSize=2&status=Running&taskType=DeviceCmd`, ...signed },
    ...{ answer: { body: { totalCount: 2, tasks: [] } }, outcome: [] },
  },
  { method: 'POST', target: `${batch}/tasks/t-1/stop`, ...signed, ...noContent },
  { method: 'DELETE', target: `${batch}/tasks/t-1?appId=App_2`, ...signed, ...noContent },
  { method: 'GET', target: `${batch}/files`, ...signed, answer: { body: { files: [] } }, outcome: [] },
  { method: 'DELETE', target: `${batch}/files/file-1`, ...signed, ...noContent },
  {
    ...{ method: 'POST', target: `${batch}/files`, ...signed },
    body: [
      '--BOUNDARY',
      'Content-Disposition: form-data; name="file"; filename="devices.csv"',
      'Content-Type: application/octet-stream',
      '',
      'node_id\r\nn-1\r\n',
      '--BOUNDARY--',
      '',
    ].join('\r\n'),
    ...{ answer: { body: { fileId: 'file-2' } }, outcome: 'file-2' },
  },
];

const packages: readonly WireCall[] = [
  {
    method: 'GET',
    target: `${upgrade}/category?fileType=firmwarePackage&model=m%201&pageNo=0&version=V1.0`,
    ...signed,
    ...{ answer: { body: { data: [{ fileId: 'f-1' }], totalCount: 1 } }, outcome: 'f-1' },
  },
  {
    ...{ method: 'GET', target: `${upgrade}/category/f-1`, ...signed },
    ...{ answer: { body: { fileId: 'f-1', version: 'V1.0' } }, outcome: 'V1.0' },
  },
  // 200 with an empty body (legacy 4.1).
  { method: 'DELETE', target: `${upgrade}/category/f-1`, ...signed, answer: {}, outcome: null },
];

const window = { startTime: '20260101T000000Z', endTime: '20260102T000000Z' };

const upgrades: readonly WireCall[] = [
  {
    ...{ method: 'POST', target: `${upgrade}/operations/softwareUpgrade`, ...signed },
    body: { fileId: 'f-1', targets: { devices: ['d-1'] } },
    ...{ answer: { body: { operationId: 'o-1' } }, outcome: 'o-1' },
  },
  {
    ...{ method: 'POST', target: `${upgrade}/operations/firmwareUpgrade`, ...signed },
    body: {
      fileId: 'f-2',
      targets: { deviceGroups: ['g'], deviceType: 'Lamp', model: 'm', manufacturerName: 'Maker' },
      policy: { executeType: 'custom', ...window, retryType: true, retryTimes: 3 },
    },
    ...{ answer: { body: { operationId: 'o-2' } }, outcome: 'o-2' },
  },
  {
    ...{ method: 'GET', target: `${upgrade}/operations/o-1`, ...signed },
    ...{ answer: { body: { status: 'processing', staResult: { total: 4 } } }, outcome: 4 },
  },
  {
    ...{ method: 'GET', target: `${upgrade}/operations/o-1/subOperations`, ...signed },
    ...{ answer: { body: { totalCount: 4 } }, outcome: 4 },
  },
  {
    method: 'GET',
    target: `${upgrade}/operations/o-1/subOperations?pageNo=1&pageSize=100&subOperationStatus=fail`,
    ...signed,
    ...{ answer: { body: { data: [] } }, outcome: [] },
  },
  {
    method: 'GET',
    target: `${upgrade}/operations?deviceId=d-1&deviceType=Lamp&manufacturerName=Maker&model=m&operationStatus=wait&operationType=firmware_upgrade&pageNo=0&pageSize=10`,
    ...signed,
    ...{ answer: { body: { totalCount: 5, totalSize: 5 } }, outcome: 5 },
  },
  { method: 'POST', target: `${upgrade}/operations/o-1/stop`, ...signed, ...noContent },
  { method: 'DELETE', target: `${upgrade}/operations/o-1`, ...signed, ...noContent },
];

const notFound = { error_code: '105005', error_desc: 'The batchTask is not existed.' };

const failure: WireCall = {
  ...{ method: 'GET', target: `${batch}/tasks/unknown`, ...signed },
  answer: { status: 404, body: notFound },
  outcome: [notFound.error_code, notFound.error_desc, 404, 'Not Found'],
};

/** In the order of `wire_calls.py` and `wire-calls.php`. */
export const wireCalls: readonly WireCall[] = [
  ...security,
  ...batchTasks,
  ...batchExtensions,
  ...packages,
  ...upgrades,
  failure,
];

const formType = 'application/x-www-form-urlencoded';
const jsonType = 'application/json';
const multipartType = 'multipart/form-data; boundary=BOUNDARY';

/** What the contract wants of a call, beside the bytes that are anybody's choice. */
export function expectedOf(call: WireCall) {
  const { method, target, isSigned, body } = call;
  const [appKey, authorization] = isSigned ? ['App_1-x', 'Bearer token-1'] : [];
  return { method, target, appKey, authorization, contentType: contentTypeOf(call), body };
}

function contentTypeOf({ target, body }: WireCall): string | undefined {
  if (body === undefined) return undefined;
  if (target.endsWith('/login')) return formType;
  return target.endsWith('/files') ? multipartType : jsonType;
}

/** The same of what came; `app_key` in its own spelling, since underscores are what proxies drop. */
export function foundOf({ method, target, headers, body }: RecordedCall) {
  const lowered = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const [, boundary = ''] = /boundary=(.*)/.exec(lowered['content-type'] ?? '') ?? [];
  const contentType = boundary === '' ? lowered['content-type'] : multipartType;
  const { app_key: appKey } = headers;
  const common = { method, target: sortedQuery(target), appKey, authorization: lowered['authorization'], contentType };
  return { ...common, body: bodyOf(contentType, boundary === '' ? body : body.replaceAll(boundary, 'BOUNDARY')) };
}

function sortedQuery(target: string): string {
  const [path = '', query] = target.split('?');
  return query === undefined ? path : `${path}?${query.split('&').sort().join('&')}`;
}

/** JSON has to be compact. */
function bodyOf(contentType: string | undefined, body: string): unknown {
  if (contentType !== jsonType) return body === '' ? undefined : body;
  const value: unknown = JSON.parse(body);
  expect(body).toBe(JSON.stringify(value));
  return value;
}
