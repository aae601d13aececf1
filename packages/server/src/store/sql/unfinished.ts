import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { unfinishedTaskStatuses } from '../../domain/task-state.ts';

/**
 * Of `tasks`. The states stand in the text, not as parameters: only so can a database prove that the partial index `tasks_unfinished`
 * holds every row.
 */
export const isUnfinished: RawBuilder<SqlBool> = sql<SqlBool>`status in (${sql.join(
  unfinishedTaskStatuses.map((status) => sql.lit(status)),
)})`;
