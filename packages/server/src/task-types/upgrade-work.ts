import type { JsonObject } from '../domain/json.ts';
import type { Run } from '../domain/run.ts';

/** Device 7.1: the steps of one attempt, as `output` shows them. */
export type UpgradeStep = 'wait_online' | 'version_query' | 'upgrading';

/** What an upgrade keeps between its events; times are ms since epoch. */
export interface UpgradeWork {
  /** 25 h from dispatch: the device must have been reachable by then. */
  readonly onlineUntil: number;
  /** The device went away since it was asked: until it is back, the 3-minute timer stands (rule 11). */
  readonly away?: boolean;
  /** Epoch of the session in which the version was asked for last. */
  readonly askedIn?: number;
  readonly offers?: number;
  /** When the first offer was made, and what version the device had then. */
  readonly offeredAt?: number;
  readonly sourceVersion?: string;
  /** 24 h from the first offer. */
  readonly resultUntil?: number;
  /** A version asked for after a reconnect is outstanding (rules 15 to 19). */
  readonly recheckUntil?: number;
  /** A final report with the old version becomes a failure then (device 7.4). */
  readonly mismatchUntil?: number;
  readonly progress?: number;
}

export function workOf(run: Run): UpgradeWork {
  return (run.work ?? { onlineUntil: 0 }) as unknown as UpgradeWork;
}

export const stored = (work: UpgradeWork): JsonObject => work as unknown as JsonObject;

/** The next of an offered upgrade's timers; there is always the result's. */
export function nextDeadline(work: UpgradeWork): number {
  return Math.min(work.resultUntil ?? work.onlineUntil, work.recheckUntil ?? Infinity, work.mismatchUntil ?? Infinity);
}

export function without(work: UpgradeWork, key: keyof UpgradeWork): UpgradeWork {
  const { [key]: _dropped, ...rest } = work;
  return rest as UpgradeWork;
}
