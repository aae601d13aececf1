import type { Selectable } from 'kysely';
import type { AccessKey, AuditEntry, Project, User } from '../../../domain/account.ts';
import { asId, type ProjectId, type RecordId, type UserId } from '../../../domain/ids.ts';
import type { SecretBox } from '../../../ports/secret-box.ts';
import type { AccessKeysTable, AuditTable, ProjectsTable, UsersTable } from '../tables.ts';

export function projectOf(row: Selectable<ProjectsTable>): Project {
  return {
    recordId: asId<RecordId>(row.record_id),
    projectId: asId<ProjectId>(row.project_id),
    name: row.name,
    domain: row.domain,
    createdAt: row.created_at,
  };
}

export function rowOfProject(project: Project): Selectable<ProjectsTable> {
  return {
    record_id: project.recordId,
    project_id: project.projectId,
    name: project.name,
    domain: project.domain,
    created_at: project.createdAt,
  };
}

export function userOf(row: Selectable<UsersTable>): User {
  return {
    recordId: asId<RecordId>(row.record_id),
    userId: asId<UserId>(row.user_id),
    name: row.name,
    domain: row.domain,
    passwordHash: row.password_hash,
    createdAt: row.created_at,
  };
}

export function rowOfUser(user: User): Selectable<UsersTable> {
  return {
    record_id: user.recordId,
    user_id: user.userId,
    name: user.name,
    domain: user.domain,
    password_hash: user.passwordHash,
    created_at: user.createdAt,
  };
}

export function accessKeyOf(row: Selectable<AccessKeysTable>, box: SecretBox): AccessKey {
  return {
    recordId: asId<RecordId>(row.record_id),
    accessKey: row.access_key,
    secretKey: box.open(row.secret_cipher),
    userId: asId<UserId>(row.user_id),
    projectId: asId<ProjectId>(row.project_id),
    createdAt: row.created_at,
  };
}

export function rowOfAccessKey(key: AccessKey, box: SecretBox): Selectable<AccessKeysTable> {
  return {
    record_id: key.recordId,
    access_key: key.accessKey,
    secret_cipher: box.seal(key.secretKey),
    user_id: key.userId,
    project_id: key.projectId,
    created_at: key.createdAt,
  };
}

export function auditEntryOf(row: Selectable<AuditTable>): AuditEntry {
  return {
    recordId: asId<RecordId>(row.record_id),
    at: row.at,
    actor: row.actor,
    action: row.action,
    subject: row.subject,
  };
}
