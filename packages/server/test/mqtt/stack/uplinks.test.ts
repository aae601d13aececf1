import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Downlink } from '../../../src/domain/downlink.ts';
import type { DeviceId } from '../../../src/domain/ids.ts';
import type { ServiceCapability } from '../../../src/domain/product.ts';
import { startDeviceStack } from '../../support/device-stack.ts';

const press: ServiceCapability = {
  service_id: 'Press',
  service_type: 'Press',
  properties: [
    { property_name: 'force', data_type: 'int', method: 'RW' },
    { property_name: 'speed', data_type: 'int', method: 'R' },
  ],
};

const report = (properties: object, over: object = {}) => ({
  services: [{ service_id: 'Press', properties, ...over }],
});

async function start(customTopics?: readonly string[]) {
  const stack = await startDeviceStack();
  const product = await stack.given.product(stack.scope, {
    capabilities: [press],
    ...(customTopics === undefined ? {} : { customTopics }),
  });
  const stored = await stack.given.device(stack.scope, { product });
  const { deviceId } = stored;
  const device = await stack.connect(stored);
  return { stack, product, device, deviceId, shadow: () => stack.store.devices.getShadow(deviceId) };
}

describe('a property report', () => {
  it('merges into the shadow, per property, with its event time', async () => {
    const { device, shadow, stack } = await start();
    await device.report('properties/report', report({ force: 1, speed: 2 }, { event_time: '20261122T010203Z' }));
    await device.report('properties/report', report({ force: 3 }, { event_time: '2026-11-22T01:02:04.500Z' }));
    const at = Date.UTC(2026, 10, 22, 1, 2, 4, 500);
    expect(await shadow()).toMatchObject([
      { serviceId: 'Press', reported: { force: 3, speed: 2 }, reportedAt: at, version: 0 },
    ]);

    // Python makes this from local time.
    await device.report('properties/report', report({ force: 4 }, { event_time: '2025-01-01T10:20:30Z' }));
    expect(await shadow()).toMatchObject([{ reported: { force: 4 }, reportedAt: stack.clock.now() }]);
  });

  it('leaves properties outside the model out, unless the model lacks the service', async () => {
    const { device, shadow } = await start();
    const services = [
      { service_id: 'Press', properties: { force: 1, colour: 'red' } },
      { service_id: 'Lamp', properties: { colour: 'red' } },
    ];
    await device.report('properties/report', { services });
    expect(await shadow()).toMatchObject([
      { serviceId: 'Lamp', reported: { colour: 'red' } },
      { serviceId: 'Press', reported: { force: 1 } },
    ]);
  });

  it('[device 20] of bad JSON is acknowledged and counted, and the session stays', async () => {
    const { device, stack, shadow } = await start();
    const deep = `{"services":[{"service_id":"Press","properties":{"force":${'['.repeat(500)}${']'.repeat(500)}}}]}`;
    const bad: (string | Buffer)[] = [
      '{',
      'null',
      '[]',
      '"text"',
      '',
      '{"services":null}',
      '{"services":{}}',
      '{"services":[null]}',
      '{"services":[{"service_id":1,"properties":{}}]}',
      '{"services":[{"service_id":"Press","properties":[]}]}',
      '{"services":[{"service_id":"Press","properties":{"__proto__":{"force":1}}}]}',
      deep,
      Buffer.from([0x7b, 0xff, 0xfe, 0x7d]),
      `{"services":[{"service_id":"${'x'.repeat(300)}","properties":{}}]}`,
    ];
    for (const payload of bad) await device.publish(device.topic('sys/properties/report'), payload);

    expect(stack.dropped).toEqual(bad.map(() => 'bad-payload'));
    expect(await device.rest()).toEqual([]);
    expect(await shadow()).toEqual([]);
  });

  it('[device 22] may come packed; a bomb is dropped', async () => {
    const { device, stack, shadow } = await start();
    const packed = gzipSync(JSON.stringify(report({ force: 7 })));
    await device.publish(device.topic('sys/properties/report?request_id=1&encoding=gzip'), packed);
    expect(await shadow()).toMatchObject([{ reported: { force: 7 } }]);

    const bomb = gzipSync(Buffer.alloc(50_000_000, 0x20));
    await device.publish(device.topic('sys/properties/report?encoding=gzip'), bomb);
    await device.publish(device.topic('sys/properties/report?encoding=gzip'), 'no gzip');
    expect(stack.dropped).toEqual(['bad-payload', 'bad-payload']);
    expect(await shadow()).toMatchObject([{ reported: { force: 7 } }]);
  });

  it('[device 16] is one of 500 in a burst, which take effect in their order over eight seconds', async () => {
    const { device, shadow, stack } = await start();
    const startedAt = stack.clock.now();
    for (let force = 1; force <= 500; force++) {
      device.client.publish({
        topic: device.topic('sys/properties/report'),
        payload: JSON.stringify(report({ force })),
      });
    }
    const seen: number[] = [];
    await stack.eventually(async () => {
      const [service] = await shadow();
      seen.push(Number(service?.reported['force'] ?? 0));
      if (seen.at(-1) === 500) return true;
      await stack.clock.advance(100);
      return false;
    });
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(stack.clock.now() - startedAt).toBeGreaterThanOrEqual(8000);
    // The burst has used up what the device may send: its ping is read a moment later.
    await stack.clock.advance(1000);
    expect(await device.rest()).toEqual([]);
  });

  it('of a gateway is taken for its children alone; unknown ones are counted', async () => {
    const { device, deviceId, stack, product } = await start();
    const parent = await stack.store.devices.find(stack.scope.projectId, deviceId);
    const child = await stack.given.device(stack.scope, { product, ...(parent && { parent }) });
    const stranger = await stack.given.device(stack.scope, { product });
    const devices = [child.deviceId, stranger.deviceId, 'nobody', deviceId].map((id) => ({
      device_id: id,
      ...report({ force: 5 }),
    }));
    await device.report('gateway/sub_devices/properties/report', { devices });

    expect(await stack.store.devices.getShadow(child.deviceId)).toMatchObject([{ reported: { force: 5 } }]);
    expect(await stack.store.devices.getShadow(stranger.deviceId)).toEqual([]);
    expect(stack.dropped).toEqual(['foreign-device', 'foreign-device', 'foreign-device']);

    await device.report('gateway/sub_devices/properties/report', {
      devices: Array.from({ length: 101 }, () => devices[0]),
    });
    expect(stack.dropped.at(-1)).toBe('bad-payload');
  });
});

