import type { CounterDelta } from '../../domain/counters.ts';
import type { FileFormat, NamedCells } from '../../domain/batch-file.ts';
import type { Effect } from '../../domain/effect.ts';
import type { Downlink } from '../../domain/downlink.ts';
import type { RunEvent } from '../../domain/device-event.ts';
import type { DeviceId, MessageId, ProjectId, RecordId } from '../../domain/ids.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { OldestFirst, Page } from '../../domain/paging.ts';
import type { Cause } from '../../domain/problem.ts';
import type { ProductModel } from '../../domain/product.ts';
import type { RunRef } from '../../domain/request-id.ts';
import type { Run, RunDevice, RunOrder } from '../../domain/run.ts';
import type { SubtaskState } from '../../domain/subtask-state.ts';
import type { Task, TaskNo, TaskTypeName } from '../../domain/task.ts';
import type { Verdict } from '../../domain/verdict.ts';

export interface Subtask {
  readonly recordId: RecordId;
  readonly target: string;
  readonly state: SubtaskState;
  readonly output: JsonObject | undefined;
  /** Members of the output for those who may see secrets. */
  readonly secrets?: JsonObject | undefined;
  readonly cause: Cause | undefined;
}

export interface SubtaskFilter {
  readonly state?: SubtaskState;
  readonly target?: string;
}

/** What one unfinished task wants from the engine next. */
export interface TaskTurn {
  readonly task: Task;
  readonly work: 'expand' | 'sweep' | 'dispatch';
}

export interface ChunkOptions {
  readonly now: number;
  readonly limit: number;
  /** Retry minutes in ms (MUSTER_BATCH_RETRY_MINUTE_SECONDS). */
  readonly retryMinuteMs: number;
  /** The task's type, told by the engine: read product models, look at lanes. */
  readonly usesModels: boolean;
  readonly usesLanes: boolean;
  readonly order?: RunOrder | undefined;
  /** How the type reads the rows of its files. */
  readonly readRow?: FileFormat['readRow'] | undefined;
  /** A target that is deleted before its turn does not end its run. */
  readonly createsTargets?: boolean;
}

/**
 * The engine's side of a chunk: pure, called within the transaction with runs that were read in it. As many answers as runs, in their
 * order.
 */
export interface Decider {
  start(runs: readonly Run[], facts: RunFacts): readonly Verdict[];
  onEvent(runs: readonly Run[], events: readonly RunEvent[], facts: RunFacts): readonly Verdict[];
  /** What must be undone for runs that a stop or a deletion ends. */
  abandon(runs: readonly Run[], facts: RunFacts): readonly (readonly Effect[])[];
}

export interface RunFacts {
  readonly task: Task;
  modelOf(device: RunDevice): ProductModel | undefined;
}

export interface ExpandOptions {
  readonly now: number;
  readonly limit: number;
  /** How the task's type reads the rows of its file; undefined: it takes none. */
  readonly readRow?: FileFormat['readRow'] | undefined;
}

/** What one step of a set-up did. */
export interface Expansion {
  readonly written: number;
  /** Nothing is left to write. */
  readonly done: boolean;
  /** Another node has the set-up in hand: nothing was done. */
  readonly isElsewhere: boolean;
}

/** What one settled chunk leaves to do after its commit. */
export interface Settled {
  /** Runs that were decided; 0: nothing was there to do. */
  readonly runs: number;
  /** How many subtasks entered and left each state. */
  readonly delta: CounterDelta;
  /** In run order, without those whose effects met a conflict, and without those that were left for other nodes. */
  readonly downlinks: readonly Downlink[];
  /** Something was left for other nodes. */
  readonly posted: boolean;
  /** Devices whose sessions end because an effect froze them. */
  readonly closed: readonly DeviceId[];
  /** The same of deleted ones. */
  readonly deleted: readonly DeviceId[];
  /** Cached messages of other runs that a new one pushed out (device 6.3). */
  readonly displaced: readonly { readonly messageId: MessageId; readonly run: RunRef }[];
  /** The task after the settle; undefined where it is gone. */
  readonly task: Task | undefined;
  /** Runs that queued behind these were released: their tasks have a turn. */
  readonly released: boolean;
}

