import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ClientLanguage, runClientProgram } from './support/client-programs.ts';
import {
  type CannedAnswer,
  type LegacyRecorder,
  type RecordedCall,
  startLegacyRecorder,
} from './support/legacy-recorder.ts';

const timeout = 180_000;

const programs = {
  python: { batchTask: 'examples/batch_task.py', upgrade: 'examples/upgrade.py' },
  php: { batchTask: 'examples/batch-task.php', upgrade: 'examples/upgrade.php' },
} as const satisfies Record<ClientLanguage, unknown>;

const tokens = { scope: 'default', tokenType: 'bearer', expiresIn: 3600, refreshToken: 'r' };
const tokenInvalid = { error_code: '1010005', error_desc: 'App_key or access_token is invalid.' };
const rowsOfAll = 101;

type Answering = (path: string, query: URLSearchParams) => CannedAnswer | undefined;

/** Every token is good for four calls, so that the examples have to sign in again. */
function withTokens(answering: Answering): (call: RecordedCall) => CannedAnswer {
  let calls = 0;
  return ({ target }) => {
    const { pathname, searchParams } = new URL(target, 'https://any');
    calls += 1;
    if (pathname.endsWith('/login')) {
      calls = 0;
      return { body: { ...tokens, accessToken: 'token' } };
    }
    return calls > 4 ? { status: 403, body: tokenInvalid } : (answering(pathname, searchParams) ?? { status: 404 });
  };
}

/** One page of `rowsOfAll` rows. */
function pageOf<Row>(query: URLSearchParams, row: (index: number) => Row) {
  const [pageNo, pageSize] = [Number(query.get('pageNo')), Number(query.get('pageSize'))];
  const first = pageNo * pageSize;
  const length = Math.max(0, Math.min(pageSize, rowsOfAll - first));
  return { pageNo, pageSize, totalCount: rowsOfAll, rows: Array.from({ length }, (_, at) => row(first + at)) };
}

const output = '{"result_code":0}';

function batchTask(): Answering {
  const statuses = ['Pending', 'Running', 'Running', 'Complete'];
  const counts = { totalCnt: rowsOfAll, completeCnt: rowsOfAll, successCnt: rowsOfAll };
  return (path, query) => {
    if (path.endsWith('/tasks')) return { body: { taskID: 't-1', taskId: 't-1' } };
    if (path.endsWith('/tasks/t-1')) return { body: { status: statuses.shift(), ...counts } };
    if (!path.endsWith('/taskDetails') || query.get('taskId') !== 't-1') return undefined;
    const row = (index: number) => ({ status: 'Success', output, error: null, param: { deviceId: `d-${index}` } });
    const { rows, ...page } = pageOf(query, row);
    return { body: { ...page, taskDetails: rows } };
  };
}

function upgrade(status: string, success: number): Answering {
  const statuses = ['wait', 'processing', status];
  return (path, query) => {
    if (path.endsWith('/operations/firmwareUpgrade')) return { body: { operationId: 'o-1' } };
    const staResult = { total: rowsOfAll, success, fail: rowsOfAll - success, wait: 0 };
    if (path.endsWith('/operations/o-1')) return { body: { status: statuses.shift(), staResult } };
    if (!path.endsWith('/operations/o-1/subOperations')) return undefined;
    const row = (index: number) => ({ deviceId: `d-${index}`, status: 'success', detailInfo: 'Success' });
    const { rows, ...page } = pageOf(query, row);
    return { body: { ...page, data: rows } };
  };
}

async function writeIni({ folder, port }: LegacyRecorder): Promise<string> {
  const members = { platformIp: '127.0.0.1', platformPort: port, appId: 'app', secret: 'aB9', caFile: 'tls-cert.pem' };
  const lines = Object.entries(members).map(([name, value]) => `${name} = ${value}`);
  const path = join(folder, 'application.ini');
  await writeFile(path, ['[CLIENT_INFO]', ...lines, ''].join('\n'));
  return path;
}

const rows = (end: string): string[] => Array.from({ length: rowsOfAll }, (_, index) => `d-${index}\t${end}`);
const bodyOf = (recorder: LegacyRecorder, path: string): unknown =>
  JSON.parse(recorder.calls.find(({ target }) => target.endsWith(path))?.body ?? '');

