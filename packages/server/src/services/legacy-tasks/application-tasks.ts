import type { App } from '../../domain/app.ts';
import { asId, type TaskId } from '../../domain/ids.ts';
import { Problem } from '../../domain/problem.ts';
import { isFinalTask } from '../../domain/task-state.ts';
import type { Task } from '../../domain/task.ts';
import type { Store } from '../../ports/store/store.ts';
import type { BatchTaskService } from '../batch-tasks/batch-task-service.ts';

/** A task of an application, by its id as the client wrote it: malformed is unknown. */
export interface LegacyTaskRef {
  readonly owner: App;
  readonly taskId: string;
}

/** What legacy clients do with a batch task and with an operation alike. Each throws taskNotFound for what has no name among them. */
export interface ApplicationTasks {
  find(ref: LegacyTaskRef): Promise<Task>;
  /** Problems: taskState. */
  stop(ref: LegacyTaskRef): Promise<void>;
  /** Problems: taskState. */
  delete(ref: LegacyTaskRef): Promise<void>;
}

export interface ApplicationTaskParts {
  readonly store: Pick<Store, 'tasks'>;
  readonly tasks: Pick<BatchTaskService, 'command' | 'delete'>;
}

const taskIdShape = /^[0-9a-f]{24}$/;

/** `isOneOfThem`: those that the caller's API calls by its own name. */
export function createApplicationTasks(
  { store, tasks }: ApplicationTaskParts,
  isOneOfThem: (task: Task) => boolean,
): ApplicationTasks {
  const find = async ({ owner, taskId }: LegacyTaskRef): Promise<Task> => {
    const task = taskIdShape.test(taskId) ? await store.tasks.find(owner.projectId, asId<TaskId>(taskId)) : undefined;
    if (task?.appId !== owner.appId || !isOneOfThem(task)) throw new Problem('taskNotFound');
    return task;
  };
  return {
    find,
    stop: async (ref) => {
      const { projectId, taskId, status } = await find(ref);
      if (isFinalTask(status)) throw new Problem('taskState');
      await tasks.command({ projectId, taskId }, { kind: 'stop', targets: undefined });
    },
    delete: async (ref) => {
      const { projectId, taskId } = await find(ref);
      await tasks.delete({ projectId, taskId });
    },
  };
}
