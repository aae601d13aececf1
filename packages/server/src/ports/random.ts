/** The only source of chance and of ids (invariant 7). */
export interface Random {
  bytes(count: number): Uint8Array;
  /** Random version 4 UUID. */
  uuid(): string;
  /** 24 lower hex, time-ordered, unique in the installation: seconds, node and process part, counter. */
  orderedId(): string;
  /** 0 <= x < 1, for jitter. */
  fraction(): number;
}
