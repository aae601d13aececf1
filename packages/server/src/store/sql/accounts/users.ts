import type { User } from '../../../domain/account.ts';
import type { UserId } from '../../../domain/ids.ts';
import type { Page, PageRequest } from '../../../domain/paging.ts';
import { invalid } from '../../../domain/problem.ts';
import { selectPage } from '../page.ts';
import { lockAccounts } from '../locks.ts';
import { change, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { changeUnique } from '../unique.ts';
import { rowOfUser, userOf } from './account-codec.ts';
import { refuseWithoutAdmin } from './roles.ts';

const nameTaken = {
  key: { table: 'users', columns: ['domain', 'name'] },
  problem: () => invalid('name', 'a user of this name exists'),
};
const unknownUser = () => invalid('userId', 'the user does not exist');

export function* insertUser(ctx: SqlContext, user: User): Program<void> {
  yield* changeUnique(ctx, ctx.db.insertInto('users').values(rowOfUser(user)), [nameTaken]);
}

export function* findUser(ctx: SqlContext, userId: UserId): Program<User | undefined> {
  const row = yield* first(ctx.db.selectFrom('users').selectAll().where('user_id', '=', userId));
  return row && userOf(row);
}

export function* findUserByName(ctx: SqlContext, domain: string, name: string): Program<User | undefined> {
  const row = yield* first(
    ctx.db.selectFrom('users').selectAll().where('domain', '=', domain).where('name', '=', name),
  );
  return row && userOf(row);
}

export function* listUsers(ctx: SqlContext, page: PageRequest): Program<Page<User>> {
  const base = ctx.db.selectFrom('users').selectAll();
  return yield* selectPage(base, { key: 'users.record_id', page, decode: userOf });
}

export function* updateUser(
  ctx: SqlContext,
  userId: UserId,
  changes: { name?: string; passwordHash?: string },
): Program<User> {
  const set = {
    ...(changes.name === undefined ? {} : { name: changes.name }),
    ...(changes.passwordHash === undefined ? {} : { password_hash: changes.passwordHash }),
  };
  if (Object.keys(set).length > 0) {
    yield* changeUnique(ctx, ctx.db.updateTable('users').set(set).where('user_id', '=', userId), [nameTaken]);
  }
  const user = yield* findUser(ctx, userId);
  if (user === undefined) throw unknownUser();
  return user;
}

/** Its keys and roles go with it. */
export function* deleteUser(ctx: SqlContext, userId: UserId): Program<void> {
  yield* lockAccounts(ctx);
  const deleted = yield* change(ctx.db.deleteFrom('users').where('user_id', '=', userId));
  if (deleted === 0) throw unknownUser();
  yield* refuseWithoutAdmin(ctx);
}
