import { asId, type ProjectId, type QueueId, type RecordId } from '../../domain/ids.ts';
import type { Page, PageRequest } from '../../domain/paging.ts';
import type { Queue } from '../../domain/queue.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { QueueFilter } from '../../ports/store/queue-store.ts';
import type { Store } from '../../ports/store/store.ts';

/** Which queue a call means. */
export interface QueueKey {
  readonly projectId: ProjectId;
  readonly queueId: QueueId;
}

/** Where AMQP consumers take their notifications from (v5 15.6). */
export interface QueueService {
  /** Problems: queueNameTaken, queueLimit. */
  create(projectId: ProjectId, name: string): Promise<Queue>;
  list(filter: QueueFilter, page: PageRequest): Promise<Page<Queue>>;
  find(key: QueueKey): Promise<Queue | undefined>;
  /** With what waits in it; its consumers lose their links. Problems: queueNotFound, queueInUse. */
  delete(key: QueueKey): Promise<void>;
}

export interface QueueServiceParts {
  readonly store: Pick<Store, 'queues'>;
  readonly clock: Clock;
  readonly random: Random;
}

/** v5 15.6, of a project. */
const queuesMax = 100;

export function createQueueService({ store, clock, random }: QueueServiceParts): QueueService {
  return {
    create: async (projectId, name) => {
      const ids = { recordId: asId<RecordId>(random.orderedId()), queueId: asId<QueueId>(random.uuid()) };
      const now = clock.now();
      const queue = { ...ids, projectId, name, createdAt: now, modifiedAt: now };
      await store.queues.insert(queue, queuesMax);
      return queue;
    },
    list: (filter, page) => store.queues.list(filter, page),
    find: ({ projectId, queueId }) => store.queues.find(projectId, queueId),
    delete: ({ projectId, queueId }) => store.queues.delete(projectId, queueId),
  };
}
