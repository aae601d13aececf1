import type { AccessKey, AuditEntry, Project, User } from '../../src/domain/account.ts';
import type { App } from '../../src/domain/app.ts';
import { type AppId, asId, type ProjectId, type UserId } from '../../src/domain/ids.ts';
import { builtAt, random, recordId, uniqueName } from './chance.ts';

export function aProject(over: Partial<Project> = {}): Project {
  return {
    recordId: recordId(),
    projectId: asId<ProjectId>(random.uuid().replaceAll('-', '')),
    name: uniqueName('project'),
    domain: 'muster',
    createdAt: builtAt,
    ...over,
  };
}

export function anApp(over: Partial<App> & Pick<App, 'projectId'>): App {
  return {
    recordId: recordId(),
    appId: asId<AppId>(random.uuid().replaceAll('-', '')),
    name: uniqueName('app'),
    isDefault: false,
    createdAt: builtAt,
    ...over,
  };
}

export function aUser(over: Partial<User> = {}): User {
  return {
    recordId: recordId(),
    userId: asId<UserId>(random.uuid().replaceAll('-', '')),
    name: uniqueName('user'),
    domain: 'muster',
    passwordHash: 'scrypt$16384$8$1$c2FsdA$aGFzaA',
    createdAt: builtAt,
    ...over,
  };
}

export function anAccessKey(over: Partial<AccessKey> & Pick<AccessKey, 'userId' | 'projectId'>): AccessKey {
  return {
    recordId: recordId(),
    accessKey: uniqueName('AK'),
    secretKey: uniqueName('SK'),
    createdAt: builtAt,
    ...over,
  };
}

export function anAuditEntry(over: Partial<AuditEntry> = {}): AuditEntry {
  return { recordId: recordId(), at: builtAt, actor: 'admin', action: 'user.create', subject: 'nobody', ...over };
}
