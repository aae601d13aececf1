import type { AppId, ProjectId } from '../../domain/ids.ts';
import { legacySecretShape } from '../../domain/legacy-access.ts';
import { invalid } from '../../domain/problem.ts';
import type { PasswordHasher } from '../../ports/password-hasher.ts';
import type { Random } from '../../ports/random.ts';
import type { LegacyGrant } from '../../ports/store/legacy-access-store.ts';
import type { Store } from '../../ports/store/store.ts';
import { randomText } from '../random-text.ts';

/** What an operator gives legacy applications and takes from them (legacy 2). */
export interface LegacyCredentials {
  /** Replaces the former secret; the answer is the only place that shows it. Problems: appNotFound, invalidInput (`secret`). */
  renewSecret(projectId: ProjectId, appId: AppId, wished: string | undefined): Promise<string>;
  /** Freezes the application and ends its tokens. Problems: appNotFound. */
  revokeSecret(projectId: ProjectId, appId: AppId): Promise<void>;
  /** Problems: appNotFound. */
  grant(projectId: ProjectId, grant: LegacyGrant): Promise<void>;
  /** Problems: appNotFound. */
  withdrawGrant(projectId: ProjectId, grant: LegacyGrant): Promise<void>;
}

export interface LegacyCredentialParts {
  readonly store: Pick<Store, 'legacyAccess'>;
  readonly random: Random;
  readonly passwords: PasswordHasher;
}

export function createLegacyCredentials({ store, random, passwords }: LegacyCredentialParts): LegacyCredentials {
  const { legacyAccess } = store;
  return {
    renewSecret: async (projectId, appId, wished) => {
      const secret = wished ?? newLegacySecret(random);
      if (!legacySecretShape.test(secret)) throw invalid('secret', 'must be 8 to 256 letters and digits');
      await legacyAccess.setSecret(projectId, appId, await passwords.hash(secret));
      return secret;
    },
    revokeSecret: (projectId, appId) => legacyAccess.revokeSecret(projectId, appId),
    grant: (projectId, grant) => legacyAccess.grant(projectId, grant),
    withdrawGrant: (projectId, grant) => legacyAccess.withdrawGrant(projectId, grant),
  };
}

const secretChars = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Legacy 2: 32 characters. */
export const newLegacySecret = (random: Random): string => randomText(random, secretChars, 32);
