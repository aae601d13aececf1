import type {
  CreateRuleActionRequest,
  ListDeliveriesQuery,
  ListDeliveriesResponse,
  ListRuleActionsQuery,
  ListRuleActionsResponse,
  RedeliverRequest,
  RedeliverResponse,
  RuleAction,
  RuleActionStatus,
  TestRuleActionResponse,
  UpdateRuleActionRequest,
} from '@muster/contract/v5';
import type { ReadonlyDeep } from '../readonly-deep.ts';
import type { CallOptions } from '../transport.ts';
import { eachListed, type ProjectApi, toQuery } from './project-api.ts';

/** Where a rule's events go (v5 15.2). */
export function createActions(api: ProjectApi) {
  const base = ['routing-rule', 'actions'];
  const list = (query: ListRuleActionsQuery = {}, options?: CallOptions): Promise<ListRuleActionsResponse> =>
    api.json({ ...options, method: 'GET', path: base, query: toQuery(query) });
  return {
    create: (body: ReadonlyDeep<CreateRuleActionRequest>, options?: CallOptions): Promise<RuleAction> =>
      api.json({ ...options, method: 'POST', path: base, json: body }),
    list,
    // v5 1: count and marker stand at the top level here.
    listAll: (query: ListRuleActionsQuery = {}, options?: CallOptions) =>
      eachListed(
        (paged: ListRuleActionsQuery) => list(paged, options),
        ({ actions, marker }) => ({ items: actions, marker }),
        query,
      ),
    get: (actionId: string, options?: CallOptions): Promise<RuleAction> =>
      api.json({ ...options, method: 'GET', path: [...base, actionId] }),
    update: (
      actionId: string,
      body: ReadonlyDeep<UpdateRuleActionRequest>,
      options?: CallOptions,
    ): Promise<RuleAction> => api.json({ ...options, method: 'PUT', path: [...base, actionId], json: body }),
    delete: (actionId: string, options?: CallOptions): Promise<void> =>
      api.json({ ...options, method: 'DELETE', path: [...base, actionId] }),
    /** Extension: how its deliveries go. */
    status: (actionId: string, options?: CallOptions): Promise<RuleActionStatus> =>
      api.json({ ...options, method: 'GET', path: [...base, actionId, 'status'] }),
    /** Extension: what waits to be delivered. */
    deliveries: (
      actionId: string,
      query: ListDeliveriesQuery = {},
      options?: CallOptions,
    ): Promise<ListDeliveriesResponse> =>
      api.json({ ...options, method: 'GET', path: [...base, actionId, 'deliveries'], query: toQuery(query) }),
    /** Extension: sends a sample event to the receiver. */
    test: (actionId: string, options?: CallOptions): Promise<TestRuleActionResponse> =>
      api.json({ ...options, method: 'POST', path: [...base, actionId, 'test'] }),
    /** Extension: tries again now what waits for its next attempt. */
    redeliver: (
      actionId: string,
      body: ReadonlyDeep<RedeliverRequest> = {},
      options?: CallOptions,
    ): Promise<RedeliverResponse> =>
      api.json({ ...options, method: 'POST', path: [...base, actionId, 'redeliver'], json: body }),
  };
}
