import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** What the server says of itself once it is ready (docs/contract/operations.md, Observing). */
export interface ServerAddresses {
  readonly http: string;
  /** Null: off. */
  readonly https: string | null;
  readonly mqtt: string;
  readonly projectId: string;
}

export interface ServerProcess {
  readonly addresses: ServerAddresses;
  readonly pid: number;
  /** SIGTERM, then waits; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL, as a pulled plug. */
  kill(): Promise<void>;
  /** Leaves it running when this process ends. */
  release(): void;
}

export interface ServerOptions {
  /** Absent: its sources, as `npm start` runs them. */
  readonly program?: string;
  readonly dataDir: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Where its log lines go; `ignore` keeps the terminal for the demo. */
  readonly log: 'inherit' | 'ignore';
  /** Own process group, so that it can outlive this process. */
  readonly detached?: boolean;
}

const readyWithinMs = 60_000;
const sources = join(import.meta.dirname, '../../packages/server/src/main.ts');

/** Starts Muster as its own process and waits until it is ready. */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const readyFile = join(options.dataDir, 'ready.json');
  // What a killed server has left behind says nothing about this one.
  await rm(readyFile, { force: true });
  const child = spawn(
    process.execPath,
    ['--max-semi-space-size=16', '--heap-growing-percent=50', options.program ?? sources],
    {
      stdio: ['ignore', options.log === 'ignore' ? 'ignore' : 'inherit', 'inherit'],
      detached: options.detached ?? false,
      env: {
        PATH: process.env.PATH,
        // So that it can be profiled: NODE_OPTIONS='--cpu-prof --cpu-prof-dir=…'.
        NODE_OPTIONS: process.env.NODE_OPTIONS,
        MUSTER_DATA_DIR: options.dataDir,
        MUSTER_READY_FILE: readyFile,
        MUSTER_HTTP_PORT: '0',
        MUSTER_MQTT_PORT: '0',
        MUSTER_AMQP_PORT: '0',
        ...options.settings,
      },
    },
  );
  const addresses = await waitUntilReady(child, readyFile);
  return {
    addresses,
    pid: child.pid ?? 0,
    stop: () => end(child, 'SIGTERM'),
    kill: async () => {
      await end(child, 'SIGKILL');
    },
    release: () => child.unref(),
  };
}

async function waitUntilReady(child: ChildProcess, readyFile: string): Promise<ServerAddresses> {
  const until = Date.now() + readyWithinMs;
  while (!existsSync(readyFile)) {
    const ended = child.exitCode ?? child.signalCode;
    if (ended !== null) throw new Error(`The server ended with ${ended} before it was ready.`);
    if (Date.now() > until) {
      await end(child, 'SIGKILL');
      throw new Error('The server was not ready within 60 seconds.');
    }
    await pause(20);
  }
  return JSON.parse(await readFile(readyFile, 'utf8')) as ServerAddresses;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
  return child.exitCode;
}
