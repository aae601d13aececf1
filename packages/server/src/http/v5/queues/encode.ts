import type { Queue as WireQueue, ShowQueueResponse } from '@muster/contract/v5';
import type { Queue } from '../../../domain/queue.ts';
import { toBasicTime } from '../../../domain/time.ts';

export function encodeQueue(queue: Queue): WireQueue {
  return {
    queue_id: queue.queueId,
    queue_name: queue.name,
    create_time: toBasicTime(queue.createdAt),
    last_modify_time: toBasicTime(queue.modifiedAt),
  };
}

/** v5 15.6: clients of the original look for nulls where a queue is gone. */
export const noQueue: ShowQueueResponse = {
  queue_id: null,
  queue_name: null,
  create_time: null,
  last_modify_time: null,
};
