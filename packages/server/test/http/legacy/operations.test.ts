import { describe, expect, it } from 'vitest';
import type { Device } from '../../../src/domain/device.ts';
import { toBasicTime } from '../../../src/domain/time.ts';
import { aPackageFile } from '../../builders/catalogue-builders.ts';
import type { TestDevice } from '../../support/test-device.ts';
import { codeOf } from './legacy-api.ts';
import { type LegacyStack, type LegacyStackOptions, operationsPath, startLegacyStack } from './legacy-stack.ts';

const minute = 60_000;

/** A product with a package of version 2.0, and devices of it. */
async function startFleet(count: number, options: LegacyStackOptions = {}) {
  const stack = await startLegacyStack(options);
  const { given, scope } = stack;
  const product = await given.product(scope, { manufacturerName: 'Acme', deviceType: 'press', model: 'P1' });
  const file = aPackageFile({ projectId: scope.projectId });
  await stack.store.packages.insertFile(file);
  const pkg = await given.pkg(scope, {
    ...{ productId: product.productId, type: 'firmwarePackage', version: '2.0' },
    location: { kind: 'file', file },
  });
  const devices: Device[] = [];
  for (let at = 0; at < count; at++) devices.push(await given.device(scope, { product }));
  return { stack, product, pkg, devices };
}

const traits = { deviceType: 'press', model: 'P1', manufacturerName: 'Acme' };

async function upgrade(stack: LegacyStack, body: object, kind = 'firmwareUpgrade'): Promise<string> {
  const answer = await stack.ask('POST', `${operationsPath}/${kind}`, body);
  if (answer.status !== 200) throw new Error(`The operation was refused: ${answer.text}`);
  return (answer.json as { operationId: string }).operationId;
}

function deviceAt(devices: readonly Device[], index: number): Device {
  const device = devices[index];
  if (device === undefined) throw new Error(`There is no device ${index}.`);
  return device;
}

const idsOf = (devices: readonly Device[]) => devices.map(({ deviceId }) => deviceId);

/** Its sub-operations stand. */
const isSetUp = (stack: LegacyStack, id: string) =>
  stack.eventually(async () => (await stack.subOperations(id)).length > 0);

/** Answers the query with the old version, so that the offer comes. */
async function takeOffer(device: TestDevice): Promise<void> {
  await device.nextEvent();
  await device.event('$ota', 'version_report', { sw_version: '1.0', fw_version: '1.0' });
  await device.nextEvent();
}

const succeed = (device: TestDevice): Promise<void> =>
  device.event('$ota', 'upgrade_progress_report', { result_code: 0, progress: 100, version: '2.0', description: 'ok' });

const fail = (device: TestDevice): Promise<void> =>
  device.event('$ota', 'upgrade_progress_report', { result_code: 4, version: '1.0', description: 'low' });

