import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hostileValue, type Json, leavesOf, type Path, withValue } from '../../support/hostile-values.ts';
import { command } from '../../engine/use-world.ts';
import { startUpgrades } from './upgrade-fixture.ts';

/** An uplink that has an effect, with a value in every field. */
interface FullUplink {
  readonly suffix: string;
  readonly body: Json;
}

interface Names {
  readonly gatewayId: string;
  readonly childId: string;
  readonly productId: string;
  readonly requestId: string;
}

function fullUplinks({ gatewayId, childId, productId, requestId }: Names): readonly FullUplink[] {
  const services = [
    { service_id: 'Press', properties: { force: 1, deep: { a: 'x' } }, event_time: '20261122T010203Z' },
  ];
  const event = (service: string, type: string, paras: Json): FullUplink => {
    const entry = { service_id: service, event_type: type, event_time: '20261122T010203Z', event_id: 'e', paras };
    return { suffix: 'events/up', body: { object_device_id: gatewayId, services: [entry] } };
  };
  const child = { node_id: 'n', product_id: productId, parent_device_id: gatewayId, device_id: 'd', name: 'n' };
  const versions = { fw_version: 'v1', sw_version: 'v1' };
  return [
    { suffix: 'properties/report', body: { services } },
    { suffix: 'gateway/sub_devices/properties/report', body: { devices: [{ device_id: childId, services }] } },
    { suffix: 'messages/up', body: { object_device_id: childId, name: 'n', id: 'i', content: { any: ['x', 1] } } },
    { suffix: 'shadow/get/request_id=r1', body: { object_device_id: childId, service_id: 'Press' } },
    {
      suffix: `commands/response/request_id=${requestId}`,
      body: { result_code: 0, response_name: 'r', paras: { any: ['x', { y: 1 }] } },
    },
    event('$ota', 'version_report', versions),
    event('$ota', 'upgrade_progress_report', { result_code: 0, progress: 50, version: 'v1', description: 'd' }),
    event('$sdk_info', 'sdk_info_report', { device_sdk_version: 's', ...versions, device_ip: 'i' }),
    event('$time_sync', 'time_sync_request', { device_send_time: 1_780_000_000_000 }),
    event('$log', 'log_report', { timestamp: 't', type: 't', content: 'c' }),
    event('$sub_device_manager', 'sub_device_sync_request', { version: 1 }),
    event('$sub_device_manager', 'sub_device_update_status', {
      device_statuses: [{ device_id: childId, status: 'ONLINE' }],
    }),
    event('$sub_device_manager', 'add_sub_device_request', {
      devices: [{ ...child, description: 'd', extension_info: { any: ['x', 1] } }],
    }),
    event('$sub_device_manager', 'delete_sub_device_request', { devices: ['nobody'] }),
  ];
}

it('Whatever a device puts into its payloads, they are taken or dropped, and it stays connected', {
  timeout: 120_000,
}, async () => {
  const { stack, stored, product, upgrade } = await startUpgrades();
  const { given, scope } = stack;
  const child = await given.device(scope, { product, parent: stored });
  const device = await stack.connect(stored);
  // Somebody waits for what it reports.
  const source = { kind: 'devices', deviceIds: [stored.deviceId] } as const;
  await given.task(scope, { type: 'createCommands', document: command, source });
  await upgrade([stored.deviceId, child.deviceId]);
  const requestId = await stack.eventually(() => {
    const topic = device.received
      .map((received) => received.topic)
      .find((name) => name.includes('commands/request_id='));
    return topic?.split('request_id=')[1];
  });

  const names = { gatewayId: stored.deviceId, childId: child.deviceId, productId: product.productId, requestId };
  const property = fc.asyncProperty(
    fc.constantFrom(...fullUplinks(names)),
    fc.nat(),
    hostileValue,
    async (uplink, field, value) => {
      const leaves = leavesOf(uplink.body);
      const path = leaves[field % leaves.length] as Path;
      await device.report(uplink.suffix, withValue(uplink.body, path, value));
      // The bucket of what a device may send does not run dry.
      await stack.clock.advance(1000);
      expect(stack.errors, path.join('.')).toEqual([]);
    },
  );
  // A connection that was ended is no place to look for a smaller example.
  await fc.assert(property, { numRuns: 300, endOnFailure: true });
});
