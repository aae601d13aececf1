/** Timers and bounds of message delivery (device 6.3). */
export interface MessageLimits {
  /** MUSTER_MESSAGE_RESEND_SECONDS, in ms. */
  readonly resendMs: number;
  /** MUSTER_MESSAGE_ROUND_SECONDS, in ms: from the beginning of one round to that of the next. */
  readonly roundMs: number;
  readonly sendsPerRound: number;
  /** After a connect or a matching SUBSCRIBE. A message that comes to a connected device has one. */
  readonly roundsMax: number;
  readonly unacknowledgedMax: number;
  /** How often a full session is looked at again, where no PUBACK says that there is room. */
  readonly roomPollMs: number;
  /** Messages read from the store in one step; each may have 256 KB. */
  readonly readMax: number;
  /** Sessions whose messages are read at the same time. */
  readonly readersMax: number;
  /** Unsent bytes of a session beyond which no further message is written: far from where it counts as a slow reader (device 2). */
  readonly unsentBytesMax: number;
  /** Payloads of all sessions that are kept for sending again. */
  readonly heldBytesMax: number;
  /** How often sending again may be put off because the reader is slow. */
  readonly resendWaitsMax: number;
}

const mebibyte = 1_048_576;

export const defaultMessageLimits: MessageLimits = Object.freeze({
  resendMs: 2000,
  roundMs: 10_000,
  sendsPerRound: 3,
  roundsMax: 5,
  unacknowledgedMax: 20,
  roomPollMs: 100,
  readMax: 4,
  readersMax: 8,
  unsentBytesMax: mebibyte,
  heldBytesMax: 64 * mebibyte,
  resendWaitsMax: 30,
});
