import { type ActionId, asId, type PolicyId, type ProjectId, type RecordId, type RuleId } from '../domain/ids.ts';
import type { Page, PageRequest } from '../domain/paging.ts';
import type { BacklogPolicy, FlowPolicy, FlowScope } from '../domain/policy.ts';
import { Problem, invalid } from '../domain/problem.ts';
import type { Random } from '../ports/random.ts';
import type {
  BacklogPolicyChanges,
  BacklogPolicyFilter,
  FlowPolicyChanges,
  FlowPolicyFilter,
  PolicyStore,
} from '../ports/store/policy-store.ts';
import type { Store } from '../ports/store/store.ts';

export type { BacklogPolicyChanges, BacklogPolicyFilter, FlowPolicyChanges, FlowPolicyFilter };

export type CreateBacklogPolicy = Pick<BacklogPolicy, 'name' | 'description' | 'bytesMax' | 'ageSecondsMax'>;

export interface CreateFlowPolicy extends Pick<FlowPolicy, 'name' | 'description' | 'limit'> {
  readonly scope: FlowScope;
  /** Undefined for USER. */
  readonly scopeValue: string | undefined;
}

/** Which policy a call means. */
export interface PolicyKey {
  readonly projectId: ProjectId;
  readonly policyId: PolicyId;
}

/** Policies of one kind (v5 15.4). Unknown ones are policyNotFound in every call that names one. */
export interface PolicyService<Policy, Create, Filter, Changes> {
  /** Problems: policyExists. */
  create(projectId: ProjectId, command: Create): Promise<Policy>;
  list(filter: Filter, page: PageRequest): Promise<Page<Policy>>;
  get(key: PolicyKey): Promise<Policy>;
  /** What is absent stays as it is. */
  update(key: PolicyKey, changes: Changes): Promise<Policy>;
  delete(key: PolicyKey): Promise<void>;
}

/** How much may wait in a project: one policy for each. */
export type BacklogPolicyService = PolicyService<
  BacklogPolicy,
  CreateBacklogPolicy,
  BacklogPolicyFilter,
  BacklogPolicyChanges
>;

/** How much may be delivered: one for each scope and value. Problems of create: also ruleNotFound, actionNotFound, channelUnsupported, invalidInput (`scopeValue`). */
export type FlowPolicyService = PolicyService<FlowPolicy, CreateFlowPolicy, FlowPolicyFilter, FlowPolicyChanges>;

export interface PolicyServiceParts {
  readonly store: Pick<Store, 'backlogPolicies' | 'flowPolicies' | 'rules'>;
  readonly random: Random;
}

export function createBacklogPolicyService({ store, random }: PolicyServiceParts): BacklogPolicyService {
  return {
    ...storedPolicies(store.backlogPolicies),
    create: async (projectId, command) => {
      const policy = { ...newIds(random), projectId, ...command };
      await store.backlogPolicies.insert(policy);
      return policy;
    },
  };
}

export function createFlowPolicyService({ store, random }: PolicyServiceParts): FlowPolicyService {
  return {
    ...storedPolicies(store.flowPolicies),
    create: async (projectId, { scope, scopeValue = '', ...rest }) => {
      await checkScope(store, { projectId, scope, scopeValue });
      const policy = { ...newIds(random), projectId, scope, scopeValue, ...rest };
      await store.flowPolicies.insert(policy);
      return policy;
    },
  };
}

function storedPolicies<Policy, Filter, Changes>(store: PolicyStore<Policy, Filter, Changes>) {
  return {
    list: (filter: Filter, page: PageRequest) => store.list(filter, page),
    get: async ({ projectId, policyId }: PolicyKey): Promise<Policy> => {
      const policy = await store.find(projectId, policyId);
      if (policy === undefined) throw new Problem('policyNotFound');
      return policy;
    },
    update: ({ projectId, policyId }: PolicyKey, changes: Changes) => store.update(projectId, policyId, changes),
    delete: ({ projectId, policyId }: PolicyKey) => store.delete(projectId, policyId),
  };
}

const newIds = (random: Random) => ({
  recordId: asId<RecordId>(random.orderedId()),
  policyId: asId<PolicyId>(random.uuid()),
});

const field = 'scopeValue';
const limitedChannel = 'HTTP_FORWARDING';

async function checkScope(
  { rules }: Pick<Store, 'rules'>,
  { projectId, scope, scopeValue }: Pick<FlowPolicy, 'projectId' | 'scope' | 'scopeValue'>,
): Promise<void> {
  if (scope === 'USER') {
    if (scopeValue !== '') throw invalid(field, 'must be absent for the scope USER');
    return;
  }
  if (scopeValue === '') throw invalid(field, `is required for the scope ${scope}`);
  // v5 15.3: consumers of a queue set their own pace; a policy that nothing keeps to would be a promise broken.
  if (scope === 'CHANNEL' && scopeValue !== limitedChannel) throw new Problem('channelUnsupported', { field });
  if (scope === 'RULE' && (await rules.find(projectId, asId<RuleId>(scopeValue))) === undefined) {
    throw new Problem('ruleNotFound', { field });
  }
  if (scope === 'ACTION') {
    const action = await rules.findAction(projectId, asId<ActionId>(scopeValue));
    if (action === undefined) throw new Problem('actionNotFound', { field });
    if (action.target.channel !== limitedChannel) throw new Problem('channelUnsupported', { field });
  }
}
