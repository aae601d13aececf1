import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writePrivateFile } from './private-file.ts';

/**
 * The text of a file that is made once and kept: read where it is, otherwise made (mode 0600) and read. Of two that make it at once
 * one wins, both get the winner's text, and nobody ever reads half of it.
 */
export async function readOrMake(path: string, make: () => string | Promise<string>): Promise<string> {
  const present = await readIfPresent(path);
  if (present !== undefined) return present;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // Written beside and linked: a crash leaves a draft behind, never a broken file.
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writePrivateFile(draft, await make());
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return readFile(path, 'utf8');
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
