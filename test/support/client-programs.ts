import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** The legacy clients of this repository. */
export type ClientLanguage = 'python' | 'php';

export interface ProgramResult {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

const root = join(import.meta.dirname, '../../clients');

const commands = {
  // Warnings are errors.
  python: ['python3', '-W', 'error'],
  php: ['php', '-d', 'error_reporting=-1', '-d', 'display_errors=stderr'],
} as const satisfies Record<ClientLanguage, readonly string[]>;

/** Runs in the folder of the client, with its package (and the alias package) where the interpreter looks. */
export async function runClientProgram(language: ClientLanguage, args: readonly string[]): Promise<ProgramResult> {
  const [command, ...flags] = commands[language];
  const cwd = join(root, language);
  const env = { ...process.env, PYTHONPATH: `${cwd}:${join(cwd, 'alias')}` };
  const child = spawn(command, [...flags, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await ended) as [number | null];
  return { code, output, errors };
}
