/**
 * Every limit and timer of the protocol layer (device 1, 2, 4). Names follow the settings of the contract; units come last.
 * Seconds may be fractions.
 */
export interface MqttLimits {
  readonly keepaliveMinSeconds: number;
  readonly keepaliveMaxSeconds: number;
  /** How long a connection may take to send its whole CONNECT; also how long its sign-in may take. */
  readonly connectTimeoutSeconds: number;
  readonly connectBytesMax: number;
  /** Sign type 1: hours between the device's and the server's clock. */
  readonly clockToleranceHours: number;
  readonly authFailuresPerMinute: number;
  /** 0 turns the back-off off. */
  readonly authBackoffSeconds: number;
  /** Device ids and addresses remembered by the back-off, each: a stranger must not be able to grow it. */
  readonly authBackoffKeysMax: number;
  readonly deliveryDelayMilliseconds: number;

  readonly payloadBytesMax: number;
  /** Remaining length above which a connection closes as soon as the fixed header is read. */
  readonly packetBytesMax: number;
  /** The same for SUBSCRIBE and UNSUBSCRIBE, whose decoding costs far more per byte. */
  readonly subscribeBytesMax: number;
  readonly topicBytesMax: number;
  /** Topics that do not start with `$oc`. */
  readonly freeTopicBytesMax: number;
  readonly subscriptionsMax: number;
  readonly uplinkMessagesPerSecond: number;
  readonly uplinkBytesPerSecond: number;
  /** How many seconds' worth of uplink may come at once. */
  readonly uplinkBurstSeconds: number;
  /** A paused socket is read again after this long at the earliest, so that a flood does not cost a wake-up per packet. */
  readonly uplinkPauseMinMilliseconds: number;
  /** Uplinks of one connection handed to their handler and not yet settled; beyond, the socket is not read. */
  readonly uplinksPendingMax: number;
  readonly uplinkBytesPendingMax: number;
  readonly downlinkBytesUnsentMax: number;
  /** QoS 1 downlinks of one session that wait for their PUBACK. */
  readonly downlinksUnacknowledgedMax: number;
  /** Downlinks of one session held back by the delivery delay. */
  readonly downlinksHeldMax: number;

  readonly connectionsMax: number;
  /** Connections that have not finished signing in, of the whole gateway. */
  readonly connectionsPendingMax: number;
  /** After a refusal, how long the peer has to take its CONNACK and close. */
  readonly refusalLingerSeconds: number;
  readonly sweepMilliseconds: number;
}

const mebibyte = 1_048_576;

export const defaultMqttLimits: MqttLimits = Object.freeze({
  keepaliveMinSeconds: 30,
  keepaliveMaxSeconds: 1200,
  connectTimeoutSeconds: 10,
  connectBytesMax: 16_384,
  clockToleranceHours: 1,
  authFailuresPerMinute: 10,
  authBackoffSeconds: 60,
  authBackoffKeysMax: 10_000,
  deliveryDelayMilliseconds: 500,
  payloadBytesMax: mebibyte,
  packetBytesMax: mebibyte + 4096,
  subscribeBytesMax: 131_072,
  topicBytesMax: 512,
  freeTopicBytesMax: 128,
  subscriptionsMax: 100,
  uplinkMessagesPerSecond: 50,
  uplinkBytesPerSecond: mebibyte,
  uplinkBurstSeconds: 2,
  uplinkPauseMinMilliseconds: 200,
  uplinksPendingMax: 64,
  uplinkBytesPendingMax: 2 * mebibyte,
  downlinkBytesUnsentMax: 4 * mebibyte,
  downlinksUnacknowledgedMax: 256,
  downlinksHeldMax: 100,
  connectionsMax: 100_000,
  connectionsPendingMax: 5000,
  refusalLingerSeconds: 2,
  sweepMilliseconds: 500,
});
