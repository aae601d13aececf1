import { expect, it } from 'vitest';
import { createInstallation } from './support/installation.ts';

it('shows what the operations page promises once a task has run', async () => {
  const installation = await createInstallation();
  await installation.start();
  const client = await installation.client();
  const task = await client.batchTasks.create({
    task_name: 'freeze',
    task_type: 'freezeDevices',
    targets: ['unknown-1', 'unknown-2'],
  });
  expect((await client.waitForTask(task.task_id)).status).toBe('Fail');
  const text = await (await fetch(`${installation.httpUrl}/metrics`)).text();
  const seriesValue = (series: string): number => {
    const line = text.split('\n').find((one) => one.startsWith(`${series} `));
    return Number(line?.slice(series.length + 1));
  };
  expect(seriesValue('muster_subtasks_settled_total{type="freezeDevices",outcome="fail"}')).toBe(2);
  for (const state of ['Waitting', 'Processing', 'FailWaitRetry']) {
    expect(seriesValue(`muster_queue_depth{state="${state}"}`)).toBe(0);
  }
  for (const operation of ['tasks.insert', 'subtasks.expand', 'subtasks.dispatch']) {
    expect(seriesValue(`muster_database_seconds_count{operation="${operation}"}`)).toBeGreaterThan(0);
    expect(seriesValue(`muster_database_seconds_sum{operation="${operation}"}`)).toBeGreaterThan(0);
  }
  expect(seriesValue('muster_mqtt_sessions')).toBe(0);
  expect(seriesValue('muster_push_backlog')).toBe(0);
  expect(seriesValue('nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0);
});