describe('Legacy upgrade operations', () => {
  it('[legacy 32] are refused in the order of the table', async () => {
    const { stack, pkg, devices } = await startFleet(1);
    const good = { fileId: pkg.packageId, targets: { devices: idsOf(devices) } };
    const at = (ms: number): string => toBasicTime(stack.clock.now() + ms);
    const refused = async (over: object, kind = 'firmwareUpgrade') =>
      codeOf(await stack.ask('POST', `${operationsPath}/${kind}`, { ...good, ...over }));
    const groups = { deviceGroups: ['hall'], ...traits };
    const custom = (over: object) => ({
      policy: { executeType: 'custom', startTime: at(minute), endTime: at(2 * minute), ...over },
    });
    const strangers = await stack.given.device(stack.scope);
    const many = Array.from({ length: 257 }, (_, index) => `d${index}`);
    const cases: readonly (readonly [object, string])[] = [
      [{ fileId: null }, '400 120015'],
      [{ targets: null }, '400 120015'],
      [{ targets: 7 }, '400 120015'],
      [{ targets: {} }, '400 123022'],
      [{ targets: { devices: [], deviceGroups: null } }, '400 123022'],
      [{ targets: { devices: ['a'], deviceGroups: ['b'] } }, '400 123023'],
      [{ targets: { devices: many } }, '400 123024'],
      [{ targets: { ...groups, deviceGroups: many } }, '400 123024'],
      [{ targets: { ...groups, manufacturerName: null } }, '400 123019'],
      [{ targets: { ...groups, deviceType: null } }, '400 123020'],
      [{ targets: { ...groups, model: null } }, '400 123021'],
      [{ policy: { executeType: 'soon' } }, '400 123025'],
      [custom({ startTime: null }), '400 123026'],
      [custom({ endTime: 'tomorrow' }), '400 123026'],
      [custom({ startTime: at(3 * minute) }), '400 123032'],
      [custom({ startTime: at(2 * minute) }), '400 123032'],
      [custom({ startTime: at(-2 * minute) }), '400 123033'],
      [{ policy: { retryType: true } }, '400 123028'],
      [{ policy: { retryType: true, retryTimes: 6 } }, '400 123028'],
      [{ policy: { retryType: 'true', retryTimes: 'x' } }, '400 123028'],
      [{ fileId: 'none' }, '404 123002'],
      [{ targets: { devices: ['nobody'] } }, '404 123002'],
      [{ targets: groups }, '404 123027'],
      [{ targets: { ...good.targets, model: 'P2' } }, '400 123016'],
      [{ targets: { devices: [...good.targets.devices, strangers.deviceId] } }, '400 123016'],
    ];
    for (const [over, code] of cases) expect([over, await refused(over)]).toEqual([over, code]);
    const named = { ...good, targets: { devices: [...good.targets.devices, 'nobody', 'no one'] } };
    expect((await stack.ask('POST', `${operationsPath}/firmwareUpgrade`, named)).json).toMatchObject({
      error_detail: "'nobody': The device does not exist.",
    });
    expect(await refused({}, 'softwareUpgrade')).toBe('404 123002');
    const detail = async (over: object, kind = 'firmwareUpgrade') => {
      const { json } = await stack.ask('POST', `${operationsPath}/${kind}`, { ...good, ...over });
      return (json as { error_detail: string }).error_detail;
    };
    expect([
      await detail({ fileId: 'none' }),
      await detail({}, 'softwareUpgrade'),
      await detail({ targets: { ...good.targets, model: 'P2' } }),
      await detail({ targets: { devices: [strangers.deviceId] } }),
    ]).toEqual([
      'The upgrade package does not exist.',
      'Invalid input. The package type does not match the task_type.',
      "Invalid input data. targets.model: must be that of the package's product.",
      'The device does not belong to the product of the package.',
    ]);

    const id = await upgrade(stack, { ...good, policy: { retryType: 'false', retryTimes: ['x'] } });
    expect((await stack.operation(id))['policy']).toEqual({
      ...{ executeType: 'now', startTime: null, endTime: null, retryType: false, retryTimes: 0 },
    });
    const plain = await upgrade(stack, good);
    expect((await stack.operation(plain))['policy']).toBeNull();
    expect(stack.errors).toEqual([]);
  });

  it('[legacy 33] [legacy 38] tell of devices that all succeed', async () => {
    const { stack, pkg, devices } = await startFleet(2);
    const [one, two] = [await stack.connect(deviceAt(devices, 0)), await stack.connect(deviceAt(devices, 1))];
    const createTime = toBasicTime(stack.clock.now());
    const id = await upgrade(stack, { fileId: pkg.packageId, targets: { devices: idsOf(devices) } });
    await takeOffer(one);
    await takeOffer(two);
    expect((await stack.subOperations(id)).map(({ status, detailInfo }) => [status, detailInfo])).toEqual([
      ['processing', 'Upgrading, 0%'],
      ['processing', 'Upgrading, 0%'],
    ]);
    await succeed(one);
    await succeed(two);
    expect(await stack.operationIs(id, 'success')).toEqual({
      ...{ operationId: id, createTime, startTime: createTime, stopTime: createTime },
      operateType: 'firmware_upgrade',
      targets: { deviceGroups: null, ...traits, devices: idsOf(devices) },
      ...{ policy: null, status: 'success' },
      staResult: { total: 2, wait: 0, processing: 0, success: 2, fail: 0, stop: 0, timeout: 0 },
      extendPara: { fileVersion: '2.0' },
    });
    const listed = await stack.get(`${operationsPath}/${id}/subOperations`);
    expect(listed).toEqual({
      data: devices.map(({ deviceId }) => ({
        ...{ subOperationId: expect.stringMatching(/^[0-9a-f]{24}$/) as string, deviceId },
        ...{ createTime, startTime: createTime, stopTime: createTime, operateType: 'firmware_upgrade' },
        ...{ status: 'success', detailInfo: 'Success', extendInfo: { fileVersion: '2.0', curVersion: '2.0' } },
      })),
      ...{ totalCount: 2, pageNo: 0, pageSize: 2 },
    });
    expect(codeOf(await stack.ask('GET', `${operationsPath}/${'0'.repeat(24)}/subOperations`))).toBe('404 123009');
    expect(codeOf(await stack.ask('GET', `${operationsPath}/${id}/subOperations?pageSize=101`))).toBe('400 123029');
    expect(codeOf(await stack.ask('GET', `${operationsPath}/${id}/subOperations?subOperationStatus=odd`))).toBe(
      '400 120015',
    );
    expect(codeOf(await stack.ask('POST', `${operationsPath}/${id}/stop`))).toBe('403 123802');
  });

  it('tell of their package, and are found by its product, when both are gone', async () => {
    const { stack, product, pkg, devices } = await startFleet(1);
    const device = await stack.connect(deviceAt(devices, 0));
    const id = await upgrade(stack, { fileId: pkg.packageId, targets: { devices: idsOf(devices) } });
    await takeOffer(device);
    const remove = async () =>
      codeOf(await stack.ask('DELETE', `${operationsPath.replace('operations', 'category')}/${pkg.packageId}`));
    expect(await remove()).toBe('403 123803');
    await succeed(device);
    await stack.operationIs(id, 'success');
    const shown = async () => [await stack.operation(id), await stack.subOperations(id)];
    const before = await shown();
    expect(await remove()).toBe('200');
    await stack.store.devices.delete(stack.scope.projectId, deviceAt(devices, 0).deviceId, stack.clock.now());
    await stack.store.products.delete(product);
    expect(await shown()).toEqual(before);
    for (const [name, value] of Object.entries(traits)) {
      const { totalCount } = await stack.get(`${operationsPath}?${name}=${value}`);
      expect([name, totalCount]).toEqual([name, 1]);
    }
    const again = { fileId: pkg.packageId, targets: { devices: ['any'] } };
    expect(codeOf(await stack.ask('POST', `${operationsPath}/firmwareUpgrade`, again))).toBe('404 123002');
  });

  it('[legacy 34] fail where a device says so, and try again', async () => {
    const { stack, pkg, devices } = await startFleet(1);
    const one = await stack.connect(deviceAt(devices, 0));
    const body = { fileId: pkg.packageId, targets: { devices: idsOf(devices) } };
    const once = await upgrade(stack, body);
    await takeOffer(one);
    await fail(one);
    expect(await stack.operationIs(once, 'failed')).toMatchObject({ staResult: { total: 1, fail: 1, timeout: 0 } });
    expect(await stack.subOperations(once, 'subOperationStatus=FAILED')).toMatchObject([
      { status: 'fail', detailInfo: 'Low battery (result_code 4) low' },
    ]);
    expect(codeOf(await stack.ask('DELETE', `${operationsPath}/${once}`))).toBe('204');
    expect(codeOf(await stack.ask('GET', `${operationsPath}/${once}`))).toBe('404 123009');

    const again = await upgrade(stack, { ...body, policy: { retryType: true, retryTimes: 1 } });
    await takeOffer(one);
    await fail(one);
    await stack.eventually(async () => (await stack.subOperations(again))[0]?.['status'] === 'wait');
    expect(await stack.subOperations(again)).toMatchObject([
      { detailInfo: 'Waiting to be executed again; the last attempt: Low battery (result_code 4) low' },
    ]);
    expect((await stack.operation(again))['staResult']).toMatchObject({ wait: 1, fail: 0 });
    expect(codeOf(await stack.ask('DELETE', `${operationsPath}/${again}`))).toBe('403 123801');
    await stack.clock.advance(5 * minute);
    await takeOffer(one);
    await succeed(one);
    await stack.operationIs(again, 'success');
  });

  it('[legacy 35] keep to their window', async () => {
    const { stack, pkg, devices } = await startFleet(2);
    const one = await stack.connect(deviceAt(devices, 0));
    const at = (ms: number): string => toBasicTime(stack.clock.now() + ms);
    const policy = { executeType: 'custom', startTime: at(2 * minute), endTime: at(6 * minute) };
    const id = await upgrade(stack, { fileId: pkg.packageId, targets: { devices: idsOf(devices) }, policy });
    expect(await stack.operationIs(id, 'wait')).toMatchObject({ startTime: null, policy });
    await isSetUp(stack, id);
    expect((await stack.operation(id))['staResult']).toMatchObject({ total: 2, wait: 2 });
    await stack.clock.advance(minute);
    expect(await one.rest()).toEqual([]);
    await stack.clock.advance(minute);
    await takeOffer(one);
    await stack.eventually(
      async () => (await stack.subOperations(id))[1]?.['detailInfo'] === 'Waiting for the device online',
    );
    expect((await stack.operation(id))['staResult']).toMatchObject({ total: 2, wait: 1, processing: 1 });
    await stack.clock.advance(4 * minute);
    await stack.eventually(async () => (await stack.subOperations(id))[1]?.['status'] === 'stop');
    expect((await stack.subOperations(id))[1]?.['detailInfo']).toBe('Execution window is over');
    expect((await stack.operation(id))['staResult']).toMatchObject({ wait: 0, processing: 1, stop: 1 });
    // What is under way finishes.
    await succeed(one);
    expect(await stack.operationIs(id, 'stop')).toMatchObject({ staResult: { total: 2, success: 1, stop: 1 } });
  });

  it('[legacy 36] of type device_online start when their device connects, and fail when it does not', async () => {
    const settings = { MUSTER_LEGACY_DEVICE_ONLINE_WAIT_HOURS: '1' };
    const { stack, pkg, devices } = await startFleet(2, { settings });
    const policy = { executeType: 'device_online' };
    const id = await upgrade(stack, { fileId: pkg.packageId, targets: { devices: idsOf(devices) }, policy });
    await isSetUp(stack, id);
    const held = async () =>
      (await stack.subOperations(id)).every(({ detailInfo }) => detailInfo === 'Waiting for the device online');
    await stack.eventually(held);
    expect(await stack.operation(id)).toMatchObject({ status: 'wait', staResult: { total: 2, wait: 2 } });
    const one = await stack.connect(deviceAt(devices, 0));
    await takeOffer(one);
    await succeed(one);
    expect(await stack.operationIs(id, 'processing')).toMatchObject({ staResult: { wait: 1, success: 1 } });
    await stack.clock.advance(60 * minute);
    expect(await stack.operationIs(id, 'failed')).toMatchObject({ staResult: { success: 1, fail: 0, timeout: 1 } });
    expect((await stack.subOperations(id))[1]).toMatchObject({
      ...{ status: 'fail', detailInfo: 'Waiting for the device online timeout' },
    });
  });

  it('[legacy 37] [legacy 39] are listed by everything that the page names, in either spelling', async () => {
    const { stack, pkg, devices } = await startFleet(2, { settings: { MUSTER_LEGACY_UPPER_CASE_STATUS: 'true' } });
    const one = await stack.connect(deviceAt(devices, 0));
    await stack.given.group(stack.scope, { name: 'hall', members: idsOf(devices) });
    const failed = await upgrade(stack, {
      fileId: pkg.packageId,
      targets: { devices: [deviceAt(devices, 0).deviceId] },
    });
    await takeOffer(one);
    await fail(one);
    await stack.operationIs(failed, 'FAIL');
    const wide = await upgrade(stack, { fileId: pkg.packageId, targets: { deviceGroups: ['hall'], ...traits } });
    await takeOffer(one);
    const listed = async (query: string) => {
      const { data, totalCount, totalSize } = await stack.get(`${operationsPath}?${query}`);
      expect(totalSize).toBe(totalCount);
      return (data as { operationId: string }[]).map(({ operationId }) => operationId);
    };
    expect(await listed('')).toEqual([wide, failed]);
    for (const status of ['FAIL', 'fail', 'failed', 'FAILED']) {
      expect(await listed(`operationStatus=${status}`)).toEqual([failed]);
    }
    expect(await listed('operationStatus=processing')).toEqual([wide]);
    expect(await listed(`deviceId=${deviceAt(devices, 1).deviceId}`)).toEqual([wide]);
    expect(await listed('deviceType=press&model=P1&manufacturerName=Acme')).toEqual([wide, failed]);
    expect(await listed('model=P2')).toEqual([]);
    expect(await listed('operationType=software_upgrade')).toEqual([]);
    expect(await listed('operationType=firmware_upgrade&pageSize=1&pageNo=1')).toEqual([failed]);
    expect(codeOf(await stack.ask('GET', `${operationsPath}?pageSize=101`))).toBe('400 123029');
    expect(codeOf(await stack.ask('GET', `${operationsPath}?operationType=odd`))).toBe('400 120015');
    expect(codeOf(await stack.ask('GET', `${operationsPath}?deviceId=${'x'.repeat(257)}`))).toBe('400 120015');
    expect((await stack.operation(wide))['targets']).toEqual({ deviceGroups: ['hall'], ...traits, devices: null });
    await succeed(one);
    await stack.eventually(async () => (await stack.subOperations(wide, 'subOperationStatus=success')).length === 1);
    expect((await stack.subOperations(wide)).map(({ status }) => status)).toEqual(['SUCCESS', 'PROCESSING']);
  });
});
