import type { Role, RoleBinding } from '../../../domain/account.ts';
import { asId, type ProjectId, type UserId } from '../../../domain/ids.ts';
import { invalid } from '../../../domain/problem.ts';
import { lockAccounts } from '../locks.ts';
import { all, change, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';

export function* findRole(ctx: SqlContext, userId: UserId, projectId: ProjectId): Program<Role | undefined> {
  const row = yield* first(
    ctx.db.selectFrom('role_bindings').select('role').where('user_id', '=', userId).where('project_id', '=', projectId),
  );
  return row?.role;
}

export function* listRoles(
  ctx: SqlContext,
  filter: { userId?: UserId; projectId?: ProjectId },
): Program<readonly RoleBinding[]> {
  let query = ctx.db.selectFrom('role_bindings').selectAll();
  if (filter.userId !== undefined) query = query.where('user_id', '=', filter.userId);
  if (filter.projectId !== undefined) query = query.where('project_id', '=', filter.projectId);
  const rows = yield* all(query.orderBy('user_id').orderBy('project_id'));
  return rows.map((row) => ({
    userId: asId<UserId>(row.user_id),
    projectId: asId<ProjectId>(row.project_id),
    role: row.role,
  }));
}

/** `role` undefined takes it away. */
export function* setRole(ctx: SqlContext, binding: Omit<RoleBinding, 'role'>, role: Role | undefined): Program<void> {
  yield* lockAccounts(ctx);
  if (role === undefined) {
    yield* change(
      ctx.db
        .deleteFrom('role_bindings')
        .where('user_id', '=', binding.userId)
        .where('project_id', '=', binding.projectId),
    );
  } else {
    yield* giveRole(ctx, { ...binding, role });
  }
  yield* refuseWithoutAdmin(ctx);
}

export function* giveRole(ctx: SqlContext, { userId, projectId, role }: RoleBinding): Program<void> {
  const user = yield* first(ctx.db.selectFrom('users').select('user_id').where('user_id', '=', userId));
  if (user === undefined) throw invalid('userId', 'the user does not exist');
  const project = yield* first(ctx.db.selectFrom('projects').select('project_id').where('project_id', '=', projectId));
  if (project === undefined) throw invalid('projectId', 'the project does not exist');
  yield* change(
    ctx.db
      .insertInto('role_bindings')
      .values({ user_id: userId, project_id: projectId, role })
      .onConflict((conflict) => conflict.columns(['user_id', 'project_id']).doUpdateSet({ role })),
  );
}

/** Asked after the change, so that one rule fits every way of losing an admin; the throw takes the change back. */
export function* refuseWithoutAdmin(ctx: SqlContext): Program<void> {
  const admin = yield* first(ctx.db.selectFrom('role_bindings').select('user_id').where('role', '=', 'admin').limit(1));
  if (admin === undefined) throw invalid('role', 'the last admin cannot be removed');
}
