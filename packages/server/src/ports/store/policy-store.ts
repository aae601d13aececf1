import type { PolicyId, ProjectId } from '../../domain/ids.ts';
import type { Page, PageRequest } from '../../domain/paging.ts';
import type { BacklogPolicy, FlowPolicy } from '../../domain/policy.ts';

export interface BacklogPolicyFilter {
  readonly projectId: ProjectId;
  readonly name?: string;
}

export interface FlowPolicyFilter extends BacklogPolicyFilter {
  readonly scope?: string;
  readonly scopeValue?: string;
}

export type BacklogPolicyChanges = Partial<Pick<BacklogPolicy, 'name' | 'description' | 'bytesMax' | 'ageSecondsMax'>>;
export type FlowPolicyChanges = Partial<Pick<FlowPolicy, 'name' | 'description' | 'limit'>>;

/** Policies of one kind (v5 15.4). */
export interface PolicyStore<Policy, Filter, Changes> {
  /** Problems: policyExists. */
  insert(policy: Policy): Promise<void>;
  find(projectId: ProjectId, policyId: PolicyId): Promise<Policy | undefined>;
  list(filter: Filter, page: PageRequest): Promise<Page<Policy>>;
  /** What is absent stays as it is. Problems: policyNotFound. */
  update(projectId: ProjectId, policyId: PolicyId, changes: Changes): Promise<Policy>;
  /** Problems: policyNotFound. */
  delete(projectId: ProjectId, policyId: PolicyId): Promise<void>;
}

export type BacklogPolicyStore = PolicyStore<BacklogPolicy, BacklogPolicyFilter, BacklogPolicyChanges>;
export type FlowPolicyStore = PolicyStore<FlowPolicy, FlowPolicyFilter, FlowPolicyChanges>;
