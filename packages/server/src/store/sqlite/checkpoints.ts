import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

/** Handed to the thread. */
export interface CheckpointWork {
  /** The database file. */
  readonly path: string;
}

/** `committed`: there may be something to fold. */
export type CheckpointMessage = 'committed' | 'stop';

/**
 * Folds the write-ahead log into the database file on a thread of its own: about half of what commits cost, because it waits for the disk
 * twice. Passive, so that nobody waits for it. The log starts over only where a commit finds all of it folded: the writer itself folds
 * what is left every few thousand pages (connection.ts), and all of it should the thread be gone.
 */
export class Checkpoints {
  readonly #worker: Worker;
  readonly #ended: Promise<unknown>;
  #looking = false;

  constructor(work: CheckpointWork) {
    this.#worker = new Worker(new URL(`./checkpoint-worker${extname(import.meta.filename)}`, import.meta.url), {
      workerData: work,
    });
    // A thread that fails has lost nothing. Its process goes on, and ends without asking for it.
    this.#ended = once(this.#worker, 'exit').catch(() => undefined);
    this.#worker.on('message', () => {
      this.#looking = false;
    });
    this.#worker.unref();
  }

  /** Called after a commit. While the thread is at it the next one need not be told. */
  committed(): void {
    if (this.#looking) return;
    this.#looking = true;
    this.#tell('committed');
  }

  /** Resolves when the thread has let go of the file. */
  async stop(): Promise<void> {
    this.#tell('stop');
    this.#worker.ref();
    await this.#ended;
  }

  #tell(message: CheckpointMessage): void {
    this.#worker.postMessage(message);
  }
}
