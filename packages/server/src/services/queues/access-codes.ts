import { createHash } from 'node:crypto';
import type { ProjectId } from '../../domain/ids.ts';
import type { AccessCodeType } from '../../domain/queue.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { Store } from '../../ports/store/store.ts';
import { randomText } from '../random-text.ts';

export interface NewAccessCode {
  readonly accessKey: string;
  /** The only time that it can be shown. */
  readonly code: string;
}

export interface RenewOptions {
  readonly type: AccessCodeType;
  /** Connections that signed in with the former one end. */
  readonly disconnects: boolean;
}

/** What AMQP consumers sign in with (v5 15.6): one for each project and type. */
export interface AccessCodeService {
  renew(projectId: ProjectId, options: RenewOptions): Promise<NewAccessCode>;
}

export interface AccessCodeParts {
  readonly store: Pick<Store, 'accessCodes'>;
  readonly clock: Clock;
  readonly random: Random;
  /** Consumers of the project that did not sign in with this key are no longer welcome, on this node; the others have a letter. */
  onEnded(projectId: ProjectId, exceptKey: string): void;
}

export function createAccessCodeService(parts: AccessCodeParts): AccessCodeService {
  const { store, clock, random } = parts;
  return {
    renew: async (projectId, { type, disconnects }) => {
      const accessKey = newAccessKey(random);
      const code = Buffer.from(random.bytes(24)).toString('base64url');
      const ends = disconnects && type === 'AMQP';
      const stored = { projectId, type, accessKey, codeHash: hashOfCode(code), createdAt: clock.now() };
      await store.accessCodes.replace(stored, { disconnects: ends });
      if (ends) parts.onEnded(projectId, accessKey);
      return { accessKey, code };
    },
  };
}

/** A code is random and long: nobody finds it by its hash, however fast that is. */
export const hashOfCode = (code: string): string => createHash('sha256').update(code).digest('hex');

const keyChars = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789';

/** v5 15.6: 8 characters; letters and digits that are not taken for each other. */
const newAccessKey = (random: Random): string => randomText(random, keyChars, 8);
