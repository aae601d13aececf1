import type { Downlink } from '../../domain/downlink.ts';
import type { NodeLetter } from '../../domain/node-letter.ts';

/** One life of a node: its name may come back in another life. */
export interface NodeRef {
  readonly name: string;
  /** Of this process alone. */
  readonly instance: string;
}

export interface NodeBeat {
  /** False: this life of the node is over. */
  readonly isOurs: boolean;
  /** Another process has the name now; else the node was silent for so long that it was given up. */
  readonly isReplaced: boolean;
  /** The database's clock, ms since epoch: what all nodes go by. */
  readonly now: number;
}

/** The nodes of one installation, and what they tell each other. */
export interface NodeStore {
  /** Makes the name this process's own; an earlier life of it finds out with its next beat. */
  register(node: NodeRef): Promise<NodeBeat>;
  beat(node: NodeRef): Promise<NodeBeat>;
  /** Goes in order: its sessions have ended, its letters are of no more use. */
  leave(node: NodeRef): Promise<void>;
  /**
   * A step of giving up nodes that were silent for so long: they may not go on (their next beat says so), their sessions end, what
   * their AMQP consumers have in hand is free, their letters and they themselves go. Returns the one that this step was about; undefined: none is left.
   */
  bury(options: {
    readonly silentMs: number;
    readonly at: number;
    readonly limit: number;
  }): Promise<string | undefined>;
  /** Sends to one node. */
  post(node: string, letters: readonly NodeLetter[]): Promise<void>;
  /** To whichever other nodes hold the sessions of the downlinks' roots; returns the positions of those that no other node holds. */
  postDownlinks(from: string, downlinks: readonly Downlink[]): Promise<readonly number[]>;
  /** To all other nodes. */
  broadcast(from: string, letter: NodeLetter): Promise<void>;
  /** The oldest letters of a node, which are gone from the store from then on. */
  take(node: string, limit: number): Promise<readonly NodeLetter[]>;
}
