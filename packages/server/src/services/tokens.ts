import { createHash } from 'node:crypto';
import type { Project, Role, User } from '../domain/account.ts';
import { type ProjectId, type UserId, asId } from '../domain/ids.ts';
import { isJsonObject } from '../domain/json.ts';
import { Problem, invalid } from '../domain/problem.ts';
import type { Clock } from '../ports/clock.ts';
import type { PasswordHasher } from '../ports/password-hasher.ts';
import { sourceKey } from './device-side/sign-in/source-key.ts';
import type { SecretBox } from '../ports/secret-box.ts';
import type { AccountStore } from '../ports/store/account-store.ts';
import type { AuthBackoff } from './device-side/sign-in/auth-backoff.ts';

export interface NamedOrId {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
}

export interface SignIn {
  readonly methods: readonly string[];
  readonly domain: NamedOrId;
  readonly name: string;
  readonly password: string;
  /** Where it comes from. */
  readonly remoteAddress: string;
  /** Absent: the user's only project (v5 2.1). */
  readonly scope: { readonly project?: NamedOrId | undefined; readonly domain?: NamedOrId | undefined } | undefined;
}

export interface IssuedToken {
  readonly token: string;
  readonly user: User;
  /** Absent: scoped to the domain. */
  readonly project: Project | undefined;
  readonly role: Role | undefined;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

export interface OpenedToken {
  readonly user: User;
  readonly projectId: ProjectId | undefined;
}

export interface Tokens {
  /** Problems: authenticationFailed (user, password or scope), rateLimited (too many wrong passwords), invalidInput (no scope and several projects). */
  signIn(request: SignIn): Promise<IssuedToken>;
  /** Undefined where it is not ours, expired, or the user is gone or has another password since. */
  open(token: string): Promise<OpenedToken | undefined>;
}

export interface TokenParts {
  readonly accounts: AccountStore;
  readonly clock: Clock;
  readonly passwords: PasswordHasher;
  /** With a key of its own, so that nothing else that is sealed can pass for a token. */
  readonly box: SecretBox;
  readonly lifeMs: number;
  /** Absent: wrong passwords may be tried without end. */
  readonly backoff?: AuthBackoff;
}

/** Tokens hold everything themselves, sealed: nothing is stored, and they survive restarts (v5 2.1). */
export function createTokens(parts: TokenParts): Tokens {
  return { signIn: (request) => signIn(parts, request), open: (token) => open(parts, token) };
}

async function signIn(parts: TokenParts, request: SignIn): Promise<IssuedToken> {
  const user = await provenUser(parts, request);
  const project = await scopedProject(parts.accounts, user, request.scope);
  const issuedAt = parts.clock.now();
  const expiresAt = issuedAt + parts.lifeMs;
  const token = parts.box.seal(
    JSON.stringify({ u: user.userId, p: project?.projectId ?? null, e: expiresAt, f: fingerprint(user) }),
  );
  const role = project && (await parts.accounts.findRole(user.userId, project.projectId));
  return { token, user, project, role, issuedAt, expiresAt };
}

async function provenUser({ accounts, passwords, backoff }: TokenParts, request: SignIn): Promise<User> {
  const domain = domainNameOf(request.domain);
  // Of one length, however long the names are that strangers think of.
  const who = createHash('sha256')
    .update(JSON.stringify([domain, request.name]))
    .digest('base64url');
  if (backoff?.isBlocked(who, request.remoteAddress) === true) throw new Problem('rateLimited');
  const user = domain === undefined ? undefined : await accounts.findUserByName(domain, request.name);
  // An unknown user costs as much time as a wrong password.
  const proven = await passwords.verify(request.password, user?.passwordHash, sourceKey(request.remoteAddress));
  const byPassword = request.methods.length === 1 && request.methods[0] === 'password';
  if (user === undefined || !proven) {
    backoff?.recordFailure(who, request.remoteAddress);
    throw refused();
  }
  if (!byPassword) throw refused();
  backoff?.recordSuccess(who, request.remoteAddress);
  return user;
}

/** A domain's id is its name: there is nothing else to know about one. Undefined where neither is given or they differ. */
function domainNameOf({ id, name }: NamedOrId): string | undefined {
  if (id !== undefined && name !== undefined && id !== name) return undefined;
  return name ?? id;
}

async function scopedProject(accounts: AccountStore, user: User, scope: SignIn['scope']): Promise<Project | undefined> {
  if (scope?.project !== undefined) return namedProject(accounts, user, scope.project);
  if (scope?.domain !== undefined) {
    if (domainNameOf(scope.domain) !== user.domain) throw refused();
    return undefined;
  }
  const [only, ...more] = await accounts.listProjectsOf(user.userId);
  if (more.length > 0) throw invalid('auth.scope', 'is required, because the user has several projects');
  return only ?? refuse();
}

async function namedProject(accounts: AccountStore, user: User, wanted: NamedOrId): Promise<Project> {
  if (wanted.id === undefined && wanted.name === undefined) throw refused();
  const found = (await accounts.listProjectsOf(user.userId, wanted.name)).find(
    ({ projectId }) => wanted.id === undefined || wanted.id === projectId,
  );
  return found ?? refuse();
}

async function open({ accounts, clock, box }: TokenParts, token: string): Promise<OpenedToken | undefined> {
  const content = unseal(box, token);
  if (content === undefined || content.expiresAt <= clock.now()) return undefined;
  const user = await accounts.findUser(content.userId);
  if (user === undefined || fingerprint(user) !== content.fingerprint) return undefined;
  return { user, projectId: content.projectId };
}

interface TokenContent {
  readonly userId: UserId;
  readonly projectId: ProjectId | undefined;
  readonly expiresAt: number;
  readonly fingerprint: string;
}

function unseal(box: SecretBox, token: string): TokenContent | undefined {
  const clear = openOrNothing(box, token);
  const content: unknown = clear === undefined ? undefined : JSON.parse(clear);
  if (!isJsonObject(content)) return undefined;
  const { u, p, e, f } = content;
  if (typeof u !== 'string' || typeof e !== 'number' || typeof f !== 'string') return undefined;
  return { userId: asId(u), projectId: typeof p === 'string' ? asId(p) : undefined, expiresAt: e, fingerprint: f };
}

function openOrNothing(box: SecretBox, token: string): string | undefined {
  if (token.length > tokenLengthMax) return undefined;
  try {
    return box.open(token);
  } catch {
    // Not ours, changed on the way, or sealed with another installation's key: all the same to the caller.
    return undefined;
  }
}

/** v5 2.1. */
const tokenLengthMax = 4096;

/** A new password ends all tokens that were made with the old one. */
function fingerprint(user: User): string {
  return createHash('sha256').update(user.passwordHash).digest('hex').slice(0, 16);
}

const refused = (): Problem => new Problem('authenticationFailed');

function refuse(): never {
  throw refused();
}
