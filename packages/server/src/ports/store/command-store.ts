import type { AsyncCommand, AsyncCommandStatus, CommandCancellation } from '../../domain/async-command.ts';
import type { Downlink } from '../../domain/downlink.ts';
import type { AppId, CommandId, DeviceId, ProjectId } from '../../domain/ids.ts';
import type { Page, PageRequest } from '../../domain/paging.ts';
import type { RunRef } from '../../domain/request-id.ts';

export interface CommandFilter {
  readonly statuses: readonly AsyncCommandStatus[];
  readonly commandName?: string;
  readonly createdFrom?: number;
  readonly createdTo?: number;
}

/** A command that has not ended. */
export interface UnendedCommand {
  readonly commandId: CommandId;
  readonly deviceId: DeviceId;
  readonly projectId: ProjectId;
  readonly run: RunRef | undefined;
}

export interface SentCommand extends UnendedCommand {
  /** Whose session carries the answer. */
  readonly rootId: DeviceId;
}

export interface DueCommand extends UnendedCommand {
  /** What its time makes of it; undefined: it waits on, and may be able to leave. */
  readonly end: 'EXPIRED' | 'TIMEOUT' | undefined;
  /** It has left and is to leave once more. */
  readonly again: boolean;
}

/** Of all devices of an application. */
export interface AppCommandFilter {
  readonly projectId: ProjectId;
  readonly appId: AppId;
  readonly deviceId?: DeviceId;
  readonly createdFrom?: number;
  readonly createdTo?: number;
}

export interface CancellationFilter extends AppCommandFilter {
  readonly cancellationId?: string;
}

/** What became of a command on its way to the session. */
export interface CommandNote {
  readonly commandId: CommandId;
  /** `unsent`: nobody was connected any more, so that nothing has left. */
  readonly kind: 'delivered' | 'unsent';
  readonly at: number;
}

/** How long a device has to answer what leaves now. */
export interface ClaimOptions {
  readonly now: number;
  readonly answerMs: number;
}

/**
 * Asynchronous commands (device 6.2). They begin and end by effects; what may leave is SENT in the transaction that made it so, and
 * leaves after it: a crash in between costs an answer, and never sends a command twice.
 */
export interface CommandStore {
  find(deviceId: DeviceId, commandId: CommandId): Promise<AsyncCommand | undefined>;
  list(deviceId: DeviceId, filter: CommandFilter, page: PageRequest): Promise<Page<AsyncCommand>>;
  count(deviceId: DeviceId, filter: CommandFilter): Promise<number>;
  /** Whatever their status. */
  listOfApp(filter: AppCommandFilter, page: PageRequest): Promise<Page<AsyncCommand>>;
  /** Of a device of this application. */
  findOfApp(
    app: Pick<AppCommandFilter, 'projectId' | 'appId'>,
    commandId: CommandId,
  ): Promise<AsyncCommand | undefined>;
  /** Of each of these devices that can be reached and answers none, the oldest PENDING one is SENT; they are to leave now. */
  claim(deviceIds: readonly DeviceId[], options: ClaimOptions): Promise<readonly Downlink[]>;
  /**
   * Of the children of this root that come after `after`, on all levels, the next `limit` that are ONLINE and have PENDING ones.
   * `next`: where the following step begins; undefined: there is none.
   */
  listWaitingChildren(
    rootId: DeviceId,
    after: string,
    limit: number,
  ): Promise<{ readonly deviceIds: readonly DeviceId[]; readonly next: DeviceId | undefined }>;
  /** Whose time for an answer is over and that may leave once more; they are to leave now, those that can be reached. */
  retransmit(commandIds: readonly CommandId[], options: ClaimOptions): Promise<readonly Downlink[]>;
  /** Undefined: it does not wait. Problems: deviceNotFound. */
  cancel(command: {
    readonly projectId: ProjectId;
    readonly deviceId: DeviceId;
    readonly commandId: CommandId;
    readonly at: number;
  }): Promise<UnendedCommand | undefined>;
  /** All that wait for the device, and it is kept that they were. Problems: deviceNotFound. */
  cancelAll(
    cancellation: Omit<CommandCancellation, 'commandIds'> & { readonly projectId: ProjectId },
  ): Promise<{ readonly cancellation: CommandCancellation; readonly commands: readonly UnendedCommand[] }>;
  listCancellations(filter: CancellationFilter, page: PageRequest): Promise<Page<CommandCancellation>>;
  /** By id; those that are there. */
  findAll(commandIds: readonly CommandId[]): Promise<ReadonlyMap<CommandId, AsyncCommand>>;
  /** Those of these that have left and not ended. */
  findSent(commandIds: readonly CommandId[]): Promise<readonly SentCommand[]>;
  /** What did not leave is PENDING again, unless it was not to be cached; what has ended stays so. */
  note(notes: readonly CommandNote[]): Promise<void>;
  /** Whose time is over, and those that are to be looked at again, oldest first. */
  listDue(now: number, limit: number): Promise<readonly DueCommand[]>;
  /** Ended ones from before, and cancellations, at most `limit` of each. */
  purge(finishedBefore: number, limit: number): Promise<number>;
}
