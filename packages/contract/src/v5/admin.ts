import { Type } from 'typebox';
import type { Static } from 'typebox';
import { defaulted } from '../schema.ts';
import { PageInfo, freeForm, id, oneOf, pagingQuery, shown, string } from './primitives.ts';

// Operations, Administration. Users, projects, access keys and roles in the v5 conventions; every call needs the role `admin`.
export const roleNames = ['admin', 'operator', 'viewer'] as const;

const createTime = shown("Creation time, yyyyMMdd'T'HHmmss'Z'.");
const enabled = Type.Boolean({
  description: 'false: it no longer gives access. Decision: false is not available yet (000006); delete instead.',
});
const enabledByDefault = defaulted(enabled, true);
const userName = id(64, 'Name for signing in, unique in the domain.');
const projectName = id(64, 'Name, unique in the domain; clients look a project up by it.');
const description = string(256, 'What it is for.');
const password = string(128, 'Password.', 8);

export const CreateUserRequest = Type.Object({
  user_name: userName,
  password: Type.Optional(string(128, 'Password; absent: generated and shown once in the answer.', 8)),
  description: Type.Optional(description),
  enabled: enabledByDefault,
});
export type CreateUserRequest = Static<typeof CreateUserRequest>;

export const UpdateUserRequest = Type.Object({
  user_name: Type.Optional(userName),
  password: Type.Optional(password),
  description: Type.Optional(description),
  enabled: Type.Optional(enabled),
});
export type UpdateUserRequest = Static<typeof UpdateUserRequest>;

export const ListUsersQuery = Type.Object({
  user_name: Type.Optional(string(64, 'Exact name.')),
  ...pagingQuery,
});
export type ListUsersQuery = Static<typeof ListUsersQuery>;

const userFields = {
  user_id: shown('User id.'),
  user_name: shown('Name for signing in.'),
  domain_id: shown('Domain id.'),
  domain_name: shown('Domain name.'),
  description: Type.Optional(shown('What the user is for.')),
  enabled,
  create_time: createTime,
};

export const User = Type.Object(userFields);
export type User = Static<typeof User>;

export const CreateUserResponse = Type.Object({
  ...userFields,
  password: Type.Optional(shown('The generated password, shown this once.')),
});
export type CreateUserResponse = Static<typeof CreateUserResponse>;

export const ListUsersResponse = Type.Object({
  users: Type.Array(User, { description: 'This page.' }),
  page: PageInfo,
});
export type ListUsersResponse = Static<typeof ListUsersResponse>;

export const CreateProjectRequest = Type.Object({
  project_name: projectName,
  description: Type.Optional(description),
});
export type CreateProjectRequest = Static<typeof CreateProjectRequest>;

export const UpdateProjectRequest = Type.Object({
  project_name: Type.Optional(projectName),
  description: Type.Optional(description),
});
export type UpdateProjectRequest = Static<typeof UpdateProjectRequest>;

export const AdminListProjectsQuery = Type.Object({
  project_name: Type.Optional(string(64, 'Exact name.')),
  ...pagingQuery,
});
export type AdminListProjectsQuery = Static<typeof AdminListProjectsQuery>;

export const Project = Type.Object({
  project_id: shown('Project id, as in the paths of v5.'),
  project_name: shown('Name.'),
  domain_id: shown('Domain id.'),
  description: Type.Optional(shown('What the project is for.')),
  create_time: createTime,
});
export type Project = Static<typeof Project>;

export const AdminListProjectsResponse = Type.Object({
  projects: Type.Array(Project, { description: 'This page.' }),
  page: PageInfo,
});
export type AdminListProjectsResponse = Static<typeof AdminListProjectsResponse>;

/** v5 2: credentials belong to a user and a project. */
export const CreateAccessKeyRequest = Type.Object({
  user_id: id(64, 'The user that signs with it.'),
  project_id: id(64, 'The project that it gives access to.'),
  description: Type.Optional(description),
  enabled: enabledByDefault,
});
export type CreateAccessKeyRequest = Static<typeof CreateAccessKeyRequest>;

