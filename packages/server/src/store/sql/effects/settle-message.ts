import { changeEach } from '../program.ts';
import type { EffectProgram } from './apply-effects.ts';

/** A cached message ends, or waits on for a cause. One that has ended already, or is gone, stays as it is: the first end wins. */
export const settleMessages: EffectProgram<'settleMessage'> = function* (_ctx, _projectId, effects) {
  yield* changeEach(
    `UPDATE messages SET status = ?, error_code = ?, error_message = ?, finished_at = ?
     WHERE device_id = ? AND message_id = ? AND status = 'PENDING'`,
    effects.map(({ status, cause, at, deviceId, messageId }) => [
      status,
      cause?.code ?? null,
      cause?.message ?? null,
      status === 'PENDING' ? null : at,
      deviceId,
      messageId,
    ]),
  );
  return {};
};