describe('a shadow get', () => {
  it('[device 38] with {} and with an empty payload answers all services with numeric versions', async () => {
    const { device, deviceId } = await start();
    await device.report('properties/report', report({ force: 1 }, { event_time: '20261122T010203Z' }));
    for (const [rid, payload] of [
      ['a-1', '{}'],
      ['a-2', ''],
    ] as const) {
      await device.publish(device.topic(`sys/shadow/get/request_id=${rid}`), payload);
      const { topic, body } = await device.next();
      expect(topic).toBe(device.topic(`sys/shadow/get/response/request_id=${rid}`));
      expect(body).toEqual({
        object_device_id: deviceId,
        shadow: [
          {
            service_id: 'Press',
            desired: { properties: {} },
            reported: { properties: { force: 1 }, event_time: '20261122T010203Z' },
            version: 0,
          },
        ],
      });
    }
  });

  it('of an unknown service answers an empty array', async () => {
    const { device } = await start();
    await device.report('properties/report', report({ force: 1 }));
    await device.report('shadow/get/request_id=1', { object_device_id: '-1', service_id: 'Lamp' });
    expect((await device.next()).body.shadow).toEqual([]);
  });

  it('on an own child’s topic is answered on the gateway’s; on a stranger’s it is dropped', async () => {
    const { device, deviceId, stack } = await start();
    const parent = await stack.store.devices.find(stack.scope.projectId, deviceId);
    const child = await stack.given.device(stack.scope, { ...(parent && { parent }) });
    const stranger = await stack.given.device(stack.scope);
    await device.publish(`$oc/devices/${stranger.deviceId}/sys/shadow/get/request_id=7`, '{}');
    await device.publish(`$oc/devices/${child.deviceId}/sys/shadow/get/request_id=8`, '{}');
    const { topic, body } = await device.next();
    expect(topic).toBe(device.topic('sys/shadow/get/response/request_id=8'));
    expect(body).toEqual({ object_device_id: child.deviceId, shadow: [] });
    expect(stack.dropped).toEqual(['foreign-device']);
  });
});

