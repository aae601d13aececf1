import type {
  BacklogPolicy,
  CreateBacklogPolicyRequest,
  CreateFlowControlPolicyRequest,
  FlowControlPolicy,
  ListBacklogPoliciesQuery,
  ListBacklogPoliciesResponse,
  ListFlowControlPoliciesQuery,
  ListFlowControlPoliciesResponse,
  UpdateBacklogPolicyRequest,
  UpdateFlowControlPolicyRequest,
} from '@muster/contract/v5';
import type { ReadonlyDeep } from '../readonly-deep.ts';
import type { CallOptions } from '../transport.ts';
import { eachListed, type ProjectApi, toQuery } from './project-api.ts';

/** How much may wait in a project, and how long (v5 15.4): one policy for each project. */
export function createBacklogPolicies(api: ProjectApi) {
  const base = ['routing-rule', 'backlog-policy'];
  const list = (query: ListBacklogPoliciesQuery = {}, options?: CallOptions): Promise<ListBacklogPoliciesResponse> =>
    api.json({ ...options, method: 'GET', path: base, query: toQuery(query) });
  return {
    create: (body: ReadonlyDeep<CreateBacklogPolicyRequest> = {}, options?: CallOptions): Promise<BacklogPolicy> =>
      api.json({ ...options, method: 'POST', path: base, json: body }),
    list,
    // v5 1: count and marker stand at the top level here.
    listAll: (query: ListBacklogPoliciesQuery = {}, options?: CallOptions) =>
      eachListed(
        (paged: ListBacklogPoliciesQuery) => list(paged, options),
        ({ backlog_policies, marker }) => ({ items: backlog_policies, marker }),
        query,
      ),
    get: (policyId: string, options?: CallOptions): Promise<BacklogPolicy> =>
      api.json({ ...options, method: 'GET', path: [...base, policyId] }),
    update: (
      policyId: string,
      body: ReadonlyDeep<UpdateBacklogPolicyRequest>,
      options?: CallOptions,
    ): Promise<BacklogPolicy> => api.json({ ...options, method: 'PUT', path: [...base, policyId], json: body }),
    delete: (policyId: string, options?: CallOptions): Promise<void> =>
      api.json({ ...options, method: 'DELETE', path: [...base, policyId] }),
  };
}

/** How much may be delivered in a second (v5 15.4): one policy for each scope and value. */
export function createFlowControlPolicies(api: ProjectApi) {
  const base = ['routing-rule', 'flowcontrol-policy'];
  const list = (
    query: ListFlowControlPoliciesQuery = {},
    options?: CallOptions,
  ): Promise<ListFlowControlPoliciesResponse> =>
    api.json({ ...options, method: 'GET', path: base, query: toQuery(query) });
  return {
    create: (
      body: ReadonlyDeep<CreateFlowControlPolicyRequest> = {},
      options?: CallOptions,
    ): Promise<FlowControlPolicy> => api.json({ ...options, method: 'POST', path: base, json: body }),
    list,
    listAll: (query: ListFlowControlPoliciesQuery = {}, options?: CallOptions) =>
      eachListed(
        (paged: ListFlowControlPoliciesQuery) => list(paged, options),
        ({ flowcontrol_policies, marker }) => ({ items: flowcontrol_policies, marker }),
        query,
      ),
    get: (policyId: string, options?: CallOptions): Promise<FlowControlPolicy> =>
      api.json({ ...options, method: 'GET', path: [...base, policyId] }),
    update: (
      policyId: string,
      body: ReadonlyDeep<UpdateFlowControlPolicyRequest>,
      options?: CallOptions,
    ): Promise<FlowControlPolicy> => api.json({ ...options, method: 'PUT', path: [...base, policyId], json: body }),
    delete: (policyId: string, options?: CallOptions): Promise<void> =>
      api.json({ ...options, method: 'DELETE', path: [...base, policyId] }),
  };
}
