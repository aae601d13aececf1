import type { TaskStore } from '../../../ports/store/task-store.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import { deleteFinished, deleteTask, purgeDeleted, purgeExpired } from './delete-task.ts';
import { findReplayed, insertTask } from './insert-task.ts';
import { taskOf } from './task-codec.ts';
import {
  findTask,
  getTaskRow,
  listFirstTargets,
  listTargets,
  listTasks,
  queueDepth,
  withCause,
} from './task-queries.ts';

export function createTaskStore(runner: Runner, ctx: SqlContext): TaskStore {
  return {
    insert: (task, options) =>
      runner.write(function* () {
        const { row, replayed } = yield* insertTask(ctx, task, options);
        return { task: replayed ? yield* withCause(ctx, row) : taskOf(row), replayed };
      }),
    findReplayed: (projectId, key, now) =>
      runner.read(function* () {
        const row = yield* findReplayed(ctx, { projectId, ...key, now });
        return row && (yield* withCause(ctx, row));
      }),
    find: (projectId, taskId) => runner.read(() => findTask(ctx, projectId, taskId)),
    findByNo: (taskNo) =>
      runner.read(function* () {
        const row = yield* getTaskRow(ctx, taskNo);
        return row === undefined ? undefined : taskOf(row);
      }),
    listTargets: (taskNo, count) => runner.read(() => listTargets(ctx, taskNo, count)),
    listFirstTargets: (taskNos, count) => runner.read(() => listFirstTargets(ctx, taskNos, count)),
    list: (filter, page) => runner.read(() => listTasks(ctx, filter, page)),
    delete: (projectId, taskId) => runner.write(() => deleteTask(ctx, projectId, taskId)),
    deleteFinished: (before, limit) => runner.write(() => deleteFinished(ctx, before, limit)),
    purge: (limit) => runner.write(() => purgeDeleted(ctx, limit)),
    queueDepth: () => runner.read(() => queueDepth(ctx)),
    purgeExpired: (now, limit) => runner.write(() => purgeExpired(now, limit)),
  };
}
