/** What one node grants AMQP consumers. v5 15.6 where nothing else is said. */
export interface AmqpLimits {
  /** Connections of this process, those that have not signed in included. */
  readonly connectionsMax: number;
  /** Of one access key, on this node. */
  readonly connectionsPerKeyMax: number;
  readonly sessionsMax: number;
  readonly linksMax: number;
  /** Links that were refused and that the client has not closed yet. */
  readonly refusedLinksMax: number;
  /** Of a frame that a client sends. */
  readonly frameBytesMax: number;
  /** From the connection to the protocol's `open`, sign-in included. */
  readonly openTimeoutMs: number;
  /** How long a connection may be without a link. */
  readonly linkTimeoutMs: number;
  /** What clients are asked to stay below; after twice that silence they are cut off. */
  readonly idleTimeoutMs: number;
  /** Messages of one link that are sent and not settled. */
  readonly unsettledMax: number;
  /** Their bytes; a single message may have more. */
  readonly unsettledBytesMax: number;
  /** What the kernel has not taken of a connection's output: nothing more is sent beyond the first, beyond the second it is cut off. */
  readonly outputBytesMax: number;
  readonly outputBytesCut: number;
}

export const defaultAmqpLimits: AmqpLimits = {
  connectionsMax: 1000,
  connectionsPerKeyMax: 32,
  sessionsMax: 10,
  linksMax: 10,
  refusedLinksMax: 32,
  frameBytesMax: 65_536,
  openTimeoutMs: 10_000,
  linkTimeoutMs: 15_000,
  idleTimeoutMs: 30_000,
  unsettledMax: 1000,
  unsettledBytesMax: 4_194_304,
  outputBytesMax: 1_048_576,
  outputBytesCut: 67_108_864,
};
