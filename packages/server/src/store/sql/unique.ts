import type { Compilable } from 'kysely';
import type { Problem } from '../../domain/problem.ts';
import type { UniqueKey } from './dialect.ts';
import { change, type Program, type Statement } from './program.ts';
import type { SqlContext } from './sql-context.ts';

/** A unique row that exists, and what the caller is told then. */
export interface Conflict {
  readonly key: UniqueKey;
  readonly problem: () => Problem;
}

/** Runs a change that may meet a unique row; the first conflict that fits becomes its Problem. Returns the rows touched. */
export function* changeUnique(
  ctx: SqlContext,
  query: Compilable | Statement,
  conflicts: readonly Conflict[],
): Program<number> {
  try {
    return yield* change(query);
  } catch (error) {
    throw problemOf(ctx, error, conflicts);
  }
}

/** What to throw for a failed statement: the Problem of the conflict that it met, else the error itself. */
function problemOf(ctx: SqlContext, error: unknown, conflicts: readonly Conflict[]): unknown {
  const met = conflicts.find(({ key }) => ctx.dialect.isUniqueViolation(error, key));
  return met === undefined ? error : met.problem();
}
