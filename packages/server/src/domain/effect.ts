import type { EndedCommandStatus, NewAsyncCommand } from './async-command.ts';
import type { DeviceRowChanges, NewDevice, ReportedVersions } from './device.ts';
import type { CommandId, DeviceId, GroupId, MessageId, PackageId } from './ids.ts';
import type { JsonObject } from './json.ts';
import type { MessageStatus, NewMessage } from './message.ts';
import type { Cause } from './problem.ts';
import type { ProductTraits } from './product.ts';
import type { ProblemName } from './problem-catalogue.ts';
import type { RunRef } from './request-id.ts';
import type { DesiredWrite } from './shadow.ts';

/** Everything that a verdict or a single-device call can do to stored things; closed, one file per effect in the store. */
export type Effect =
  | { readonly kind: 'freezeDevice'; readonly deviceId: DeviceId }
  | { readonly kind: 'unfreezeDevice'; readonly deviceId: DeviceId }
  /**
   * `groupId`: a static group of its application that takes it; where that cannot be nothing of the set happens. With `traits` its product
   * is the oldest of its application that has them all, and an empty device id becomes product_id_node_id; the output says which it is.
   */
  | {
      readonly kind: 'createDevice';
      readonly device: NewDevice;
      readonly groupId?: GroupId;
      readonly traits?: Partial<ProductTraits>;
    }
  | { readonly kind: 'updateDevice'; readonly deviceId: DeviceId; readonly changes: DeviceRowChanges }
  | { readonly kind: 'deleteDevice'; readonly deviceId: DeviceId; readonly at: number }
  | { readonly kind: 'reportVersions'; readonly deviceId: DeviceId; readonly versions: ReportedVersions }
  /** With `failure` it has ended FAILED before it could wait. */
  | { readonly kind: 'insertMessage'; readonly message: NewMessage; readonly failure?: Cause }
  /** PENDING: it waits on, and `cause` says why. */
  | {
      readonly kind: 'settleMessage';
      readonly deviceId: DeviceId;
      readonly messageId: MessageId;
      readonly status: MessageStatus;
      readonly cause?: Cause;
      readonly at: number;
    }
  /** All writes or none; its output is the services' versions. */
  | {
      readonly kind: 'setDesired';
      readonly deviceId: DeviceId;
      /** Each service once. */
      readonly writes: readonly DesiredWrite[];
      readonly at: number;
    }
  /** It leaves at once where it may, and waits otherwise. `answerMs`: how long its device has for the answer. */
  | { readonly kind: 'insertCommand'; readonly command: NewAsyncCommand; readonly answerMs: number }
  /** The next one of its device leaves. `answerMs`: how long the device has to answer that one. */
  | {
      readonly kind: 'settleCommand';
      readonly deviceId: DeviceId;
      readonly commandId: CommandId;
      readonly status: EndedCommandStatus;
      /** The device's answer. */
      readonly result?: JsonObject;
      readonly at: number;
      readonly answerMs: number;
    }
  /** Its run ends without it: one that waits will not leave, one that has left is on its own. */
  | {
      readonly kind: 'withdrawCommand';
      readonly deviceId: DeviceId;
      readonly commandId: CommandId;
      readonly at: number;
    }
  | { readonly kind: 'grantDownload'; readonly grant: DownloadGrant }
  | { readonly kind: 'recordHistory'; readonly entry: HistoryEntry };

export type EffectKind = Effect['kind'];
export type EffectOf<Kind extends EffectKind> = Extract<Effect, { kind: Kind }>;

/** A download token, stored as its hash. It is good while its run is Processing and until it expires (device 8.2). */
export interface DownloadGrant extends RunRef {
  /** SHA-256 of the token, lower hex. */
  readonly tokenHash: string;
  readonly deviceId: DeviceId;
  readonly packageId: PackageId;
  readonly expiresAt: number;
}

/** One `$ota` report of a device, kept with the subtask that it concerns (device 7.2 rule 25). */
export interface HistoryEntry {
  readonly taskNo: number;
  readonly seq: number;
  readonly at: number;
  readonly kind: string;
  readonly body: JsonObject;
}

/** The failure that an effect's conflict (row gone, row exists) means for its run or caller, unless the conflict has one of its own. */
export const problemOfConflict = {
  freezeDevice: 'deviceNotFound',
  unfreezeDevice: 'deviceNotFrozen',
  createDevice: 'deviceExists',
  updateDevice: 'deviceNotFound',
  deleteDevice: 'deviceNotFound',
  reportVersions: 'deviceNotFound',
  insertMessage: 'messageIdExists',
  settleMessage: 'notDelivered',
  setDesired: 'deviceNotFound',
  insertCommand: 'commandCacheLimit',
  settleCommand: 'internalError',
  withdrawCommand: 'internalError',
  grantDownload: 'internalError',
  recordHistory: 'internalError',
} as const satisfies Record<EffectKind, ProblemName>;
