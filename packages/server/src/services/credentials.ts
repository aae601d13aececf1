import type { User } from '../domain/account.ts';
import type { ProjectId } from '../domain/ids.ts';
import type { AccountStore } from '../ports/store/account-store.ts';
import type { Caller } from './caller.ts';
import type { Tokens } from './tokens.ts';

/** Who stands behind a credential at this moment. Looked up every time: a role taken away must count at once. */
export interface Credentials {
  /** Undefined where no such key exists or its user is gone. The secret proves nothing by itself: the signature has to. */
  ofAccessKey(accessKey: string): Promise<{ readonly caller: Caller; readonly secretKey: string } | undefined>;
  /** Undefined where the token is not ours, expired, or its user gone or given a new password. */
  ofToken(token: string): Promise<Caller | undefined>;
}

export function createCredentials(accounts: AccountStore, tokens: Tokens): Credentials {
  const callerOf = async (user: User, projectId: ProjectId | undefined): Promise<Caller> => ({
    userId: user.userId,
    userName: user.name,
    domain: user.domain,
    projectId,
    role: projectId === undefined ? undefined : await accounts.findRole(user.userId, projectId),
  });
  return {
    ofAccessKey: async (accessKey) => {
      const key = await accounts.findAccessKey(accessKey);
      const user = key && (await accounts.findUser(key.userId));
      if (key === undefined || user === undefined) return undefined;
      return { caller: await callerOf(user, key.projectId), secretKey: key.secretKey };
    },
    ofToken: async (token) => {
      const opened = await tokens.open(token);
      return opened && callerOf(opened.user, opened.projectId);
    },
  };
}
