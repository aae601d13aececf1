import type { App } from '../../domain/app.ts';
import { type AppId, type ProjectId, type RecordId, type UserId, asId } from '../../domain/ids.ts';
import type { Random } from '../../ports/random.ts';

/** 32 lower hex. */
export function hexId<Id extends AppId | ProjectId | UserId>(random: Random): Id {
  return asId<Id>(Buffer.from(random.bytes(16)).toString('hex'));
}

/** 40 characters `[A-Za-z0-9_-]`, 240 bits. */
export function newSecretKey(random: Random): string {
  return Buffer.from(random.bytes(30)).toString('base64url');
}

/** v5 4: each project has one from its start. */
export function defaultApp(random: Random, projectId: ProjectId, createdAt: number): App {
  const recordId = asId<RecordId>(random.orderedId());
  return { recordId, appId: hexId(random), projectId, name: 'DefaultApp', isDefault: true, createdAt };
}
