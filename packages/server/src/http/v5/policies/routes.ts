import {
  CreateBacklogPolicyRequest,
  CreateFlowControlPolicyRequest,
  ListBacklogPoliciesQuery,
  ListFlowControlPoliciesQuery,
  UpdateBacklogPolicyRequest,
  UpdateFlowControlPolicyRequest,
} from '@muster/contract/v5';
import { asId, type PolicyId, type ProjectId } from '../../../domain/ids.ts';
import type { BacklogPolicyService, FlowPolicyService, PolicyKey } from '../../../services/policies.ts';
import { withFieldNames } from '../field-names.ts';
import { decodePage, encodePage } from '../page.ts';
import { v5Route, type V5Route } from '../route.ts';
import {
  decodeBacklogPolicyChanges,
  decodeBacklogPolicyFilter,
  decodeCreateBacklogPolicy,
  decodeCreateFlowPolicy,
  decodeFlowPolicyChanges,
  decodeFlowPolicyFilter,
} from './decode.ts';
import { encodeBacklogPolicy, encodeFlowPolicy } from './encode.ts';

/** v5 15.4. */
export function createBacklogPolicyRoutes(policies: BacklogPolicyService): V5Route[] {
  return [
    v5Route('CreateRoutingBacklogPolicy', {
      body: CreateBacklogPolicyRequest,
      handle: async ({ projectId, body }) =>
        encodeBacklogPolicy(await policies.create(projectId, decodeCreateBacklogPolicy(body))),
    }),
    v5Route('ListRoutingBacklogPolicy', {
      query: ListBacklogPoliciesQuery,
      handle: async ({ projectId, query }) => {
        const page = await policies.list(decodeBacklogPolicyFilter(projectId, query), decodePage(query));
        // v5 1: count and marker stand at the top level here.
        return { backlog_policies: page.items.map(encodeBacklogPolicy), ...encodePage(page) };
      },
    }),
    v5Route('ShowRoutingBacklogPolicy', {
      handle: async (call) => encodeBacklogPolicy(await policies.get(keyOf(call))),
    }),
    v5Route('UpdateRoutingBacklogPolicy', {
      body: UpdateBacklogPolicyRequest,
      handle: async (call) =>
        encodeBacklogPolicy(await policies.update(keyOf(call), decodeBacklogPolicyChanges(call.body))),
    }),
    v5Route('DeleteRoutingBacklogPolicy', { handle: (call) => policies.delete(keyOf(call)) }),
  ];
}

/** v5 15.4. */
export function createFlowPolicyRoutes(policies: FlowPolicyService): V5Route[] {
  return withFieldNames({}, [
    v5Route('CreateRoutingFlowControlPolicy', {
      body: CreateFlowControlPolicyRequest,
      handle: async ({ projectId, body }) =>
        encodeFlowPolicy(await policies.create(projectId, decodeCreateFlowPolicy(body))),
    }),
    v5Route('ListRoutingFlowControlPolicy', {
      query: ListFlowControlPoliciesQuery,
      handle: async ({ projectId, query }) => {
        const page = await policies.list(decodeFlowPolicyFilter(projectId, query), decodePage(query));
        // v5 1: count and marker stand at the top level here.
        return { flowcontrol_policies: page.items.map(encodeFlowPolicy), ...encodePage(page) };
      },
    }),
    v5Route('ShowRoutingFlowControlPolicy', {
      handle: async (call) => encodeFlowPolicy(await policies.get(keyOf(call))),
    }),
    v5Route('UpdateRoutingFlowControlPolicy', {
      body: UpdateFlowControlPolicyRequest,
      handle: async (call) => encodeFlowPolicy(await policies.update(keyOf(call), decodeFlowPolicyChanges(call.body))),
    }),
    v5Route('DeleteRoutingFlowControlPolicy', { handle: (call) => policies.delete(keyOf(call)) }),
  ]);
}

function keyOf({ projectId, param }: { projectId: ProjectId; param(name: string): string }): PolicyKey {
  return { projectId, policyId: asId<PolicyId>(param('policy_id')) };
}
