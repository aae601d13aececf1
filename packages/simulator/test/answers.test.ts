import { describe, expect, it } from 'vitest';
import { isOn, takeVersions, useWorld } from './fleet-fixture.ts';

const command = { object_device_id: 'p_1', service_id: 'light', command_name: 'on', paras: { level: 3 } };

describe('answers of a device', () => {
  const world = useWorld();

  it('to a version query name both versions', async () => {
    await world.fleet([{ deviceId: 'p_1', secret: 's', firmwareVersion: '1.2', softwareVersion: '3.4' }]);
    world.server.sendEvent('p_1', { eventType: 'version_query' });
    expect(await takeVersions(world.server)).toEqual({ fw_version: '1.2', sw_version: '3.4' });
  });

  it('to a command carry its request id and the code of the script', async () => {
    const fleet = await world.one({ command: { kind: 'answer', resultCode: 7, delayMs: 1 } });
    world.server.send('p_1', '/sys/commands/request_id=r-1', command);
    const answer = await world.server.take(isOn('/sys/commands/response/request_id=r-1'));
    expect(answer.body).toEqual({ result_code: 7, response_name: 'on_response', paras: {} });
    expect(fleet.statistics).toMatchObject({ commands: 1, commandsAnswered: 1 });
  });

  it('to commands fail once and then succeed where the script says so', async () => {
    await world.one({ command: { kind: 'failOnce', resultCode: 9 } });
    world.server.send('p_1', '/sys/commands/request_id=a', command);
    expect((await world.server.take(isOn('request_id=a'))).body).toMatchObject({ result_code: 9 });
    world.server.send('p_1', '/sys/commands/request_id=b', command);
    expect((await world.server.take(isOn('request_id=b'))).body).toMatchObject({ result_code: 0 });
  });

  it('to commands stay away when the script is silent', async () => {
    const fleet = await world.one({ command: { kind: 'silent' } });
    world.server.send('p_1', '/sys/commands/request_id=a', command);
    // The order of one connection makes the later answer the proof that the earlier one is missing.
    world.server.sendEvent('p_1', { eventType: 'version_query' });
    await takeVersions(world.server);
    expect(world.server.publishes.filter(isOn('request_id=a'))).toEqual([]);
    expect(fleet.statistics).toMatchObject({ commands: 1, commandsAnswered: 0 });
  });

  it('to properties give back what was set', async () => {
    await world.one();
    const set = (properties: object) => ({ object_device_id: 'p_1', services: [{ service_id: 'light', properties }] });
    world.server.send('p_1', '/sys/properties/set/request_id=1', set({ level: 3 }));
    world.server.send('p_1', '/sys/properties/set/request_id=2', set({ color: 'red' }));
    world.server.send('p_1', '/sys/properties/get/request_id=3', { object_device_id: 'p_1', service_id: '' });
    expect((await world.server.take(isOn('set/response/request_id=2'))).body).toMatchObject({ result_code: 0 });
    expect((await world.server.take(isOn('get/response/request_id=3'))).body).toEqual({
      services: [{ service_id: 'light', properties: { level: 3, color: 'red' } }],
    });
  });

  it('are sent again when the link breaks before they were acknowledged', async () => {
    const fleet = await world.one();
    world.server.acknowledge = false;
    world.server.sendEvent('p_1', { eventType: 'version_query' });
    await takeVersions(world.server);
    world.server.acknowledge = true;
    fleet.drop('p_1', 1);
    expect(await takeVersions(world.server)).toEqual({ fw_version: '1.0.0', sw_version: '1.0.0' });
  });

  it('to nothing that it does not understand', async () => {
    const fleet = await world.one();
    world.server.send('p_1', '/sys/commands/request_id=1', Buffer.from('{'));
    world.server.send('p_1', '/sys/nonsense', {});
    world.server.send('p_1', '/sys/properties/set/request_id=9', { services: [null, { properties: 3 }] });
    world.server.send('p_1', '/sys/commands/request_id=1', { ...command, object_device_id: 'p_other' });
    world.server.send('p_1', '/sys/messages/down', Buffer.from([0, 255]));
    world.server.sendEvent('p_1', { eventType: 'firmware_upgrade', paras: { version: 3 } });
    world.server.sendEvent('p_1', { eventType: 'version_query' });
    await takeVersions(world.server);
    expect(fleet.statistics).toMatchObject({ unknownDownlinks: 4, messages: 1 });
  });
});
