import type { ProjectId, RecordId, UserId } from './ids.ts';

export interface Project {
  readonly recordId: RecordId;
  readonly projectId: ProjectId;
  readonly name: string;
  readonly domain: string;
  readonly createdAt: number;
}

export const roles = ['admin', 'operator', 'viewer'] as const;
/** One per user and project (operations page, Administration). */
export type Role = (typeof roles)[number];

export interface User {
  readonly recordId: RecordId;
  readonly userId: UserId;
  readonly name: string;
  readonly domain: string;
  /** scrypt, never shown. */
  readonly passwordHash: string;
  readonly createdAt: number;
}

export interface RoleBinding {
  readonly userId: UserId;
  readonly projectId: ProjectId;
  readonly role: Role;
}

export interface AccessKey {
  readonly recordId: RecordId;
  readonly accessKey: string;
  /** Clear text here (signatures need it), encrypted at rest. */
  readonly secretKey: string;
  readonly userId: UserId;
  readonly projectId: ProjectId;
  readonly createdAt: number;
}

export interface AuditEntry {
  readonly recordId: RecordId;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
}

/** `admin` everything, `operator` everything but administration, `viewer` reading without secrets. */
export function roleAllows(role: Role, permission: string): boolean {
  if (role === 'admin') return true;
  if (permission.startsWith('muster:admin:')) return false;
  return role === 'operator' || /:(query|queryList)$/.test(permission);
}
