import type { Settlement } from '../../../ports/store/queue-store.ts';
import { checked } from '../checked.ts';
import type { ColumnType, Dialect } from '../dialect.ts';
import { countOutcomes, type Tally } from '../outbox/delivery-log.ts';
import { all, change, type Program, type SqlValue } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';

interface OfAction {
  readonly action_id: string;
}

type Kind<K extends Settlement['kind']> = Extract<Settlement, { kind: K }>;

/** What consumers did with what they had in hand, and in the log of the actions that it came by. */
export function* settleMessages(ctx: SqlContext, settlements: readonly Settlement[], now: number): Program<void> {
  const delivered = yield* removeAccepted(ctx, ofKind(settlements, 'accepted'));
  yield* freeReleased(ctx, ofKind(settlements, 'released'));
  const failed = yield* putOffFailed(ctx, ofKind(settlements, 'failed'));
  yield* countOutcomes(ctx, tallyOf(delivered, failed, now));
}

const ofKind = <K extends Settlement['kind']>(settlements: readonly Settlement[], kind: K): readonly Kind<K>[] =>
  settlements.filter((one): one is Kind<K> => one.kind === kind);

const heldColumns = { no: 'int', holder: 'text' } as const;
const failedColumns = { ...heldColumns, due_at: 'int' } as const;

const fromOf = (dialect: Dialect, columns: Readonly<Record<string, ColumnType>>): string =>
  dialect.rows(columns, []).from;

const heldRows = ({ dialect }: SqlContext, settlements: readonly Settlement[]): readonly SqlValue[] =>
  dialect.rows(
    heldColumns,
    settlements.map(({ no, holder }) => [no, holder]),
  ).parameters;

/** Each is found by its number. By its holder it would be looked for among all that this one has in hand, for each again. */
const isHeld = (table: string): string => `${table}.no = r.no AND ${checked(`${table}.holder`)} = r.holder`;

export const acceptedSql = (dialect: Dialect): string =>
  `DELETE FROM queue_messages WHERE no IN (SELECT m.no FROM ${fromOf(dialect, heldColumns)}
    ${dialect.orderedJoin} queue_messages m ON ${isHeld('m')}) RETURNING action_id`;

function* removeAccepted(ctx: SqlContext, accepted: readonly Settlement[]): Program<readonly OfAction[]> {
  if (accepted.length === 0) return [];
  return yield* all<OfAction>({ sql: acceptedSql(ctx.dialect), parameters: heldRows(ctx, accepted) });
}

export const releasedSql = (dialect: Dialect): string =>
  `UPDATE queue_messages SET holder = NULL FROM ${fromOf(dialect, heldColumns)} WHERE ${isHeld('queue_messages')}`;

function* freeReleased(ctx: SqlContext, released: readonly Settlement[]): Program<void> {
  if (released.length === 0) return;
  yield* change({ sql: releasedSql(ctx.dialect), parameters: heldRows(ctx, released) });
}

export const failedSql = (dialect: Dialect): string =>
  `UPDATE queue_messages SET holder = NULL, due_at = r.due_at, attempts = attempts + 1
    FROM ${fromOf(dialect, failedColumns)} WHERE ${isHeld('queue_messages')} RETURNING action_id`;

function* putOffFailed({ dialect }: SqlContext, failed: readonly Kind<'failed'>[]): Program<readonly OfAction[]> {
  if (failed.length === 0) return [];
  const set = dialect.rows(
    failedColumns,
    failed.map(({ no, holder, dueAt }) => [no, holder, dueAt]),
  );
  return yield* all<OfAction>({ sql: failedSql(dialect), parameters: set.parameters });
}

const refused = 'The consumer did not accept it.';

function tallyOf(delivered: readonly OfAction[], failed: readonly OfAction[], now: number): readonly Tally[] {
  const tallies = new Map<string, Tally>();
  const of = (actionId: string): Tally => tallies.get(actionId) ?? { actionId, delivered: 0, failed: 0, dropped: 0 };
  for (const { action_id } of delivered) {
    const tally = of(action_id);
    tallies.set(action_id, { ...tally, delivered: tally.delivered + 1, succeededAt: now });
  }
  for (const { action_id } of failed) {
    const tally = of(action_id);
    tallies.set(action_id, { ...tally, failed: tally.failed + 1, failedAt: now, error: refused });
  }
  return [...tallies.values()];
}
