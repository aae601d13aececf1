import type { Selectable } from 'kysely';
import { asId, type PolicyId, type ProjectId, type RecordId } from '../../../domain/ids.ts';
import type { Page, PageRequest } from '../../../domain/paging.ts';
import type { BacklogPolicy } from '../../../domain/policy.ts';
import { Problem } from '../../../domain/problem.ts';
import type { BacklogPolicyFilter, BacklogPolicyStore } from '../../../ports/store/policy-store.ts';
import { orNull, orUndefined } from '../columns.ts';
import { selectPage } from '../page.ts';
import type { Program } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import type { BacklogPoliciesTable } from '../push-tables.ts';
import { changePolicyRow, deletePolicyRow, findPolicyRow } from './policy-rows.ts';
import { changeUnique } from '../unique.ts';

const table = 'backlog_policies';
type Row = Selectable<BacklogPoliciesTable>;

/** v5 15.4: one per project. */
const onePerProject = {
  key: { table: 'backlog_policies', columns: ['project_id'] },
  problem: () => new Problem('policyExists'),
};

export function createBacklogPolicyStore({ read, write }: Runner, ctx: SqlContext): BacklogPolicyStore {
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
        const columns = { name, description, bytes_max: changes.bytesMax, age_seconds_max: changes.ageSecondsMax };
        return policyOf(yield* changePolicyRow<Row>(table, { projectId, policyId }, columns));
      }),
    delete: (projectId, policyId) => write(() => deletePolicyRow(table, { projectId, policyId })),
  };
}

function* insertPolicy(ctx: SqlContext, policy: BacklogPolicy): Program<void> {
  const row = {
    policy_id: policy.policyId,
    record_id: policy.recordId,
    project_id: policy.projectId,
    name: orNull(policy.name),
    description: orNull(policy.description),
    bytes_max: policy.bytesMax,
    age_seconds_max: policy.ageSecondsMax,
  };
  yield* changeUnique(ctx, ctx.db.insertInto('backlog_policies').values(row), [onePerProject]);
}

function* listPolicies(
  { db }: SqlContext,
  { projectId, name }: BacklogPolicyFilter,
  page: PageRequest,
): Program<Page<BacklogPolicy>> {
  let base = db.selectFrom('backlog_policies').selectAll().where('project_id', '=', projectId);
  if (name !== undefined) base = base.where('name', '=', name);
  return yield* selectPage(base, { key: 'backlog_policies.record_id', page, decode: policyOf });
}

function policyOf(row: Row): BacklogPolicy {
  return {
    recordId: asId<RecordId>(row.record_id),
    policyId: asId<PolicyId>(row.policy_id),
    projectId: asId<ProjectId>(row.project_id),
    name: orUndefined(row.name),
    description: orUndefined(row.description),
    bytesMax: row.bytes_max,
    ageSecondsMax: row.age_seconds_max,
  };
}
