import type { App } from '../../domain/app.ts';
import type { AppId, ProjectId } from '../../domain/ids.ts';
import type { LegacySecret, LegacyTokens } from '../../domain/legacy-access.ts';

/** Who lets whom. Both are applications of one project. */
export interface LegacyGrant {
  readonly ownerId: AppId;
  readonly callerId: AppId;
}

export interface IssueOptions {
  /** The secret that was proven: one that was replaced or revoked meanwhile gets no tokens. */
  readonly secretHash: string;
  /** Earlier access tokens of the application end. */
  readonly single: boolean;
  /** Tokens of each kind that the application may have; older ones give way. */
  readonly tokensMax: number;
}

/** What legacy applications sign in with, their tokens, and whose things they may use (legacy 2). */
export interface LegacyAccessStore {
  /** Replaces the former one; an application that was frozen is no longer. Problems: appNotFound. */
  setSecret(projectId: ProjectId, appId: AppId, secretHash: string): Promise<void>;
  /** Freezes the application and ends its tokens; nothing happens to one without a secret. Problems: appNotFound. */
  revokeSecret(projectId: ProjectId, appId: AppId): Promise<void>;
  findSecret(appId: AppId): Promise<LegacySecret | undefined>;
  /** Granting twice succeeds. Problems: appNotFound. */
  grant(projectId: ProjectId, grant: LegacyGrant): Promise<void>;
  /** Problems: appNotFound. */
  withdrawGrant(projectId: ProjectId, grant: LegacyGrant): Promise<void>;
  /** False: the secret is no longer the application's. */
  issue(tokens: LegacyTokens, options: IssueOptions): Promise<boolean>;
  /** Whether the token is the application's and has not expired. */
  isRefreshToken(token: { readonly appId: AppId; readonly hash: string; readonly now: number }): Promise<boolean>;
  /** The application, and whether the access token is its own and has not expired. Undefined: there is no such application. */
  findCaller(token: {
    readonly appId: AppId;
    readonly hash: string;
    readonly now: number;
  }): Promise<{ readonly app: App; readonly isSignedIn: boolean } | undefined>;
  /** An application of the caller's project, and whether it lets the caller. */
  findOwner(caller: App, ownerId: AppId): Promise<{ readonly app: App; readonly lets: boolean } | undefined>;
  /** An unknown one has ended already. */
  endAccessToken(hash: string): Promise<void>;
  /** Takes at most `limit` expired tokens away; returns how many. */
  purge(now: number, limit: number): Promise<number>;
}
