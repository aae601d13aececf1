import type { AccessKey, AuditEntry, Project, Role, RoleBinding, User } from '../../domain/account.ts';
import type { App } from '../../domain/app.ts';
import type { ProjectId, UserId } from '../../domain/ids.ts';
import type { Page, PageRequest } from '../../domain/paging.ts';

export interface FirstAccount {
  readonly user: User;
  readonly project: Project;
  readonly defaultApp: App;
  readonly accessKey: AccessKey;
  /** Of the default application (legacy 2); absent: it has no secret. */
  readonly legacySecretHash?: string;
}

export interface AccountStore {
  /** Stores the first account where no user exists yet; false where one does. */
  insertFirst(first: FirstAccount): Promise<boolean>;

  /** With its default application (v5 4). */
  insertProject(project: Project, defaultApp: App): Promise<void>;
  findProject(projectId: ProjectId): Promise<Project | undefined>;
  /** Those in which the user has a role; `name` exact. */
  listProjectsOf(userId: UserId, name?: string): Promise<readonly Project[]>;
  listProjects(page: PageRequest): Promise<Page<Project>>;
  renameProject(projectId: ProjectId, name: string): Promise<Project>;
  /** Refused (`invalidInput`) while the project owns products, devices or tasks. */
  deleteProject(projectId: ProjectId): Promise<void>;

  insertUser(user: User): Promise<void>;
  findUser(userId: UserId): Promise<User | undefined>;
  findUserByName(domain: string, name: string): Promise<User | undefined>;
  listUsers(page: PageRequest): Promise<Page<User>>;
  updateUser(userId: UserId, changes: { name?: string; passwordHash?: string }): Promise<User>;
  /** Its keys and roles go with it. Refused where it is the last admin. */
  deleteUser(userId: UserId): Promise<void>;

  findRole(userId: UserId, projectId: ProjectId): Promise<Role | undefined>;
  listRoles(filter: { userId?: UserId; projectId?: ProjectId }): Promise<readonly RoleBinding[]>;
  /** `role` undefined takes it away. Refused where no admin would be left in the installation. */
  setRole(binding: Omit<RoleBinding, 'role'>, role: Role | undefined): Promise<void>;

  insertAccessKey(key: AccessKey): Promise<void>;
  findAccessKey(accessKey: string): Promise<AccessKey | undefined>;
  listAccessKeys(userId: UserId | undefined, page: PageRequest): Promise<Page<AccessKey>>;
  deleteAccessKey(accessKey: string): Promise<boolean>;

  audit(entry: AuditEntry): Promise<void>;
  listAudit(page: PageRequest): Promise<Page<AuditEntry>>;
}
