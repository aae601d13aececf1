import type { AppId, DeviceId, ProductId, ProjectId } from '../domain/ids.ts';
import type { DropReason, EndReason, RefusalReason } from './reasons.ts';
import type { UplinkRoute } from './topics.ts';

/** Who signed in. */
export interface SignedInDevice {
  readonly deviceId: DeviceId;
  readonly projectId: ProjectId;
}

/** Who has a session. Read once when the session begins and fixed for its life. */
export interface ConnectedDevice extends SignedInDevice {
  readonly appId: AppId;
  readonly productId: ProductId;
}

/** A CONNECT that passed steps 1 to 4 of device 1.4; its username is `deviceId` and sign type 1's clock window holds. */
export interface SignIn {
  readonly deviceId: string;
  readonly signType: '0' | '1';
  /** The 10 digits of the clientId, key of the password's HMAC. */
  readonly timestamp: string;
  /** Absent for certificate devices. */
  readonly password: string | undefined;
  /** DER of the client's certificate, whose key the handshake has proven; undefined: none, or no TLS. */
  readonly certificate: Buffer | undefined;
  /** Came over TLS. */
  readonly secure: boolean;
  readonly remoteAddress: string;
}

export type SignInResult =
  | { readonly kind: 'accepted'; readonly device: SignedInDevice }
  | { readonly kind: 'refused'; readonly reason: RefusalReason };

export interface Attachment {
  readonly device: SignedInDevice;
  readonly secure: boolean;
  readonly remoteAddress: string;
}

export type AttachResult =
  | { readonly kind: 'attached'; readonly device: ConnectedDevice; readonly generation: number }
  | { readonly kind: 'refused'; readonly reason: RefusalReason };

export interface Uplink {
  /** As sent, including a `?...` tail. */
  readonly topic: string;
  readonly route: UplinkRoute;
  /** Part of a larger read buffer: copy what is kept for long. */
  readonly payload: Buffer;
  readonly qos: 0 | 1;
}

export interface PublishRequest {
  readonly topic: string;
  readonly payload: Buffer | string;
  /** An answer to the device's own request does not wait for the delivery delay (device 4.4). */
  readonly isAnswer?: boolean;
  /** Keep it until its PUBACK, so that `Session.repeat` can send it again with DUP. */
  readonly isRepeatable?: boolean;
  /** The PUBACK arrived. Never called for QoS 0 or after the session ended. */
  readonly onAcknowledged?: () => void;
  /** What became of a downlink whose publish returned `held`; called once, never with `held`. */
  readonly onOutcome?: (outcome: PublishOutcome) => void;
}

export type PublishOutcome =
  | { readonly kind: 'sent'; readonly qos: 0 }
  | { readonly kind: 'sent'; readonly qos: 1; readonly packetId: number }
  /** The delivery delay (device 4.4) is not over; `onOutcome` tells. */
  | { readonly kind: 'held' }
  | { readonly kind: 'no-session' }
  /** A user, free or broadcast topic without a matching SUBSCRIBE. */
  | { readonly kind: 'not-subscribed' }
  /** Too many unacknowledged or held downlinks, or the reader was too slow and the session is closed. */
  | { readonly kind: 'overloaded' };

export interface GrantedFilter {
  readonly filter: string;
  readonly qos: 0 | 1;
}

/** One accepted connection of a device. */
export interface Session {
  readonly device: ConnectedDevice;
  /** Given by `attach`; the higher one is the newer session of the device, on whatever node. */
  readonly generation: number;
  readonly secure: boolean;
  readonly remoteAddress: string;
  readonly isOpen: boolean;
  /** Bytes that the device has not taken yet: who sends much waits for them, above 4 MiB the session is closed. */
  readonly unsentBytes: number;
  publish(downlink: PublishRequest): PublishOutcome;
  /** Sends an unacknowledged repeatable downlink again with DUP; undefined when it is not (or no longer) waiting. */
  repeat(packetId: number): PublishOutcome | undefined;
  /** Stops waiting for the PUBACK of `packetId`. */
  forget(packetId: number): void;
  /** The QoS a downlink on `topic` would have; undefined: it would not be delivered (device 4.2). */
  downlinkQos(topic: string): 0 | 1 | undefined;
  close(reason: EndReason): void;
}

/** What the gateway asks of and tells the rest of the server. Calls for one session come in the order of this list. */
export interface GatewayHooks {
  /** Steps 5 and 6 of device 1.4, the parts that need the store. Rejecting means: server unavailable. */
  authenticate(signIn: SignIn): Promise<SignInResult>;
  /** Replaces the device's session record atomically (device 1.6). Every `attached` is followed by exactly one `detach`. */
  attach(attachment: Attachment): Promise<AttachResult>;
  /** The delivery delay is over: work for the device may start (device 4.5). What was held has just been sent. */
  onDeliverable(session: Session): void;
  /**
   * Called in the order of sending without waiting for earlier calls to settle: the handler keeps the order of effects. PUBACK
   * leaves after it resolves. Rejecting closes the connection without a PUBACK, so that the device sends again.
   */
  onPublish(session: Session, uplink: Uplink): Promise<void>;
  /** After SUBACK, with the filters that were granted, at least one. */
  onSubscribed(session: Session, filters: readonly GrantedFilter[]): void;
  /** The PUBACK of a downlink still waited for; `onAcknowledged` has been called. */
  onPuback(session: Session, packetId: number): void;
  /** The session is over. A session that was taken over has a lower generation than the device's record by then. */
  detach(session: Session, reason: EndReason): Promise<void> | void;
}

/** Counters by reason; all of them are metrics. */
export interface MqttCounters {
  dropped(reason: DropReason): void;
  refused(reason: RefusalReason): void;
  closed(reason: EndReason): void;
}
