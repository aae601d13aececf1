import type { App } from '../domain/app.ts';
import {
  type AsyncCommand,
  type AsyncCommandRequest,
  checkCommandRequest,
  type CommandCancellation,
} from '../domain/async-command.ts';
import { asId, type CommandId, type DeviceId, type RecordId } from '../domain/ids.ts';
import type { Page, PageRequest } from '../domain/paging.ts';
import { Problem } from '../domain/problem.ts';
import { isInModel } from '../domain/product.ts';
import type { RunEvent } from '../domain/device-event.ts';
import type { RunRef } from '../domain/request-id.ts';
import type { Log } from '../ports/log.ts';
import type { ProductStore } from '../ports/store/catalogue-stores.ts';
import type { AppCommandFilter, CancellationFilter, UnendedCommand } from '../ports/store/command-store.ts';
import type { DeviceReach } from '../ports/store/device-store.ts';
import { type AsyncCommandServiceParts, insertCommand } from './async-commands.ts';
import { checkTimeRange } from './device-checks.ts';

/** A command as legacy clients ask for it (legacy 7). */
export interface AppCommandRequest extends Required<Pick<AsyncCommandRequest, 'serviceId' | 'commandName' | 'paras'>> {
  readonly maxRetransmit?: number;
  readonly callbackUrl?: string;
  /** 0: now or never. */
  readonly expireSeconds: number;
}

/** All that waited for a device was canceled, with those of its commands that are still known. */
export interface ShownCancellation {
  readonly cancellation: CommandCancellation;
  readonly commands: readonly AsyncCommand[];
}

type TimeFilter = Pick<AppCommandFilter, 'deviceId' | 'createdFrom' | 'createdTo'>;

/** Commands of all devices of an application. Devices of others are deviceNotFound in every call that names one. */
export interface AppCommandService {
  /** Whatever v5 lets its callers send. Problems: commandUndefined, deviceOffline, commandCacheLimit, contentTooLarge, invalidInput. */
  create(app: App, deviceId: DeviceId, request: AppCommandRequest): Promise<AsyncCommand>;
  /** Problems: timeRange. */
  list(app: App, filter: TimeFilter, page: PageRequest): Promise<Page<AsyncCommand>>;
  /** Undefined: it does not wait any more. Problems: commandNotFound. */
  cancel(app: App, commandId: CommandId): Promise<AsyncCommand | undefined>;
  cancelAll(app: App, deviceId: DeviceId): Promise<ShownCancellation>;
  /** Problems: timeRange. */
  listCancellations(
    app: App,
    filter: Omit<CancellationFilter, 'projectId' | 'appId'>,
    page: PageRequest,
  ): Promise<Page<ShownCancellation>>;
}

export interface AppCommandServiceParts extends Omit<AsyncCommandServiceParts, 'settings'> {
  readonly store: AsyncCommandServiceParts['store'] & { readonly products: Pick<ProductStore, 'find'> };
  readonly log: Log;
  readonly settings: Pick<AsyncCommandServiceParts['settings'], 'commandTimeoutMs'>;
  /** The run of a task ends with its command. Resolves when that is durable. */
  collect(ref: RunRef, from: undefined, event: RunEvent): Promise<void>;
}

export function createAppCommandService(parts: AppCommandServiceParts): AppCommandService {
  const { store, clock, random } = parts;
  const reachOf = async ({ projectId, appId }: App, deviceId: DeviceId): Promise<DeviceReach> => {
    const reach = await store.sessions.findReach(projectId, deviceId);
    if (reach?.appId !== appId) throw new Problem('deviceNotFound');
    return reach;
  };
  return {
    async create(app, deviceId, asked) {
      const request = requestOf(asked);
      checkCommandRequest(request);
      const { reachable, productId } = await reachOf(app, deviceId);
      const product = await store.products.find(app.projectId, productId, app.appId);
      if (product !== undefined && !isInModel(product, asked.serviceId, asked.commandName)) {
        throw new Problem('commandUndefined');
      }
      if (request.strategy === 'immediately' && !reachable) throw new Problem('deviceOffline');
      return insertCommand(parts, { projectId: app.projectId, deviceId }, request);
    },
    async list(app, filter, page) {
      checkTimeRange(filter);
      if (filter.deviceId !== undefined) await reachOf(app, filter.deviceId);
      return store.commands.listOfApp({ ...keyOf(app), ...filter }, page);
    },
    async cancel(app, commandId) {
      const command = await store.commands.findOfApp(keyOf(app), commandId);
      if (command === undefined) throw new Problem('commandNotFound');
      const { deviceId } = command;
      const { projectId } = app;
      const canceled = await store.commands.cancel({ projectId, deviceId, commandId, at: clock.now() });
      if (canceled === undefined) return undefined;
      await tellRuns(parts, [canceled]);
      return { ...command, status: 'EXPIRED', canceled: true };
    },
    async cancelAll(app, deviceId) {
      await reachOf(app, deviceId);
      const { cancellation, commands } = await store.commands.cancelAll({
        ...{ ...keyOf(app), deviceId, createdAt: clock.now(), cancellationId: random.uuid() },
        recordId: asId<RecordId>(random.orderedId()),
      });
      await tellRuns(parts, commands);
      return shownOf(cancellation, await store.commands.findAll(cancellation.commandIds));
    },
    async listCancellations(app, filter, page) {
      checkTimeRange(filter);
      const { items, ...rest } = await store.commands.listCancellations({ ...keyOf(app), ...filter }, page);
      const commands = await store.commands.findAll(items.flatMap(({ commandIds }) => commandIds));
      return { ...rest, items: items.map((cancellation) => shownOf(cancellation, commands)) };
    },
  };
}

const keyOf = ({ projectId, appId }: App): Pick<App, 'projectId' | 'appId'> => ({ projectId, appId });

function requestOf({ expireSeconds, maxRetransmit = 0, callbackUrl, ...rest }: AppCommandRequest): AsyncCommandRequest {
  return {
    ...rest,
    strategy: expireSeconds === 0 ? 'immediately' : 'delay',
    cacheSeconds: expireSeconds,
    ...(maxRetransmit === 0 ? {} : { maxRetransmit }),
    ...(callbackUrl === undefined ? {} : { callbackUrl }),
  };
}

function shownOf(cancellation: CommandCancellation, known: ReadonlyMap<CommandId, AsyncCommand>): ShownCancellation {
  return { cancellation, commands: cancellation.commandIds.flatMap((commandId) => known.get(commandId) ?? []) };
}

/** The commands have ended, whatever comes of this: a run that was not told ends at its own deadline. */
async function tellRuns({ collect, log }: AppCommandServiceParts, commands: readonly UnendedCommand[]): Promise<void> {
  await Promise.all(
    commands.map(async ({ run, commandId }) => {
      if (run === undefined) return;
      try {
        await collect(run, undefined, { kind: 'command-canceled' });
      } catch (err) {
        log.warn({ err, commandId }, 'the run of a command could not be told that it was canceled');
      }
    }),
  );
}
