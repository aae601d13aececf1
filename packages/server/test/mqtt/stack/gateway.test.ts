import { describe, expect, it } from 'vitest';
import type { Device } from '../../../src/domain/device.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { minute, second } from '../../support/device-stack.ts';
import type { TestDevice } from '../../support/test-device.ts';
import { expectOffer, expectQuery, reportProgress, reportVersion, startUpgrades } from './upgrade-fixture.ts';

async function start() {
  const fixture = await startUpgrades();
  const { stack, stored: gateway, product } = fixture;
  const child = (): Promise<Device> => stack.given.device(stack.scope, { product, parent: gateway });
  return { ...fixture, gateway, child, device: await stack.connect(gateway) };
}

const setStatus = (device: TestDevice, statuses: readonly JsonObject[], over: JsonObject = {}): Promise<void> =>
  device.event('$sub_device_manager', 'sub_device_update_status', { device_statuses: statuses }, over);

describe('a gateway that speaks for its children', () => {
  it('[device 61] sets their status, and is told which it may not', async () => {
    const { stack, device, gateway, child } = await start();
    const [one, two, stranger] = [await child(), await child(), await stack.given.device(stack.scope)];
    const statuses = [
      { device_id: one.deviceId, status: 'ONLINE' },
      { device_id: two.deviceId, status: 'AWAY' },
      { device_id: stranger.deviceId, status: 'ONLINE' },
    ];
    await setStatus(device, statuses, { event_id: 'e-61' });

    const answer = await device.nextEvent();
    expect(answer).toMatchObject({
      objectDeviceId: gateway.deviceId,
      serviceId: '$sub_device_manager',
      eventType: 'sub_device_update_status_response',
      eventId: 'e-61',
      paras: {
        successful_devices: [{ device_id: one.deviceId, status: 'ONLINE' }],
        failed_devices: [
          { device_id: two.deviceId, error_code: 'IOTDA.000006', error_msg: expect.any(String) },
          { device_id: stranger.deviceId, error_code: 'IOTDA.014000', error_msg: 'The device does not exist.' },
        ],
      },
    });
    expect(await stack.store.devices.find(stack.scope.projectId, one.deviceId)).toMatchObject({
      connectivity: 'ONLINE',
      activeAt: stack.clock.now(),
    });
    expect(await stack.status(stranger.deviceId)).toBe('INACTIVE');

    await device.vanish();
    await stack.eventually(() => stack.store.sessions.earliestEnded());
    await stack.clock.advance(6 * second);
    await stack.eventually(async () => (await stack.status(gateway.deviceId)) === 'OFFLINE');
    expect(await stack.status(one.deviceId)).toBe('ONLINE');
  });

  it('has no word for a child that went to another gateway, whose own word sends out what waits', async () => {
    const { stack, device: old, child } = await start();
    const { store, scope, given, clock } = stack;
    const next = await given.device(scope);
    const device = await stack.connect(next);
    const { deviceId } = await child();
    const online = [{ device_id: deviceId, status: 'ONLINE' }];
    await setStatus(old, online);
    await old.nextEvent();

    const to = { gatewayId: next.deviceId, at: clock.now() };
    await store.devices.changeGateway(scope.projectId, deviceId, to);
    expect(await stack.status(deviceId)).toBe('OFFLINE');
    await given.message(scope, { deviceId });
    await setStatus(old, online);
    expect((await old.nextEvent()).paras).toMatchObject({ successful_devices: [], failed_devices: [{}] });
    expect(await device.rest()).toEqual([]);

    await setStatus(device, online);
    expect((await device.nextEvent()).paras).toMatchObject({ successful_devices: online });
    expect((await device.next()).body.object_device_id).toBe(deviceId);
    expect(await old.rest()).toEqual([]);
  });

  it('[device 61] gets both arrays always, and no effect from a wrong count', async () => {
    const { stack, device, child } = await start();
    const { deviceId } = await child();
    await setStatus(device, []);
    expect((await device.nextEvent()).paras).toEqual({ successful_devices: [], failed_devices: [] });
    await setStatus(device, [{ device_id: deviceId, status: 'OFFLINE' }]);
    expect((await device.nextEvent()).paras.failed_devices).toEqual([]);
    await setStatus(
      device,
      Array.from({ length: 101 }, () => ({ device_id: deviceId, status: 'ONLINE' })),
    );
    const { paras } = await device.nextEvent();
    expect(paras.successful_devices).toEqual([]);
    expect(paras.failed_devices[0]?.['error_code']).toBe('IOTDA.000006');
    expect(await stack.status(deviceId)).toBe('OFFLINE');
  });

  it('[device 62] asks for its list: at most ten each, the version first and rising', async () => {
    const { stack, device, gateway, child } = await start();
    const children = [];
    for (let number = 0; number < 23; number++) children.push((await child()).deviceId);
    for (const service of ['sub_device_manager', '$sub_device_manager']) {
      await device.event(service, 'sub_device_sync_request', { version: null });
      const notices = [await device.nextEvent(), await device.nextEvent(), await device.nextEvent()];
      expect(notices.map(({ serviceId, eventType }) => [serviceId, eventType])).toEqual(
        notices.map(() => ['$sub_device_manager', 'add_sub_device_notify']),
      );
      expect(notices.map(({ paras }) => [Object.keys(paras), paras.version, paras.devices.length])).toEqual([
        [['version', 'devices'], 21, 10],
        [['version', 'devices'], 22, 10],
        [['version', 'devices'], 23, 3],
      ]);
      const told = notices.flatMap(({ paras }) => paras.devices.map((info: JsonObject) => info['device_id']));
      expect(told.toSorted()).toEqual(children.toSorted());
      expect(notices[0]?.paras.devices[0]).toMatchObject({ parent_device_id: gateway.deviceId, status: 'INACTIVE' });
    }
    await stack.store.devices.delete(stack.scope.projectId, children[0] as never, stack.clock.now());
    const late = await child();
    await device.event('$sub_device_manager', 'sub_device_sync_request', { version: 23 });
    expect([await device.nextEvent(), await device.nextEvent()]).toMatchObject([
      { eventType: 'delete_sub_device_notify', paras: { version: 24, devices: [{ device_id: children[0] }] } },
      { eventType: 'add_sub_device_notify', paras: { version: 25, devices: [{ device_id: late.deviceId }] } },
    ]);
    await device.event('$sub_device_manager', 'sub_device_sync_request', { version: 25 });
    expect(await device.rest()).toEqual([]);
  });

  it('[device 63] adds and deletes them', async () => {
    const { stack, device, gateway, product } = await start();
    const { productId } = product;
    const elsewhere = await stack.given.device(stack.scope, { product });
    const devices = [
      { node_id: 'n1', product_id: productId, name: 'Sensor one', extension_info: { room: 1 } },
      { node_id: 'n2', product_id: productId, parent_device_id: `${productId}_n1` },
      { node_id: 'n1', product_id: productId },
      { node_id: elsewhere.nodeId, product_id: productId },
      { node_id: 'n3', product_id: 'nothing' },
      { node_id: 'n 4', product_id: productId },
      { node_id: 'n5', product_id: productId, parent_device_id: elsewhere.deviceId },
      7,
    ];
    await device.event('$sub_device_manager', 'add_sub_device_request', { devices }, { event_id: 'add' });
    const added = await device.nextEvent();
    expect(added).toMatchObject({
      eventType: 'add_sub_device_response',
      eventId: 'add',
      objectDeviceId: gateway.deviceId,
    });
    expect(added.paras.successful_devices).toMatchObject([
      { device_id: `${productId}_n1`, parent_device_id: gateway.deviceId, name: 'Sensor one', status: 'INACTIVE' },
      { device_id: `${productId}_n2`, parent_device_id: `${productId}_n1` },
      { device_id: `${productId}_n1` },
    ]);
    expect(
      added.paras.failed_devices.map((failure: JsonObject) => [failure['node_id'], failure['error_code']]),
    ).toEqual([
      [elsewhere.nodeId, 'IOTDA.014031'],
      ['n3', 'IOTDA.013000'],
      ['n 4', 'IOTDA.000006'],
      ['n5', 'IOTDA.014042'],
      ['', 'IOTDA.000006'],
    ]);

    const ids = [`${productId}_n1`, `${productId}_n2`, elsewhere.deviceId, gateway.deviceId, 'nobody', null];
    await device.event('$sub_device_manager', 'delete_sub_device_request', { devices: ids });
    const deleted = await device.nextEvent();
    expect(deleted.eventType).toBe('delete_sub_device_response');
    expect(deleted.paras.successful_devices).toEqual([`${productId}_n2`]);
    expect(
      deleted.paras.failed_devices.map((failure: JsonObject) => [failure['device_id'], failure['error_code']]),
    ).toEqual([
      [`${productId}_n1`, 'IOTDA.014041'],
      [elsewhere.deviceId, 'IOTDA.014000'],
      [gateway.deviceId, 'IOTDA.014000'],
      ['nobody', 'IOTDA.014000'],
      ['', 'IOTDA.014000'],
    ]);
    // Told by its answer; the notices are for what the API does.
    expect(await device.rest()).toEqual([]);
  });
});