/** A device's event for a run: named by the run, or by whatever run holds the device's lane. */
export interface RunEventItem {
  readonly seq: number;
  /** Undefined: whatever the current attempt is. */
  readonly attempt: number | undefined;
  /** Who said so: the subtask's device must be it, or be its child. Undefined: the engine itself. */
  readonly from: DeviceId | undefined;
  readonly event: RunEvent;
}

export interface RunEventBatch {
  readonly taskNo: TaskNo;
  readonly items: readonly RunEventItem[];
}

export interface DueRuns {
  readonly taskNo: TaskNo;
  readonly seqs: readonly number[];
}

/** A row of a task's file whose subtask has failed. */
export interface FailedRow {
  readonly seq: number;
  readonly cells: NamedCells;
  readonly cause: Cause | undefined;
}

export type ListedRow = Omit<Subtask, 'recordId'> & { readonly seq: number };

/** A step through the subtasks of a task. */
export interface ListedRows {
  /** Of the task as it is now; 0 while it is set up. */
  readonly total: number;
  readonly rows: readonly ListedRow[];
}

/** Subtasks of a state; of Fail those whose cause is time or is not, of Processing those whose command has not left or has. */
export interface SubtaskChoice {
  readonly state: SubtaskState;
  readonly byTime?: boolean;
  readonly cached?: boolean;
}

/** All that is given must hold. */
export interface OrderedFilter {
  /** One of these. */
  readonly choices?: readonly SubtaskChoice[];
  /** One of these numbers. */
  readonly seqs?: readonly number[];
  /** One of these. */
  readonly targets?: readonly string[];
}

export interface OrderedQuery {
  readonly task: Pick<Task, 'taskNo' | 'taskId' | 'counters' | 'timeFailures' | 'sourceKind'>;
  readonly filter: OrderedFilter;
  readonly page: OldestFirst;
}

/** A subtask with what the legacy API says of it. */
export interface OrderedSubtask extends Subtask {
  readonly seq: number;
  readonly attempt: number;
  /** The type's own finer step while it is under way, or what it waits for. */
  readonly step: string | undefined;
  /** ms since epoch. */
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  /** Its command has not left yet. */
  readonly isCached: boolean;
  /** Of a task with a file: what the row says. */
  readonly cells: NamedCells | undefined;
}

export interface SubtaskStore {
  /** Unfinished tasks behind number `after` that have something to do now, oldest first, at most `limit`. */
  listTurns(now: number, limit: number, after?: TaskNo): Promise<readonly TaskTurn[]>;
  /** When the next scheduled start or deadline comes, ms since epoch; undefined: none. */
  nextWake(now: number): Promise<number | undefined>;

