import type { JsonObject } from '../json.ts';
import { statusDescOf } from '../status-desc.ts';
import type { Task } from '../task.ts';

/** v5 13.8: `notify_data` of a task's status change; no `header`, all five body keys always. */
export const taskNotice = (task: Task): JsonObject => ({
  body: {
    app_id: task.appId,
    task_id: task.taskId,
    task_type: task.type,
    status: task.status,
    status_desc: statusDescOf(task),
  },
});
