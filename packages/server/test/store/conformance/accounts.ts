import { describe, expect, it } from 'vitest';
import type { Store } from '../../../src/ports/store/store.ts';
import { aProject, aUser, anAccessKey, anApp, anAuditEntry } from '../../builders/account-builders.ts';
import { recordId } from '../../builders/chance.ts';
import { expectPaging, expectProblem, firstPage, type MakeStore, useStore } from './store-fixture.ts';

async function anAdmin(store: Store) {
  const user = aUser();
  const project = aProject();
  const defaultApp = anApp({ projectId: project.projectId, isDefault: true });
  const accessKey = anAccessKey({ userId: user.userId, projectId: project.projectId });
  const stored = await store.accounts.insertFirst({ user, project, defaultApp, accessKey });
  return { user, project, defaultApp, accessKey, stored };
}

export function describeAccounts(makeStore: MakeStore): void {
  describe('accounts', () => {
    const fixture = useStore(makeStore);

    it('stores the first account whole, as admin of its project', async () => {
      const { store } = fixture();
      const { user, project, defaultApp, accessKey, stored } = await anAdmin(store);
      expect(stored).toBe(true);
      expect(await store.accounts.findUserByName(user.domain, user.name)).toEqual(user);
      expect(await store.accounts.findProject(project.projectId)).toEqual(project);
      expect(await store.apps.findDefault(project.projectId)).toEqual(defaultApp);
      expect(await store.accounts.findAccessKey(accessKey.accessKey)).toEqual(accessKey);
      expect(await store.accounts.findRole(user.userId, project.projectId)).toBe('admin');
    });

    it('leaves everything as it is where a user exists', async () => {
      const { store } = fixture();
      await anAdmin(store);
      const second = await anAdmin(store);
      expect(second.stored).toBe(false);
      expect(await store.accounts.findProject(second.project.projectId)).toBeUndefined();
      expect(await store.accounts.findAccessKey(second.accessKey.accessKey)).toBeUndefined();
    });

    it('keeps names of projects and users unique in their domain', async () => {
      const { store } = fixture();
      const { user, project } = await anAdmin(store);
      const twin = aProject({ name: project.name });
      await expectProblem(
        store.accounts.insertProject(twin, anApp({ projectId: twin.projectId, isDefault: true })),
        'invalidInput',
      );
      expect(await store.accounts.findProject(twin.projectId)).toBeUndefined();
      await expectProblem(store.accounts.insertUser(aUser({ name: user.name })), 'invalidInput');
      await store.accounts.insertUser(aUser({ name: user.name, domain: 'elsewhere' }));
    });

    it('lists the projects in which a user has a role, by exact name too', async () => {
      const { store, scope } = fixture();
      const { user, project } = await anAdmin(store);
      await store.accounts.setRole({ userId: user.userId, projectId: scope.projectId }, 'viewer');
      const ids = (await store.accounts.listProjectsOf(user.userId)).map(({ projectId }) => projectId);
      expect(ids.toSorted()).toEqual([project.projectId, scope.projectId].toSorted());
      expect(await store.accounts.listProjectsOf(user.userId, project.name)).toEqual([project]);
      expect(await store.accounts.listProjectsOf(user.userId, 'nothing')).toEqual([]);
    });

    it('renames a project, and refuses a name that is taken', async () => {
      const { store, scope } = fixture();
      const { project } = await anAdmin(store);
      expect((await store.accounts.renameProject(scope.projectId, 'new name')).name).toBe('new name');
      await expectProblem(store.accounts.renameProject(scope.projectId, project.name), 'invalidInput');
      await expectProblem(store.accounts.renameProject(aProject().projectId, 'x'), 'invalidInput');
    });

    it('deletes an empty project with its groups and rules, not one that owns products', async () => {
      const { store, given, scope, other } = fixture();
      await anAdmin(store);
      const above = await given.group(scope);
      await given.group(scope, { superGroupId: above.groupId });
      await given.action(scope);
      await given.product(other);
      await store.accounts.deleteProject(scope.projectId);
      expect(await store.accounts.findProject(scope.projectId)).toBeUndefined();
      expect(await store.apps.list(scope.projectId)).toEqual([]);
      await expectProblem(store.accounts.deleteProject(other.projectId), 'invalidInput');
      expect(await store.accounts.findProject(other.projectId)).toBeDefined();
    });

    it('changes a user', async () => {
      const { store } = fixture();
      const { user } = await anAdmin(store);
      const changed = await store.accounts.updateUser(user.userId, { passwordHash: 'other' });
      expect(changed).toEqual({ ...user, passwordHash: 'other' });
      await expectProblem(store.accounts.updateUser(aUser().userId, { name: 'x' }), 'invalidInput');
    });

    it('never loses the last admin: by role, by user, by project', async () => {
      const { store, scope } = fixture();
      const { user, project } = await anAdmin(store);
      const binding = { userId: user.userId, projectId: project.projectId };
      await expectProblem(store.accounts.setRole(binding, 'operator'), 'invalidInput');
      await expectProblem(store.accounts.setRole(binding, undefined), 'invalidInput');
      await expectProblem(store.accounts.deleteUser(user.userId), 'invalidInput');
      await expectProblem(store.accounts.deleteProject(project.projectId), 'invalidInput');
      expect(await store.accounts.findRole(user.userId, project.projectId)).toBe('admin');

      const second = aUser();
      await store.accounts.insertUser(second);
      await store.accounts.setRole({ userId: second.userId, projectId: scope.projectId }, 'admin');
      await store.accounts.deleteUser(user.userId);
      expect(await store.accounts.findUser(user.userId)).toBeUndefined();
    });

    it('takes keys and roles away with their user', async () => {
      const { store, scope } = fixture();
      await anAdmin(store);
      const user = aUser();
      await store.accounts.insertUser(user);
      const key = anAccessKey({ userId: user.userId, projectId: scope.projectId });
      await store.accounts.insertAccessKey(key);
      await store.accounts.setRole({ userId: user.userId, projectId: scope.projectId }, 'viewer');
      await store.accounts.deleteUser(user.userId);
      expect(await store.accounts.findAccessKey(key.accessKey)).toBeUndefined();
      expect(await store.accounts.listRoles({ userId: user.userId })).toEqual([]);
    });

    it('gives no role or key to a user or project that does not exist', async () => {
      const { store, scope } = fixture();
      const { user } = await anAdmin(store);
      const nobody = aUser().userId;
      const nowhere = aProject().projectId;
      await expectProblem(
        store.accounts.setRole({ userId: nobody, projectId: scope.projectId }, 'viewer'),
        'invalidInput',
      );
      await expectProblem(
        store.accounts.setRole({ userId: user.userId, projectId: nowhere }, 'viewer'),
        'invalidInput',
      );
      await expectProblem(
        store.accounts.insertAccessKey(anAccessKey({ userId: nobody, projectId: scope.projectId })),
        'invalidInput',
      );
    });

    it('deletes an access key once', async () => {
      const { store } = fixture();
      const { accessKey, user } = await anAdmin(store);
      const twin = anAccessKey({ ...accessKey, recordId: recordId() });
      await expectProblem(store.accounts.insertAccessKey(twin), 'invalidInput');
      expect((await store.accounts.listAccessKeys(user.userId, firstPage)).items).toEqual([accessKey]);
      expect(await store.accounts.deleteAccessKey(accessKey.accessKey)).toBe(true);
      expect(await store.accounts.deleteAccessKey(accessKey.accessKey)).toBe(false);
    });

    it('pages users, projects, keys and the audit log', async () => {
      const { store, scope } = fixture();
      const users = Array.from({ length: 7 }, () => aUser());
      for (const user of users) await store.accounts.insertUser(user);
      const keys = users.map(({ userId }) => anAccessKey({ userId, projectId: scope.projectId }));
      for (const key of keys) await store.accounts.insertAccessKey(key);
      const entries = Array.from({ length: 7 }, () => anAuditEntry());
      for (const entry of entries) await store.accounts.audit(entry);
      const projects = (await store.accounts.listProjects(firstPage)).items;
      expect(projects).toHaveLength(2);

      const ids = (items: readonly { recordId: (typeof users)[number]['recordId'] }[]) =>
        items.map((item) => item.recordId);
      await expectPaging((page) => store.accounts.listUsers(page), ids(users));
      await expectPaging((page) => store.accounts.listAccessKeys(undefined, page), ids(keys));
      await expectPaging((page) => store.accounts.listAudit(page), ids(entries));
      await expectPaging((page) => store.accounts.listProjects(page), ids(projects));
      expect((await store.accounts.listAudit({ ...firstPage, limit: 1 })).items).toEqual([entries.at(-1)]);
    });
  });
}
