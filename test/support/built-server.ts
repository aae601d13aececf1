import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const script = join(import.meta.dirname, '../../scripts/bundle-server.ts');
let known: string | undefined;

/** The server in one file: a start of its sources costs seconds, and there are two hundred. The demo and `npm start` run those. */
export function builtServer(): string {
  known ??= execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', script], { encoding: 'utf8' });
  return known;
}
