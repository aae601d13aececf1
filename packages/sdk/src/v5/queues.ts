import type {
  CreateAccessCodeRequest,
  CreateAccessCodeResponse,
  CreateQueueRequest,
  ListQueuesQuery,
  ListQueuesResponse,
  Queue,
  ShowQueueResponse,
} from '@muster/contract/v5';
import type { ReadonlyDeep } from '../readonly-deep.ts';
import type { CallOptions } from '../transport.ts';
import { eachListed, type ProjectApi, toQuery } from './project-api.ts';

/** Queues that AMQP consumers take notifications from (v5 15.6). */
export function createQueues(api: ProjectApi) {
  const base = ['amqp-queues'];
  const list = (query: ListQueuesQuery = {}, options?: CallOptions): Promise<ListQueuesResponse> =>
    api.json({ ...options, method: 'GET', path: base, query: toQuery(query) });
  return {
    create: (body: ReadonlyDeep<CreateQueueRequest>, options?: CallOptions): Promise<Queue> =>
      api.json({ ...options, method: 'POST', path: base, json: body }),
    list,
    listAll: (query: ListQueuesQuery = {}, options?: CallOptions) =>
      eachListed(
        (paged: ListQueuesQuery) => list(paged, options),
        ({ queues, page }) => ({ items: queues, marker: page.marker }),
        query,
      ),
    /** All keys are null where the queue does not exist. */
    get: (queueId: string, options?: CallOptions): Promise<ShowQueueResponse> =>
      api.json({ ...options, method: 'GET', path: [...base, queueId] }),
    delete: (queueId: string, options?: CallOptions): Promise<void> =>
      api.json({ ...options, method: 'DELETE', path: [...base, queueId] }),
  };
}

/** What AMQP consumers sign in with (v5 15.6): one for each project and type. */
export function createAccessCodes(api: ProjectApi) {
  return {
    /** Ends the former one. */
    create: (
      body: ReadonlyDeep<CreateAccessCodeRequest> = {},
      options?: CallOptions,
    ): Promise<CreateAccessCodeResponse> =>
      api.json({ ...options, method: 'POST', path: ['auth', 'accesscode'], json: body }),
  };
}
