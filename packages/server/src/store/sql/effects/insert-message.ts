import type { EffectOf } from '../../../domain/effect.ts';
import { asId, type MessageId } from '../../../domain/ids.ts';
import { type MessageRequest, type NewMessage, pendingMessagesMax } from '../../../domain/message.ts';
import { causeOf } from '../../../domain/problem.ts';
import type { RunRef } from '../../../domain/request-id.ts';
import { all, changeEach, type Program, type SqlValue } from '../program.ts';
import type { EffectProgram } from './apply-effects.ts';

/**
 * v5 9 and 13.5: an id that another message of the device has is a conflict, unless it is an earlier message of the same subtask, which
 * is replaced. Beyond 20 pending ones the oldest is pushed out.
 */
export const insertMessages: EffectProgram<'insertMessage'> = function* (_ctx, _projectId, effects) {
  const conflicts = new Set(yield* findConflicts(effects.map((effect) => effect.message)));
  const accepted = effects.filter((_effect, index) => !conflicts.has(index));
  yield* changeEach(
    `INSERT INTO messages (device_id, message_id, record_id, request, status, error_code, error_message, created_at, expires_at,
       finished_at, task_no, seq, attempt)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (device_id, message_id) DO UPDATE SET record_id = excluded.record_id, request = excluded.request,
       status = excluded.status, error_code = excluded.error_code, error_message = excluded.error_message,
       created_at = excluded.created_at, expires_at = excluded.expires_at, finished_at = excluded.finished_at,
       attempt = excluded.attempt`,
    rowsOf(accepted),
  );
  const waiting = accepted.filter((effect) => effect.failure === undefined).map((effect) => effect.message);
  return { conflicts: [...conflicts], displaced: yield* displaceOldest(waiting) };
};

function rowsOf(effects: readonly EffectOf<'insertMessage'>[]): readonly (readonly SqlValue[])[] {
  // The messages of a task share one request, of perhaps 256 KB.
  const texts = new Map<MessageRequest, string>();
  const textOf = (request: MessageRequest): string => {
    const text = texts.get(request) ?? JSON.stringify(request);
    texts.set(request, text);
    return text;
  };
  return effects.map((effect) => rowOf(effect, textOf(effect.message.request)));
}

function rowOf({ message, failure }: EffectOf<'insertMessage'>, request: string): readonly SqlValue[] {
  const { deviceId, messageId, recordId, createdAt, expiresAt, run } = message;
  const end =
    failure === undefined ? (['PENDING', null, null] as const) : (['FAILED', failure.code, failure.message] as const);
  const finishedAt = failure === undefined ? null : createdAt;
  return [
    deviceId,
    messageId,
    recordId,
    request,
    ...end,
    createdAt,
    expiresAt,
    finishedAt,
    run?.taskNo ?? null,
    run?.seq ?? null,
    run?.attempt ?? null,
  ];
}

/** Generated ids are new. */
function* findConflicts(messages: readonly NewMessage[]): Program<readonly number[]> {
  const wanted = messages.flatMap(({ deviceId, messageId, request, run }, index) =>
    request.messageId === undefined ? [] : [[index, deviceId, messageId, run?.taskNo ?? -1, run?.seq ?? -1]],
  );
  if (wanted.length === 0) return [];
  const known = yield* all<{ position: number }>({
    sql: `SELECT j.value ->> 0 AS position FROM json_each(?) j CROSS JOIN messages m
      ON m.device_id = j.value ->> 1 AND m.message_id = j.value ->> 2
      WHERE m.task_no IS NULL OR m.task_no <> j.value ->> 3 OR m.seq <> j.value ->> 4`,
    parameters: [JSON.stringify(wanted)],
  });
  return known.map((row) => row.position);
}

interface Pending {
  readonly device_id: string;
  readonly message_id: string;
  readonly task_no: number | null;
  readonly seq: number;
  readonly attempt: number;
  readonly created_at: number;
}

/** Device 6.3: a new message pushes out the OLDEST pending one, which ends FAILED. Those of a run are told to it. */
function* displaceOldest(messages: readonly NewMessage[]): Program<readonly { messageId: MessageId; run: RunRef }[]> {
  const devices = [...new Set(messages.map((message) => message.deviceId))];
  const surplus = yield* all<Pending>({
    sql: `SELECT device_id, message_id, task_no, seq, attempt, created_at FROM (
        SELECT m.device_id, m.message_id, m.task_no, m.seq, m.attempt, m.created_at,
          row_number() OVER (PARTITION BY m.device_id ORDER BY m.record_id DESC) AS position
        FROM (SELECT j.value AS device_id FROM json_each(?) j WHERE EXISTS (SELECT 1 FROM messages p
          WHERE p.device_id = j.value AND p.status = 'PENDING' LIMIT 1 OFFSET ${pendingMessagesMax})) crowded
        CROSS JOIN messages m ON m.device_id = crowded.device_id AND m.status = 'PENDING')
      WHERE position > ${pendingMessagesMax}`,
    parameters: [JSON.stringify(devices)],
  });
  const { code, message } = causeOf('notDelivered');
  const now = messages[0]?.createdAt ?? 0;
  // Messages of a run end with their run, which is told after the commit: message and subtask change in one transaction.
  const free = surplus.filter((row) => row.task_no === null);
  yield* changeEach(
    `UPDATE messages SET status = 'FAILED', error_code = ?, error_message = ?, finished_at = ? WHERE device_id = ? AND message_id = ?`,
    free.map((row) => [code, message, now, row.device_id, row.message_id]),
  );
  return surplus.flatMap((row) =>
    row.task_no === null
      ? []
      : [
          {
            messageId: asId<MessageId>(row.message_id),
            run: { taskNo: row.task_no, seq: row.seq, attempt: row.attempt },
          },
        ],
  );
}
