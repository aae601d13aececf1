import { asyncCommandDownlink, pendingCommandsMax } from '../../../domain/async-command.ts';
import type { EffectOf } from '../../../domain/effect.ts';
import type { SentDownlink } from '../../../ports/store/message-store.ts';
import { holdQueues, moveQueues, type QueuePlaces } from '../commands/queue.ts';
import { flagOf } from '../columns.ts';
import { publishCommandStatuses } from '../events/command-events.ts';
import { all, change, type Program, type SqlValue } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import type { EffectProgram } from './apply-effects.ts';

type Insertion = EffectOf<'insertCommand'>;

const columns = {
  command_id: 'text',
  device_id: 'text',
  record_id: 'text',
  /** The number of its text in the other set. */
  request: 'int',
  command_name: 'text',
  strategy: 'text',
  status: 'text',
  created_at: 'int',
  expires_at: 'int',
  due_at: 'int',
  sent_at: 'int',
  task_no: 'int',
  seq: 'int',
  attempt: 'int',
  app_id: 'text',
  retransmits: 'int',
  issued: 'int',
  calls_back: 'int',
} as const;
const names = Object.keys(columns);

/** device 6.2: `immediately` ones leave; `delay` ones queue up, at most 20 of a device, and the first one leaves. Conflict: no room. */
export const insertCommands: EffectProgram<'insertCommand'> = function* (ctx, projectId, effects) {
  const deviceIds = effects.map((effect) => effect.command.deviceId);
  const places = yield* holdQueues(ctx, deviceIds, projectId);
  const accepted = yield* withinLimit(ctx, places, effects);
  const won = new Set(accepted);
  const conflicts = effects.flatMap((effect, index) => (won.has(effect) ? [] : [index]));
  const [first] = accepted;
  if (first === undefined) return { conflicts };
  yield* insert(ctx, places, accepted);
  const leaving = accepted.filter((effect) => !isQueued(effect));
  yield* publishCommandStatuses(
    ctx,
    leaving.map(({ command }) => ({
      device_id: command.deviceId,
      command_id: command.commandId,
      calls_back: callsBack(command),
    })),
    projectId,
  );
  const queued = new Set(accepted.filter(isQueued).map(({ command }) => command.deviceId));
  const queues = new Map([...places].filter(([deviceId]) => queued.has(deviceId)));
  const claim = { now: first.command.createdAt, answerMs: first.answerMs };
  return { conflicts, sent: [...sentAtOnce(places, accepted), ...(yield* moveQueues(ctx, queues, claim))] };
};

const callsBack = ({ request }: Insertion['command']): 0 | 1 => flagOf(request.callbackUrl !== undefined);

const isQueued = ({ command }: Insertion): boolean => command.request.strategy === 'delay';

function* withinLimit(
  { dialect }: SqlContext,
  places: QueuePlaces,
  effects: readonly Insertion[],
): Program<readonly Insertion[]> {
  const known = effects.filter(({ command }) => places.has(command.deviceId));
  const asked = dialect.rows(
    { device_id: 'text' },
    [...new Set(known.filter(isQueued).map(({ command }) => command.deviceId))].map((id) => [id]),
  );
  const counted = yield* all<{ device_id: string; pending: number }>({
    sql: `SELECT r.device_id, (SELECT count(*) FROM commands p WHERE p.device_id = r.device_id AND p.status = 'PENDING'
      AND p.due_at IS NOT NULL) AS pending FROM ${asked.from}`,
    parameters: asked.parameters,
  });
  const pending = new Map<string, number>(counted.map((row) => [row.device_id, row.pending]));
  return known.filter((effect) => {
    if (!isQueued(effect)) return true;
    const count = pending.get(effect.command.deviceId) ?? 0;
    pending.set(effect.command.deviceId, count + 1);
    return count < pendingCommandsMax;
  });
}

function* insert({ dialect }: SqlContext, places: QueuePlaces, effects: readonly Insertion[]): Program<void> {
  // The commands of a task share one request, of perhaps 32 KB: each text goes to the database once.
  const requests = [...new Set(effects.map(({ command }) => command.request))];
  const numbers = new Map(requests.map((request, index) => [request, index]));
  const set = dialect.rows(
    columns,
    effects.map((effect) => [...rowOf(effect, numbers.get(effect.command.request) ?? 0), ...legacyOf(effect, places)]),
  );
  const texts = dialect.rows(
    { no: 'int', text: 'text' },
    requests.map((request, index) => [index, JSON.stringify(request)]),
    't',
  );
  yield* change({
    sql: `INSERT INTO commands (${names.join(', ')})
      SELECT ${names.map((name) => (name === 'request' ? 't.text' : `r.${name}`)).join(', ')}
      FROM ${set.from} ${dialect.orderedJoin} ${texts.from} ON t.no = r.request`,
    parameters: [...set.parameters, ...texts.parameters],
    keyChecks: effects.length,
  });
}

function rowOf({ command, answerMs }: Insertion, requestNo: number): readonly SqlValue[] {
  const { commandId, deviceId, recordId, request, createdAt, expiresAt, run } = command;
  const [status, dueAt, sentAt] =
    request.strategy === 'delay'
      ? (['PENDING', expiresAt, null] as const)
      : (['SENT', createdAt + answerMs, createdAt] as const);
  return [
    commandId,
    deviceId,
    recordId,
    requestNo,
    request.commandName ?? null,
    request.strategy,
    status,
    createdAt,
    expiresAt,
    dueAt,
    sentAt,
    run?.taskNo ?? null,
    run?.seq ?? null,
    run?.attempt ?? null,
  ];
}

/** What of it legacy clients asked for, and ask by. */
function legacyOf({ command }: Insertion, places: QueuePlaces): readonly SqlValue[] {
  const { request, deviceId } = command;
  const { appId = null } = places.get(deviceId) ?? {};
  return [appId, request.maxRetransmit ?? 0, flagOf(request.strategy === 'immediately'), callsBack(command)];
}

/** Whoever has just lost its session does not answer, as if it had lost it a moment later. */
function sentAtOnce(places: QueuePlaces, effects: readonly Insertion[]): readonly SentDownlink[] {
  return effects.flatMap((effect) => {
    if (isQueued(effect)) return [];
    const { node, rootId } = places.get(effect.command.deviceId) ?? {};
    return node === undefined || rootId === undefined
      ? []
      : [{ node, downlink: asyncCommandDownlink(effect.command, rootId) }];
  });
}
