import type { Downlink } from '../../domain/downlink.ts';
import type { Effect } from '../../domain/effect.ts';
import type { DeviceId, MessageId, ProjectId, RecordId } from '../../domain/ids.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Message, NewMessage } from '../../domain/message.ts';
import type { Problem } from '../../domain/problem.ts';
import type { RunRef } from '../../domain/request-id.ts';

export interface AppliedEffects {
  /** Index of each effect that met a conflict; the others are applied. */
  readonly conflicts: readonly number[];
  /** Of those, the ones that met something else than what `problemOfConflict` says of their kind. */
  readonly problems: ReadonlyMap<number, Problem>;
  /** What effects came to, by index: it joins the output of the run that is done with them. */
  readonly outputs: ReadonlyMap<number, JsonObject>;
  /** Devices that were frozen: whatever connection they have ends. */
  readonly closed: readonly DeviceId[];
  /** Direct devices that were deleted: likewise. */
  readonly deleted: readonly DeviceId[];
  readonly displaced: readonly { readonly messageId: MessageId; readonly run: RunRef }[];
  /** Asynchronous commands that are SENT now, and what connected gateways are told of their children: it leaves after the commit. */
  readonly sent: readonly SentDownlink[];
  /** Something was left for other nodes, or for this one, to take. */
  readonly posted: boolean;
}

export interface SentDownlink {
  /** That has the session. */
  readonly node: string;
  readonly downlink: Downlink;
  /** No later transaction's may overtake it. */
  readonly inOrder?: boolean;
}

/** The single-device calls apply the same effects as the batch types (design 5). */
export interface EffectStore {
  apply(projectId: ProjectId, effects: readonly Effect[]): Promise<AppliedEffects>;
}

export interface PendingStep {
  /** Records behind this one; empty: from the first. */
  readonly after: RecordId;
  readonly limit: number;
}

export interface MessageStore {
  find(deviceId: DeviceId, messageId: MessageId): Promise<Message | undefined>;
  /** Newest first, at most 20 pending and 20 finished ones. */
  list(deviceId: DeviceId): Promise<readonly Message[]>;
  /** PENDING ones in creation order, as downlinks; all (at most 20), or those of one step. */
  listPending(deviceId: DeviceId, step?: PendingStep): Promise<readonly Downlink[]>;
  /**
   * Of the children of this root that come after `after`, on all levels, the next ones: those that are ONLINE and have PENDING messages.
   * `next`: where the following step begins; undefined: there is none.
   */
  listWaitingChildren(
    rootId: DeviceId,
    after: string,
  ): Promise<{ readonly deviceIds: readonly DeviceId[]; readonly next: DeviceId | undefined }>;
  /** Withdraws a PENDING one; returns it. */
  withdraw(deviceId: DeviceId, messageId: MessageId, at: number): Promise<NewMessage | undefined>;
  /** PENDING ones without a run whose time is over become TIMEOUT; returns how many, at most `limit`. */
  expire(now: number, limit: number): Promise<number>;
  /** Finished ones from before, at most `limit`. */
  purge(finishedBefore: number, limit: number): Promise<number>;
}
