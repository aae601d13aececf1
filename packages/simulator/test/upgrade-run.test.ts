import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeReport, takeVersions, useWorld } from './fleet-fixture.ts';
import { eventOf, isEvent } from './mqtt-fixture.ts';
import { type PackageFixture, startPackages, TOKEN } from './package-fixture.ts';

describe('an upgrade', () => {
  const world = useWorld();
  let packages: PackageFixture;
  beforeEach(async () => {
    packages = await startPackages(300_000);
  });
  afterEach(() => packages.close());

  const offer = (more: object = {}, eventType = 'firmware_upgrade'): void => {
    const paras = {
      version: '2.0.0',
      url: packages.url,
      file_size: 300_000,
      file_name: 'fw.bin',
      access_token: TOKEN,
      expires: 86400,
      sign: packages.sha256,
      ...more,
    };
    world.server.sendEvent('p_1', { eventType, paras });
  };

  it('downloads, reports 0/50, installs and reports 0/100 with the new version', async () => {
    const fleet = await world.one();
    offer();
    expect(await takeReport(world.server)).toEqual({ result_code: 0, progress: 50, version: '1.0.0' });
    expect(await takeReport(world.server)).toEqual({ result_code: 0, progress: 100, version: '2.0.0' });
    world.server.sendEvent('p_1', { eventType: 'version_query' });
    expect(await takeVersions(world.server)).toEqual({ fw_version: '2.0.0', sw_version: '1.0.0' });
    expect(fleet.statistics).toMatchObject({ offers: 1, downloads: 1, downloadedBytes: 300_000, upgraded: 1 });
  });

  it('of software changes the software version, and takes v2 offers', async () => {
    const fleet = await world.one({ progressSteps: [] });
    offer({}, 'software_upgrade_v2');
    expect(await takeReport(world.server)).toMatchObject({ progress: 100 });
    expect(fleet.device('p_1')?.versions).toEqual({ firmwareVersion: '1.0.0', softwareVersion: '2.0.0' });
  });

  it('reports code 7 when the file does not have the promised hash', async () => {
    const fleet = await world.one({ progressSteps: [] });
    offer({ sign: '0'.repeat(64) });
    expect(await takeReport(world.server)).toMatchObject({ result_code: 7, version: '1.0.0' });
    expect(fleet.device('p_1')?.versions.firmwareVersion).toBe('1.0.0');
  });

  it('survives a broken transfer', async () => {
    packages.breakAfter = [100_000];
    const fleet = await world.one({ progressSteps: [] });
    offer();
    expect(await takeReport(world.server)).toMatchObject({ result_code: 0, progress: 100 });
    expect(fleet.statistics).toMatchObject({ downloads: 1, resumes: 1, downloadFailures: 0 });
  });

  it('reports code 6 when the package cannot be fetched', async () => {
    const fleet = await world.one({ progressSteps: [] });
    offer({ access_token: 'other' });
    const report = await takeReport(world.server);
    expect(report).toMatchObject({ result_code: 6, description: 'The package server answered 401' });
    expect(fleet.statistics).toMatchObject({ downloads: 0, downloadFailures: 1 });
  });

  it('fails with the code and text of its script, after the download or before', async () => {
    const fleet = await world.one({ upgrade: { kind: 'fail', resultCode: 5, description: 'full' }, progressSteps: [] });
    offer();
    expect(await takeReport(world.server)).toEqual({
      result_code: 5,
      progress: 0,
      version: '1.0.0',
      description: 'full',
    });
    expect(packages.requests).toHaveLength(1);
    await fleet.stop();
    await world.one({ upgrade: { kind: 'fail', resultCode: 4, stage: 'offer' } });
    offer();
    expect(await takeReport(world.server)).toMatchObject({ result_code: 4 });
    expect(packages.requests).toHaveLength(1);
  });

  it('fails once and succeeds on retry', async () => {
    await world.one({ upgrade: { kind: 'failOnce', resultCode: 2, stage: 'offer' }, progressSteps: [] });
    offer();
    expect(await takeReport(world.server)).toMatchObject({ result_code: 2 });
    offer();
    expect(await takeReport(world.server)).toMatchObject({ result_code: 0, progress: 100, version: '2.0.0' });
  });

  it('ends in another version where the script says so', async () => {
    await world.one({ upgrade: { kind: 'wrongVersion', version: '1.9.9' }, progressSteps: [] });
    offer();
    expect(await takeReport(world.server)).toMatchObject({ result_code: 0, progress: 100, version: '1.9.9' });
  });

  it('loses its link in the middle, comes back with the old version and takes the next offer', async () => {
    const fleet = await world.one({ upgrade: { kind: 'disconnect', afterProgress: 30, reconnectAfterMs: 1 } });
    offer();
    expect(await takeReport(world.server)).toMatchObject({ progress: 30 });
    await once(fleet.events, 'connected');
    world.server.sendEvent('p_1', { eventType: 'version_query' });
    expect(await takeVersions(world.server)).toMatchObject({ fw_version: '1.0.0' });
    const upgraded = once(fleet.events, 'upgraded');
    offer();
    expect(await takeReport(world.server)).toMatchObject({ progress: 50 });
    expect(await takeReport(world.server)).toMatchObject({ progress: 100, version: '2.0.0' });
    await upgraded;
    expect(fleet.statistics).toMatchObject({ connects: 2, offers: 2, upgraded: 1 });
  });

  it('reports from a new connection when the device boots', async () => {
    const fleet = await world.one({ rebootAfterInstall: true, progressSteps: [] });
    offer();
    expect(await takeReport(world.server)).toMatchObject({ progress: 100, version: '2.0.0' });
    expect(fleet.statistics).toMatchObject({ connects: 2 });
  });

  it('is not answered by a silent device, neither its query nor its offer', async () => {
    const devices = [
      { deviceId: 'p_1', secret: 's', behaviour: { upgrade: { kind: 'silent', at: 'offer' } } },
      { deviceId: 'p_2', secret: 's', behaviour: { upgrade: { kind: 'silent' } } },
    ] as const;
    const fleet = await world.fleet(devices);
    offer();
    world.server.sendEvent('p_1', { eventType: 'version_query' });
    expect(await takeVersions(world.server)).toMatchObject({ fw_version: '1.0.0' });
    const asked = once(fleet.events, 'versionQuery');
    world.server.sendEvent('p_2', { eventType: 'version_query' });
    await asked;
    const fence = { object_device_id: 'p_2', service_id: 'x', command_name: 'y', paras: {} };
    world.server.send('p_2', '/sys/commands/request_id=1', fence);
    await world.server.take((publish) => publish.deviceId === 'p_2');
    expect(world.server.publishes.filter((one) => one.deviceId === 'p_2')).toHaveLength(1);
    expect(packages.requests).toHaveLength(0);
  });

  it('starts over with the newest offer', async () => {
    const fleet = await world.one({ install: 60_000, progressSteps: [] });
    offer();
    await once(fleet.events, 'downloaded');
    offer({ version: '3.0.0' });
    await once(fleet.events, 'downloaded');
    await fleet.stop();
    expect(fleet.statistics).toMatchObject({ offers: 2, downloads: 2, upgraded: 0, upgradeFailures: 0 });
  });

  it('of 50 devices at once ends for each as scripted', async () => {
    const devices = Array.from({ length: 50 }, (_, index) => ({
      deviceId: `p_${index}`,
      secret: 's',
      behaviour: index % 5 === 0 ? ({ upgrade: { kind: 'fail', resultCode: 10 } } as const) : {},
    }));
    const fleet = await world.fleet(devices, { install: { kind: 'uniform', minMs: 0, maxMs: 5 } });
    const paras = { version: '2.0.0', url: packages.url, access_token: TOKEN, sign: packages.sha256 };
    for (const { deviceId } of devices) world.server.sendEvent(deviceId, { eventType: 'firmware_upgrade', paras });
    const isFinal = isEvent('upgrade_progress_report');
    const finals = () =>
      world.server.publishes
        .filter(isFinal)
        .map(eventOf)
        .filter((one) => one.paras['progress'] !== 50);
    await world.server.until(() => finals().length === 50);
    expect(finals().filter((one) => one.paras['result_code'] === 10)).toHaveLength(10);
    await fleet.stop();
    expect(fleet.statistics.downloads).toBe(50);
  });
});
