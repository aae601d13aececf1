import { checked } from '../checked.ts';
import { type ChangedCommand, publishCommandStatuses } from '../events/command-events.ts';
import { all } from '../program.ts';
import type { EffectProgram } from './apply-effects.ts';

/**
 * S11: what waits for its device is canceled, which in v5 is EXPIRED, or has expired where its time is over anyway (legacy 10.4). What has
 * left cannot be recalled: it goes on by itself, without the run. No queue moves, for what is withdrawn was not in flight.
 */
export const withdrawCommands: EffectProgram<'withdrawCommand'> = function* (ctx, projectId, effects) {
  const set = ctx.dialect.rows(
    { command_id: 'text', device_id: 'text', finished_at: 'int' },
    effects.map(({ commandId, deviceId, at }) => [commandId, deviceId, at]),
  );
  const withdrawn = yield* all<ChangedCommand & { readonly finished_at: number | null }>({
    sql: `UPDATE commands SET task_no = NULL, seq = NULL, attempt = NULL,
        finished_at = CASE commands.status WHEN 'PENDING' THEN r.finished_at END,
        due_at = CASE commands.status WHEN 'PENDING' THEN NULL ELSE commands.due_at END,
        canceled = CASE WHEN commands.status = 'PENDING' AND commands.expires_at > r.finished_at THEN 1 ELSE commands.canceled END,
        status = CASE commands.status WHEN 'PENDING' THEN 'EXPIRED' ELSE commands.status END
      FROM ${set.from} WHERE commands.command_id = r.command_id AND ${checked('commands.device_id')} = r.device_id
        AND commands.finished_at IS NULL
      RETURNING commands.device_id, commands.command_id, commands.calls_back, commands.finished_at`,
    parameters: set.parameters,
  });
  const ended = withdrawn.filter((row) => row.finished_at !== null);
  yield* publishCommandStatuses(ctx, ended, projectId);
  return {};
};
