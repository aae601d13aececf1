import type { Selectable } from 'kysely';
import { asId, type PolicyId, type ProjectId, type RecordId } from '../../../domain/ids.ts';
import type { Page, PageRequest } from '../../../domain/paging.ts';
import type { BacklogPolicy } from '../../../domain/policy.ts';
import { Problem } from '../../../domain/problem.ts';
import type {
  BacklogPolicyChanges,
  BacklogPolicyFilter,
  BacklogPolicyStore,
} from '../../../ports/store/policy-store.ts';
import { orNull, orUndefined } from '../columns.ts';
import { selectPage } from '../page.ts';
import { change, first, type Program } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import type { BacklogPoliciesTable } from '../push-tables.ts';
import { changeUnique } from '../unique.ts';

type PolicyKey = Pick<BacklogPolicy, 'projectId' | 'policyId'>;

/** v5 15.4: one per project. */
const onePerProject = {
  key: { table: 'backlog_policies', columns: ['project_id'] },
  problem: () => new Problem('policyExists'),
};

export function createBacklogPolicyStore({ read, write }: Runner, ctx: SqlContext): BacklogPolicyStore {
  return {
    insert: (policy) => write(() => insertPolicy(ctx, policy)),
    find: (projectId, policyId) => read(() => findPolicy(ctx, { projectId, policyId })),
    list: (filter, page) => read(() => listPolicies(ctx, filter, page)),
    update: (projectId, policyId, changes) => write(() => updatePolicy(ctx, { projectId, policyId }, changes)),
    delete: (projectId, policyId) => write(() => deletePolicy(ctx, { projectId, policyId })),
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

function* findPolicy({ db }: SqlContext, { projectId, policyId }: PolicyKey): Program<BacklogPolicy | undefined> {
  const row = yield* first(
    db.selectFrom('backlog_policies').selectAll().where('policy_id', '=', policyId).where('project_id', '=', projectId),
  );
  return row && policyOf(row);
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

function* updatePolicy(
  ctx: SqlContext,
  key: PolicyKey,
  { name, description, bytesMax, ageSecondsMax }: BacklogPolicyChanges,
): Program<BacklogPolicy> {
  const set = {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(bytesMax === undefined ? {} : { bytes_max: bytesMax }),
    ...(ageSecondsMax === undefined ? {} : { age_seconds_max: ageSecondsMax }),
  };
  if (Object.keys(set).length > 0) {
    const { projectId, policyId } = key;
    yield* change(
      ctx.db
        .updateTable('backlog_policies')
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
    db.deleteFrom('backlog_policies').where('policy_id', '=', policyId).where('project_id', '=', projectId),
  );
  if (deleted === 0) throw new Problem('policyNotFound');
}

function policyOf(row: Selectable<BacklogPoliciesTable>): BacklogPolicy {
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
