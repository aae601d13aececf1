import type { User } from '../../domain/account.ts';
import { type UserId, asId } from '../../domain/ids.ts';
import type { Page, PageRequest } from '../../domain/paging.ts';
import { Problem, invalid } from '../../domain/problem.ts';
import type { Caller } from '../caller.ts';
import type { AccountParts } from './account-parts.ts';
import type { Audit } from './audit.ts';
import { hexId, newSecretKey } from './new-ids.ts';
import { filteredPage } from './filtered-page.ts';

export interface NewUser {
  readonly name: string;
  /** Absent: generated. */
  readonly password: string | undefined;
}

export interface UserChanges {
  readonly name?: string | undefined;
  readonly password?: string | undefined;
}

/** All users are of the caller's domain. Unknown ids are accountNotFound (404), taken names invalidInput. */
export interface Users {
  /** `password` only where it was generated: this once. */
  create(caller: Caller, user: NewUser): Promise<{ readonly user: User; readonly password: string | undefined }>;
  get(userId: string): Promise<User>;
  list(page: PageRequest, name: string | undefined): Promise<Page<User>>;
  /** A new password ends the user's tokens. */
  update(caller: Caller, userId: string, changes: UserChanges): Promise<User>;
  /** Keys and roles go, too. Refused for the last admin. */
  delete(caller: Caller, userId: string): Promise<void>;
}

export function createUsers(parts: AccountParts, audit: Audit): Users {
  const { accounts } = parts;
  const get = async (userId: string): Promise<User> => {
    const user = await accounts.findUser(asId<UserId>(userId));
    if (user === undefined) throw new Problem('accountNotFound', { args: ['user'] });
    return user;
  };
  return {
    get,
    create: async (caller, { name, password }) => {
      const generated = password === undefined ? newSecretKey(parts.random).slice(0, 20) : undefined;
      const user = await describeUser(parts, caller, { name, password: password ?? generated ?? '' });
      await accounts.insertUser(user);
      await audit(caller, 'AdminCreateUser', ['user', user.userId]);
      return { user, password: generated };
    },
    list: (page, name) =>
      name === undefined
        ? accounts.listUsers(page)
        : filteredPage((part) => accounts.listUsers(part), { page, keep: (user) => user.name === name }),
    update: async (caller, userId, { name, password }) => {
      const user = await get(userId);
      const changed = await accounts.updateUser(user.userId, {
        ...(name !== undefined && { name }),
        ...(password !== undefined && { passwordHash: await parts.passwords.hash(password) }),
      });
      await audit(caller, 'AdminUpdateUser', ['user', userId]);
      return changed;
    },
    delete: async (caller, userId) => {
      const user = await get(userId);
      if (user.userId === caller.userId) throw invalid('user_id', 'nobody can delete the user that they are');
      await accounts.deleteUser(user.userId);
      await audit(caller, 'AdminDeleteUser', ['user', userId]);
    },
  };
}

async function describeUser(
  { clock, random, passwords }: AccountParts,
  { domain }: Caller,
  { name, password }: { name: string; password: string },
): Promise<User> {
  const passwordHash = await passwords.hash(password);
  return {
    recordId: asId(random.orderedId()),
    userId: hexId(random),
    name,
    domain,
    passwordHash,
    createdAt: clock.now(),
  };
}
