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
        (SELECT parts.project_id, sum(parts.bytes) AS bytes, min(parts.created_at) AS oldest FROM
          (SELECT a.project_id, o.bytes, o.created_at FROM outbox o JOIN rule_actions a ON a.action_id = o.action_id
          UNION ALL
          SELECT q.project_id, m.bytes, m.created_at FROM queue_messages m JOIN queues q ON q.queue_id = m.queue_id) parts
          GROUP BY parts.project_id) waiting
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
  const oldest = yield* listOldest(projectId);
  let bytes = 0;
  const dropped = oldest.filter((row) => {
    const goes = row.created_at < createdBefore || bytes < excessBytes;
    if (goes) bytes += row.bytes;
    return goes;
  });
  const actionIds = [
    ...(yield* removeItems(ctx, nosOf(dropped, 'outbox'))),
    ...(yield* removeFree(ctx, nosOf(dropped, 'queue'))),
  ];
  yield* countOutcomes(ctx, talliesOf(actionIds));
  return { count: actionIds.length, bytes, isDone: dropped.length < dropStep };
}

interface Waiting {
  readonly place: 'outbox' | 'queue';
  readonly no: number;
  readonly bytes: number;
  readonly created_at: number;
}

const nosOf = (rows: readonly Waiting[], place: Waiting['place']): readonly number[] =>
  rows.filter((row) => row.place === place).map(({ no }) => no);

/** Of all that waits in the project, `dropStep` at most. What a consumer has in hand is on its way and does not wait. */
function* listOldest(projectId: string): Program<readonly Waiting[]> {
  const posted = yield* all<Waiting>({
    sql: `SELECT 'outbox' AS place, o.no, o.bytes, o.created_at FROM outbox o JOIN rule_actions a ON a.action_id = o.action_id
      WHERE a.project_id = ? ORDER BY o.created_at, o.no LIMIT ${dropStep}`,
    parameters: [projectId],
  });
  // The first of each queue, off its index: whatever else waits there is younger.
  const queued = yield* all<Waiting>({
    sql: `SELECT 'queue' AS place, m.no, m.bytes, m.created_at FROM queues q JOIN queue_messages m ON m.queue_id = q.queue_id
      WHERE q.project_id = ? AND m.holder IS NULL AND m.no <= coalesce((SELECT f.no FROM queue_messages f
        WHERE f.queue_id = q.queue_id AND f.holder IS NULL ORDER BY f.no LIMIT 1 OFFSET ${dropStep - 1}), ${Number.MAX_SAFE_INTEGER})
      ORDER BY m.created_at, m.no LIMIT ${dropStep}`,
    parameters: [projectId],
  });
  return [...posted, ...queued].toSorted((a, b) => a.created_at - b.created_at).slice(0, dropStep);
}

/** Returns the actions of those that were there, each as often as it lost one. */
function* removeFree({ dialect }: SqlContext, nos: readonly number[]): Program<readonly string[]> {
  if (nos.length === 0) return [];
  const set = dialect.rows(
    { no: 'int' },
    nos.map((no) => [no]),
  );
  const rows = yield* all<{ action_id: string }>({
    sql: `DELETE FROM queue_messages WHERE no IN (SELECT r.no FROM ${set.from}) AND holder IS NULL RETURNING action_id`,
    parameters: set.parameters,
  });
  return rows.map(({ action_id }) => action_id);
}

function talliesOf(actionIds: readonly string[]): readonly Tally[] {
  const counts = new Map<string, number>();
  for (const actionId of actionIds) counts.set(actionId, (counts.get(actionId) ?? 0) + 1);
  return [...counts].map(([actionId, dropped]) => ({ actionId, delivered: 0, failed: 0, dropped }));
}
