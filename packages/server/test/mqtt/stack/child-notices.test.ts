import { describe, expect, it } from 'vitest';
import type { Device } from '../../../src/domain/device.ts';
import { asId, type BatchFileId, type DeviceId, type RecordId } from '../../../src/domain/ids.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import type { NewTask, Task } from '../../../src/domain/task.ts';
import { isFinalTask } from '../../../src/domain/task-state.ts';
import { random } from '../../builders/chance.ts';
import { type DeviceStack, startDeviceStack } from '../../support/device-stack.ts';
import type { ReceivedEvent, TestDevice } from '../../support/test-device.ts';

async function start() {
  const stack = await startDeviceStack();
  const { given, scope } = stack;
  const product = await given.product(scope, { manufacturerName: 'Maker', model: 'P1' });
  const gateway = await given.device(scope, { product });
  return { stack, product, gateway };
}

type Fixture = Awaited<ReturnType<typeof start>>;

async function run(stack: DeviceStack, wish: Partial<NewTask>): Promise<Task> {
  const { given, scope, store, clock, eventually } = stack;
  const { taskId } = await given.task(scope, wish);
  return await eventually(async () => {
    // A row that waits for that of its gateway looks again after a while.
    await clock.advance(100);
    const task = await store.tasks.find(scope.projectId, taskId);
    return task !== undefined && isFinalTask(task.status) && task;
  });
}

/** createDevices from a file with these rows; whatever has no `gateway_id` is a direct device. */
async function importRows({ stack, product }: Fixture, rows: readonly (readonly [string, string])[]): Promise<Task> {
  const { store, scope, clock } = stack;
  const file = {
    fileId: asId<BatchFileId>(random.uuid()),
    recordId: asId<RecordId>(random.orderedId()),
    projectId: scope.projectId,
    fileName: 'children.csv',
    uploadedAt: clock.now(),
    expiresAt: clock.now() + 3_600_000,
  };
  await store.batchFiles.begin(file);
  const cells = rows.map(([nodeId, gatewayId]) => [nodeId, product.productId, gatewayId]);
  await store.batchFiles.addRows(
    file.fileId,
    0,
    cells.map((each, index) => ({ rowNo: index + 2, cells: each })),
  );
  await store.batchFiles.finish({ ...file, columns: ['node_id', 'product_id', 'gateway_id'] }, clock.now());
  return await run(stack, { type: 'createDevices', source: { kind: 'file', fileId: file.fileId } });
}

const remove = (stack: DeviceStack, deviceIds: readonly DeviceId[]): Promise<Task> =>
  run(stack, { type: 'deleteDevices', source: { kind: 'devices', deviceIds } });

/** The notices until so many devices were in them. */
async function noticesOf(device: TestDevice, count: number): Promise<readonly ReceivedEvent[]> {
  const notices: ReceivedEvent[] = [];
  while (devicesOf(notices).length < count) notices.push(await device.nextEvent());
  expect(await device.rest()).toEqual([]);
  return notices;
}

const devicesOf = (notices: readonly ReceivedEvent[]): readonly JsonObject[] =>
  notices.flatMap(({ paras }) => paras.devices);

const shapeOf = (notices: readonly ReceivedEvent[]) =>
  notices.map(({ eventType, paras }) => [eventType, paras.version, paras.devices.length]);

const idsOf = (devices: readonly { readonly deviceId: DeviceId }[]): readonly DeviceId[] =>
  devices.map(({ deviceId }) => deviceId);

async function childrenOf({ stack, product }: Fixture, parent: Device, count: number): Promise<readonly Device[]> {
  const children: Device[] = [];
  for (let no = 0; no < count; no += 1) children.push(await stack.given.device(stack.scope, { product, parent }));
  return children;
}

