import type { DownlinkContent } from '../../src/domain/downlink.ts';
import { asId, type DeviceId } from '../../src/domain/ids.ts';
import { type RunRef, runOfRequestId } from '../../src/domain/request-id.ts';
import type { Task } from '../../src/domain/task.ts';
import { openWorld, type World, type WorldOptions } from '../support/engine-harness.ts';
import { useFixture } from '../support/use-fixture.ts';

/** A fresh world for every test; asked for within the tests. */
export const useWorld = (options: WorldOptions = {}): (() => World) => useFixture(() => openWorld(options));

export const id = (text: string): DeviceId => asId<DeviceId>(text);

/** As many as asked for, so that each can be taken apart by its place. */
type Devices<Count extends number, List extends DeviceId[] = []> = List['length'] extends Count
  ? List
  : Devices<Count, [...List, DeviceId]>;

/** Devices of one product, never connected. */
export async function someDevices<const Count extends number>(world: World, count: Count): Promise<Devices<Count>> {
  return (await world.given.devices(world.scope, count)) as unknown as Devices<Count>;
}

/** The same, connected. */
export async function onlineDevices<const Count extends number>(world: World, count: Count): Promise<Devices<Count>> {
  const ids = await someDevices(world, count);
  for (const deviceId of ids as readonly DeviceId[]) await world.given.connect(deviceId, world.clock.now());
  return ids;
}

/** The request ids of the commands that were sent since the last look, by device. */
export function sentCommands(world: World): ReadonlyMap<DeviceId, string> {
  return new Map(
    world.link.take().map(({ deviceId, content }) => {
      if (content.kind !== 'command') throw new Error(`A '${content.kind}' was sent.`);
      return [deviceId, content.requestId];
    }),
  );
}

function runOf(requestId: string | undefined): RunRef {
  const run = requestId === undefined ? undefined : runOfRequestId(requestId);
  if (run === undefined) throw new Error(`${requestId} names no run.`);
  return run;
}

export async function answer(
  world: World,
  deviceId: DeviceId,
  requestId: string | undefined,
  resultCode = 0,
): Promise<void> {
  const reply = { resultCode, body: { result_code: resultCode } };
  await world.engine.collect(runOf(requestId), deviceId, { kind: 'command-reply', reply });
}

/** The messages that were sent since the last look. */
export const sentMessages = (world: World): readonly Extract<DownlinkContent, { kind: 'message' }>[] =>
  world.link.takeOf('message');

/** Statuses that an active rule's receiver is told of, in order; what was told is taken away. */
export async function pushedStatuses(world: World, task: Pick<Task, 'taskId'>): Promise<readonly string[]> {
  const statuses: string[] = [];
  const { outbox } = world.store;
  for (;;) {
    const items = await outbox.claim(world.clock.now(), { limit: 100, leaseUntil: world.clock.now() + 1 });
    if (items.length === 0) return statuses;
    for (const { payload } of items) {
      const { body } = payload['notify_data'] as { body: { task_id: string; status: string } };
      if (body.task_id === task.taskId) statuses.push(body.status);
    }
    await outbox.finish(
      items.map(({ no, actionId }) => ({ kind: 'delivered', no, actionId })),
      world.clock.now(),
    );
  }
}

export const command = { service_id: 'Motor', command_name: 'start', paras: { speed: 3 } };
