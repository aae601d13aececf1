import { expect, test } from 'vitest';
import type { NewAsyncCommand } from '../../../src/domain/async-command.ts';
import { createShadows } from '../../../src/services/shadows.ts';
import { motorAndLamp } from '../../builders/catalogue-builders.ts';
import type { Received } from '../../support/test-device.ts';
import { startUpgrades } from './upgrade-fixture.ts';

/** Which kind of DOWN it is, and which one of its kind. */
function nameOf({ topic, body }: Received): string {
  const command = /commands\/request_id=(.+)$/.exec(topic);
  if (command !== null) return `command ${command[1]}`;
  if (topic.includes('/sys/properties/set/')) return 'set';
  if (topic.endsWith('/sys/events/down')) return `event ${String(body.services[0]?.event_type)}`;
  return `message ${body.id}`;
}

test('[device 26] what waits for a device leaves as query, command 1, messages, set; command 2 after the answer to 1', async () => {
  const { stack, stored, product, upgrade, subtask } = await startUpgrades();
  const { given, scope, store, side, clock, eventually } = stack;
  const { deviceId } = stored;
  await store.products.update(product, { capabilities: motorAndLamp });
  // In another order than that in which they must leave.
  await createShadows({ store, link: side.link, clock }).update(
    { projectId: scope.projectId, deviceId },
    { shadow: [{ service_id: 'Motor', desired: { speed: 8 } }] },
  );
  const messages = [
    await given.message(scope, { deviceId, createdAt: clock.now() }),
    await given.message(scope, { deviceId, createdAt: clock.now() }),
  ];
  const command = (): Promise<NewAsyncCommand> => given.command(scope, { deviceId, createdAt: clock.now() });
  const [first, second] = [await command(), await command()];
  const task = await upgrade([deviceId]);
  await eventually(async () => (await subtask(task)).state === 'Processing');

  const device = await stack.connect(stored);
  const received: string[] = [];
  while (received.length < 5) received.push(nameOf(await device.next()));
  expect(received).toEqual([
    'event version_query',
    `command ${first.commandId}`,
    ...messages.map(({ messageId }) => `message ${messageId}`),
    'set',
  ]);
  await side.shadows.idle();
  expect((await device.rest()).map(nameOf)).toEqual([]);
  await device.report(`commands/response/request_id=${first.commandId}`, {});
  expect(nameOf(await device.next())).toBe(`command ${second.commandId}`);
  expect(stack.errors).toEqual([]);
});
