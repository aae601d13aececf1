import type { AccessKey, AuditEntry, Project, User } from '../../domain/account.ts';
import { toBasicTime, toMillisTime } from '../../domain/time.ts';
import type { NamedRole } from '../../services/accounts/roles.ts';

/** No password, no hash. */
export function encodeUser({ userId, name, domain, createdAt }: User) {
  return {
    user_id: userId,
    user_name: name,
    domain_id: domain,
    domain_name: domain,
    enabled: true,
    create_time: toBasicTime(createdAt),
  };
}

export function encodeProject({ projectId, name, domain, createdAt }: Project) {
  return { project_id: projectId, project_name: name, domain_id: domain, create_time: toBasicTime(createdAt) };
}

/** Without the secret key, which is shown on creation alone. */
export function encodeAccessKey({ accessKey, userId, projectId, createdAt }: AccessKey) {
  return {
    access_key: accessKey,
    user_id: userId,
    project_id: projectId,
    enabled: true,
    create_time: toBasicTime(createdAt),
  };
}

export function encodeRole({ roleId, userId, projectId, role }: NamedRole) {
  return { role_id: roleId, user_id: userId, project_id: projectId, role };
}

export function encodeAudit({ recordId, at, actor, action, subject }: AuditEntry) {
  const [userId = '', userName = ''] = splitOnce(actor);
  const [resourceType = '', resourceId = ''] = splitOnce(subject);
  return {
    audit_id: recordId,
    time: toMillisTime(at),
    user_id: userId,
    user_name: userName,
    action,
    resource_type: resourceType,
    resource_id: resourceId,
  };
}

function splitOnce(text: string): [string, string] {
  const slash = text.indexOf('/');
  return slash === -1 ? [text, ''] : [text.slice(0, slash), text.slice(slash + 1)];
}
