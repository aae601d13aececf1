import type { Project } from '../../../domain/account.ts';
import type { App } from '../../../domain/app.ts';
import type { ProjectId, UserId } from '../../../domain/ids.ts';
import type { Page, PageRequest } from '../../../domain/paging.ts';
import { invalid } from '../../../domain/problem.ts';
import { rowOfApp } from '../apps/app-codec.ts';
import { insertDefaultQueue } from '../queues/queue-store.ts';
import { selectPage } from '../page.ts';
import { lockAccounts, lockProject } from '../locks.ts';
import { all, change, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { changeUnique } from '../unique.ts';
import { projectOf, rowOfProject } from './account-codec.ts';
import { refuseWithoutAdmin } from './roles.ts';

const nameTaken = {
  key: { table: 'projects', columns: ['domain', 'name'] },
  problem: () => invalid('name', 'a project of this name exists'),
};
const idTaken = {
  key: { table: 'projects', columns: ['project_id'] },
  problem: () => invalid('projectId', 'a project of this id exists'),
};

/** With its default application (v5 4) and its default queue (v5 15.6). */
export function* insertProject(ctx: SqlContext, project: Project, defaultApp: App): Program<void> {
  yield* changeUnique(ctx, ctx.db.insertInto('projects').values(rowOfProject(project)), [nameTaken, idTaken]);
  yield* change(ctx.db.insertInto('apps').values(rowOfApp(defaultApp)));
  yield* insertDefaultQueue(ctx, project.projectId, project.createdAt);
}

export function* findProject(ctx: SqlContext, projectId: ProjectId): Program<Project | undefined> {
  const row = yield* first(ctx.db.selectFrom('projects').selectAll().where('project_id', '=', projectId));
  return row && projectOf(row);
}

export function* listProjectsOf(ctx: SqlContext, userId: UserId, name?: string): Program<readonly Project[]> {
  let query = ctx.db
    .selectFrom('projects')
    .innerJoin('role_bindings', 'role_bindings.project_id', 'projects.project_id')
    .selectAll('projects')
    .where('role_bindings.user_id', '=', userId);
  if (name !== undefined) query = query.where('projects.name', '=', name);
  const rows = yield* all(query.orderBy('projects.record_id', 'desc'));
  return rows.map(projectOf);
}

export function* listProjects(ctx: SqlContext, page: PageRequest): Program<Page<Project>> {
  const base = ctx.db.selectFrom('projects').selectAll();
  return yield* selectPage(base, { key: 'projects.record_id', page, decode: projectOf });
}

export function* renameProject(ctx: SqlContext, projectId: ProjectId, name: string): Program<Project> {
  const renaming = ctx.db.updateTable('projects').set({ name }).where('project_id', '=', projectId);
  yield* changeUnique(ctx, renaming, [nameTaken]);
  const project = yield* findProject(ctx, projectId);
  if (project === undefined) throw unknownProject();
  return project;
}

const unknownProject = () => invalid('projectId', 'the project does not exist');

/** Groups, rules and applications go with it; what still needs work or holds files must be removed by hand before. */
export function* deleteProject(ctx: SqlContext, projectId: ProjectId): Program<void> {
  const { db } = ctx;
  yield* lockAccounts(ctx);
  yield* lockProject(ctx, projectId);
  yield* refuseUsed(ctx, projectId);
  // Their chunks follow in small steps.
  yield* change(
    db
      .updateTable('exports')
      .set({ state: 'gone', due_at: null, expires_at: 0 })
      .where('project_id', '=', projectId)
      .where('state', '<>', 'gone'),
  );
  yield* change(db.deleteFrom('rules').where('project_id', '=', projectId));
  yield* change(db.deleteFrom('backlog_policies').where('project_id', '=', projectId));
  yield* change(db.deleteFrom('flow_policies').where('project_id', '=', projectId));
  yield* change(db.deleteFrom('queues').where('project_id', '=', projectId));
  yield* change(db.deleteFrom('device_groups').where('project_id', '=', projectId));
  yield* change(db.deleteFrom('apps').where('project_id', '=', projectId));
  const deleted = yield* change(db.deleteFrom('projects').where('project_id', '=', projectId));
  if (deleted === 0) throw unknownProject();
  // Its roles went with it: the last admin may have been among them.
  yield* refuseWithoutAdmin(ctx);
}

function* refuseUsed(ctx: SqlContext, projectId: ProjectId): Program<void> {
  for (const table of ['products', 'devices', 'tasks'] as const) {
    const used = yield* first(
      ctx.db.selectFrom(table).select('project_id').where('project_id', '=', projectId).limit(1),
    );
    if (used !== undefined) throw invalid('projectId', `the project still has ${table}`);
  }
}
