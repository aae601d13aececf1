import type { FileFormat } from '../domain/batch-file.ts';
import type { RunEvent } from '../domain/device-event.ts';
import type { Effect } from '../domain/effect.ts';
import type { JsonObject } from '../domain/json.ts';
import type { OtaPackage } from '../domain/package.ts';
import type { ProductModel } from '../domain/product.ts';
import type { Run, RunDevice, RunOrder } from '../domain/run.ts';
import type { Task, TaskTypeName } from '../domain/task.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { Random } from './random.ts';

/** Timers that task types work with, ms; each is a setting (device page, MUSTER_OTA_…, MUSTER_COMMAND_…). */
export interface TaskTimers {
  readonly commandTimeoutMs: number;
  readonly otaOnlineTimeoutMs: number;
  readonly otaVersionTimeoutMs: number;
  readonly otaResultTimeoutMs: number;
  readonly otaMismatchGraceMs: number;
  readonly otaOffersMax: number;
  readonly otaTokenMs: number;
  /** MUSTER_ASYNC_COMMANDS_MQTT. */
  readonly asyncCommands: boolean;
}

/** A URL that carries its own permission, and for how long it does. */
export interface SignedUrl {
  readonly url: string;
  readonly seconds: number;
}

/** What a type may use while it decides. Pure: no I/O, no clock but `now`. */
export interface TaskContext {
  readonly task: Task;
  readonly now: number;
  readonly timers: TaskTimers;
  readonly random: Random;
  /** The upgrade package, for types whose `packageOf` names one; undefined once package or file is gone. */
  readonly pkg: OtaPackage | undefined;
  /** Of a package in an object store (device 7.3, v2); undefined also where its store is not configured (any more). */
  readonly objectUrl: SignedUrl | undefined;
  /** `{base}` of download addresses, with explicit port (device 8.1). */
  readonly downloadBase: string;
  /** 32 random bytes in base64url, and its SHA-256 in lower hex (device 8.2). */
  newToken(): { readonly token: string; readonly hash: string };
  modelOf(device: RunDevice): ProductModel | undefined;
}

/** One kind of batch task: one folder, one object (design 1). `Name` ties it to its place in the table. */
export interface TaskType<Name extends TaskTypeName = TaskTypeName> {
  readonly name: Name;
  /** v5 11.2: which of the three sources compete. */
  readonly accepts: { readonly devices: boolean; readonly groups: boolean; readonly file: boolean };
  /** task_mode, task_ext_info, need_confirm and on_conflict: upgrades only (v5 11.1). */
  readonly upgradeOptions: boolean;
  /** A stop ends what is Processing, too (S11); others finish with their true result. */
  readonly longRunning: boolean;
  /** The files of a type that accepts them (v5 12). */
  readonly file?: FileFormat;
  /** Absent: runs of one task do not wait for each other (v5 13.3). */
  readonly order?: RunOrder;
  /** The targets need not be there yet, so one that is gone does not end its run (S4). */
  readonly createsTargets?: boolean;
  /** The store loads product models of the runs' devices for `modelOf` of a start. */
  readonly usesModels: boolean;
  /** Checks the caller's document and returns what is stored; throws a Problem naming the field. Undefined: the type takes none. */
  readonly parseDocument: ((document: JsonObject) => JsonObject) | undefined;
  /** The package that a stored document names, and the type that it must have. */
  readonly packageOf?: (document: JsonObject) => { packageId: string; packageType: OtaPackage['type'] };
  /** A new attempt of every run of a chunk. As many verdicts as runs, in their order. */
  start(runs: readonly Run[], ctx: TaskContext): Verdict[];
  /** Something happened to one waiting run. */
  onEvent(run: Run, event: RunEvent, ctx: TaskContext): Verdict;
  /** What must be undone when a stop or a deletion ends a waiting run, e.g. a cached message is withdrawn. */
  onAbandon?(run: Run, ctx: TaskContext): readonly Effect[];
  /** Documents that `parseDocument` takes, for the docs and the contract test. */
  readonly examples: readonly (JsonObject | undefined)[];
}

/** Handed to engine and services, which never import it. */
export type TaskTypeTable = { readonly [Name in TaskTypeName]: TaskType<Name> };
