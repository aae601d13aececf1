import { describe, expect, it, onTestFinished } from 'vitest';
import type { NewAsyncCommand } from '../../../src/domain/async-command.ts';
import type { Device } from '../../../src/domain/device.ts';
import { asId, type CommandId } from '../../../src/domain/ids.ts';
import { motorAndLamp } from '../../builders/catalogue-builders.ts';
import { type DeviceStack, startDeviceStack } from '../../support/device-stack.ts';
import type { Received, TestDevice } from '../../support/test-device.ts';
import { createTestData } from '../../support/test-store.ts';
import { expectQuery, startUpgrades } from './upgrade-fixture.ts';

const command = (stack: DeviceStack, { deviceId }: Device): Promise<NewAsyncCommand> =>
  stack.given.command(stack.scope, { deviceId, createdAt: stack.clock.now() });

const commandIdIn = ({ topic }: Received): string => topic.replace(/^.*commands\/request_id=/, '');

const answer = (device: TestDevice, { commandId }: NewAsyncCommand): Promise<void> =>
  device.report(`commands/response/request_id=${commandId}`, {});

const statusOf = async ({ store }: DeviceStack, { deviceId, commandId }: NewAsyncCommand) =>
  (await store.commands.find(deviceId, asId<CommandId>(commandId)))?.status;

describe('asynchronous commands of a device that connects', () => {
  it('[device 26] begin behind its upgrade and before its messages and its shadow, the second after the end of the first', async () => {
    const { stack, product, stored, upgrade, subtask } = await startUpgrades();
    await stack.store.products.update(product, { capabilities: motorAndLamp });
    const writes = [{ serviceId: 'Motor', desired: { mode: 1 } }];
    await stack.store.effects.apply(stack.scope.projectId, [
      { kind: 'setDesired', deviceId: stored.deviceId, writes, at: stack.clock.now() },
    ]);
    const task = await upgrade([stored.deviceId]);
    await stack.eventually(async () => (await subtask(task)).state === 'Processing');
    const commands = [await command(stack, stored), await command(stack, stored)] as const;
    const messages = [];
    for (let n = 0; n < 2; n++) {
      const createdAt = stack.clock.now();
      messages.push(await stack.given.message(stack.scope, { deviceId: stored.deviceId, createdAt }));
    }
    const device = await stack.connect(stored);
    await expectQuery(device);
    expect(commandIdIn(await device.next())).toBe(commands[0].commandId);
    for (const { messageId } of messages) expect((await device.next()).body).toMatchObject({ id: messageId });
    const set = await device.next();
    expect(set.topic).toContain('/sys/properties/set/request_id=');
    expect(set.body.services).toEqual([{ service_id: 'Motor', properties: { mode: 1 } }]);
    expect(await device.rest()).toEqual([]);
    await answer(device, commands[0]);
    expect(commandIdIn(await device.next())).toBe(commands[1].commandId);
    expect(await statusOf(stack, commands[0])).toBe('SUCCESSFUL');
    expect(stack.errors).toEqual([]);
  });

  it('leave for its children as well, and for a child that turns ONLINE', async () => {
    const stack = await startDeviceStack();
    const { given, scope } = stack;
    const gateway = await given.device(scope);
    const [there, away] = [
      await given.device(scope, { parent: gateway, online: true }),
      await given.device(scope, { parent: gateway }),
    ];
    const [first, second] = [await command(stack, there), await command(stack, away)];
    const device = await stack.connect(gateway);
    expect(commandIdIn(await device.next())).toBe(first.commandId);
    expect(await device.rest()).toEqual([]);
    const device_statuses = [{ device_id: away.deviceId, status: 'ONLINE' }];
    await device.event('$sub_device_manager', 'sub_device_update_status', { device_statuses });
    expect((await device.nextEvent()).eventType).toBe('sub_device_update_status_response');
    const received = await device.next();
    expect(commandIdIn(received)).toBe(second.commandId);
    expect(received.body.object_device_id).toBe(away.deviceId);
    await answer(device, first);
    await answer(device, second);
    expect([await statusOf(stack, first), await statusOf(stack, second)]).toEqual(['SUCCESSFUL', 'SUCCESSFUL']);
  });

  it('survive a killed server: what was sent takes its answer, what waited leaves behind it', async () => {
    const data = await createTestData();
    onTestFinished(() => data.dispose());
    const before = await startDeviceStack({ data });
    const stored = await before.given.device(before.scope);
    const commands = [await command(before, stored), await command(before, stored)] as const;
    const device = await before.connect(stored);
    expect(commandIdIn(await device.next())).toBe(commands[0].commandId);
    await before.stop({ abruptly: true });

    const after = await startDeviceStack({ data, clock: before.clock, scope: before.scope });
    const back = await after.connect(stored);
    expect(await back.rest()).toEqual([]);
    await answer(back, commands[0]);
    expect(commandIdIn(await back.next())).toBe(commands[1].commandId);
    expect(await statusOf(after, commands[0])).toBe('SUCCESSFUL');
  });

  it('leave once more after a server was killed, under the same id, whoever holds the device', async () => {
    const data = await createTestData();
    onTestFinished(() => data.dispose());
    const before = await startDeviceStack({ data });
    const stored = await before.given.device(before.scope);
    const request = { paras: {}, strategy: 'delay', cacheSeconds: 60, maxRetransmit: 2 } as const;
    const { deviceId } = stored;
    const sent = await before.given.command(before.scope, { deviceId, request, createdAt: before.clock.now() });
    expect(commandIdIn(await (await before.connect(stored)).next())).toBe(sent.commandId);
    await before.stop({ abruptly: true });

    const after = await startDeviceStack({ data, clock: before.clock, scope: before.scope });
    const back = await after.connect(stored);
    after.commandUpkeep.start();
    for (let times = 0; times < 2; times++) {
      await after.clock.advance(21_000);
      expect(commandIdIn(await back.next())).toBe(sent.commandId);
    }
    await answer(back, sent);
    expect(await statusOf(after, sent)).toBe('SUCCESSFUL');
    await after.clock.advance(60_000);
    expect(await back.rest()).toEqual([]);
  });
});
