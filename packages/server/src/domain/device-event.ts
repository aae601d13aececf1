import type { JsonObject } from './json.ts';
import type { Cause } from './problem.ts';

/** What can happen to a run that waits. The type's `onEvent` answers each with a verdict. */
export type RunEvent =
  | { readonly kind: 'deadline' }
  /** The device can be reached (again): connected, taken over, or a child turned ONLINE. */
  | { readonly kind: 'reachable' }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'command-reply'; readonly reply: CommandReply }
  /** An asynchronous command was not sent in its cache time, or not answered in time. */
  | { readonly kind: 'command-overdue'; readonly status: 'EXPIRED' | 'TIMEOUT' }
  /** It was canceled before it left, and has ended. */
  | { readonly kind: 'command-canceled' }
  | { readonly kind: 'message-delivered' }
  | { readonly kind: 'message-undelivered'; readonly cause: Cause }
  | { readonly kind: 'version-report'; readonly fwVersion?: string; readonly swVersion?: string }
  | { readonly kind: 'progress-report'; readonly report: ProgressReport };

/** A device's answer to a command (device 3.2). */
export interface CommandReply {
  /** Missing on the wire = 0. */
  readonly resultCode: number;
  /** The answer as the caller sees it. */
  readonly body: JsonObject;
}

/** `upgrade_progress_report` (device 7.4); numbers may have come as integer texts. */
export interface ProgressReport {
  readonly resultCode: number;
  readonly progress?: number;
  readonly version?: string;
  readonly description?: string;
}
