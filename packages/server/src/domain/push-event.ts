import type { JsonObject } from './json.ts';
import { statusDescOf } from './status-desc.ts';
import type { Task } from './task.ts';
import { toBasicTime, toMillisTime } from './time.ts';

/** v5 13.8: the push JSON of a task's status change; no `header`, all five body keys always. Copies share `requestId`. */
export function taskUpdateEvent(task: Task, at: number, requestId: string): JsonObject {
  return {
    resource: 'batchtask',
    event: 'update',
    event_time: toBasicTime(at),
    event_time_ms: toMillisTime(at),
    request_id: requestId,
    notify_data: {
      body: {
        app_id: task.appId,
        task_id: task.taskId,
        task_type: task.type,
        status: task.status,
        status_desc: statusDescOf(task),
      },
    },
  };
}
