import { createHash } from 'node:crypto';
import type { Role, RoleBinding } from '../../domain/account.ts';
import { type ProjectId, type RecordId, type UserId, asId } from '../../domain/ids.ts';
import type { Page, PageRequest } from '../../domain/paging.ts';
import { Problem } from '../../domain/problem.ts';
import type { Caller } from '../caller.ts';
import type { AccountParts } from './account-parts.ts';
import type { Audit } from './audit.ts';
import { pageOf } from './filtered-page.ts';

/** A binding with its public id. */
export interface NamedRole extends RoleBinding {
  readonly roleId: string;
}

export interface RoleFilter {
  readonly userId: string | undefined;
  readonly projectId: string | undefined;
}

/** One role per user and project. Unknown ids are accountNotFound (404); the last admin's cannot be taken away (invalidInput). */
export interface Roles {
  /** Replaces the role that the user may have in that project. */
  set(caller: Caller, binding: { userId: string; projectId: string; role: Role }): Promise<NamedRole>;
  get(roleId: string): Promise<NamedRole>;
  list(page: PageRequest, filter: RoleFilter): Promise<Page<NamedRole>>;
  update(caller: Caller, roleId: string, role: Role): Promise<NamedRole>;
  delete(caller: Caller, roleId: string): Promise<void>;
}

export function createRoles({ accounts }: AccountParts, audit: Audit): Roles {
  const get = async (roleId: string): Promise<NamedRole> => {
    const { userId, projectId } = partsOf(roleId);
    const role = await accounts.findRole(userId, projectId);
    if (role === undefined) throw new Problem('accountNotFound', { args: ['role'] });
    return named({ userId, projectId, role });
  };
  return {
    get,
    set: async (caller, { userId, projectId, role }) => {
      const place = { userId: asId<UserId>(userId), projectId: asId<ProjectId>(projectId) };
      await accounts.setRole(place, role);
      const binding = named({ ...place, role });
      await audit(caller, 'AdminCreateRole', ['role', binding.roleId]);
      return binding;
    },
    list: async (page, { userId, projectId }) => {
      const bindings = await accounts.listRoles({
        ...(userId !== undefined && { userId: asId<UserId>(userId) }),
        ...(projectId !== undefined && { projectId: asId<ProjectId>(projectId) }),
      });
      return pageOf(bindings.map(withRecordId).sort(byRecordId), page);
    },
    update: async (caller, roleId, role) => {
      const { userId, projectId } = await get(roleId);
      await accounts.setRole({ userId, projectId }, role);
      await audit(caller, 'AdminUpdateRole', ['role', roleId]);
      return named({ userId, projectId, role });
    },
    delete: async (caller, roleId) => {
      const { userId, projectId } = await get(roleId);
      await accounts.setRole({ userId, projectId }, undefined);
      await audit(caller, 'AdminDeleteRole', ['role', roleId]);
    },
  };
}

function named(binding: RoleBinding): NamedRole {
  return { ...binding, roleId: `${binding.userId}.${binding.projectId}` };
}

// User ids are ours and hold no full stop.
function partsOf(roleId: string): Omit<RoleBinding, 'role'> {
  const dot = roleId.indexOf('.');
  if (dot === -1) throw new Problem('accountNotFound', { args: ['role'] });
  return { userId: asId<UserId>(roleId.slice(0, dot)), projectId: asId<ProjectId>(roleId.slice(dot + 1)) };
}

// A binding has no record id of its own; one made from its name gives the list a fixed order to page by.
function withRecordId(binding: RoleBinding): NamedRole & { readonly recordId: RecordId } {
  const role = named(binding);
  return { ...role, recordId: asId(createHash('sha256').update(role.roleId).digest('hex').slice(0, 24)) };
}

function byRecordId(a: { recordId: RecordId }, b: { recordId: RecordId }): number {
  return a.recordId < b.recordId ? 1 : -1;
}
