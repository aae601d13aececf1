import { startPushListener } from './push-listener.ts';

/** One pushed status change of a task (docs/contract/v5.md 13.8). */
export interface Notification {
  readonly requestId: string;
  readonly taskId: string;
  readonly taskType: string;
  readonly status: string;
}

export interface Receiver {
  readonly url: string;
  /** In order of arrival, repeats included. */
  readonly arrivals: readonly Notification[];
  /** The same, repeats of the same request left out. */
  readonly notifications: readonly Notification[];
  stop(): Promise<void>;
}

interface PushBody {
  readonly request_id: string;
  readonly notify_data: {
    readonly body: { readonly task_id: string; readonly task_type: string; readonly status: string };
  };
}

/** A local application that takes the pushes: the far end of an HTTP_FORWARDING action. */
export async function startReceiver(): Promise<Receiver> {
  const arrivals: Notification[] = [];
  const notifications: Notification[] = [];
  const listener = await startPushListener((body) => {
    const notification = parseNotification(body);
    arrivals.push(notification);
    // At least once: a repeat carries the request id of the first.
    if (!notifications.some((known) => known.requestId === notification.requestId)) notifications.push(notification);
  });
  return { url: `${listener.url}/muster`, arrivals, notifications, stop: () => listener.stop() };
}

function parseNotification(text: string): Notification {
  const { request_id, notify_data } = JSON.parse(text) as PushBody;
  const { task_id, task_type, status } = notify_data.body;
  return { requestId: request_id, taskId: task_id, taskType: task_type, status };
}
