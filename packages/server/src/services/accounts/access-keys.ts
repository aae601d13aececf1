import type { AccessKey } from '../../domain/account.ts';
import { type ProjectId, type UserId, asId } from '../../domain/ids.ts';
import type { Page, PageRequest } from '../../domain/paging.ts';
import { Problem } from '../../domain/problem.ts';
import type { Caller } from '../caller.ts';
import type { AccountParts } from './account-parts.ts';
import type { Audit } from './audit.ts';
import { filteredPage } from './filtered-page.ts';
import { hexId, newSecretKey } from './new-ids.ts';

export interface AccessKeyFilter {
  readonly userId: string | undefined;
  readonly projectId: string | undefined;
}

/** Unknown keys are accountNotFound (404), unknown users and projects invalidInput. */
export interface AccessKeys {
  /** The only time that `secretKey` may be shown. */
  create(caller: Caller, owner: { readonly userId: string; readonly projectId: string }): Promise<AccessKey>;
  get(accessKey: string): Promise<AccessKey>;
  list(page: PageRequest, filter: AccessKeyFilter): Promise<Page<AccessKey>>;
  delete(caller: Caller, accessKey: string): Promise<void>;
}

export function createAccessKeys({ accounts, clock, random }: AccountParts, audit: Audit): AccessKeys {
  const get = async (accessKey: string): Promise<AccessKey> => {
    const key = await accounts.findAccessKey(accessKey);
    if (key === undefined) throw new Problem('accountNotFound', { args: ['access key'] });
    return key;
  };
  return {
    get,
    create: async (caller, owner) => {
      const key: AccessKey = {
        recordId: asId(random.orderedId()),
        accessKey: hexId(random).slice(0, 20).toUpperCase(),
        secretKey: newSecretKey(random),
        userId: asId<UserId>(owner.userId),
        projectId: asId<ProjectId>(owner.projectId),
        createdAt: clock.now(),
      };
      await accounts.insertAccessKey(key);
      await audit(caller, 'AdminCreateAccessKey', ['access-key', key.accessKey]);
      return key;
    },
    list: (page, { userId, projectId }) => {
      const user = userId === undefined ? undefined : asId<UserId>(userId);
      if (projectId === undefined) return accounts.listAccessKeys(user, page);
      const keep = (key: AccessKey): boolean => key.projectId === projectId;
      return filteredPage((part) => accounts.listAccessKeys(user, part), { page, keep });
    },
    delete: async (caller, accessKey) => {
      if (!(await accounts.deleteAccessKey(accessKey))) throw new Problem('accountNotFound', { args: ['access key'] });
      await audit(caller, 'AdminDeleteAccessKey', ['access-key', accessKey]);
    },
  };
}
