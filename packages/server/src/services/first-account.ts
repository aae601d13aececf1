import type { AccessKey, Project, User } from '../domain/account.ts';
import type { App } from '../domain/app.ts';
import { asId } from '../domain/ids.ts';
import { isJsonObject } from '../domain/json.ts';
import { lastMarker } from '../domain/paging.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { PasswordHasher } from '../ports/password-hasher.ts';
import type { Random } from '../ports/random.ts';
import type { AccountStore } from '../ports/store/account-store.ts';
import { defaultApp, hexId, newSecretKey } from './accounts/new-ids.ts';
import { newLegacySecret } from './legacy-access/legacy-credentials.ts';

/** Settings of the first start; what is absent is generated. */
export interface FirstAccountSettings {
  readonly domain: string;
  readonly user: string;
  readonly password: string | undefined;
  readonly accessKey: string | undefined;
  readonly secretKey: string | undefined;
  readonly projectId: string | undefined;
  readonly projectName: string;
  /** Id of the default application; legacy clients may know another one than Muster would draw. */
  readonly legacyAppId: string | undefined;
  readonly legacyAppSecret: string | undefined;
}

/** A file that only its owner reads. Written aside first, so that no crash leaves an account whose secrets nobody knows. */
export interface CredentialsFile {
  readonly path: string;
  /** What a start before this one has left aside. */
  staged(): Promise<string | undefined>;
  stage(text: string): Promise<void>;
  /** What was staged is the file from now on. */
  commit(): Promise<void>;
  discard(): Promise<void>;
}

export interface FirstAccountParts {
  readonly accounts: AccountStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly passwords: PasswordHasher;
  readonly log: Log;
  readonly file: CredentialsFile;
}

/**
 * On an empty database: the first user as admin of the first project, its access key, its default application (operations page). Returns
 * whether this start made them. Nothing happens on any later start.
 */
export async function ensureFirstAccount(parts: FirstAccountParts, settings: FirstAccountSettings): Promise<boolean> {
  await finishStaged(parts);
  const { accounts, file, log } = parts;
  if ((await accounts.listUsers({ limit: 1, marker: lastMarker, offset: 0 })).count > 0) return false;
  const secrets = {
    password: settings.password ?? newSecretKey(parts.random).slice(0, 20),
    legacySecret: settings.legacyAppSecret ?? newLegacySecret(parts.random),
  };
  const first = await describeAccount(parts, settings, secrets);
  await file.stage(credentialsText(first, settings, secrets));
  if (!(await accounts.insertFirst(first))) {
    // Another node of the installation was faster.
    await file.discard();
    return false;
  }
  await file.commit();
  log.info({ path: file.path, user: settings.user, projectId: first.project.projectId }, 'first account created');
  return true;
}

// A crash between storing the account and naming the file: its key tells whether the account stands.
async function finishStaged({ accounts, file }: FirstAccountParts): Promise<void> {
  const text = await file.staged();
  if (text === undefined) return;
  const accessKey = accessKeyIn(text);
  const stands = accessKey !== undefined && (await accounts.findAccessKey(accessKey)) !== undefined;
  await (stands ? file.commit() : file.discard());
}

function accessKeyIn(text: string): string | undefined {
  try {
    const content: unknown = JSON.parse(text);
    return isJsonObject(content) && typeof content.accessKey === 'string' ? content.accessKey : undefined;
  } catch {
    // Half a file: the crash came before the account was stored.
    return undefined;
  }
}

interface DescribedAccount {
  readonly user: User;
  readonly project: Project;
  readonly defaultApp: App;
  readonly accessKey: AccessKey;
  readonly legacySecretHash: string;
}

/** What people and legacy clients sign in with, in clear text. */
interface Secrets {
  readonly password: string;
  readonly legacySecret: string;
}

async function describeAccount(
  { clock, random, passwords }: FirstAccountParts,
  settings: FirstAccountSettings,
  secrets: Secrets,
): Promise<DescribedAccount> {
  const createdAt = clock.now();
  const { domain } = settings;
  const recordId = () => asId<User['recordId']>(random.orderedId());
  const passwordHash = await passwords.hash(secrets.password);
  const user: User = {
    recordId: recordId(),
    userId: hexId(random),
    name: settings.user,
    domain,
    passwordHash,
    createdAt,
  };
  const projectId: Project['projectId'] = settings.projectId === undefined ? hexId(random) : asId(settings.projectId);
  const project: Project = { recordId: recordId(), projectId, name: settings.projectName, domain, createdAt };
  const accessKey: AccessKey = {
    recordId: recordId(),
    accessKey: settings.accessKey ?? hexId(random).slice(0, 20).toUpperCase(),
    secretKey: settings.secretKey ?? newSecretKey(random),
    userId: user.userId,
    projectId,
    createdAt,
  };
  const { appId, ...app } = defaultApp(random, projectId, createdAt);
  const ownApp: App = { ...app, appId: settings.legacyAppId === undefined ? appId : asId(settings.legacyAppId) };
  const legacySecretHash = await passwords.hash(secrets.legacySecret);
  return { user, project, accessKey, defaultApp: ownApp, legacySecretHash };
}

// Secrets that the operator gave are known to the operator; they are not copied to another place.
function credentialsText(first: DescribedAccount, settings: FirstAccountSettings, secrets: Secrets): string {
  const content = {
    domain: settings.domain,
    user: settings.user,
    ...(settings.password === undefined && { password: secrets.password }),
    projectId: first.project.projectId,
    projectName: first.project.name,
    defaultAppId: first.defaultApp.appId,
    accessKey: first.accessKey.accessKey,
    ...(settings.secretKey === undefined && { secretKey: first.accessKey.secretKey }),
    ...(settings.legacyAppSecret === undefined && { legacyAppSecret: secrets.legacySecret }),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}
