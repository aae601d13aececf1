import type { AuditEntry } from '../../domain/account.ts';
import type { Page, PageRequest } from '../../domain/paging.ts';
import { type AccessKeys, createAccessKeys } from './access-keys.ts';
import type { AccountParts } from './account-parts.ts';
import { createAudit, listAudit } from './audit.ts';
import { type Projects, createProjects } from './projects.ts';
import { type Roles, createRoles } from './roles.ts';
import { type Users, createUsers } from './users.ts';

/** Administration: who may do what. Every change is in the audit log. */
export interface AccountServices {
  readonly users: Users;
  readonly projects: Projects;
  readonly accessKeys: AccessKeys;
  readonly roles: Roles;
  listAudit(page: PageRequest, userId: string | undefined): Promise<Page<AuditEntry>>;
}

export function createAccountServices(parts: AccountParts): AccountServices {
  const audit = createAudit(parts);
  return {
    users: createUsers(parts, audit),
    projects: createProjects(parts, audit),
    accessKeys: createAccessKeys(parts, audit),
    roles: createRoles(parts, audit),
    listAudit: (page, userId) => listAudit(parts, page, userId),
  };
}
