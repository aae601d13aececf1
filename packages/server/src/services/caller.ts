import { roleAllows, type Role } from '../domain/account.ts';
import type { ProjectId, UserId } from '../domain/ids.ts';
import { Problem } from '../domain/problem.ts';

/** Who is calling, once the credentials are proven. Credentials belong to a user and a project (v5 2). */
export interface Caller {
  readonly userId: UserId;
  readonly userName: string;
  readonly domain: string;
  /** Absent: a domain-scoped token, good for /v3 alone (v5 2.1). */
  readonly projectId: ProjectId | undefined;
  /** The user's role in that project at this moment; absent where it was taken away. */
  readonly role: Role | undefined;
}

/** Whether the caller's role gives `permission` (`iotda:devices:query`, `muster:admin:users`). */
export function callerMay(caller: Caller, permission: string): boolean {
  return caller.role !== undefined && roleAllows(caller.role, permission);
}

/** v5 1, Permissions: 403 000022 without it. */
export function requirePermission(caller: Caller, permission: string): void {
  if (!callerMay(caller, permission)) throw new Problem('permissionDenied');
}

/** v5 1, Projects: an unknown project or one that is not the caller's is 403 000021, and so is a user without any role in it. */
export function requireProject(caller: Caller, projectId: string): ProjectId {
  const own = caller.projectId;
  if (own === undefined || caller.role === undefined || own !== projectId) throw new Problem('projectForbidden');
  return own;
}
