import type { JsonObject } from './json.ts';
import type { Subject } from './rule.ts';
import { toBasicTime, toMillisTime } from './time.ts';

export interface PushEvent {
  readonly subject: Subject;
  /** ms since epoch. */
  readonly at: number;
  /** The copies for several actions share it. */
  readonly requestId: string;
  readonly notifyData: JsonObject;
}

/** The envelope of v5 15.5. */
export function pushEvent({ subject, at, requestId, notifyData }: PushEvent): JsonObject {
  const [resource = '', event = ''] = subject.split(':');
  return {
    resource,
    event,
    event_time: toBasicTime(at),
    event_time_ms: toMillisTime(at),
    request_id: requestId,
    notify_data: notifyData,
  };
}
