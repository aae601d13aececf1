import { describe, expect, it } from 'vitest';
import type { DeviceId } from '../../../src/domain/ids.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { createPropertyReports } from '../../../src/services/device-side/property-reports.ts';
import { createShadows } from '../../../src/services/shadows.ts';
import { motorAndLamp } from '../../builders/catalogue-builders.ts';
import { type DeviceStack, minute, startDeviceStack } from '../../support/device-stack.ts';
import type { Received, TestDevice } from '../../support/test-device.ts';
import { startUpgrades } from './upgrade-fixture.ts';

function writer({ store, side, clock, scope }: DeviceStack) {
  const shadows = createShadows({ store, link: side.link, clock });
  return (deviceId: DeviceId, services: Readonly<Record<string, JsonObject>>) =>
    shadows.update(
      { projectId: scope.projectId, deviceId },
      { shadow: Object.entries(services).map(([service_id, desired]) => ({ service_id, desired })) },
    );
}

async function start() {
  const stack = await startDeviceStack();
  const { scope, given } = stack;
  const product = await given.product(scope, { capabilities: motorAndLamp });
  const stored = await given.device(scope, { product });
  return { stack, product, stored, deviceId: stored.deviceId, write: writer(stack) };
}

/** What has come and was not taken, once every shadow has been looked at. */
async function settled({ side }: DeviceStack, device: TestDevice): Promise<readonly Received[]> {
  await side.shadows.idle();
  return device.rest();
}

const report = (device: TestDevice, services: Readonly<Record<string, JsonObject>>): Promise<void> =>
  device.report('properties/report', {
    services: Object.entries(services).map(([service_id, properties]) => ({ service_id, properties })),
  });

/** What a set asks for, by service. */
const asked = ({ body }: Received) =>
  Object.fromEntries(
    (body.services as unknown as { service_id: string; properties: JsonObject }[]).map((entry) => [
      entry.service_id,
      entry.properties,
    ]),
  );

const requestIdOf = ({ topic }: Received): string => topic.replace(/^.*request_id=/, '');

const answer = (device: TestDevice, set: Received, body: JsonObject | '' = { result_code: 0 }): Promise<void> =>
  device.publish(
    device.topic(`sys/properties/set/response/request_id=${requestIdOf(set)}`),
    body === '' ? '' : JSON.stringify(body),
  );

