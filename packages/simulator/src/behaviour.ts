import type { Latency } from './latency.ts';

/** What a device does about upgrades. */
export type UpgradeScript =
  | { readonly kind: 'succeed' }
  /** Reports the code instead of success, each time. Without `stage` after a complete download. */
  | { readonly kind: 'fail'; readonly resultCode: number; readonly description?: string; readonly stage?: FailStage }
  /** The first offer fails, later ones succeed. */
  | {
      readonly kind: 'failOnce';
      readonly resultCode: number;
      readonly description?: string;
      readonly stage?: FailStage;
    }
  /** Never answers: neither the version query (default) nor, with `at: 'offer'`, the offer. */
  | { readonly kind: 'silent'; readonly at?: 'query' | 'offer' }
  /** Loses its link and its download at the first offer, after it reported this progress; the next offer succeeds. */
  | { readonly kind: 'disconnect'; readonly afterProgress: number; readonly reconnectAfterMs: number }
  /** Installs, then runs and reports another version than the package's. */
  | { readonly kind: 'wrongVersion'; readonly version: string }
  /** Never connects; a child is never reported online. */
  | { readonly kind: 'offline' };

/** When a failing device gives up. */
export type FailStage = 'offer' | 'download' | 'install';

/** What a device does about commands and property access. */
export type AnswerScript =
  | { readonly kind: 'answer'; readonly resultCode?: number; readonly delayMs?: number }
  | { readonly kind: 'failOnce'; readonly resultCode: number }
  | { readonly kind: 'silent' };

/** A device's script. Missing parts: upgrades succeed, everything is answered with code 0. */
export interface DeviceBehaviour {
  readonly upgrade?: UpgradeScript;
  readonly command?: AnswerScript;
  readonly properties?: AnswerScript;
  /** Time before any answer, on top of a script's own delay. Default: the fleet's. */
  readonly latency?: Latency;
  /** Time between download and final report. Default: the fleet's. */
  readonly install?: Latency;
  /** Percentages of the download that are reported on the way. Default [50]. */
  readonly progressSteps?: readonly number[];
  /** Breaks the link after installing and reports from the new one, as a device that boots. Default false. */
  readonly rebootAfterInstall?: boolean;
}

/** A child of a gateway: it has no link of its own. */
export interface ChildSpec {
  readonly deviceId: string;
  readonly behaviour?: DeviceBehaviour;
  readonly firmwareVersion?: string;
  readonly softwareVersion?: string;
}

/** A device that connects; with children it is a gateway. */
export interface DeviceSpec extends ChildSpec {
  readonly secret: string;
  readonly children?: readonly ChildSpec[];
}
