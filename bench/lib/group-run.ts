import type { GroupId } from '../../packages/server/src/domain/ids.ts';
import type { BenchServer } from './bench-server.ts';
import type { SeededFleet } from './seed-fleet.ts';

type FlagTask = 'freezeDevices' | 'unfreezeDevices';

/** Round by round there and back: freezing what is frozen would fail. */
export const flagTaskOf = (round: number): FlagTask => (round % 2 === 0 ? 'freezeDevices' : 'unfreezeDevices');

/** Posts a task on these groups; returns its id. */
export async function createGroupTask(
  { client }: BenchServer,
  type: FlagTask,
  groupIds: readonly GroupId[],
): Promise<string> {
  const { task_id } = await client.batchTasks.create({
    task_name: 'bench',
    task_type: type,
    targets_filter: { group_ids: groupIds },
  });
  return task_id;
}

/** Waits for its end. Throws where that is not Success for all. */
export async function waitForSuccess({ client }: BenchServer, taskId: string): Promise<void> {
  const { status, task_progress } = await client.waitForTask(taskId);
  if (status !== 'Success') throw new Error(`The task ended ${status}: ${JSON.stringify(task_progress)}.`);
}

const warmShare = 10;

/**
 * Freezes and unfreezes a tenth of the fleet: caches and compiled code are then as on a server that has worked before. Returns the id
 * of a finished task.
 */
export async function warmUp(server: BenchServer, { groupIds }: SeededFleet): Promise<string> {
  const some = groupIds.slice(0, Math.ceil(groupIds.length / warmShare));
  await waitForSuccess(server, await createGroupTask(server, 'freezeDevices', some));
  const taskId = await createGroupTask(server, 'unfreezeDevices', some);
  await waitForSuccess(server, taskId);
  return taskId;
}
