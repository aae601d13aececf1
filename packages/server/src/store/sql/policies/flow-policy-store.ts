import type { Selectable } from 'kysely';
import { asId, type PolicyId, type ProjectId, type RecordId } from '../../../domain/ids.ts';
import type { Page, PageRequest } from '../../../domain/paging.ts';
import type { FlowPolicy } from '../../../domain/policy.ts';
import { Problem } from '../../../domain/problem.ts';
import type { FlowPolicyChanges, FlowPolicyFilter, FlowPolicyStore } from '../../../ports/store/policy-store.ts';
import { orNull, orUndefined } from '../columns.ts';
import { selectPage } from '../page.ts';
import { change, first, type Program } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import type { FlowPoliciesTable } from '../push-tables.ts';
import { changeUnique } from '../unique.ts';

type PolicyKey = Pick<FlowPolicy, 'projectId' | 'policyId'>;

/** v5 15.4: one per scope and value. */
const onePerScope = {
  key: { table: 'flow_policies', columns: ['project_id', 'scope', 'scope_value'] },
  problem: () => new Problem('policyExists'),
};

export function createFlowPolicyStore({ read, write }: Runner, ctx: SqlContext): FlowPolicyStore {
  return {
    insert: (policy) => write(() => insertPolicy(ctx, policy)),
    find: (projectId, policyId) => read(() => findPolicy(ctx, { projectId, policyId })),
    list: (filter, page) => read(() => listPolicies(ctx, filter, page)),
    update: (projectId, policyId, changes) => write(() => updatePolicy(ctx, { projectId, policyId }, changes)),
    delete: (projectId, policyId) => write(() => deletePolicy(ctx, { projectId, policyId })),
  };
}

function* insertPolicy(ctx: SqlContext, policy: FlowPolicy): Program<void> {
  const row = {
    policy_id: policy.policyId,
    record_id: policy.recordId,
    project_id: policy.projectId,
    name: orNull(policy.name),
    description: orNull(policy.description),
    scope: policy.scope,
    scope_value: policy.scopeValue,
    per_second: policy.limit,
  };
  yield* changeUnique(ctx, ctx.db.insertInto('flow_policies').values(row), [onePerScope]);
}

function* findPolicy({ db }: SqlContext, { projectId, policyId }: PolicyKey): Program<FlowPolicy | undefined> {
  const row = yield* first(
    db.selectFrom('flow_policies').selectAll().where('policy_id', '=', policyId).where('project_id', '=', projectId),
  );
  return row && policyOf(row);
}

function* listPolicies(
  { db }: SqlContext,
  { projectId, name, scope, scopeValue }: FlowPolicyFilter,
  page: PageRequest,
): Program<Page<FlowPolicy>> {
  let base = db.selectFrom('flow_policies').selectAll().where('project_id', '=', projectId);
  if (name !== undefined) base = base.where('name', '=', name);
  // Of an unknown scope there are none.
  if (scope !== undefined) base = base.where('scope', '=', scope as FlowPolicy['scope']);
  if (scopeValue !== undefined) base = base.where('scope_value', '=', scopeValue);
  return yield* selectPage(base, { key: 'flow_policies.record_id', page, decode: policyOf });
}

function* updatePolicy(
  ctx: SqlContext,
  key: PolicyKey,
  { name, description, limit }: FlowPolicyChanges,
): Program<FlowPolicy> {
  const set = {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(limit === undefined ? {} : { per_second: limit }),
  };
  if (Object.keys(set).length > 0) {
    const { projectId, policyId } = key;
    yield* change(
      ctx.db
        .updateTable('flow_policies')
        .set(set)
        .where('policy_id', '=', policyId)
        .where('project_id', '=', projectId),
    );
  }
  const policy = yield* findPolicy(ctx, key);
  if (policy === undefined) throw new Problem('policyNotFound');
  return policy;
}

function* deletePolicy({ db }: SqlContext, { projectId, policyId }: PolicyKey): Program<void> {
  const deleted = yield* change(
    db.deleteFrom('flow_policies').where('policy_id', '=', policyId).where('project_id', '=', projectId),
  );
  if (deleted === 0) throw new Problem('policyNotFound');
}

function policyOf(row: Selectable<FlowPoliciesTable>): FlowPolicy {
  return {
    recordId: asId<RecordId>(row.record_id),
    policyId: asId<PolicyId>(row.policy_id),
    projectId: asId<ProjectId>(row.project_id),
    name: orUndefined(row.name),
    description: orUndefined(row.description),
    scope: row.scope,
    scopeValue: row.scope_value,
    limit: row.per_second,
  };
}
