import type { AuditEntry } from '../../../domain/account.ts';
import type { Page, PageRequest } from '../../../domain/paging.ts';
import type { AccountStore, FirstAccount } from '../../../ports/store/account-store.ts';
import { insertSecret } from '../legacy-access/legacy-access-store.ts';
import { selectPage } from '../page.ts';
import { lockAccounts } from '../locks.ts';
import { change, first, type Program } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import { deleteAccessKey, findAccessKey, insertAccessKey, listAccessKeys } from './access-keys.ts';
import { auditEntryOf } from './account-codec.ts';
import { deleteProject, findProject, insertProject, listProjects, listProjectsOf, renameProject } from './projects.ts';
import { findRole, giveRole, listRoles, setRole } from './roles.ts';
import { deleteUser, findUser, findUserByName, insertUser, listUsers, updateUser } from './users.ts';

export function createAccountStore({ read, write }: Runner, ctx: SqlContext): AccountStore {
  return {
    insertFirst: (account) => write(() => insertFirst(ctx, account)),
    insertProject: (project, defaultApp) => write(() => insertProject(ctx, project, defaultApp)),
    findProject: (projectId) => read(() => findProject(ctx, projectId)),
    listProjectsOf: (userId, name) => read(() => listProjectsOf(ctx, userId, name)),
    listProjects: (page) => read(() => listProjects(ctx, page)),
    renameProject: (projectId, name) => write(() => renameProject(ctx, projectId, name)),
    deleteProject: (projectId) => write(() => deleteProject(ctx, projectId)),

    insertUser: (user) => write(() => insertUser(ctx, user)),
    findUser: (userId) => read(() => findUser(ctx, userId)),
    findUserByName: (domain, name) => read(() => findUserByName(ctx, domain, name)),
    listUsers: (page) => read(() => listUsers(ctx, page)),
    updateUser: (userId, changes) => write(() => updateUser(ctx, userId, changes)),
    deleteUser: (userId) => write(() => deleteUser(ctx, userId)),

    findRole: (userId, projectId) => read(() => findRole(ctx, userId, projectId)),
    listRoles: (filter) => read(() => listRoles(ctx, filter)),
    setRole: (binding, role) => write(() => setRole(ctx, binding, role)),

    insertAccessKey: (key) => write(() => insertAccessKey(ctx, key)),
    findAccessKey: (accessKey) => read(() => findAccessKey(ctx, accessKey)),
    listAccessKeys: (userId, page) => read(() => listAccessKeys(ctx, userId, page)),
    deleteAccessKey: (accessKey) => write(() => deleteAccessKey(ctx, accessKey)),

    audit: (entry) => write(() => insertAuditEntry(ctx, entry)),
    listAudit: (page) => read(() => listAudit(ctx, page)),
  };
}

/** Two nodes may start on one empty database: whoever comes second finds a user and leaves everything as it is. */
function* insertFirst(ctx: SqlContext, account: FirstAccount): Program<boolean> {
  const { user, project, defaultApp, accessKey, legacySecretHash } = account;
  yield* lockAccounts(ctx);
  const anyone = yield* first(ctx.db.selectFrom('users').select('user_id').limit(1));
  if (anyone !== undefined) return false;
  yield* insertUser(ctx, user);
  yield* insertProject(ctx, project, defaultApp);
  yield* giveRole(ctx, { userId: user.userId, projectId: project.projectId, role: 'admin' });
  yield* insertAccessKey(ctx, accessKey);
  if (legacySecretHash !== undefined) yield* insertSecret(ctx, defaultApp.appId, legacySecretHash);
  return true;
}

function* insertAuditEntry(ctx: SqlContext, entry: AuditEntry): Program<void> {
  const { recordId, at, actor, action, subject } = entry;
  yield* change(ctx.db.insertInto('audit').values({ record_id: recordId, at, actor, action, subject }));
}

function* listAudit(ctx: SqlContext, page: PageRequest): Program<Page<AuditEntry>> {
  const base = ctx.db.selectFrom('audit').selectAll();
  return yield* selectPage(base, { key: 'audit.record_id', page, decode: auditEntryOf });
}
