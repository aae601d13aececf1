import type { EffectOf } from '../../../domain/effect.ts';
import { asId, type DeviceId, type MessageId, type ProjectId } from '../../../domain/ids.ts';
import { type NewMessage, pendingMessagesMax } from '../../../domain/message.ts';
import { causeOf } from '../../../domain/problem.ts';
import type { RunRef } from '../../../domain/request-id.ts';
import { publishMessageStatuses } from '../events/message-events.ts';
import { messageKey } from '../messages/message-codec.ts';
import { all, change, type Program, type SqlValue } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import type { EffectProgram } from './apply-effects.ts';

const columns = {
  device_id: 'text',
  message_id: 'text',
  record_id: 'text',
  /** The number of its text in the other set. */
  request: 'int',
  status: 'text',
  error_code: 'text',
  error_message: 'text',
  created_at: 'int',
  expires_at: 'int',
  finished_at: 'int',
  task_no: 'int',
  seq: 'int',
  attempt: 'int',
} as const;
const names = Object.keys(columns);
/** What a message takes over from an earlier one of its subtask. */
const replaced = names.filter((name) => !['device_id', 'message_id', 'task_no', 'seq'].includes(name));

/**
 * v5 9 and 13.5: an id that another message of the device has is a conflict, unless it is an earlier message of the same subtask, which
 * is replaced. Beyond 20 pending ones the oldest is pushed out.
 */
export const insertMessages: EffectProgram<'insertMessage'> = function* (ctx, projectId, effects) {
  const first = firstOfEachId(effects);
  const count = yield* upsert(ctx, first);
  const accepted = count === first.length ? first : yield* findStored(ctx, first);
  const won = new Set(accepted);
  const conflicts = effects.flatMap((effect, index) => (won.has(effect) ? [] : [index]));
  const waiting = accepted.filter((effect) => effect.failure === undefined).map((effect) => effect.message);
  const failed = accepted.filter((effect) => effect.failure !== undefined).map((effect) => effect.message);
  yield* publishMessageStatuses(
    ctx,
    failed.map(({ deviceId, messageId }) => ({ device_id: deviceId, message_id: messageId })),
    projectId,
  );
  return { conflicts, displaced: yield* displaceOldest(ctx, projectId, waiting) };
};

/** Of two with one id in one set the first wins, as if they had come one after the other. */
function firstOfEachId(effects: readonly EffectOf<'insertMessage'>[]): readonly EffectOf<'insertMessage'>[] {
  const seen = new Set<string>();
  return effects.filter(({ message }) => {
    const key = messageKey(message);
    return !seen.has(key) && seen.add(key);
  });
}

/** Returns how many were stored; the others met another message of their id. */
function* upsert({ dialect }: SqlContext, effects: readonly EffectOf<'insertMessage'>[]): Program<number> {
  // The messages of a task share one request, of perhaps 256 KB: each text goes to the database once.
  const requests = [...new Set(effects.map((effect) => effect.message.request))];
  const numbers = new Map(requests.map((request, index) => [request, index]));
  const set = dialect.rows(
    columns,
    effects.map((effect) => rowOf(effect, numbers.get(effect.message.request) ?? 0)),
  );
  const texts = dialect.rows(
    { no: 'int', text: 'text' },
    requests.map((request, index) => [index, JSON.stringify(request)]),
    't',
  );
  return yield* change({
    sql: `INSERT INTO messages (${names.join(', ')})
      SELECT ${names.map((name) => (name === 'request' ? 't.text' : `r.${name}`)).join(', ')}
      FROM ${set.from} ${dialect.orderedJoin} ${texts.from} ON t.no = r.request WHERE true
      ON CONFLICT (device_id, message_id) DO UPDATE SET ${replaced.map((name) => `${name} = excluded.${name}`).join(', ')}
        WHERE messages.task_no = excluded.task_no AND messages.seq = excluded.seq`,
    parameters: [...set.parameters, ...texts.parameters],
    keyChecks: effects.length,
  });
}

