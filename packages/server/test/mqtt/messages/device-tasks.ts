import { lastMarker } from '../../../src/domain/paging.ts';
import type { Task } from '../../../src/domain/task.ts';
import type { DeviceApi } from './device-api.ts';

/** A task as it is now, its subtasks in the order of its targets. */
export async function show(api: DeviceApi, { taskId }: Task) {
  const task = await api.store.tasks.find(api.scope.projectId, taskId);
  if (task === undefined) throw new Error('The task is gone.');
  const { items } = await api.store.subtasks.list(task, {}, { limit: 50, marker: lastMarker, offset: 0 });
  return { task, subtasks: items.toReversed() };
}

export async function statusIs(api: DeviceApi, task: Task, status: Task['status']): Promise<void> {
  await api.until(async () => (await show(api, task)).task.status === status);
}
