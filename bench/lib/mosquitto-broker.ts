import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../scripts/lib/free-ports.ts';

export interface MosquittoBroker extends AsyncDisposable {
  readonly url: string;
}

/** Debian puts servers where a user's PATH does not look. */
const candidates = [
  '/usr/sbin/mosquitto',
  '/usr/local/sbin/mosquitto',
  '/usr/bin/mosquitto',
  '/opt/homebrew/sbin/mosquitto',
];

const readyWithinMs = 10_000;

/** Its program; undefined where it is not installed. */
export async function findMosquitto(): Promise<string | undefined> {
  for (const path of candidates) {
    const found = await access(path).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return undefined;
}

/** `2.0.11`; undefined where it is not installed. */
export async function mosquittoVersion(): Promise<string | undefined> {
  const program = await findMosquitto();
  if (program === undefined) return undefined;
  // It prints its help and ends with a code of its own.
  const text = await new Promise<string>((resolve) => {
    execFile(program, ['-h'], (_error, stdout) => resolve(stdout));
  });
  return /version (\S+)/.exec(text)?.[1];
}

/** On a free port of the loopback, everything else as it comes: nothing is stored. */
export async function startMosquitto(program: string): Promise<MosquittoBroker> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-mosquitto-'));
  const port = await freePort();
  const config = join(folder, 'mosquitto.conf');
  await writeFile(
    config,
    `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_dest stderr\nlog_type error\n`,
  );
  const child = spawn(program, ['-c', config], { stdio: ['ignore', 'ignore', 'inherit'] });
  await waitUntilItListens(child, port);
  return {
    url: `mqtt://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit');
        child.kill();
        await exited;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function waitUntilItListens(child: ChildProcess, port: number): Promise<void> {
  const until = Date.now() + readyWithinMs;
  while (!(await isOpen(port))) {
    if (child.exitCode !== null) throw new Error(`Mosquitto ended with ${child.exitCode}.`);
    if (Date.now() > until) {
      child.kill();
      throw new Error('Mosquitto did not listen within 10 seconds.');
    }
    await pause(50);
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