describe('an upgrade of a child', () => {
  it('[device 63] waits until the child is ONLINE, and goes by its own object id', async () => {
    const { stack, device, gateway, child, upgrade, subtask, end } = await start();
    const { deviceId } = await child();
    const task = await upgrade([deviceId]);
    await stack.eventually(async () => (await subtask(task, deviceId)).state === 'Processing');
    expect(await device.rest()).toEqual([]);

    await setStatus(device, [{ device_id: deviceId, status: 'ONLINE' }]);
    expect(await expectQuery(device)).toMatchObject({ objectDeviceId: deviceId, paras: {} });
    await device.nextEvent();
    await reportVersion(device, 'v1', { object_device_id: gateway.deviceId });
    await reportVersion(device, 'v1', { object_device_id: deviceId });
    expect(await expectOffer(device)).toMatchObject({ objectDeviceId: deviceId });
    await reportProgress(device, { result_code: 0, version: 'v2' }, { object_device_id: deviceId });
    expect((await end(task, deviceId)).state).toBe('Success');
  });

  it('[device 48] stands still while the child is OFFLINE or its gateway away, and asks again', async () => {
    const { stack, device, gateway, child, upgrade, subtask } = await start();
    const { deviceId } = await child();
    await setStatus(device, [{ device_id: deviceId, status: 'ONLINE' }]);
    await device.nextEvent();
    const task = await upgrade([deviceId]);
    await expectQuery(device);

    await setStatus(device, [{ device_id: deviceId, status: 'OFFLINE' }]);
    await device.nextEvent();
    await stack.clock.advance(4 * minute);
    expect((await subtask(task, deviceId)).state).toBe('Processing');
    await setStatus(device, [{ device_id: deviceId, status: 'ONLINE' }]);
    await expectQuery(device);

    await device.vanish();
    await stack.eventually(() => stack.store.sessions.earliestEnded());
    await stack.clock.advance(4 * minute);
    expect((await subtask(task, deviceId)).state).toBe('Processing');
    const back = await stack.connect(gateway);
    expect(await expectQuery(back)).toMatchObject({ objectDeviceId: deviceId });
  });

  it('[device 56] in gateway mode carries task and count, and is not ended by the gateway’s own report', async () => {
    const { stack, device, gateway, child, upgrade, subtask, end } = await start();
    const children = [await child(), await child()];
    const ids = children.map(({ deviceId }) => deviceId);
    await setStatus(
      device,
      ids.map((device_id) => ({ device_id, status: 'ONLINE' })),
    );
    await device.nextEvent();
    const task = await upgrade(ids, { gatewayMode: true });
    const group = { task_id: task.taskId, sub_device_count: 2 };
    const queries = [await expectQuery(device), await expectQuery(device)];
    expect(queries.map(({ objectDeviceId }) => objectDeviceId).toSorted()).toEqual(ids.toSorted());
    expect(queries.map(({ paras }) => paras)).toEqual([group, group]);
    for (const object_device_id of ids) {
      await reportVersion(device, 'v1', { object_device_id });
      expect(await expectOffer(device)).toMatchObject({ objectDeviceId: object_device_id, paras: group });
    }
    await reportProgress(device, { result_code: 0, version: 'v2' });
    await reportProgress(device, { result_code: 0, version: 'v2' }, { object_device_id: gateway.deviceId });
    for (const id of ids) expect((await subtask(task, id)).state).toBe('Processing');
    for (const object_device_id of ids) {
      await reportProgress(device, { result_code: 0, version: 'v2' }, { object_device_id });
      expect((await end(task, object_device_id)).state).toBe('Success');
    }
    expect(stack.dropped).toEqual([]);
  });
});
