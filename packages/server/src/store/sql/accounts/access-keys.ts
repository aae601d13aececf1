import type { AccessKey } from '../../../domain/account.ts';
import type { UserId } from '../../../domain/ids.ts';
import type { Page, PageRequest } from '../../../domain/paging.ts';
import { invalid } from '../../../domain/problem.ts';
import { selectPage } from '../page.ts';
import { change, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { changeUnique } from '../unique.ts';
import { accessKeyOf, rowOfAccessKey } from './account-codec.ts';

const taken = {
  key: { table: 'access_keys', columns: ['access_key'] },
  problem: () => invalid('accessKey', 'the access key exists'),
};

export function* insertAccessKey(ctx: SqlContext, key: AccessKey): Program<void> {
  const owner = yield* first(
    ctx.db
      .selectFrom('users')
      .innerJoin('projects', (join) => join.on('projects.project_id', '=', key.projectId))
      .select('users.user_id')
      .where('users.user_id', '=', key.userId),
  );
  if (owner === undefined) throw invalid('userId', 'the user or the project does not exist');
  yield* changeUnique(ctx, ctx.db.insertInto('access_keys').values(rowOfAccessKey(key, ctx.box)), [taken]);
}

export function* findAccessKey(ctx: SqlContext, accessKey: string): Program<AccessKey | undefined> {
  const row = yield* first(ctx.db.selectFrom('access_keys').selectAll().where('access_key', '=', accessKey));
  return row && accessKeyOf(row, ctx.box);
}

export function* listAccessKeys(
  ctx: SqlContext,
  userId: UserId | undefined,
  page: PageRequest,
): Program<Page<AccessKey>> {
  let base = ctx.db.selectFrom('access_keys').selectAll();
  if (userId !== undefined) base = base.where('user_id', '=', userId);
  return yield* selectPage(base, {
    key: 'access_keys.record_id',
    page,
    decode: (row) => accessKeyOf(row, ctx.box),
  });
}

export function* deleteAccessKey(ctx: SqlContext, accessKey: string): Program<boolean> {
  return (yield* change(ctx.db.deleteFrom('access_keys').where('access_key', '=', accessKey))) > 0;
}