describe('desired values', () => {
  it('[device 37] that were written while the device was away go out with one set on connect, only what differs and can be written', async () => {
    const { stack, stored, deviceId, write } = await start();
    await stack.store.devices.reportProperties([
      { deviceId, serviceId: 'Motor', properties: { mode: { a: 1, b: 2 }, temperature: 20 }, at: 1 },
    ]);
    await write(deviceId, { Motor: { speed: 3, mode: { b: 2, a: 1 } }, Lamp: { on: true } });
    const device = await stack.connect(stored);
    const set = await device.next();
    expect(set).toMatchObject({ qos: 0, retain: false });
    expect(set.topic).toMatch(new RegExp(`^\\$oc/devices/${deviceId}/sys/properties/set/request_id=[0-9a-f-]{36}$`));
    expect(set.body).toEqual({
      object_device_id: deviceId,
      services: [
        { service_id: 'Lamp', properties: { on: true } },
        { service_id: 'Motor', properties: { speed: 3 } },
      ],
    });
    expect(await device.rest()).toEqual([]);
  });

  it('[device 37] are not repeated on a report while the set is unanswered, but on the next differing one after the answer', async () => {
    const { stack, stored, deviceId, write } = await start();
    await write(deviceId, { Motor: { speed: 3 } });
    const device = await stack.connect(stored);
    const first = await device.next();
    await report(device, { Motor: { speed: 1 } });
    expect(await settled(stack, device)).toEqual([]);

    await answer(device, first);
    expect(await settled(stack, device)).toEqual([]);
    await report(device, { Motor: { speed: 2 } });
    const second = await device.next();
    expect(asked(second)).toEqual({ Motor: { speed: 3 } });
    expect(requestIdOf(second)).not.toBe(requestIdOf(first));

    await answer(device, second, '');
    await report(device, { Motor: { speed: 3 } });
    expect(await settled(stack, device)).toEqual([]);
    expect(stack.dropped).toEqual([]);
    // An answer never changes what was reported.
    expect(await stack.store.devices.getShadow(deviceId)).toMatchObject([{ reported: { speed: 3 } }]);
  });

  it('are repeated by any answer, also one that says no, and by the end of five minutes', async () => {
    const { stack, stored, deviceId, write } = await start();
    await write(deviceId, { Motor: { speed: 3 } });
    const device = await stack.connect(stored);
    await answer(device, await device.next(), { result_code: 1, result_desc: 'busy' });
    await report(device, { Motor: { speed: 1 } });
    const unanswered = await device.next();
    await stack.clock.advance(5 * minute - 1);
    await report(device, { Motor: { speed: 1 } });
    expect(await settled(stack, device)).toEqual([]);
    await stack.clock.advance(1);
    await report(device, { Motor: { speed: 1 } });
    const again = await device.next();
    expect(asked(again)).toEqual({ Motor: { speed: 3 } });
    // The answer to the one before is an answer all the same.
    await answer(device, unanswered);
    await report(device, { Motor: { speed: 1 } });
    expect(asked(await device.next())).toEqual({ Motor: { speed: 3 } });
  });

  it('go out at once when they change while the device is connected, answered or not', async () => {
    const { stack, stored, deviceId, write } = await start();
    const device = await stack.connect(stored);
    expect(await settled(stack, device)).toEqual([]);
    await write(deviceId, { Motor: { speed: 3 } });
    expect(asked(await device.next())).toEqual({ Motor: { speed: 3 } });
    await write(deviceId, { Lamp: { on: true } });
    expect(asked(await device.next())).toEqual({ Motor: { speed: 3 }, Lamp: { on: true } });
    await write(deviceId, { Motor: {}, Lamp: { on: null } });
    expect(await settled(stack, device)).toEqual([]);
  });

  it('are asked for again on a report of another service, until nothing differs', async () => {
    const { stack, stored, deviceId, write } = await start();
    await write(deviceId, { Motor: { speed: 3 }, Lamp: { on: true } });
    const device = await stack.connect(stored);
    await answer(device, await device.next());
    await report(device, { Motor: { speed: 3 } });
    const rest = await device.next();
    expect(asked(rest)).toEqual({ Lamp: { on: true } });
    await answer(device, rest);
    await report(device, { Motor: { temperature: 20 } });
    expect(asked(await device.next())).toEqual({ Lamp: { on: true } });
  });

  it('are not sent of properties that devices do not let themselves be told, as their defaults', async () => {
    const { stack } = await start();
    const [motor] = motorAndLamp;
    const properties = (motor?.properties ?? []).map((property) => ({ ...property, default_value: 5 }));
    const product = await stack.given.product(stack.scope, {
      capabilities: [{ service_id: 'Motor', service_type: 'Motor', properties }],
    });
    const device = await stack.connect(await stack.given.device(stack.scope, { product }));
    expect(asked(await device.next())).toEqual({ Motor: { speed: 5, mode: 5 } });
  });

  it('are asked for again after a report that came over HTTP', async () => {
    const { stack, stored, deviceId, write } = await start();
    await write(deviceId, { Motor: { speed: 3 } });
    const device = await stack.connect(stored);
    await answer(device, await device.next());
    const { store, side, scope, clock } = stack;
    const reports = createPropertyReports(store, side.shadows);
    const services = [{ serviceId: 'Motor', properties: { speed: 1 }, at: clock.now() }];
    await reports.report({ deviceId, projectId: scope.projectId }, [{ deviceId, services }]);
    expect(asked(await device.next())).toEqual({ Motor: { speed: 3 } });
  });

  it('wait for the delivery delay, and a change within it goes out only once', async () => {
    const { stack, stored, deviceId, write } = await start();
    await write(deviceId, { Motor: { speed: 1 } });
    const device = await stack.connect(stored, { isDelayOver: false });
    await write(deviceId, { Motor: { speed: 2 } });
    expect(await settled(stack, device)).toEqual([]);
    await stack.clock.advance(500);
    expect(asked(await device.next())).toEqual({ Motor: { speed: 2 } });
    expect(await settled(stack, device)).toEqual([]);
  });

  it('go out in sets of 49 services at most', async () => {
    const { stack } = await start();
    const property = { property_name: 'p', data_type: 'int', method: 'W', default_value: 1 };
    const names = Array.from({ length: 100 }, (_, index) => `s${String(index).padStart(3, '0')}`);
    const product = await stack.given.product(stack.scope, {
      capabilities: names.map((name) => ({ service_id: name, service_type: name, properties: [property] })),
    });
    const device = await stack.connect(await stack.given.device(stack.scope, { product }));
    const sets = [await device.next(), await device.next(), await device.next()];
    expect(sets.map(({ body }) => body.services.length)).toEqual([49, 49, 2]);
    expect(sets.flatMap(({ body }) => body.services.map((entry) => entry.service_id))).toEqual(names);
    // An answer to any of them ends the protection.
    await answer(device, sets[1] as Received);
    await report(device, { s000: { p: 0 } });
    expect((await device.next()).body.services).toHaveLength(49);
  });

  it('that are large go out one by one, as the device takes them', async () => {
    const { stack, stored, deviceId, write } = await start();
    await write(deviceId, { Motor: { speed: 'x'.repeat(200_000) }, Lamp: { on: 'y'.repeat(200_000) } });
    const device = await stack.connect(stored);
    expect(Object.keys(asked(await device.next()))).toEqual(['Lamp']);
    expect(Object.keys(asked(await device.next()))).toEqual(['Motor']);
  });

  it('come after the query of an upgrade and after cached messages, which need no answer first', async () => {
    const { stack, stored, product, upgrade } = await startUpgrades();
    await stack.store.products.update(product, { capabilities: motorAndLamp });
    await writer(stack)(stored.deviceId, { Motor: { speed: 3 } });
    await upgrade([stored.deviceId]);
    for (let n = 0; n < 2; n++) await stack.given.message(stack.scope, { deviceId: stored.deviceId });
    const device = await stack.connect(stored);
    const order = [await device.next(), await device.next(), await device.next(), await device.next()];
    expect(order.map(({ topic }) => topic.replace(/^.*\/sys\//, '').replace(/\/request_id.*$/, ''))).toEqual([
      'events/down',
      'messages/down',
      'messages/down',
      'properties/set',
    ]);
  });
});

describe('desired values of a child', () => {
  it('go to its gateway while it is ONLINE: when they change, when it turns ONLINE and when the gateway connects', async () => {
    const { stack, stored, product, write } = await start();
    const child = await stack.given.device(stack.scope, { product, parent: stored });
    const away = await stack.given.device(stack.scope, { product, parent: stored });
    await write(child.deviceId, { Motor: { speed: 1 } });
    await write(away.deviceId, { Motor: { speed: 1 } });
    let gateway = await stack.connect(stored);
    expect(await settled(stack, gateway)).toEqual([]);

    const statuses = [{ device_id: child.deviceId, status: 'ONLINE' }];
    await gateway.event('$sub_device_manager', 'sub_device_update_status', { device_statuses: statuses });
    await gateway.nextEvent();
    const set = await gateway.next();
    expect(set.topic).toContain(`/${stored.deviceId}/sys/properties/set/`);
    expect(set.body.object_device_id).toBe(child.deviceId);

    await write(child.deviceId, { Motor: { speed: 2 } });
    expect(asked(await gateway.next())).toEqual({ Motor: { speed: 2 } });

    const devices = [{ device_id: child.deviceId, services: [{ service_id: 'Motor', properties: { speed: 9 } }] }];
    await gateway.report('gateway/sub_devices/properties/report', { devices });
    expect(await settled(stack, gateway)).toEqual([]);
    await answer(gateway, set);
    await gateway.report('gateway/sub_devices/properties/report', { devices });
    expect((await gateway.next()).body.object_device_id).toBe(child.deviceId);

    await gateway.vanish();
    gateway = await stack.connect(stored);
    expect((await gateway.next()).body.object_device_id).toBe(child.deviceId);
    expect(await settled(stack, gateway)).toEqual([]);
  });

  it('reach all children of a gateway that has many', async () => {
    const { stack, stored, product } = await start();
    const children: DeviceId[] = [];
    for (let n = 0; n < 230; n++) {
      const child = await stack.given.device(stack.scope, {
        ...{ product, parent: stored, online: true },
        desired: { Motor: { speed: n } },
      });
      children.push(child.deviceId);
    }
    const gateway = await stack.connect(stored);
    const sent: string[] = [];
    for (const _child of children) sent.push((await gateway.next()).body.object_device_id);
    expect(sent.toSorted()).toEqual(children.toSorted());
    expect(await settled(stack, gateway)).toEqual([]);
  });
});

describe('a task of shadows', () => {
  it('tells connected devices what differs, and leaves the others for their next connect', async () => {
    const { stack, stored, product } = await start();
    const away = await stack.given.device(stack.scope, { product });
    const device = await stack.connect(stored);
    await stack.given.task(stack.scope, {
      type: 'updateDeviceShadows',
      source: { kind: 'devices', deviceIds: [stored.deviceId, away.deviceId] },
      document: { shadow: [{ service_id: 'Motor', desired: { speed: 8 } }] },
      createdAt: stack.clock.now(),
    });
    stack.engine.nudge();
    expect(asked(await device.next())).toEqual({ Motor: { speed: 8 } });
    const late = await stack.connect(away);
    expect(asked(await late.next())).toEqual({ Motor: { speed: 8 } });
  });
});
