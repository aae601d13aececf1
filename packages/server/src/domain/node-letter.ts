import type { CommandReply } from './device-event.ts';
import type { Downlink } from './downlink.ts';
import type { DeviceId, ProjectId } from './ids.ts';

/** Why a connection of a device is ended from outside. */
export type CloseReason = 'frozen' | 'deleted' | 'secret-reset' | 'fingerprint-reset' | 'taken-over';

/** What one node of an installation has to tell another. */
export type NodeLetter =
  /** For a device that is connected there. `replyTo`: the node that waits for the answer to a single request. */
  | { readonly kind: 'downlink'; readonly downlink: Downlink; readonly replyTo?: string }
  /** `olderThan`: only sessions of a lower epoch, as after a takeover (device 1.6). */
  | {
      readonly kind: 'close';
      readonly deviceIds: readonly DeviceId[];
      readonly reason: CloseReason;
      readonly olderThan?: number;
    }
  /** The access code of the project's AMQP consumers is no more; who signed in with the new one stays (v5 15.6). */
  | { readonly kind: 'close-consumers'; readonly projectId: ProjectId; readonly exceptKey: string }
  /** The answer to a single request that this node sent on for another. */
  | {
      readonly kind: 'reply';
      readonly rootId: DeviceId;
      readonly requestId: string;
      readonly reply: CommandReply;
    };
