import { messageKey } from '../messages/message-codec.ts';
import { checked } from '../checked.ts';
import { type ChangedMessage, publishMessageStatuses } from '../events/message-events.ts';
import { all } from '../program.ts';
import type { EffectProgram } from './apply-effects.ts';

/** A cached message ends, or waits on for a cause. One that has ended already, or is gone, stays as it is: the first end wins. */
export const settleMessages: EffectProgram<'settleMessage'> = function* (ctx, projectId, effects) {
  // The first end wins within a set as well.
  const ends = new Map<string, (typeof effects)[number]>();
  for (const effect of effects) {
    const key = messageKey(effect);
    const known = ends.get(key);
    if (known === undefined || known.status === 'PENDING') ends.set(key, effect);
  }
  const set = ctx.dialect.rows(
    { device_id: 'text', message_id: 'text', status: 'text', code: 'text', message: 'text', finished_at: 'int' },
    [...ends.values()].map(({ status, cause, at, deviceId, messageId }) => [
      deviceId,
      messageId,
      status,
      cause?.code ?? null,
      cause?.message ?? null,
      status === 'PENDING' ? null : at,
    ]),
  );
  const changed = yield* all<ChangedMessage & { readonly finished_at: number | null }>({
    sql: `UPDATE messages SET status = r.status, error_code = r.code, error_message = r.message, finished_at = r.finished_at
      FROM ${set.from} WHERE messages.device_id = r.device_id AND messages.message_id = r.message_id AND ${checked('messages.status')} = 'PENDING'
      RETURNING messages.device_id, messages.message_id, messages.finished_at`,
    parameters: set.parameters,
  });
  const ended = changed.filter((row) => row.finished_at !== null);
  yield* publishMessageStatuses(ctx, ended, projectId);
  return {};
};