  /** Writes the next `limit` subtasks by the stored cursor; at the end Waitting, or Fail with `setupFailure` (T2, T3, T5). */
  expand(taskNo: TaskNo, options: ExpandOptions): Promise<Expansion>;
  /** Claims up to `limit` Waitting runs whose turn it is, starts them, settles: one transaction. */
  dispatch(taskNo: TaskNo, options: ChunkOptions, decider: Decider): Promise<Settled>;
  /** Runs whose deadline, retry or capacity time has come, grouped by task, oldest first. */
  listDue(now: number, limit: number): Promise<readonly DueRuns[]>;
  /** Due runs of one task: what waits to start starts, what waits for something gets its `deadline`. */
  settleDue(due: DueRuns, options: ChunkOptions, decider: Decider): Promise<Settled>;
  /**
   * Events for waiting runs of one task, in order. An event whose run has ended, or is of another attempt or device, changes nothing:
   * the decider sees live runs only.
   */
  react(batch: RunEventBatch, options: ChunkOptions, decider: Decider): Promise<Settled>;
  /** Which runs hold the lanes of these devices. */
  findLaneHolders(deviceIds: readonly DeviceId[]): Promise<readonly (RunRef & { deviceId: DeviceId })[]>;
  /** Unended lane runs of a gateway's reachable children (device 7.5), in steps, ordered by device after `after`. */
  listChildLaneHolders(
    gatewayId: DeviceId,
    after: string,
    limit: number,
  ): Promise<readonly (RunRef & { deviceId: DeviceId })[]>;
  /** What waits until one of these devices can be reached has its turn (`later` with `orReachable`). True: there was some. */
  releaseOffline(deviceIds: readonly DeviceId[], now: number): Promise<boolean>;
  /** The same of a gateway's children that are ONLINE. */
  releaseOfflineChildren(gatewayId: DeviceId, now: number): Promise<boolean>;
  /** The newest upgrade subtask that names the device, ended or not (device 7.2 rule 25). */
  findLatestUpgrade(deviceId: DeviceId): Promise<{ taskNo: TaskNo; seq: number } | undefined>;

  /** A stop, retry or confirm of all, or of single targets (v5 13.5). Problems: taskNotFound, taskState, taskNeedsNoConfirm. */
  command(request: TaskCommand, options: ChunkOptions, decider: Decider): Promise<TaskCommandResult>;
  /** The next chunk of a stop, retry or confirm of all; `done` when every subtask was reached. */
  sweep(
    taskNo: TaskNo,
    work: { readonly options: ChunkOptions; readonly decider: Decider; readonly longRunning: boolean },
  ): Promise<Settled & { done: boolean }>;
  /** Settles the waiting subtasks of deleted devices, at most `limit`; `done` when no tombstone is left. */
  settleDeleted(
    optionsOf: (type: TaskTypeName) => ChunkOptions,
    deciderOf: (type: TaskTypeName) => Decider,
  ): Promise<Settled & { done: boolean }>;

  /** Behind number `afterSeq`, in the order of the file; none where the task has no file. */
  listFailedRows(taskNo: TaskNo, afterSeq: number, limit: number): Promise<readonly FailedRow[]>;
  /** Behind number `afterSeq`, in input order, each as it is now; undefined: the task is gone. */
  listRows(taskNo: TaskNo, afterSeq: number, limit: number): Promise<ListedRows | undefined>;
  list(
    task: Pick<Task, 'taskNo' | 'taskId' | 'counters'>,
    filter: SubtaskFilter,
    page: { limit: number; marker: RecordId; offset: number },
  ): Promise<Page<Subtask>>;
  /** In input order. */
  listOrdered(query: OrderedQuery): Promise<Page<OrderedSubtask>>;
  /** Reports that were kept with the subtask, oldest first. */
  listHistory(taskNo: TaskNo, seq: number): Promise<readonly { at: number; kind: string; body: JsonObject }[]>;
  /** The package behind a download token; undefined: unknown, expired, or its run has ended (device 8.2). */
  findGrant(
    tokenHash: string,
    now: number,
  ): Promise<{ deviceId: DeviceId; packageId: string; projectId: ProjectId; run: RunRef } | undefined>;
}

export interface TaskCommand {
  readonly kind: 'stop' | 'retry' | 'confirm';
  readonly taskNo: TaskNo;
  /** Undefined: all. */
  readonly targets: readonly string[] | undefined;
  /** S11: a stop ends what is Processing, too. */
  readonly longRunning: boolean;
}

export interface TaskCommandResult {
  readonly task: Task;
  /** Of all: the first 100 affected; of single ones: each, in order. */
  readonly results: readonly { readonly target: string; readonly cause?: Cause }[];
  readonly affected: number;
  readonly settled: Settled;
}