describe('a connected gateway', () => {
  it('[device 62] is told of children that an import creates: ten at most in a notice, versions rising', async () => {
    const fixture = await start();
    const { stack, product, gateway } = fixture;
    const device = await stack.connect(gateway);
    const rows = Array.from({ length: 23 }, (_, no) => [`c${no}`, gateway.deviceId] as const);
    const { counters } = await importRows(fixture, [...rows, ['alone', ''], ['lost', 'nobody']]);
    expect(counters).toMatchObject({ success: 24, fail: 1 });
    const notices = await noticesOf(device, 23);
    expect(shapeOf(notices)).toEqual([
      ['add_sub_device_notify', 10, 10],
      ['add_sub_device_notify', 20, 10],
      ['add_sub_device_notify', 23, 3],
    ]);
    for (const { paras } of notices) expect(Object.keys(paras)).toEqual(['version', 'devices']);
    const { productId } = product;
    expect(devicesOf(notices)).toEqual(
      rows.map(([nodeId]) => ({
        parent_device_id: gateway.deviceId,
        node_id: nodeId,
        device_id: `${productId}_${nodeId}`,
        manufacturer_id: 'Maker',
        model: 'P1',
        product_id: productId,
        status: 'INACTIVE',
      })),
    );
  });

  it('is told of its own family alone, on every level', async () => {
    const fixture = await start();
    const { stack, product, gateway } = fixture;
    const other = await stack.given.device(stack.scope, { product });
    const [device, neighbour] = [await stack.connect(gateway), await stack.connect(other)];
    const id = (nodeId: string): DeviceId => asId<DeviceId>(`${product.productId}_${nodeId}`);
    await importRows(fixture, [
      ['deep', id('child')],
      ['child', gateway.deviceId],
      ['next', other.deviceId],
    ]);
    expect(devicesOf(await noticesOf(device, 2))).toMatchObject([
      { device_id: id('child'), parent_device_id: gateway.deviceId },
      { device_id: id('deep'), parent_device_id: id('child') },
    ]);
    expect(devicesOf(await noticesOf(neighbour, 1))).toMatchObject([{ device_id: id('next') }]);
  });

  it('is told of children that a task deletes, by targets and by groups', async () => {
    const fixture = await start();
    const { stack, gateway } = fixture;
    const children = await childrenOf(fixture, gateway, 14);
    const device = await stack.connect(gateway);
    const named = children.slice(0, 12);
    await remove(stack, idsOf(named));
    const notices = await noticesOf(device, 12);
    expect(shapeOf(notices)).toEqual([
      ['delete_sub_device_notify', 24, 10],
      ['delete_sub_device_notify', 26, 2],
    ]);
    expect(new Set(devicesOf(notices).map((info) => JSON.stringify(info)))).toEqual(
      new Set(
        named.map(({ deviceId, nodeId }) =>
          JSON.stringify({ parent_device_id: gateway.deviceId, node_id: nodeId, device_id: deviceId }),
        ),
      ),
    );
    const members = idsOf(children.slice(12));
    const { groupId } = await stack.given.group(stack.scope, { members });
    await run(stack, { type: 'deleteDevices', source: { kind: 'groups', groupIds: [groupId] } });
    const [last] = await noticesOf(device, 2);
    expect([last?.paras.version, last?.paras.devices.map((info) => info['device_id']).toSorted()]).toEqual([
      28,
      members.toSorted(),
    ]);
  });

  it('hears nothing of what was refused, nor of its own end', async () => {
    const fixture = await start();
    const { stack, gateway } = fixture;
    const [parent] = await childrenOf(fixture, gateway, 1);
    await childrenOf(fixture, parent as Device, 1);
    const device = await stack.connect(gateway);
    expect((await remove(stack, [(parent as Device).deviceId, asId<DeviceId>('nobody')])).counters.fail).toBe(2);
    await importRows(fixture, [[gateway.nodeId, gateway.deviceId]]);
    expect(await device.rest()).toEqual([]);
  });
});

describe('a gateway that is away', () => {
  it('[device 62] learns by its list what an import and a task have changed', async () => {
    const fixture = await start();
    const { stack, product, gateway } = fixture;
    await importRows(fixture, [
      ['one', gateway.deviceId],
      ['two', gateway.deviceId],
    ]);
    await remove(stack, [asId<DeviceId>(`${product.productId}_one`)]);
    const device = await stack.connect(gateway);
    expect(await device.rest()).toEqual([]);
    await device.event('$sub_device_manager', 'sub_device_sync_request', { version: 1 });
    const told = [await device.nextEvent(), await device.nextEvent()];
    expect(shapeOf(told)).toEqual([
      ['add_sub_device_notify', 2, 1],
      ['delete_sub_device_notify', 3, 1],
    ]);
  });
});
