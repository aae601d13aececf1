import {
  AdminListProjectsQuery,
  CreateAccessKeyRequest,
  CreateProjectRequest,
  CreateRoleRequest,
  CreateUserRequest,
  ListAccessKeysQuery,
  ListAuditQuery,
  ListRolesQuery,
  ListUsersQuery,
  UpdateAccessKeyRequest,
  UpdateProjectRequest,
  UpdateRoleRequest,
  UpdateUserRequest,
} from '@muster/contract/v5';
import { invalid } from '../../domain/problem.ts';
import type { AccountServices } from '../../services/accounts/account-services.ts';
import { encodeAccessKey, encodeAudit, encodeProject, encodeRole, encodeUser } from './admin-encode.ts';
import { withFieldNames } from './field-names.ts';
import { decodePage, encodePage } from './page.ts';
import { type V5Route, v5Route } from './route.ts';

/** Operations page, Administration. */
export function createAdminRoutes(services: AccountServices): V5Route[] {
  return [
    ...withFieldNames({ name: 'user_name' }, userRoutes(services)),
    ...withFieldNames({ name: 'project_name' }, projectRoutes(services)),
    ...withFieldNames({}, [...accessKeyRoutes(services), ...roleRoutes(services)]),
    v5Route('AdminListAudit', {
      query: ListAuditQuery,
      handle: async ({ query }) => {
        const page = await services.listAudit(decodePage(query), query.user_id);
        return { audit: page.items.map(encodeAudit), page: encodePage(page) };
      },
    }),
  ];
}

/** What is not stored yet is refused, not dropped: a key that was meant to be off would stay valid. */
function refuseUnstored(body: {
  readonly description?: string | undefined;
  readonly enabled?: boolean | undefined;
}): void {
  if (body.enabled === false) throw invalid('enabled', 'false is not available in this version; delete it instead');
  if ((body.description ?? '') !== '') throw invalid('description', 'is not available in this version');
}

function userRoutes({ users }: AccountServices): V5Route[] {
  return [
    v5Route('AdminCreateUser', {
      body: CreateUserRequest,
      handle: async ({ caller, body }) => {
        refuseUnstored(body);
        const { user, password } = await users.create(caller, { name: body.user_name, password: body.password });
        return { ...encodeUser(user), ...(password !== undefined && { password }) };
      },
    }),
    v5Route('AdminListUsers', {
      query: ListUsersQuery,
      handle: async ({ query }) => {
        const page = await users.list(decodePage(query), query.user_name);
        return { users: page.items.map(encodeUser), page: encodePage(page) };
      },
    }),
    v5Route('AdminShowUser', { handle: async ({ param }) => encodeUser(await users.get(param('user_id'))) }),
    v5Route('AdminUpdateUser', {
      body: UpdateUserRequest,
      handle: async ({ caller, param, body }) => {
        refuseUnstored(body);
        const changes = { name: body.user_name, password: body.password };
        return encodeUser(await users.update(caller, param('user_id'), changes));
      },
    }),
    v5Route('AdminDeleteUser', { handle: ({ caller, param }) => users.delete(caller, param('user_id')) }),
  ];
}

function projectRoutes({ projects }: AccountServices): V5Route[] {
  return [
    v5Route('AdminCreateProject', {
      body: CreateProjectRequest,
      handle: async ({ caller, body }) => {
        refuseUnstored(body);
        return encodeProject(await projects.create(caller, body.project_name));
      },
    }),
    v5Route('AdminListProjects', {
      query: AdminListProjectsQuery,
      handle: async ({ query }) => {
        const page = await projects.list(decodePage(query), query.project_name);
        return { projects: page.items.map(encodeProject), page: encodePage(page) };
      },
    }),
    v5Route('AdminShowProject', {
      handle: async ({ param }) => encodeProject(await projects.get(param('project_id'))),
    }),
    v5Route('AdminUpdateProject', {
      body: UpdateProjectRequest,
      handle: async ({ caller, param, body }) => {
        refuseUnstored(body);
        const id = param('project_id');
        const name = body.project_name;
        return encodeProject(name === undefined ? await projects.get(id) : await projects.rename(caller, id, name));
      },
    }),
    v5Route('AdminDeleteProject', { handle: ({ caller, param }) => projects.delete(caller, param('project_id')) }),
  ];
}

function accessKeyRoutes({ accessKeys }: AccountServices): V5Route[] {
  return [
    v5Route('AdminCreateAccessKey', {
      body: CreateAccessKeyRequest,
      handle: async ({ caller, body }) => {
        refuseUnstored(body);
        const key = await accessKeys.create(caller, { userId: body.user_id, projectId: body.project_id });
        return { ...encodeAccessKey(key), secret_key: key.secretKey };
      },
    }),
    v5Route('AdminListAccessKeys', {
      query: ListAccessKeysQuery,
      handle: async ({ query }) => {
        const filter = { userId: query.user_id, projectId: query.project_id };
        const page = await accessKeys.list(decodePage(query), filter);
        return { access_keys: page.items.map(encodeAccessKey), page: encodePage(page) };
      },
    }),
    v5Route('AdminShowAccessKey', {
      handle: async ({ param }) => encodeAccessKey(await accessKeys.get(param('access_key'))),
    }),
    v5Route('AdminUpdateAccessKey', {
      body: UpdateAccessKeyRequest,
      handle: async ({ param, body }) => {
        refuseUnstored(body);
        return encodeAccessKey(await accessKeys.get(param('access_key')));
      },
    }),
    v5Route('AdminDeleteAccessKey', { handle: ({ caller, param }) => accessKeys.delete(caller, param('access_key')) }),
  ];
}

function roleRoutes({ roles }: AccountServices): V5Route[] {
  return [
    v5Route('AdminCreateRole', {
      body: CreateRoleRequest,
      handle: async ({ caller, body }) => {
        const binding = { userId: body.user_id, projectId: body.project_id, role: body.role };
        return encodeRole(await roles.set(caller, binding));
      },
    }),
    v5Route('AdminListRoles', {
      query: ListRolesQuery,
      handle: async ({ query }) => {
        const page = await roles.list(decodePage(query), { userId: query.user_id, projectId: query.project_id });
        return { roles: page.items.map(encodeRole), page: encodePage(page) };
      },
    }),
    v5Route('AdminShowRole', { handle: async ({ param }) => encodeRole(await roles.get(param('role_id'))) }),
    v5Route('AdminUpdateRole', {
      body: UpdateRoleRequest,
      handle: async ({ caller, param, body }) => encodeRole(await roles.update(caller, param('role_id'), body.role)),
    }),
    v5Route('AdminDeleteRole', { handle: ({ caller, param }) => roles.delete(caller, param('role_id')) }),
  ];
}
