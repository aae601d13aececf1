import type { V5Client } from '@muster/sdk';
import { expect, it } from 'vitest';
import { createCluster } from './support/cluster.ts';
import { startFlakyReceiver, type TaskEvent } from './support/flaky-receiver.ts';
import { createInstallation } from './support/installation.ts';

interface Server {
  start(): Promise<unknown>;
  kill(): Promise<void>;
  client(): Promise<V5Client> | V5Client;
}

const taskCount = 20;
const life = ['Waitting', 'Processing', 'Fail'];
/** How long the receiver is down, at least; without it, until it has been tried while it was. */
const downMs = Number(process.env.PUSH_DOWN_SECONDS ?? 0) * 1000;
/** A killed process's items come again after 30 s, and what fails several times in a row waits a minute each time. */
const soon = { interval: 50, timeout: 300_000 + downMs };

/** Repeats of one notification, next to each other, as one. */
function statusesOf(taskId: string, events: readonly TaskEvent[]): readonly string[] {
  const own = events.filter((event) => event.notify_data.body.task_id === taskId);
  return own
    .filter((event, at) => event.request_id !== own[at - 1]?.request_id)
    .map((event) => event.notify_data.body.status);
}

/**
 * A receiver that fails, is late and is down for a while, and a server that is killed in the middle: what the receiver took and the
 * server could not write down comes again, so repeats are allowed, gaps and another order are not.
 */
async function pushThroughTrouble(server: Server): Promise<void> {
  const receiver = await startFlakyReceiver(20_261_126);
  await server.start();
  const client = await server.client();
  const rule = await client.rules.create({ subject: { resource: 'batchtask', event: 'update' } });
  await client.actions.create({
    ...{ rule_id: rule.rule_id, channel: 'HTTP_FORWARDING' },
    channel_detail: { http_forwarding: { url: receiver.url } },
  });
  await client.rules.update(rule.rule_id, { active: true });
  const taskIds: string[] = [];
  for (let n = 0; n < taskCount; n += 1) {
    const task = await client.batchTasks.create({
      ...{ task_name: 'pushed', task_type: 'freezeDevices', targets: [`nobody-${n}`] },
    });
    taskIds.push(task.task_id);
    if (n === taskCount / 4) receiver.setDown(true);
  }
  const [whenDown, downAt] = [receiver.seen.length, performance.now()];
  await expect.poll(() => receiver.seen.length, soon).toBeGreaterThan(whenDown);
  await expect.poll(() => performance.now() - downAt, soon).toBeGreaterThanOrEqual(downMs);
  receiver.setDown(false);
  const whenUp = receiver.taken.length;
  await expect.poll(() => receiver.taken.length, soon).toBeGreaterThan(whenUp + 3);
  await server.kill();
  await server.start();
  const wanted = taskIds.map((taskId) => [taskId, life]);
  await expect.poll(() => taskIds.map((taskId) => [taskId, statusesOf(taskId, receiver.taken)]), soon).toEqual(wanted);
  // Failed posts are in the same order: nothing overtakes what fails.
  for (const taskId of taskIds) expect(statusesOf(taskId, receiver.seen)).toEqual(life);
}

const name =
  'a receiver that fails three times in ten, answers late and is down for a while gets everything, in order per task, though the server is killed';

it(`${name} (SQLite)`, { timeout: 420_000 + downMs }, async () => {
  await pushThroughTrouble(await createInstallation());
});

it(`${name} (PostgreSQL)`, { timeout: 420_000 + downMs }, async () => {
  const { nodes } = await createCluster({ names: ['node-1'] });
  const [node] = nodes;
  if (node === undefined) throw new Error('There is one node.');
  await pushThroughTrouble({ start: () => node.start(), kill: () => node.kill(), client: () => node.client });
});