describe('a message of a device', () => {
  it('[device 18] on a user topic arrives; with a list on the product only the listed ones do', async () => {
    const free = await start();
    await free.device.publish(free.device.topic('user/any/thing'), 'raw');
    expect(free.stack.messages.items).toMatchObject([{ topic: free.device.topic('user/any/thing') }]);

    const { device, stack } = await start(['alarm']);
    await device.publish(device.topic('user/alarm'), Buffer.from([0, 1, 2]));
    await device.publish(device.topic('user/other'), 'x');
    expect(stack.messages.items).toMatchObject([
      { topic: device.topic('user/alarm'), content: { kind: 'raw', bytes: Buffer.from([0, 1, 2]) } },
    ]);
    expect(stack.dropped).toEqual(['undeclared-topic']);
  });

  it('is taken in the system format or as any bytes, and on free topics', async () => {
    const { device, deviceId, stack } = await start();
    await device.publish(
      device.topic('sys/messages/up?request_id=9'),
      JSON.stringify({ name: 'n', content: { a: 1 } }),
    );
    await device.publish(device.topic('sys/messages/up'), 'plain');
    await device.publish('free/topic?x', 'any');
    expect(stack.messages.items).toMatchObject([
      { deviceId, requestId: '9', content: { kind: 'standard', name: 'n', content: { a: 1 } } },
      { deviceId, content: { kind: 'raw', bytes: Buffer.from('plain') } },
      { deviceId, topic: 'free/topic?x', content: { kind: 'raw', bytes: Buffer.from('any') } },
    ]);
    await device.report('messages/up', { object_device_id: 'stranger', content: 1 });
    expect(stack.dropped).toEqual(['foreign-device']);
  });
});

describe('an uplink', () => {
  it('is not acknowledged where its effect cannot be made durable, and neither is what follows it', async () => {
    const { device, stack } = await start();
    await stack.store.stop();
    const topic = device.topic('sys/properties/report');
    const payload = JSON.stringify(report({ force: 1 }));
    device.client.publish({ topic, payload, qos: 1, messageId: 1 });
    device.client.publish({ topic, payload: 'bad', qos: 1, messageId: 2 });
    await device.client.closed;
    expect(device.client.packets.items.map(({ cmd }) => cmd)).toEqual(['connack']);
    expect(stack.dropped).toEqual([]);
  });

  it('[device 17] on a foreign or downlink topic is acknowledged, counted and has no effect', async () => {
    const { device, stack } = await start();
    const other = await stack.given.device(stack.scope);
    const topics = [
      `$oc/devices/${other.deviceId}/sys/properties/report`,
      device.topic('sys/messages/down'),
      device.topic('sys/commands/request_id=1'),
      device.topic('sys/nothing'),
      device.topic('sys/constructor'),
      device.topic('sys/bootstrap/up'),
    ];
    for (const topic of topics) await device.publish(topic, JSON.stringify(report({ force: 1 })));
    expect(stack.dropped).toEqual(['foreign-topic', ...topics.slice(1).map(() => 'undeclared-topic')]);
    expect(await stack.store.devices.getShadow(other.deviceId)).toEqual([]);
  });

  it('[device 21] comes back to nobody, and no downlink is retained', async () => {
    const { device, stack, deviceId } = await start();
    device.client.publish({ topic: device.topic('user/x'), payload: 'kept?', retain: true });
    await device.subscribe(device.topic('#'), 1);
    stack.side.link.send([command(deviceId, 'rid-1')]);
    const { topic, retain } = await device.next();
    expect([topic, retain]).toEqual([device.topic('sys/commands/request_id=rid-1'), false]);
    expect(await device.rest()).toEqual([]);
  });

  it('[device 25] that answers a command is not echoed to a device that subscribed to it', async () => {
    const { device } = await start();
    await device.subscribe(device.topic('sys/commands/#'), 1);
    await device.report('commands/response/request_id=1', { result_code: 0 });
    expect(await device.rest()).toEqual([]);
  });
});

const command = (deviceId: DeviceId, requestId: string) =>
  ({
    deviceId,
    rootId: deviceId,
    content: { kind: 'command', requestId, serviceId: 'Press', commandName: 'stop', paras: { hard: true } },
  }) satisfies Downlink;

