import type { Settlement } from '../../../ports/store/queue-store.ts';
import { countOutcomes, type Tally } from '../outbox/delivery-log.ts';
import { all, change, type Program } from '../program.ts';
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

function heldSet({ dialect }: SqlContext, settlements: readonly Settlement[]) {
  return dialect.rows(
    { no: 'int', holder: 'text' },
    settlements.map(({ no, holder }) => [no, holder]),
  );
}

function* removeAccepted(ctx: SqlContext, accepted: readonly Settlement[]): Program<readonly OfAction[]> {
  if (accepted.length === 0) return [];
  const set = heldSet(ctx, accepted);
  return yield* all<OfAction>({
    sql: `DELETE FROM queue_messages WHERE no IN (SELECT m.no FROM ${set.from}
      ${ctx.dialect.orderedJoin} queue_messages m ON m.no = r.no AND m.holder = r.holder) RETURNING action_id`,
    parameters: set.parameters,
  });
}

function* freeReleased(ctx: SqlContext, released: readonly Settlement[]): Program<void> {
  if (released.length === 0) return;
  const set = heldSet(ctx, released);
  yield* change({
    sql: `UPDATE queue_messages SET holder = NULL FROM ${set.from}
      WHERE queue_messages.no = r.no AND queue_messages.holder = r.holder`,
    parameters: set.parameters,
  });
}

function* putOffFailed({ dialect }: SqlContext, failed: readonly Kind<'failed'>[]): Program<readonly OfAction[]> {
  if (failed.length === 0) return [];
  const set = dialect.rows(
    { no: 'int', holder: 'text', due_at: 'int' },
    failed.map(({ no, holder, dueAt }) => [no, holder, dueAt]),
  );
  return yield* all<OfAction>({
    sql: `UPDATE queue_messages SET holder = NULL, due_at = r.due_at, attempts = attempts + 1 FROM ${set.from}
      WHERE queue_messages.no = r.no AND queue_messages.holder = r.holder RETURNING action_id`,
    parameters: set.parameters,
  });
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
