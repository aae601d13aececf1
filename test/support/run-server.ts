import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { builtServer } from './built-server.ts';

/** The server's command as an operator starts it, with all that it prints. */
export interface RunningServer {
  readonly child: ChildProcess;
  /** What it has printed so far, on both outputs. */
  output(): string;
  /** Settles when the output contains the text; rejects if the process ends without. */
  printed(text: string): Promise<void>;
  /** Exit code, or the name of the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** Ends with the test. `settings` are all that it finds in its environment. */
export function runServer(settings: Readonly<Record<string, string>>, args: readonly string[] = []): RunningServer {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', builtServer(), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...settings },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      output += part;
      child.emit('printed');
    });
  }
  // `close`: everything that it has printed has been read.
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    child,
    ended,
    output: () => output,
    async printed(text) {
      const over = ended.then((code) => {
        if (!output.includes(text)) throw new Error(`It ended with ${code} and printed:\n${output}`);
      });
      while (!output.includes(text)) await Promise.race([once(child, 'printed'), over]);
    },
  };
}
