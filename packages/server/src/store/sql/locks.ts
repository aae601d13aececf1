import { type SelectQueryBuilder, sql } from 'kysely';
import { change, first, type Program } from './program.ts';
import type { SqlContext } from './sql-context.ts';

/** The end of a SELECT that reads rows in order to change them; nothing where there is one writer only. */
export const lockedRows = (ctx: SqlContext, alias: string): string => ctx.dialect.locks?.rows(alias) ?? '';

/** The same, leaving out what another transaction has in hand. */
export const freeRows = (ctx: SqlContext, alias: string): string =>
  ctx.dialect.locks?.rows(alias, { skip: true }) ?? '';

/** A query that reads one row, of `table` where it joins others, in order to change what depends on it. */
export const locked = <DB, TB extends keyof DB, O>(
  ctx: SqlContext,
  query: SelectQueryBuilder<DB, TB, O>,
  table?: TB & string,
): SelectQueryBuilder<DB, TB, O> =>
  ctx.dialect.locks === undefined
    ? query
    : query.modifyEnd(sql.raw(`for no key update${table === undefined ? '' : ` of ${table}`}`));

/** What a limit counts must not be counted by two at once: whoever adds under a limit of the project holds this. */
export function* lockProject(ctx: SqlContext, projectId: string): Program<void> {
  yield* holdLock(ctx, `project/${projectId}`);
}

/** Users, projects and roles: rules about all of them, such as the last admin's, hold only where they change one after the other. */
export function* lockAccounts(ctx: SqlContext): Program<void> {
  yield* holdLock(ctx, 'accounts');
}

function* holdLock(ctx: SqlContext, name: string): Program<void> {
  const { locks } = ctx.dialect;
  if (locks !== undefined) yield* change(locks.hold(name));
}

/** Set-up and sweeps of a task walk by a stored position: one node at a time. False: another one is at it. */
export function* attemptTaskWalk(ctx: SqlContext, taskNo: number): Program<boolean> {
  const { locks } = ctx.dialect;
  if (locks === undefined) return true;
  return (yield* first<{ held: number }>(locks.attempt(`walk/${taskNo}`)))?.held === 1;
}