export const UpdateAccessKeyRequest = Type.Object({
  description: Type.Optional(description),
  enabled: Type.Optional(enabled),
});
export type UpdateAccessKeyRequest = Static<typeof UpdateAccessKeyRequest>;

export const ListAccessKeysQuery = Type.Object({
  user_id: Type.Optional(id(64, 'Only keys of this user.')),
  project_id: Type.Optional(id(64, 'Only keys for this project.')),
  ...pagingQuery,
});
export type ListAccessKeysQuery = Static<typeof ListAccessKeysQuery>;

const accessKeyFields = {
  access_key: shown('The AK; it names the key in paths, too.'),
  user_id: shown('The user that signs with it.'),
  project_id: shown('The project that it gives access to.'),
  description: Type.Optional(shown('What the key is for.')),
  enabled,
  create_time: createTime,
};

export const AccessKey = Type.Object(accessKeyFields);
export type AccessKey = Static<typeof AccessKey>;

export const CreateAccessKeyResponse = Type.Object({
  ...accessKeyFields,
  secret_key: shown('The SK, shown this once.'),
});
export type CreateAccessKeyResponse = Static<typeof CreateAccessKeyResponse>;

export const ListAccessKeysResponse = Type.Object({
  access_keys: Type.Array(AccessKey, { description: 'This page.' }),
  page: PageInfo,
});
export type ListAccessKeysResponse = Static<typeof ListAccessKeysResponse>;

const role = oneOf(roleNames, 'admin: everything; operator: all but administration; viewer: reads, no secrets.');

/** A user has one role per project. */
export const CreateRoleRequest = Type.Object({
  user_id: id(64, 'The user.'),
  project_id: id(64, 'The project.'),
  role,
});
export type CreateRoleRequest = Static<typeof CreateRoleRequest>;

export const UpdateRoleRequest = Type.Object({ role });
export type UpdateRoleRequest = Static<typeof UpdateRoleRequest>;

export const ListRolesQuery = Type.Object({
  user_id: Type.Optional(id(64, 'Only roles of this user.')),
  project_id: Type.Optional(id(64, 'Only roles in this project.')),
  ...pagingQuery,
});
export type ListRolesQuery = Static<typeof ListRolesQuery>;

export const Role = Type.Object({
  role_id: shown('Id of the assignment.'),
  user_id: shown('The user.'),
  project_id: shown('The project.'),
  role,
});
export type Role = Static<typeof Role>;

export const ListRolesResponse = Type.Object({
  roles: Type.Array(Role, { description: 'This page.' }),
  page: PageInfo,
});
export type ListRolesResponse = Static<typeof ListRolesResponse>;

export const ListAuditQuery = Type.Object({
  user_id: Type.Optional(id(64, 'Only what this user did.')),
  ...pagingQuery,
});
export type ListAuditQuery = Static<typeof ListAuditQuery>;

export const AuditRecord = Type.Object({
  audit_id: shown('Record id, 24 hex.'),
  time: shown('When, with milliseconds.'),
  user_id: shown('Who.'),
  user_name: Type.Optional(shown('Who, by name at that time.')),
  action: shown('What was done: an operation id such as `CreateUser`.'),
  resource_type: shown('`user`, `project`, `access-key` or `role`.'),
  resource_id: shown('Id of what was changed.'),
  request_id: Type.Optional(shown('X-Request-Id of the call.')),
  detail: Type.Optional(freeForm('What changed; never a secret.')),
});
export type AuditRecord = Static<typeof AuditRecord>;

export const ListAuditResponse = Type.Object({
  audit: Type.Array(AuditRecord, { description: 'This page, newest first.' }),
  page: PageInfo,
});
export type ListAuditResponse = Static<typeof ListAuditResponse>;
