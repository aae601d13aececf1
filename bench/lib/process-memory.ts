import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** What the system has given a process, bytes; from Linux, which alone lets another process look and set the peak back. */
export interface ProcessMemory {
  readonly residentBytes: number;
  /** The most since its start, or since `resetPeak`. */
  readonly peakBytes: number;
}

export const mebibyte = 1_048_576;

/** Preloads `collect-on-signal.ts` into a server, for `settleAtRest`. */
export const collectableSettings = {
  NODE_OPTIONS: [
    process.env['NODE_OPTIONS'] ?? '',
    '--expose-gc',
    `--import=${new URL('./collect-on-signal.ts', import.meta.url).href}`,
  ]
    .join(' ')
    .trim(),
} as const;

export async function readMemory(pid: number): Promise<ProcessMemory> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch((cause: unknown) => {
    throw new Error('This bench reads /proc: it runs on Linux only, on a process that lives.', { cause });
  });
  const bytesOf = (field: string): number =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? Number.NaN) * 1024;
  return { residentBytes: bytesOf('VmRSS'), peakBytes: bytesOf('VmHWM') };
}

/** From now on the peak is counted anew. */
export const resetPeak = (pid: number): Promise<void> => writeFile(`/proc/${pid}/clear_refs`, '5');

const looksMax = 20;
const lookMs = 500;
const steadyBytes = mebibyte;

/**
 * Collects the server's garbage until its memory stays the same, and returns it, bytes: what it holds, not what it has not yet thrown
 * away. The server must have been started with `collectableSettings`.
 */
export async function settleAtRest(pid: number): Promise<number> {
  let before = Number.POSITIVE_INFINITY;
  for (let look = 0; look < looksMax; look += 1) {
    process.kill(pid, 'SIGUSR2');
    await pause(lookMs);
    const { residentBytes } = await readMemory(pid);
    if (Math.abs(before - residentBytes) < steadyBytes) return residentBytes;
    before = residentBytes;
  }
  return before;
}
