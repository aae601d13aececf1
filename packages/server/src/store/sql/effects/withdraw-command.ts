import { checked } from '../checked.ts';
import { change } from '../program.ts';
import type { EffectProgram } from './apply-effects.ts';

/**
 * S11: what waits for its device has expired before its time. What has left cannot be recalled: it goes on by itself, without the run. No
 * queue moves, for what is withdrawn was not in flight.
 */
export const withdrawCommands: EffectProgram<'withdrawCommand'> = function* ({ dialect }, _projectId, effects) {
  const set = dialect.rows(
    { command_id: 'text', device_id: 'text', finished_at: 'int' },
    effects.map(({ commandId, deviceId, at }) => [commandId, deviceId, at]),
  );
  yield* change({
    sql: `UPDATE commands SET task_no = NULL, seq = NULL, attempt = NULL,
        finished_at = CASE commands.status WHEN 'PENDING' THEN r.finished_at END,
        due_at = CASE commands.status WHEN 'PENDING' THEN NULL ELSE commands.due_at END,
        status = CASE commands.status WHEN 'PENDING' THEN 'EXPIRED' ELSE commands.status END
      FROM ${set.from} WHERE commands.command_id = r.command_id AND ${checked('commands.device_id')} = r.device_id
        AND commands.finished_at IS NULL`,
    parameters: set.parameters,
  });
  return {};
};
