import { checked } from '../checked.ts';
import { holdQueues, moveQueues } from '../commands/queue.ts';
import { type ChangedCommand, publishCommandStatuses } from '../events/command-events.ts';
import { all } from '../program.ts';
import type { EffectProgram } from './apply-effects.ts';

const columns = {
  command_id: 'text',
  device_id: 'text',
  status: 'text',
  result: 'text',
  responded_at: 'int',
  finished_at: 'int',
} as const;

/**
 * device 6.2: a command ends, and the next one of its device leaves, in one transaction: no crash leaves a queue behind that nobody moves.
 * The first end wins. What never left cannot have timed out.
 */
export const settleCommands: EffectProgram<'settleCommand'> = function* (ctx, projectId, effects) {
  const places = yield* holdQueues(
    ctx,
    effects.map((effect) => effect.deviceId),
    projectId,
  );
  const ends = new Map<string, (typeof effects)[number]>();
  for (const effect of effects) {
    if (places.has(effect.deviceId) && !ends.has(effect.commandId)) ends.set(effect.commandId, effect);
  }
  const [first] = ends.values();
  if (first === undefined) return {};
  const set = ctx.dialect.rows(
    columns,
    [...ends.values()].map(({ commandId, deviceId, status, result, at }) => {
      const answer = result === undefined ? [null, null] : [JSON.stringify(result), at];
      return [commandId, deviceId, status, ...answer, at];
    }),
  );
  const ended = yield* all<ChangedCommand>({
    sql: `UPDATE commands SET status = CASE WHEN commands.status = 'PENDING' AND r.status = 'TIMEOUT' THEN 'EXPIRED' ELSE r.status END,
        result = r.result, responded_at = r.responded_at, finished_at = r.finished_at, due_at = NULL
      FROM ${set.from} WHERE commands.command_id = r.command_id AND ${checked('commands.device_id')} = r.device_id
        AND commands.finished_at IS NULL RETURNING commands.device_id, commands.command_id, commands.calls_back`,
    parameters: set.parameters,
  });
  if (ended.length === 0) return {};
  yield* publishCommandStatuses(ctx, ended, projectId);
  return { sent: yield* moveQueues(ctx, places, { now: first.at, answerMs: first.answerMs }) };
};
