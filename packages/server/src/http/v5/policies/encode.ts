import type { BacklogPolicy as WireBacklogPolicy, FlowControlPolicy as WireFlowPolicy } from '@muster/contract/v5';
import type { BacklogPolicy, FlowPolicy } from '../../../domain/policy.ts';
import { present } from '../../../domain/present.ts';
import { given } from '../given.ts';

export function encodeBacklogPolicy(policy: BacklogPolicy): WireBacklogPolicy {
  return present({
    policy_id: policy.policyId,
    policy_name: policy.name,
    description: policy.description,
    backlog_size: policy.bytesMax,
    backlog_time: policy.ageSecondsMax,
  });
}

export function encodeFlowPolicy(policy: FlowPolicy): WireFlowPolicy {
  return present({
    policy_id: policy.policyId,
    policy_name: policy.name,
    description: policy.description,
    scope: policy.scope,
    scope_value: given(policy.scopeValue),
    limit: policy.limit,
  });
}
