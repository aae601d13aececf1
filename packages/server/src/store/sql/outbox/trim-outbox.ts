import type { TrimLimits } from '../../../ports/store/push-store.ts';
import { all, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { countOutcomes, type Tally } from './delivery-log.ts';
import { removeItems } from './finish-items.ts';

/** A project whose backlog is beyond its limits. */
export interface Excess {
  readonly projectId: string;
  /** What is older goes. */
  readonly createdBefore: number;
  /** The same for what is of the legacy generation. */
  readonly legacyBefore: number;
  /** So much goes, the oldest first. */
  readonly excessBytes: number;
}

interface BacklogRow {
  readonly project_id: string;
  readonly bytes: number;
  readonly oldest: number | null;
  readonly legacy_oldest: number | null;
  readonly bytes_max: number | null;
  readonly age_seconds_max: number | null;
}

/** What waits for its first try where nothing is kept after it (v5 15.4, `0`) has so long for it. */
const firstTryMs = 60_000;
/** Rows of a kind that one transaction drops at most. */
const dropStep = 1000;

/** v5 15.4: of each project for itself, so that nobody's backlog pushes out another's (invariant 6). */
export function* surveyBacklogs({ dialect }: SqlContext, now: number, limits: TrimLimits): Program<readonly Excess[]> {
  const rows = yield* all<BacklogRow>({
    sql: `SELECT waiting.project_id, waiting.bytes, waiting.oldest, waiting.legacy_oldest, b.bytes_max, b.age_seconds_max FROM
        (SELECT parts.project_id, sum(parts.bytes) AS bytes, min(parts.created_at) AS oldest, min(parts.legacy_at) AS legacy_oldest FROM
          (SELECT a.project_id, o.bytes, o.created_at, NULL AS legacy_at FROM outbox o JOIN rule_actions a ON a.action_id = o.action_id
          UNION ALL
          SELECT p.project_id, p.bytes, NULL, p.created_at FROM outbox p ${dialect.indexedBy('outbox_posts')} WHERE p.action_id IS NULL
          UNION ALL
          SELECT q.project_id, m.bytes, m.created_at, NULL FROM queue_messages m JOIN queues q ON q.queue_id = m.queue_id) parts
          GROUP BY parts.project_id) waiting
      LEFT JOIN backlog_policies b ON b.project_id = waiting.project_id`,
    parameters: [],
  });
  return rows.flatMap((row) => excessOf(row, now, limits));
}

/** Legacy 9.1: what a project says of the age of v5's is not said of them; of its bytes they take their part. */
function excessOf(row: BacklogRow, now: number, limits: TrimLimits): readonly Excess[] {
  const bytesMax = row.bytes_max ?? limits.bytesMax;
  const ageSecondsMax = row.age_seconds_max ?? limits.ageSecondsMax;
  const keepsNone = bytesMax === 0 || ageSecondsMax === 0;
  const createdBefore = now - (keepsNone ? firstTryMs : ageSecondsMax * 1000);
  const legacyBefore = now - Math.max(firstTryMs, limits.legacyAgeMs ?? Number.POSITIVE_INFINITY);
  const excessBytes = keepsNone ? 0 : Math.max(0, row.bytes - bytesMax);
  const isOld = (row.oldest ?? now) < createdBefore || (row.legacy_oldest ?? now) < legacyBefore;
  return excessBytes > 0 || isOld ? [{ projectId: row.project_id, createdBefore, legacyBefore, excessBytes }] : [];
}

export interface Dropped {
  readonly count: number;
  readonly bytes: number;
  /** False: there may be more to drop. */
  readonly isDone: boolean;
}

export function* dropOldest(ctx: SqlContext, excess: Excess): Program<Dropped> {
  const { createdBefore, legacyBefore, excessBytes } = excess;
  const oldest = yield* listOldest(excess.projectId);
  let bytes = 0;
  const dropped = oldest.filter((row, index) => {
    const before = row.place === 'legacy' ? legacyBefore : createdBefore;
    // Behind as many as one list has the others may have older ones.
    const goes = row.created_at < before || (bytes < excessBytes && index < dropStep);
    if (goes) bytes += row.bytes;
    return goes;
  });
  const actionIds = [
    ...(yield* removeItems(ctx, [...nosOf(dropped, 'outbox'), ...nosOf(dropped, 'legacy')])),
    ...(yield* removeFree(ctx, nosOf(dropped, 'queue'))),
  ];
  yield* countOutcomes(ctx, talliesOf(actionIds));
  return { count: actionIds.length, bytes, isDone: dropped.length < dropStep };
}

interface Waiting {
  readonly place: 'outbox' | 'legacy' | 'queue';
  readonly no: number;
  readonly bytes: number;
  readonly created_at: number;
}

const nosOf = (rows: readonly Waiting[], place: Waiting['place']): readonly number[] =>
  rows.filter((row) => row.place === place).map(({ no }) => no);

/** Of all that waits in the project, `dropStep` of each kind at most. What a consumer has in hand is on its way and does not wait. */
function* listOldest(projectId: string): Program<readonly Waiting[]> {
  const posted = yield* all<Waiting>({
    sql: `SELECT 'outbox' AS place, o.no, o.bytes, o.created_at FROM outbox o JOIN rule_actions a ON a.action_id = o.action_id
      WHERE a.project_id = ? ORDER BY o.created_at, o.no LIMIT ${dropStep}`,
    parameters: [projectId],
  });
  const legacy = yield* all<Waiting>({
    sql: `SELECT 'legacy' AS place, no, bytes, created_at FROM outbox
      WHERE action_id IS NULL AND project_id = ? ORDER BY created_at, no LIMIT ${dropStep}`,
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
  return [...posted, ...legacy, ...queued].toSorted((a, b) => a.created_at - b.created_at);
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

function talliesOf(actionIds: readonly (string | null)[]): readonly Tally[] {
  const counts = new Map<string, number>();
  for (const actionId of actionIds) if (actionId !== null) counts.set(actionId, (counts.get(actionId) ?? 0) + 1);
  return [...counts].map(([actionId, dropped]) => ({ actionId, delivered: 0, failed: 0, dropped }));
}
