import {
  type AsyncCommand,
  type AsyncCommandStatus,
  commandExpiry,
  currentCommandStatuses,
  historyCommandStatuses,
  type NewAsyncCommand,
  parseAsyncCommand,
} from '../domain/async-command.ts';
import { asId, type CommandId, type DeviceId, type ProjectId, type RecordId } from '../domain/ids.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Page, PageRequest } from '../domain/paging.ts';
import { Problem } from '../domain/problem.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeviceLink } from '../ports/device-link.ts';
import type { Random } from '../ports/random.ts';
import type { CommandFilter, CommandStore } from '../ports/store/command-store.ts';
import type { DeviceReach, SessionStore } from '../ports/store/device-store.ts';
import type { EffectStore } from '../ports/store/message-store.ts';
import { checkTimeRange } from './device-checks.ts';

/** Whose command it is. */
export interface CommandPlace {
  readonly projectId: ProjectId;
  readonly deviceId: DeviceId;
}

export interface CommandQuery extends Omit<CommandFilter, 'statuses'> {
  readonly status?: AsyncCommandStatus;
}

/** Asynchronous commands, one by one (v5 9, device 6.2). All: deviceNotFound. */
export interface AsyncCommandService {
  /** `body`: the single call's. Problems: invalidInput, contentTooLarge, asyncCommandsOff, deviceOffline, commandCacheLimit. */
  create(place: CommandPlace, body: JsonObject): Promise<AsyncCommand>;
  /** Problems: commandNotFound. */
  get(place: CommandPlace, commandId: CommandId): Promise<AsyncCommand>;
  /** What is under way. Problems: timeRange. */
  list(place: CommandPlace, query: CommandQuery, page: PageRequest): Promise<Page<AsyncCommand>>;
  /** What has ended, or was delivered. Problems: timeRange. */
  listHistory(place: CommandPlace, query: CommandQuery, page: PageRequest): Promise<Page<AsyncCommand>>;
  /** Problems: timeRange. */
  countHistory(place: CommandPlace, query: CommandQuery): Promise<number>;
}

export interface AsyncCommandServiceParts {
  readonly store: {
    readonly sessions: SessionStore;
    readonly effects: EffectStore;
    readonly commands: CommandStore;
  };
  readonly link: DeviceLink;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: {
    /** MUSTER_ASYNC_COMMANDS_MQTT. */
    readonly asyncCommands: boolean;
    /** How long a device has to answer. */
    readonly commandTimeoutMs: number;
  };
}

export function createAsyncCommandService(parts: AsyncCommandServiceParts): AsyncCommandService {
  const { store } = parts;

  async function reachOf({ projectId, deviceId }: CommandPlace): Promise<DeviceReach> {
    const reach = await store.sessions.findReach(projectId, deviceId);
    if (reach === undefined) throw new Problem('deviceNotFound');
    return reach;
  }

  async function filterOf(
    place: CommandPlace,
    { status, ...query }: CommandQuery,
    shown: readonly AsyncCommandStatus[],
  ): Promise<CommandFilter> {
    checkTimeRange(query);
    await reachOf(place);
    return { ...query, statuses: status === undefined ? shown : shown.filter((known) => known === status) };
  }

  return {
    async create(place, body) {
      const request = parseAsyncCommand(body);
      const { reachable } = await reachOf(place);
      if (!parts.settings.asyncCommands) throw new Problem('asyncCommandsOff');
      if (request.strategy === 'immediately' && !reachable) throw new Problem('deviceOffline');
      return insertCommand(parts, place, request);
    },
    async get(place, commandId) {
      await reachOf(place);
      const command = await store.commands.find(place.deviceId, commandId);
      if (command === undefined) throw new Problem('commandNotFound');
      return command;
    },
    list: async (place, query, page) =>
      store.commands.list(place.deviceId, await filterOf(place, query, currentCommandStatuses), page),
    listHistory: async (place, query, page) =>
      store.commands.list(place.deviceId, await filterOf(place, query, historyCommandStatuses), page),
    countHistory: async (place, query) =>
      store.commands.count(place.deviceId, await filterOf(place, query, historyCommandStatuses)),
  };
}

type InsertParts = Pick<AsyncCommandServiceParts, 'clock' | 'random' | 'link' | 'store'> & {
  readonly settings: Pick<AsyncCommandServiceParts['settings'], 'commandTimeoutMs'>;
};

function newCommand(
  { clock, random }: InsertParts,
  deviceId: DeviceId,
  request: NewAsyncCommand['request'],
): NewAsyncCommand {
  const createdAt = clock.now();
  return {
    recordId: asId<RecordId>(random.orderedId()),
    deviceId,
    commandId: asId<CommandId>(random.uuid()),
    request,
    createdAt,
    expiresAt: commandExpiry(request, createdAt),
    run: undefined,
  };
}

/**
 * What may leave was marked as sent together with the new command, and leaves now that this is durable. Problems: deviceNotFound,
 * commandCacheLimit.
 */
export async function insertCommand(
  parts: InsertParts,
  { projectId, deviceId }: CommandPlace,
  request: NewAsyncCommand['request'],
): Promise<AsyncCommand> {
  const { store, link, settings } = parts;
  const command = newCommand(parts, deviceId, request);
  const effect = { kind: 'insertCommand', command, answerMs: settings.commandTimeoutMs } as const;
  const { conflicts, sent } = await store.effects.apply(projectId, [effect]);
  if (conflicts.length > 0) {
    const isGone = (await store.sessions.findReach(projectId, deviceId)) === undefined;
    throw new Problem(isGone ? 'deviceNotFound' : 'commandCacheLimit');
  }
  if (sent.length > 0) link.send(sent.map(({ downlink }) => downlink));
  const isSent =
    command.request.strategy === 'immediately' ||
    sent.some(
      ({ downlink: { content } }) => content.kind === 'async-command' && content.commandId === command.commandId,
    );
  return {
    ...command,
    status: isSent ? 'SENT' : 'PENDING',
    result: undefined,
    sentAt: isSent ? command.createdAt : undefined,
    deliveredAt: undefined,
    respondedAt: undefined,
    issued: isSent ? 1 : 0,
    canceled: false,
  };
}
