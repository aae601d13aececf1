import { expect, it } from 'vitest';
import { createCluster } from './support/cluster.ts';

async function all<T>(events: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const event of events) found.push(event);
  return found;
}

it('progress events go on with the newest state on another node when theirs is killed, and end with the task', {
  timeout: 120_000,
}, async () => {
  const { nodes } = await createCluster({ names: ['node-1', 'node-2'] });
  const [first, second] = nodes;
  if (first === undefined || second === undefined) throw new Error('There are two nodes.');
  await first.start();
  await second.start();
  const targets = ['a', 'b', 'c', 'd'];
  const later = new Date(Date.now() + 3_600_000).toISOString().replace(/[-:]|\.\d+/g, '');
  const { task_id: taskId } = await first.client.batchTasks.create({
    ...{ task_name: 'watched', task_type: 'freezeDevices', targets },
    task_policy: { schedule_time: later },
  });
  const waits = async () => (await second.client.batchTasks.show(taskId)).batchtask.task_progress.waitting;
  await expect.poll(waits, { timeout: 20_000 }).toBe(targets.length);

  const watched = first.client.batchTasks.events(taskId, { signal: AbortSignal.timeout(60_000) });
  const seen = (await watched.next()).value;
  expect(seen).toMatchObject({ status: 'Waitting', task_progress: { waitting: 4 } });
  await first.kill();
  // Both while nobody watches: only the newest state counts.
  await second.client.batchTasks.stop(taskId, ['a']);
  await second.client.batchTasks.stop(taskId, ['b']);
  const lastEventId = String(seen?.revision);
  const again = second.client.batchTasks.events(taskId, { lastEventId, signal: AbortSignal.timeout(60_000) });
  const next = (await again.next()).value;
  expect(next).toMatchObject({ task_progress: { waitting: 2, stopped: 2 } });
  expect(next?.revision).toBeGreaterThan(seen?.revision ?? 0);
  await second.client.batchTasks.stop(taskId);
  const rest = await all(again);
  expect(rest.at(-1)).toMatchObject({ status: 'Stopped', task_progress: { waitting: 0, stopped: 4 } });
  await watched.return(undefined);

  // Who has seen the end is told that there is nothing more, by a node that came later, too.
  await first.start();
  const over = first.client.batchTasks.events(taskId, { lastEventId: String(rest.at(-1)?.revision) });
  expect(await all(over)).toEqual([]);
});
