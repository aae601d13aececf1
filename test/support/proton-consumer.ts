import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

/** What `proton-consumer.py` says of a message. */
export interface ProtonMessage<Event> {
  readonly id: string;
  /** Microseconds on the machine's monotonic clock, which all processes share. */
  readonly at: number;
  readonly body: Event;
}

export interface ProtonOptions {
  readonly url: string;
  readonly queue: string;
  readonly user: string;
  readonly password: string;
  readonly prefetch?: number;
  /** What follows the first so many it keeps in hand; absent: it accepts everything. */
  readonly accepts?: number;
}

/** A consumer that is not ours (Apache Qpid Proton), in a process of its own. */
export interface ProtonConsumer<Event> {
  readonly messages: readonly ProtonMessage<Event>[];
  /** The condition with which its link or connection was ended. */
  readonly ended: string | undefined;
  /** Its link to the queue is open. */
  readonly isOpen: boolean;
  /** Resolves when this holds, looked at whenever it says something; rejects if its process has ended without. */
  until(holds: () => boolean): Promise<void>;
  kill(): Promise<void>;
}

type Line<Event> = ProtonMessage<Event> | { readonly ended: string } | { readonly opened: true };

const everything = 1_000_000_000;

/** Ends with the test. */
export function startProton<Event>(options: ProtonOptions): ProtonConsumer<Event> {
  const { url, queue, user, password, prefetch = 10, accepts = everything } = options;
  const script = join(import.meta.dirname, 'proton-consumer.py');
  const args = [script, url, queue, user, password, String(prefetch), String(accepts)];
  const child = spawn('/usr/bin/python3', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const messages: ProtonMessage<Event>[] = [];
  const state: { ended?: string; isOpen: boolean } = { isOpen: false };
  const heard = new EventTarget();
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (text) => {
    const line = JSON.parse(text) as Line<Event>;
    if ('opened' in line) state.isOpen = true;
    else if ('ended' in line) state.ended = line.ended;
    else messages.push(line);
    heard.dispatchEvent(new Event('line'));
  });
  const over = once(lines, 'close');
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  onTestFinished(kill);
  return {
    messages,
    get ended() {
      return state.ended;
    },
    get isOpen() {
      return state.isOpen;
    },
    async until(holds) {
      const failed = over.then(() => {
        if (!holds()) throw new Error(`The consumer is over: ${state.ended ?? 'without a word'}.`);
      });
      while (!holds()) await Promise.race([once(heard, 'line'), failed]);
    },
    kill,
  };
}