/** Which ones were stored, by their record ids, which no other message has. Asked only where one was not. */
function* findStored(
  { dialect }: SqlContext,
  effects: readonly EffectOf<'insertMessage'>[],
): Program<readonly EffectOf<'insertMessage'>[]> {
  const asked = dialect.rows(
    { device_id: 'text', message_id: 'text', record_id: 'text' },
    effects.map(({ message }) => [message.deviceId, message.messageId, message.recordId]),
  );
  const rows = yield* all<{ record_id: string }>({
    sql: `SELECT m.record_id FROM ${asked.from} ${dialect.orderedJoin} messages m
      ON m.device_id = r.device_id AND m.message_id = r.message_id AND m.record_id = r.record_id`,
    parameters: asked.parameters,
  });
  const stored = new Set(rows.map((row) => row.record_id));
  return effects.filter(({ message }) => stored.has(message.recordId));
}

function rowOf({ message, failure }: EffectOf<'insertMessage'>, requestNo: number): readonly SqlValue[] {
  const { deviceId, messageId, recordId, createdAt, expiresAt, run } = message;
  const end =
    failure === undefined ? (['PENDING', null, null] as const) : (['FAILED', failure.code, failure.message] as const);
  const finishedAt = failure === undefined ? null : createdAt;
  return [
    deviceId,
    messageId,
    recordId,
    requestNo,
    ...end,
    createdAt,
    expiresAt,
    finishedAt,
    run?.taskNo ?? null,
    run?.seq ?? null,
    run?.attempt ?? null,
  ];
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
function* displaceOldest(
  ctx: SqlContext,
  projectId: ProjectId,
  messages: readonly NewMessage[],
): Program<readonly { messageId: MessageId; run: RunRef }[]> {
  const surplus = yield* findSurplus(ctx, [...new Set(messages.map((message) => message.deviceId))]);
  // Messages of a run end with their run, which is told after the commit: message and subtask change in one transaction.
  const free = surplus.filter((row) => row.task_no === null);
  if (free.length > 0) yield* failDisplaced(ctx, free, messages[0]?.createdAt ?? 0);
  yield* publishMessageStatuses(ctx, free, projectId);
  return surplus.flatMap((row) => {
    const { task_no: taskNo, seq, attempt } = row;
    return taskNo === null ? [] : [{ messageId: asId<MessageId>(row.message_id), run: { taskNo, seq, attempt } }];
  });
}

function* findSurplus({ dialect }: SqlContext, devices: readonly DeviceId[]): Program<readonly Pending[]> {
  if (devices.length === 0) return [];
  const asked = dialect.rows(
    { device_id: 'text' },
    devices.map((deviceId) => [deviceId]),
  );
  return yield* all<Pending>({
    sql: `SELECT device_id, message_id, task_no, seq, attempt, created_at FROM (
        SELECT m.device_id, m.message_id, m.task_no, m.seq, m.attempt, m.created_at,
          row_number() OVER (PARTITION BY m.device_id ORDER BY m.record_id DESC) AS position
        FROM (SELECT r.device_id FROM ${asked.from} WHERE EXISTS (SELECT 1 FROM messages p
          WHERE p.device_id = r.device_id AND p.status = 'PENDING' LIMIT 1 OFFSET ${pendingMessagesMax})) crowded
        ${dialect.orderedJoin} messages m ON m.device_id = crowded.device_id AND m.status = 'PENDING') ranked
      WHERE position > ${pendingMessagesMax}`,
    parameters: asked.parameters,
  });
}

function* failDisplaced({ dialect }: SqlContext, free: readonly Pending[], now: number): Program<void> {
  const { code, message } = causeOf('notDelivered');
  const set = dialect.rows(
    { device_id: 'text', message_id: 'text' },
    free.map((row) => [row.device_id, row.message_id]),
  );
  yield* change({
    sql: `UPDATE messages SET status = 'FAILED', error_code = ?, error_message = ?, finished_at = ?
      FROM ${set.from} WHERE messages.device_id = r.device_id AND messages.message_id = r.message_id`,
    parameters: [code, message, now, ...set.parameters],
  });
}