describe('a downlink', () => {
  it('[device 24] comes with the QoS that its own topic was subscribed at', async () => {
    const { device, deviceId, stack } = await start();
    const send = async () => {
      stack.side.link.send([command(deviceId, 'rid')]);
      return (await device.next()).qos;
    };
    const qos = [await send()];
    await device.subscribe(device.topic('sys/commands/#'), 1);
    qos.push(await send());
    await device.event('$time_sync', 'time_sync_request', { device_send_time: 1 });
    qos.push((await device.next()).qos);
    await device.unsubscribe(device.topic('sys/commands/#'));
    qos.push(await send());
    expect(qos).toEqual([0, 1, 0, 0]);
  });

  it('[device 27] names its device, and puts one entry into an event', async () => {
    const { device, deviceId, stack } = await start();
    const to = { deviceId, rootId: deviceId };
    stack.side.link.send([
      command(deviceId, 'rid'),
      {
        ...to,
        content: { kind: 'properties-set', requestId: 'r2', services: [{ service_id: 'Press', properties: {} }] },
      },
      { ...to, content: { kind: 'properties-get', requestId: 'r3', serviceId: '' } },
      { ...to, content: { kind: 'event', serviceId: '$ota', eventType: 'version_query', paras: {} } },
    ]);
    expect([await device.next(), await device.next(), await device.next(), await device.next()]).toMatchObject([
      {
        topic: device.topic('sys/commands/request_id=rid'),
        body: { object_device_id: deviceId, service_id: 'Press', command_name: 'stop', paras: { hard: true } },
      },
      { topic: device.topic('sys/properties/set/request_id=r2'), body: { object_device_id: deviceId, services: [{}] } },
      { topic: device.topic('sys/properties/get/request_id=r3'), body: { object_device_id: deviceId, service_id: '' } },
      {
        topic: device.topic('sys/events/down'),
        body: {
          object_device_id: deviceId,
          services: [{ service_id: '$ota', event_type: 'version_query', event_time: '20261122T015513Z', paras: {} }],
        },
      },
    ]);
  });
});

describe('an event of a device', () => {
  it('[device 39] for the time is answered with numbers, whatever was sent', async () => {
    const { device, stack } = await start();
    await device.event('$time_sync', 'time_sync_request', { device_send_time: '1732240513000' }, { event_id: 'e-1' });
    const first = await device.nextEvent();
    const now = stack.clock.now();
    expect(first).toMatchObject({
      serviceId: '$time_sync',
      eventType: 'time_sync_response',
      eventId: 'e-1',
      paras: { device_send_time: 1_732_240_513_000, server_recv_time: now, server_send_time: now },
    });
    await device.event('$time_sync', 'time_sync_request', { device_send_time: 12 });
    const next = await device.nextEvent();
    expect(next.paras.device_send_time).toBe(12);
    expect(next.eventId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('[device 39] about its SDK never clears stored versions with null', async () => {
    const { device, deviceId, stack } = await start();
    await device.event('$sdk_info', 'sdk_info_report', {
      device_sdk_version: 'java 1',
      fw_version: 'f1',
      sw_version: 's1',
    });
    await device.event('$sdk_info', 'sdk_info_report', { device_sdk_version: null, fw_version: null, device_ip: null });
    const stored = await stack.store.devices.find(stack.scope.projectId, deviceId);
    expect(stored).toMatchObject({ sdkVersion: 'java 1', fwVersion: 'f1', swVersion: 's1' });
  });

  it('is handled on its own, whatever stands beside it', async () => {
    const { device, stack } = await start();
    const good = { service_id: '$time_sync', event_type: 'time_sync_request', paras: { device_send_time: 5 } };
    const services = [
      null,
      7,
      { service_id: 'hasOwnProperty', event_type: 'constructor', paras: {} },
      { service_id: '$tunnel_manager', event_type: 'tunnel_notify', paras: {} },
      { service_id: '$log', event_type: 'log_report', paras: { content: 'hello' } },
      { ...good, paras: { device_send_time: {} } },
      { ...good, paras: [] },
      good,
    ];
    await device.report('events/up', { object_device_id: '', services });
    expect((await device.nextEvent()).paras.device_send_time).toBe(5);
    expect(stack.dropped).toEqual([
      'bad-payload',
      'bad-payload',
      'not-served',
      'not-served',
      'bad-payload',
      'bad-payload',
    ]);
    await device.report('events/up', { object_device_id: 'stranger', services: [good] });
    expect(stack.dropped.at(-1)).toBe('foreign-device');
  });
});
