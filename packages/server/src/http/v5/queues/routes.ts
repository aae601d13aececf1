import { CreateAccessCodeRequest, CreateQueueRequest, ListQueuesQuery } from '@muster/contract/v5';
import { asId, type ProjectId, type QueueId } from '../../../domain/ids.ts';
import { present } from '../../../domain/present.ts';
import type { AccessCodeService } from '../../../services/queues/access-codes.ts';
import type { QueueKey, QueueService } from '../../../services/queues/queues.ts';
import { given } from '../given.ts';
import { decodePage, encodePage } from '../page.ts';
import { v5Route, type V5Route } from '../route.ts';
import { encodeQueue, noQueue } from './encode.ts';

/** v5 15.6. */
export function createQueueRoutes(queues: QueueService): V5Route[] {
  return [
    v5Route('AddQueue', {
      body: CreateQueueRequest,
      handle: async ({ projectId, body }) => encodeQueue(await queues.create(projectId, body.queue_name)),
    }),
    v5Route('BatchShowQueue', {
      query: ListQueuesQuery,
      handle: async ({ projectId, query }) => {
        const filter = present({ projectId, namePart: given(query.queue_name) });
        const page = await queues.list(filter, decodePage(query));
        return { queues: page.items.map(encodeQueue), page: encodePage(page) };
      },
    }),
    v5Route('ShowQueue', {
      handle: async (call) => {
        const queue = await queues.find(keyOf(call));
        return queue === undefined ? noQueue : encodeQueue(queue);
      },
    }),
    v5Route('DeleteQueue', { handle: (call) => queues.delete(keyOf(call)) }),
  ];
}

/** v5 15.6. */
export function createAccessCodeRoutes(codes: AccessCodeService): V5Route[] {
  return [
    v5Route('CreateAccessCode', {
      body: CreateAccessCodeRequest,
      handle: async ({ projectId, body }) => {
        const { type, force_disconnect: disconnects } = body;
        const { accessKey, code } = await codes.renew(projectId, { type, disconnects });
        return { access_key: accessKey, access_code: code };
      },
    }),
  ];
}

function keyOf({ projectId, param }: { projectId: ProjectId; param(name: string): string }): QueueKey {
  return { projectId, queueId: asId<QueueId>(param('queue_id')) };
}
