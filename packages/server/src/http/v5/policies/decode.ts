import type { Decoded } from '@muster/contract';
import type {
  CreateBacklogPolicyRequest,
  CreateFlowControlPolicyRequest,
  ListBacklogPoliciesQuery,
  ListFlowControlPoliciesQuery,
  UpdateBacklogPolicyRequest,
  UpdateFlowControlPolicyRequest,
} from '@muster/contract/v5';
import type { ProjectId } from '../../../domain/ids.ts';
import { present } from '../../../domain/present.ts';
import type {
  BacklogPolicyChanges,
  BacklogPolicyFilter,
  CreateBacklogPolicy,
  CreateFlowPolicy,
  FlowPolicyChanges,
  FlowPolicyFilter,
} from '../../../services/policies.ts';
import { given } from '../given.ts';

export function decodeCreateBacklogPolicy(body: Decoded<typeof CreateBacklogPolicyRequest>): CreateBacklogPolicy {
  return {
    name: body.policy_name,
    description: body.description,
    bytesMax: body.backlog_size,
    ageSecondsMax: body.backlog_time,
  };
}

export function decodeBacklogPolicyChanges(body: Decoded<typeof UpdateBacklogPolicyRequest>): BacklogPolicyChanges {
  const { policy_name: name, description, backlog_size: bytesMax, backlog_time: ageSecondsMax } = body;
  return present({ name, description, bytesMax, ageSecondsMax });
}

export function decodeBacklogPolicyFilter(
  projectId: ProjectId,
  query: Decoded<typeof ListBacklogPoliciesQuery>,
): BacklogPolicyFilter {
  return present({ projectId, name: given(query.policy_name) });
}

export function decodeCreateFlowPolicy(body: Decoded<typeof CreateFlowControlPolicyRequest>): CreateFlowPolicy {
  return {
    name: body.policy_name,
    description: body.description,
    scope: body.scope,
    scopeValue: given(body.scope_value),
    limit: body.limit,
  };
}

export function decodeFlowPolicyChanges(body: Decoded<typeof UpdateFlowControlPolicyRequest>): FlowPolicyChanges {
  const { policy_name: name, description, limit } = body;
  return present({ name, description, limit });
}

export function decodeFlowPolicyFilter(
  projectId: ProjectId,
  query: Decoded<typeof ListFlowControlPoliciesQuery>,
): FlowPolicyFilter {
  return present({
    projectId,
    scope: given(query.scope),
    scopeValue: given(query.scope_value),
    name: given(query.policy_name),
  });
}
