import type { BacklogLimits } from '../../../domain/policy.ts';
import { all, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { countOutcomes, type Tally } from './delivery-log.ts';
import { removeItems } from './finish-items.ts';

/** A project whose backlog is beyond its limits. */
export interface Excess {
  readonly projectId: string;
  /** What is older goes. */
  readonly createdBefore: number;
  /** So much goes, the oldest first. */
  readonly excessBytes: number;
}

interface BacklogRow {
  readonly project_id: string;
  readonly bytes: number;
  readonly oldest: number;
  readonly bytes_max: number | null;
  readonly age_seconds_max: number | null;
}

/** What waits for its first try where nothing is kept after it (v5 15.4, `0`) has so long for it. */
const firstTryMs = 60_000;
/** Rows that one transaction drops at most. */
const dropStep = 1000;

/** v5 15.4: of each project for itself, so that nobody's backlog pushes out another's (invariant 6). */
export function* surveyBacklogs(now: number, defaults: BacklogLimits): Program<readonly Excess[]> {
  const rows = yield* all<BacklogRow>({
    sql: `SELECT waiting.project_id, waiting.bytes, waiting.oldest, b.bytes_max, b.age_seconds_max FROM
        (SELECT a.project_id, sum(o.bytes) AS bytes, min(o.created_at) AS oldest
          FROM outbox o JOIN rule_actions a ON a.action_id = o.action_id GROUP BY a.project_id) waiting
      LEFT JOIN backlog_policies b ON b.project_id = waiting.project_id`,
    parameters: [],
  });
  return rows.flatMap((row) => excessOf(row, now, defaults));
}

function excessOf(row: BacklogRow, now: number, defaults: BacklogLimits): readonly Excess[] {
  const bytesMax = row.bytes_max ?? defaults.bytesMax;
  const ageSecondsMax = row.age_seconds_max ?? defaults.ageSecondsMax;
  const keepsNone = bytesMax === 0 || ageSecondsMax === 0;
  const createdBefore = now - (keepsNone ? firstTryMs : ageSecondsMax * 1000);
  const excessBytes = keepsNone ? 0 : Math.max(0, row.bytes - bytesMax);
  return excessBytes > 0 || row.oldest < createdBefore
    ? [{ projectId: row.project_id, createdBefore, excessBytes }]
    : [];
}

export interface Dropped {
  readonly count: number;
  readonly bytes: number;
  /** False: there may be more to drop. */
  readonly isDone: boolean;
}

export function* dropOldest(ctx: SqlContext, { projectId, createdBefore, excessBytes }: Excess): Program<Dropped> {
  const oldest = yield* all<{ no: number; bytes: number; created_at: number }>({
    sql: `SELECT o.no, o.bytes, o.created_at FROM outbox o JOIN rule_actions a ON a.action_id = o.action_id
      WHERE a.project_id = ? ORDER BY o.created_at, o.no LIMIT ${dropStep}`,
    parameters: [projectId],
  });
  let bytes = 0;
  const dropped = oldest.filter((row) => {
    const goes = row.created_at < createdBefore || bytes < excessBytes;
    if (goes) bytes += row.bytes;
    return goes;
  });
  const actionIds = yield* removeItems(
    ctx,
    dropped.map(({ no }) => no),
  );
  yield* countOutcomes(ctx, talliesOf(actionIds));
  return { count: actionIds.length, bytes, isDone: dropped.length < dropStep };
}

function talliesOf(actionIds: readonly string[]): readonly Tally[] {
  const counts = new Map<string, number>();
  for (const actionId of actionIds) counts.set(actionId, (counts.get(actionId) ?? 0) + 1);
  return [...counts].map(([actionId, dropped]) => ({ actionId, delivered: 0, failed: 0, dropped }));
}
