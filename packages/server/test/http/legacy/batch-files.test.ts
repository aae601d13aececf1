import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { asId, type DeviceId } from '../../../src/domain/ids.ts';
import { fileForm } from '../../support/file-form.ts';
import { codeOf } from './legacy-api.ts';
import { createBatch, filesPath, type LegacyStack, startLegacyStack, tasksPath } from './legacy-stack.ts';

let made = 0;

async function fileOf({ batchFiles, scope }: LegacyStack, ...lines: readonly string[]): Promise<string> {
  made += 1;
  const body = Readable.from([Buffer.from(`${lines.join('\n')}\n`)], { objectMode: false });
  return (await batchFiles.upload({ projectId: scope.projectId }, `rows-${made}.csv`, body)).fileId;
}

const errorOf = (row: Readonly<Record<string, unknown>> | undefined) =>
  (JSON.parse(String(row?.['error'])) as { error_code: string }).error_code;

const find = ({ store, scope }: LegacyStack, deviceId: string) =>
  store.devices.find(scope.projectId, asId<DeviceId>(deviceId));

describe('Legacy batch tasks with files', () => {
  it('[legacy 26] [legacy 30] register devices of products that are named by id or by their four members', async () => {
    const stack = await startLegacyStack();
    const { given, scope } = stack;
    const traits = { manufacturerId: 'acme', deviceType: 'press', model: 'P1', protocolType: 'MQTT' } as const;
    const product = await given.product(scope, traits);
    const fileId = await fileOf(
      stack,
      'node_id,product_id,manufacturer_id,model,device_type,protocol_type,location,imsi,secure_access,verify_code',
      `press-1,${product.productId},,,,,hall 3,,,`,
      'press-2,,acme,P1,press,MQTT,,460001,false,V-2',
      'press-3,,acme,P2,press,MQTT,,,,',
      'press-4,,acme,,press,MQTT,,,,',
      `,${product.productId},,,,,,,,`,
    );
    const taskId = await createBatch(stack, { taskType: 'DeviceReg', param: { fileId } });
    expect(await stack.taskIs(taskId, 'Complete')).toMatchObject({
      ...{ taskType: 'DeviceReg', totalCnt: 5, successCnt: 2, failCnt: 3, progress: 1000, successRate: 400 },
      param: { fileId },
    });
    const rows = await stack.details(taskId);
    const [one, two] = [`${product.productId}_press-1`, `${product.productId}_press-2`];
    expect(rows.map(({ status, param }) => ({ status, param }))).toEqual([
      { status: 'Success', param: { index: 1, nodeId: 'press-1', deviceId: one, commandId: null } },
      { status: 'Success', param: { index: 2, nodeId: 'press-2', deviceId: two, commandId: null } },
      { status: 'Fail', param: { index: 3, nodeId: 'press-3', deviceId: null, commandId: null } },
      { status: 'Fail', param: { index: 4, nodeId: 'press-4', deviceId: null, commandId: null } },
      { status: 'Fail', param: { index: 5, nodeId: null, deviceId: null, commandId: null } },
    ]);
    expect(rows.slice(2).map(errorOf)).toEqual(['600002', '100022', '100022']);
    expect((await find(stack, one))?.legacy).toEqual({ location: 'hall 3' });
    expect((await find(stack, two))?.legacy).toEqual({ imsi: '460001', verifyCode: 'V-2' });
    const outputs = rows.map(({ output }) => JSON.parse(String(output)) as Readonly<Record<string, string>> | null);
    const secret = expect.stringMatching(/^[0-9a-f]{32}$/) as string;
    expect(outputs).toEqual([
      { deviceId: one, nodeId: 'press-1', verifyCode: null, secret },
      { deviceId: two, nodeId: 'press-2', verifyCode: 'V-2', secret },
      ...[null, null, null],
    ]);
    expect((await stack.details(taskId, '&index=2'))[0]).toEqual(rows[1]);
    const device = await find(stack, two);
    if (device === undefined) throw new Error('It was not made.');
    await stack.connect(device, { secret: outputs[1]?.['secret'] ?? '' });
    expect(await stack.status(device.deviceId)).toBe('ONLINE');
    expect((await stack.details(taskId, '&nodeId=press-1')).map(({ param }) => param)).toMatchObject([{ index: 1 }]);
    expect(await stack.details(taskId, '&index=6')).toEqual([]);
    expect(await stack.details(taskId, '&index=0')).toEqual([]);
  });

  it('[legacy 27] fail row by row, and are refused for what is wrong with the whole file', async () => {
    const stack = await startLegacyStack();
    const { given, scope } = stack;
    const product = await given.product(scope);
    const known = await given.device(scope, { product });
    const fileId = await fileOf(
      stack,
      'node_id,product_id',
      `${known.nodeId},${product.productId}`,
      `fresh,${product.productId}`,
      `fresh,${product.productId}`,
      `,${product.productId}`,
    );
    const taskId = await createBatch(stack, { taskType: 'DeviceReg', param: { fileId } });
    await stack.taskIs(taskId, 'Complete');
    const rows = await stack.details(taskId);
    expect(rows.map(({ status }) => status)).toEqual(['Fail', 'Success', 'Fail', 'Fail']);
    const error_desc = 'The input is invalid';
    expect([rows[0], rows[2], rows[3]].map((row) => JSON.parse(String(row?.['error'])) as unknown)).toEqual([
      { error_code: '100426', error_desc: 'The nodeId is duplicated.' },
      { error_code: '100022', error_desc, error_detail: 'The row repeats the target of an earlier row.' },
      { error_code: '100022', error_desc, error_detail: "Column 'node_id': is empty" },
    ]);

    const refused = async (taskType: string, ...lines: readonly string[]) => {
      const body = { taskName: `t${made}`, timeout: 10, taskType, param: { fileId: await fileOf(stack, ...lines) } };
      return codeOf(await stack.ask('POST', tasksPath, body));
    };
    expect(await refused('DeviceReg', 'product_id', 'p')).toBe('400 100022');
    expect(await refused('DeviceReg', 'node_id,manufacturer_id', 'n,m')).toBe('400 100022');
    expect(await refused('DeviceReg', 'node_id,product_id,colour', 'n,p,red')).toBe('400 100022');
    expect(await refused('DeviceLocation', 'device_id,device_name', 'd,n')).toBe('400 100022');
    expect(await refused('DeviceLocation', 'device_id', 'd')).toBe('400 100022');
    const elsewhere = await given.app(scope);
    const foreign = await fileOf(stack, 'node_id,product_id,app_id', `far,${product.productId},${elsewhere.appId}`);
    const trespass = await createBatch(stack, { taskType: 'DeviceReg', param: { fileId: foreign } });
    await stack.taskIs(trespass, 'Complete');
    expect(errorOf((await stack.details(trespass))[0])).toBe('100203');
    expect(stack.errors).toEqual([]);
  });

  it('[legacy 28] change, place, license and delete devices of the application alone', async () => {
    const stack = await startLegacyStack();
    const { given, scope } = stack;
    const device = await given.device(scope);
    const stranger = await given.device({ ...scope, appId: (await given.app(scope)).appId });
    const run = async (taskType: string, ...lines: readonly string[]) => {
      const taskId = await createBatch(stack, { taskType, param: { fileId: await fileOf(stack, ...lines) } });
      const shown = await stack.taskIs(taskId, 'Complete');
      const about = (await stack.details(taskId)).map(({ param }) => param);
      return [shown['taskType'], shown['successCnt'], shown['failCnt'], about];
    };
    const { deviceId, nodeId } = device;
    const one = { index: 1, nodeId, deviceId, commandId: null };
    // Of another application nothing is known.
    const other = { index: 2, nodeId: null, deviceId: stranger.deviceId, commandId: null };
    expect(await run('DeviceMod', 'device_id,device_name,region', `${deviceId},Press,north`)).toEqual([
      'DeviceMod',
      1,
      0,
      [one],
    ]);
    expect(
      await run('DeviceLocation', 'device_id,location', `${deviceId},hall 3`, `${stranger.deviceId},hall 4`),
    ).toEqual(['DeviceLocation', 1, 1, [one, other]]);
    expect(await run('DeviceLicense', 'device_id,license', `${deviceId},L-7`)).toEqual(['DeviceLicense', 1, 0, [one]]);
    expect(await find(stack, deviceId)).toMatchObject({
      ...{ name: 'Press', legacy: { region: 'north', location: 'hall 3', license: 'L-7' } },
    });
    expect((await find(stack, stranger.deviceId))?.legacy).toEqual({});
    expect(await run('DeviceDel', 'device_id', deviceId, stranger.deviceId)).toEqual([
      ...['DeviceDel', 1, 1],
      [{ ...one, nodeId: null }, other],
    ]);
    expect(await find(stack, deviceId)).toBeUndefined();
    expect(await find(stack, stranger.deviceId)).toBeDefined();
    const listed = async (query: string) => (await stack.get(`${tasksPath}?${query}`))['totalCount'];
    expect(await Promise.all(['', 'taskType=DeviceMod', 'taskType=DeviceLocation'].map(listed))).toEqual([4, 1, 1]);
  });

  it('take files of their own calls, too', async () => {
    const stack = await startLegacyStack();
    expect(codeOf(await stack.ask('POST', filesPath))).toBe('400 100022');
    expect(codeOf(await stack.ask('DELETE', `${filesPath}/none`))).toBe('404 101001');
    const form = fileForm('rows.csv', 'device_id\nd\n');
    const mediaType = form.headers['Content-Type'].replace('multipart/form-data', 'Multipart/Form-Data');
    const uploaded = await stack.send('POST', filesPath, { ...form, headers: { 'Content-Type': mediaType } });
    const file = {
      fileId: expect.any(String) as string,
      fileName: 'rows.csv',
      uploadTime: expect.any(String) as string,
    };
    expect([uploaded.status, uploaded.json]).toEqual([200, file]);
    expect(await stack.get(filesPath)).toEqual({ totalCount: 1, files: [file] });
    const { fileId } = uploaded.json as { fileId: string };
    const taskId = await createBatch(stack, { taskType: 'DeviceDel', param: { fileId } });
    expect(codeOf(await stack.ask('DELETE', `${filesPath}/${fileId}`))).toBe('204');
    expect(await stack.taskIs(taskId, 'Complete')).toMatchObject({ totalCnt: 1, failCnt: 1 });
  });
});