describe.for(['python', 'php'] as const)('the examples in %s', (language) => {
  it('send a batch task, watch it to its end and print its sub-tasks', { timeout }, async () => {
    const recorder = await startLegacyRecorder(withTokens(batchTask()));
    const command = ['--service', 'Lamp', '--method', 'SET', '--paras', '{"on":true,"more":{}}', '--name', 'n'];
    const args = ['--ini', await writeIni(recorder), '--interval', '0.001', ...command, 'd-0', 'd-1'];
    const result = await runClientProgram(language, [programs[language].batchTask, ...args]);
    expect({ code: result.code, errors: result.errors }).toEqual({ code: 0, errors: '' });
    const looks = ['Pending', 'Running', 'Running', 'Complete'].map(
      (status) => `${status}: 101 of 101, 101 successful`,
    );
    expect(result.output.trimEnd().split('\n')).toEqual(['task t-1', ...looks, ...rows(`Success\t${output}`)]);
    expect(bodyOf(recorder, '/tasks')).toEqual({
      ...{ taskName: 'n', taskType: 'DeviceCmd', timeout: 10 },
      param: {
        ...{ type: 'DeviceList', deviceList: ['d-0', 'd-1'] },
        command: { serviceId: 'Lamp', method: 'SET', paras: { on: true, more: {} } },
      },
    });
  });

  it('upgrade devices, watch the operation to its end and print its sub-operations', { timeout }, async () => {
    const recorder = await startLegacyRecorder(withTokens(upgrade('success', rowsOfAll)));
    const args = ['--ini', await writeIni(recorder), '--interval', '0.001', '--retry', '2', 'f-1', 'd-0', 'd-1'];
    const result = await runClientProgram(language, [programs[language].upgrade, ...args]);
    expect({ code: result.code, errors: result.errors }).toEqual({ code: 0, errors: '' });
    const looks = ['wait', 'processing', 'success'].map((status) => `${status}: total 101, success 101`);
    expect(result.output.trimEnd().split('\n')).toEqual(['operation o-1', ...looks, ...rows('success\tSuccess')]);
    expect(bodyOf(recorder, '/firmwareUpgrade')).toEqual({
      ...{ fileId: 'f-1', targets: { devices: ['d-0', 'd-1'] } },
      policy: { executeType: 'now', retryType: true, retryTimes: 2 },
    });
  });

  it('end with 1 and what the server says where it refuses', { timeout }, async () => {
    const body = { error_code: '100022', error_desc: 'The input is invalid', error_detail: 'timeout: 1' };
    const recorder = await startLegacyRecorder(withTokens(() => ({ status: 400, body })));
    const args = ['--ini', await writeIni(recorder)];
    const command = [...args, '--service', 'Lamp', '--method', 'SET', '--timeout', '1', 'd-0'];
    for (const program of [
      [programs[language].batchTask, ...command],
      [programs[language].upgrade, ...args, 'f-1', 'd-0'],
    ]) {
      const { code, output, errors } = await runClientProgram(language, program);
      expect({ code, output }).toEqual({ code: 1, output: '' });
      expect(errors).toMatch(/^100022 The input is invalid \(timeout: 1\)( \(HTTP 400\))?\n$/);
    }
  });

  it('end with 1 when a device could not be upgraded, also where statuses are in capitals', { timeout }, async () => {
    const recorder = await startLegacyRecorder(withTokens(upgrade('FAIL', 100)));
    const args = ['--ini', await writeIni(recorder), '--interval', '0.001', 'f-1', 'd-0'];
    const result = await runClientProgram(language, [programs[language].upgrade, ...args]);
    expect({ code: result.code, errors: result.errors }).toEqual({ code: 1, errors: '' });
    expect(result.output).toContain('FAIL: total 101, success 100, fail 1\n');
    const policy = { executeType: 'now', retryType: false };
    expect(bodyOf(recorder, '/firmwareUpgrade')).toEqual({ fileId: 'f-1', targets: { devices: ['d-0'] }, policy });
  });
});
