import type { DeviceId, RecordId } from '../../domain/ids.ts';
import type { Session } from '../gateway-hooks.ts';
import type { MessageMark } from './message-payload.ts';

/** Messages on their way through one session, its own device's and its children's. */
export interface MessageFlow {
  readonly session: Session;
  /** `blocked`: there is more, but no room for it now. */
  state: 'idle' | 'queued' | 'stepping' | 'blocked';
  /** It will be looked at again by the clock. */
  isPolled: boolean;
  /** Devices whose stored messages are to be read, in this order. */
  readonly todo: Set<DeviceId>;
  /** The children behind this one are still to be looked through; undefined: none. */
  scanAfter: string | undefined;
  /** Called, once each, when what waits has been read or there is no room for more. */
  readonly whenRead: (() => void)[];
  /** How far the device in hand has been read. */
  current: { readonly deviceId: DeviceId; after: RecordId } | undefined;
  /** QoS 1, without their PUBACK. */
  readonly inFlight: Map<string, InFlight>;
  /** Delivered, but not known to be durable: a look into the store may still find them. */
  readonly settling: Set<string>;
  /** What has become durable while the store was being read, whose answer may be older. */
  readonly settled: string[];
  /** Without PUBACK after all sends of their round: they wait for the next round, connect or SUBSCRIBE. */
  readonly givenUp: Map<string, MessageMark>;
  /** Counts up: a round that was overtaken by a newer one ends without a next. */
  roundNo: number;
  roundsLeft: number;
  /** The round began and nothing of it has left yet. */
  isRoundFresh: boolean;
}

/** One QoS 1 message without its PUBACK. Its payload is kept by the session alone. */
export interface InFlight {
  readonly flow: MessageFlow;
  readonly key: string;
  readonly mark: MessageMark;
  readonly bytes: number;
  packetId: number;
  sends: number;
  /** Times that sending again was put off because the reader has not taken the last send yet. */
  waits: number;
  isOver: boolean;
}

export function createMessageFlow(session: Session): MessageFlow {
  return {
    session,
    state: 'idle',
    isPolled: false,
    todo: new Set(),
    scanAfter: undefined,
    whenRead: [],
    current: undefined,
    inFlight: new Map(),
    settling: new Set(),
    settled: [],
    givenUp: new Map(),
    roundNo: 0,
    roundsLeft: 0,
    isRoundFresh: false,
  };
}
