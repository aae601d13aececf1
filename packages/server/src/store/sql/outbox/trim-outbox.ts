import { all, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { removeItems } from './finish-items.ts';

/** v5 15.4, backlog_time. Drops at most `limit`, returns how many. */
export function* trimAged(ctx: SqlContext, createdBefore: number, limit: number): Program<number> {
  const aged = yield* all<{ no: number }>({
    sql: 'SELECT no FROM outbox WHERE created_at < ? ORDER BY created_at, no LIMIT ?',
    parameters: [createdBefore, limit],
  });
  return yield* removeItems(
    ctx,
    aged.map(({ no }) => no),
  );
}

/** v5 15.4, backlog_size: of each project for itself, so that nobody's backlog pushes out another's (invariant 6). */
export function* trimOversized(ctx: SqlContext, bytesMax: number, limit: number): Program<number> {
  const oversized = yield* all<{ project_id: string; bytes: number }>({
    sql: `SELECT project_id, sum(bytes) AS bytes FROM outbox JOIN rule_actions ON rule_actions.action_id = outbox.action_id
      GROUP BY project_id HAVING sum(bytes) > ?`,
    parameters: [bytesMax],
  });
  let dropped = 0;
  for (const { project_id, bytes } of oversized) {
    dropped += yield* dropOldest(ctx, { projectId: project_id, excess: bytes - bytesMax, limit });
  }
  return dropped;
}

function* dropOldest(
  ctx: SqlContext,
  { projectId, excess, limit }: { projectId: string; excess: number; limit: number },
): Program<number> {
  const oldest = yield* all<{ no: number; bytes: number }>({
    sql: `SELECT no, bytes FROM outbox JOIN rule_actions ON rule_actions.action_id = outbox.action_id
      WHERE project_id = ? ORDER BY outbox.created_at, no LIMIT ?`,
    parameters: [projectId, limit],
  });
  const nos: number[] = [];
  let left = excess;
  for (const { no, bytes } of oldest) {
    if (left <= 0) break;
    left -= bytes;
    nos.push(no);
  }
  return yield* removeItems(ctx, nos);
}
