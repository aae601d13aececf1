import type { CommandId, DeviceId, MessageId, RecordId } from './ids.ts';
import type { Json, JsonObject } from './json.ts';
import type { RunRef } from './request-id.ts';

/** Something that must go to a device; how it looks on the wire is the gateway's. */
export interface Downlink {
  /** The device that it is meant for. */
  readonly deviceId: DeviceId;
  /** The device whose session carries it: its root (device 4.7). */
  readonly rootId: DeviceId;
  readonly content: DownlinkContent;
}

export type DownlinkContent =
  | {
      readonly kind: 'command';
      readonly requestId: string;
      readonly serviceId?: string;
      readonly commandName?: string;
      readonly paras: JsonObject;
    }
  | DownAsyncCommand
  /** `isAwaited`: a caller waits for the answer. */
  | {
      readonly kind: 'properties-set';
      readonly requestId: string;
      readonly services: readonly JsonObject[];
      readonly isAwaited?: true;
    }
  | { readonly kind: 'properties-get'; readonly requestId: string; readonly serviceId: string }
  | { readonly kind: 'shadow'; readonly requestId: string; readonly shadow: readonly JsonObject[] }
  /** Exactly one service entry per publish (device 3.3); `eventId` only in answers. */
  | {
      readonly kind: 'event';
      readonly serviceId: string;
      readonly eventType: string;
      readonly paras: JsonObject;
      readonly eventId?: string;
    }
  | ShadowChange
  | DownMessage;

/** Desired values were written: whoever has the session looks up what differs and sends that (device 6.4). */
export interface ShadowChange {
  readonly kind: 'shadow-change';
}

/** The request id of what a caller waits for, on whatever node (device 6.1). */
export function awaitedRequestId(content: DownlinkContent): string | undefined {
  switch (content.kind) {
    case 'command':
    case 'properties-get':
      return content.requestId;
    case 'properties-set':
      return content.isAwaited ? content.requestId : undefined;
    default:
      return undefined;
  }
}

/** An asynchronous command on its way; its answer finds it in the store (device 6.2). */
export interface DownAsyncCommand {
  readonly kind: 'async-command';
  /** The request id. */
  readonly commandId: CommandId;
  readonly serviceId?: string;
  readonly commandName?: string;
  readonly paras: JsonObject;
}

/** A cached message on its way (device 6.3). */
export interface DownMessage {
  readonly kind: 'message';
  /** Of the stored message: its place in the order of creation. */
  readonly recordId: RecordId;
  readonly messageId: MessageId;
  readonly name: string | undefined;
  readonly content: Json;
  readonly encoding: 'none' | 'base64';
  readonly format: 'standard' | 'raw';
  /** Full topic; undefined: the default message topic. */
  readonly topic: string | undefined;
  /** False: `ttl` 0, it fails where it cannot be delivered at once. */
  readonly cached: boolean;
  /** The run that waits for its delivery, if a task sent it. */
  readonly run: RunRef | undefined;
}
