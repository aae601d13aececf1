import type { Selectable } from 'kysely';
import { asId, type PolicyId, type ProjectId, type RecordId } from '../../../domain/ids.ts';
import type { Page, PageRequest } from '../../../domain/paging.ts';
import type { FlowPolicy } from '../../../domain/policy.ts';
import { Problem } from '../../../domain/problem.ts';
import type { FlowPolicyFilter, FlowPolicyStore } from '../../../ports/store/policy-store.ts';
import { orNull, orUndefined } from '../columns.ts';
import { selectPage } from '../page.ts';
import type { Program } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import type { FlowPoliciesTable } from '../push-tables.ts';
import { changePolicyRow, deletePolicyRow, findPolicyRow } from './policy-rows.ts';
import { changeUnique } from '../unique.ts';

const table = 'flow_policies';
type Row = Selectable<FlowPoliciesTable>;

/** v5 15.4: one per scope and value. */
const onePerScope = {
  key: { table: 'flow_policies', columns: ['project_id', 'scope', 'scope_value'] },
  problem: () => new Problem('policyExists'),
};

export function createFlowPolicyStore({ read, write }: Runner, ctx: SqlContext): FlowPolicyStore {
  return {
    insert: (policy) => write(() => insertPolicy(ctx, policy)),
    find: (projectId, policyId) =>
      read(function* () {
        const row = yield* findPolicyRow<Row>(table, { projectId, policyId });
        return row && policyOf(row);
      }),
    list: (filter, page) => read(() => listPolicies(ctx, filter, page)),
    update: (projectId, policyId, changes) =>
      write(function* () {
        const { name, description } = changes;
        const columns = { name, description, per_second: changes.limit };
        return policyOf(yield* changePolicyRow<Row>(table, { projectId, policyId }, columns));
      }),
    delete: (projectId, policyId) => write(() => deletePolicyRow(table, { projectId, policyId })),
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

function policyOf(row: Row): FlowPolicy {
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
