import type { Socket } from 'node:net';

/** Collects the connections that have packets to write and flushes them once, when the current turn of the program is over. */
export class FlushQueue {
  #outputs: PacketOutput[] = [];

  add(output: PacketOutput): void {
    // After the microtasks, so that all acknowledgements of one group commit leave together.
    if (this.#outputs.push(output) === 1) process.nextTick(() => this.#flush());
  }

  #flush(): void {
    const outputs = this.#outputs;
    this.#outputs = [];
    for (const output of outputs) output.flush();
  }
}

const waitingBytesMax = 65_536;

/** The packets of one connection on their way into its socket: one write for all that come in one turn. */
export class PacketOutput {
  readonly #socket: Socket;
  readonly #queue: FlushQueue;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;

  constructor(socket: Socket, queue: FlushQueue) {
    this.#socket = socket;
    this.#queue = queue;
  }

  /** What the peer has not taken yet, without the system's own socket buffer. */
  get unsentBytes(): number {
    return this.#waitingBytes + this.#socket.writableLength;
  }

  push(packet: Buffer): void {
    this.#waitingBytes += packet.length;
    if (this.#waiting.push(packet) === 1) this.#queue.add(this);
    // What the system takes at once must not count as unsent.
    if (this.#waitingBytes >= waitingBytesMax) this.flush();
  }

  flush(): void {
    const [first] = this.#waiting;
    if (!first) return;
    // Joining small packets is much cheaper than a gathering write of each.
    if (this.#socket.writable) this.#socket.write(this.#waiting.length === 1 ? first : Buffer.concat(this.#waiting));
    this.clear();
  }

  clear(): void {
    // An idle connection keeps the empty array only, without the room that a burst took.
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}
