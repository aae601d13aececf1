import type { Downlink } from './downlink.ts';
import type { Effect } from './effect.ts';
import type { JsonObject } from './json.ts';
import type { Cause } from './problem.ts';
import type { UpgradeFacts } from './upgrade/upgrade-facts.ts';

/**
 * What a task type decides about one run, as data. The store applies effects and verdict in one transaction; downlinks leave after it.
 */
export type Verdict = Decision & {
  /** Applied exactly once per attempt. A conflict turns the verdict into the failure that `problemOfConflict` names. */
  readonly effects?: readonly Effect[];
  readonly downlinks?: readonly Downlink[];
  /** Of an upgrade: what legacy receivers are told of it. */
  readonly upgrade?: UpgradeFacts;
};

export type Decision =
  | Done
  | Failed
  | Waiting
  /** No capacity now: stays Waitting, comes back at `at` (ms since epoch), or before as soon as its device can be reached. */
  | { readonly kind: 'later'; readonly at: number; readonly orReachable?: boolean }
  /** Stays Waitting until the run that holds the device's lane ends (v5 13.6, `on_conflict` `queue`). */
  | { readonly kind: 'queued' }
  /** The device was deleted before its turn (S4). */
  | { readonly kind: 'removed' }
  /** The event changes nothing about the run; effects (history) still apply. */
  | { readonly kind: 'unchanged' };

export interface Failed {
  readonly kind: 'failed';
  readonly cause: Cause;
  /** No retry changes it. */
  readonly final?: boolean;
  /** What the device answered, in the form of a success: legacy clients are shown it (legacy 3.5), those of v5 are not (v5 13.7). */
  readonly output?: JsonObject;
}

export interface Done {
  readonly kind: 'done';
  /** What effects come to (versions after a write) joins it. */
  readonly output: JsonObject;
  /** Members of the output that are kept sealed and shown only to those who may see them (v5 13.7, createDevices). */
  readonly secrets?: JsonObject;
}

export interface Waiting {
  readonly kind: 'waiting';
  readonly step: string;
  /** ms since epoch; when it passes, the type's `onEvent` gets `deadline`. Every wait has one (invariant 4). */
  readonly until: number;
  readonly work?: JsonObject;
  /** Shown while Processing (v5 13.7, upgrades). */
  readonly output?: JsonObject;
  /** Holds the device's lane until the run leaves Processing: a second run of any task on it is a conflict. */
  readonly lane?: boolean;
}
