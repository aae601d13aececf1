import type { CommandNote } from '../../../ports/store/command-store.ts';
import { type ChangedCommand, publishCommandStatuses } from '../events/command-events.ts';
import { all, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';

/** When what did not leave is looked at again, should the device have come back before it was noted. */
const lookAgainMs = 1000;

export function* noteCommands(ctx: SqlContext, notes: readonly CommandNote[]): Program<void> {
  yield* noteDelivered(
    ctx,
    notes.filter(({ kind }) => kind === 'delivered'),
  );
  yield* noteUnsent(
    ctx,
    notes.filter(({ kind }) => kind === 'unsent'),
  );
}

const setOf = ({ dialect }: SqlContext, notes: readonly CommandNote[]) =>
  dialect.rows(
    { command_id: 'text', at: 'int' },
    notes.map(({ commandId, at }) => [commandId, at]),
  );

/** The answer may have been stored before the PUBACK that came with it. */
function* noteDelivered(ctx: SqlContext, notes: readonly CommandNote[]): Program<void> {
  if (notes.length === 0) return;
  const set = setOf(ctx, notes);
  const delivered = yield* all<ChangedCommand & { readonly status: string }>({
    sql: `UPDATE commands SET delivered_at = r.at, status = CASE commands.status WHEN 'SENT' THEN 'DELIVERED' ELSE commands.status END
      FROM ${set.from} WHERE commands.command_id = r.command_id AND commands.delivered_at IS NULL AND commands.sent_at IS NOT NULL
      RETURNING commands.device_id, commands.command_id, commands.calls_back, commands.status`,
    parameters: set.parameters,
  });
  // Where the answer was first, the status has not changed.
  yield* publishCommandStatuses(
    ctx,
    delivered.filter(({ status }) => status === 'DELIVERED'),
  );
}

/**
 * Nothing has left, so that it may leave later; what was not to be cached has no time left and ends as unanswered. Of what was to leave once
 * more the first may still be answered.
 */
function* noteUnsent(ctx: SqlContext, notes: readonly CommandNote[]): Program<void> {
  if (notes.length === 0) return;
  const set = setOf(ctx, notes);
  const unsent = yield* all<ChangedCommand>({
    sql: `UPDATE commands SET status = 'PENDING', sent_at = NULL, issued = 0,
        due_at = CASE WHEN commands.expires_at < r.at + ${lookAgainMs} THEN commands.expires_at ELSE r.at + ${lookAgainMs} END
      FROM ${set.from} WHERE commands.command_id = r.command_id AND commands.status = 'SENT' AND commands.strategy = 'delay'
        AND commands.issued <= 1 RETURNING commands.device_id, commands.command_id, commands.calls_back`,
    parameters: set.parameters,
  });
  yield* publishCommandStatuses(ctx, unsent);
}
