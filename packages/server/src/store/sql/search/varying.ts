import type { RawBuilder } from 'kysely';
import { createSqliteQueryBuilder } from '../query-builder.ts';
import type { Statement } from '../program.ts';

/** Marks parameters with `?`, whatever the database (program.ts). */
const builder = createSqliteQueryBuilder();

/** The statement of a search: its text is as various as what is searched for. */
export function varying(query: RawBuilder<unknown>): Statement {
  const { sql, parameters } = query.compile(builder);
  return { sql, parameters, varies: true };
}
