import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeReport, useWorld } from './fleet-fixture.ts';
import { eventOf, isEvent } from './mqtt-fixture.ts';
import { type PackageFixture, startPackages, TOKEN } from './package-fixture.ts';

describe('a gateway with children', () => {
  const world = useWorld();
  let packages: PackageFixture;
  beforeEach(async () => {
    packages = await startPackages(1000);
  });
  afterEach(() => packages.close());

  const gateway = (children: number, more: object = {}) => ({
    deviceId: 'p_g',
    secret: 's',
    children: Array.from({ length: children }, (_, index) => ({ deviceId: `p_c${index}`, ...more })),
  });

  it('reports its children online in batches of at most 100', async () => {
    await world.fleet([gateway(250)]);
    const sizes: number[] = [];
    while (sizes.length < 3) {
      const { paras } = eventOf(await world.server.take(isEvent('sub_device_update_status')));
      sizes.push((paras['device_statuses'] as { status: string }[]).filter((one) => one.status === 'ONLINE').length);
    }
    expect(sizes).toEqual([100, 100, 50]);
    expect(world.server.connects).toHaveLength(1);
  });

  it('answers and upgrades for a child under its id, on its own topic', async () => {
    const fleet = await world.fleet([gateway(2, { firmwareVersion: '1.1', behaviour: { progressSteps: [] } })]);
    world.server.sendEvent('p_g', { eventType: 'version_query', objectDeviceId: 'p_c1' });
    const report = await world.server.take(isEvent('version_report'));
    expect(report).toMatchObject({ topic: '$oc/devices/p_g/sys/events/up', body: { object_device_id: 'p_c1' } });
    expect(eventOf(report).paras).toMatchObject({ fw_version: '1.1' });
    const paras = { version: '2.0.0', url: packages.url, access_token: TOKEN, sign: packages.sha256 };
    world.server.sendEvent('p_g', { eventType: 'firmware_upgrade', paras, objectDeviceId: 'p_c1' });
    expect(await takeReport(world.server)).toMatchObject({ progress: 100, version: '2.0.0' });
    expect(fleet.device('p_c1')?.versions.firmwareVersion).toBe('2.0.0');
    expect(fleet.device('p_c0')?.versions.firmwareVersion).toBe('1.1');
    expect(fleet.device('p_g')?.versions.firmwareVersion).toBe('1.0.0');
  });
});
