import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivateFile } from './private-file.ts';

const fileName = 'master.key';
const keyBytes = 32;

/** The setting's text (base64 of 32 bytes) as a key. Throws a message that names the setting, never its value. */
export function parseMasterKey(text: string, source = 'MUSTER_MASTER_KEY'): Uint8Array {
  const trimmed = text.trim();
  const bytes = Buffer.from(trimmed, 'base64');
  const canonical = bytes.toString('base64').replace(/=+$/, '');
  if (bytes.length !== keyBytes || canonical !== trimmed.replace(/=+$/, '')) {
    throw new Error(`${source} must be ${keyBytes} bytes in base64.`);
  }
  return bytes;
}

/** Reads the data folder's master key; makes it (mode 0600) where there is none yet. */
export async function loadMasterKey(dataDir: string): Promise<Uint8Array> {
  const path = join(dataDir, fileName);
  const present = await readIfPresent(path);
  if (present !== undefined) return parseMasterKey(present, path);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  // Written beside and linked: of two that start at once one wins, and nobody ever reads half a key.
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writePrivateFile(draft, `${randomBytes(keyBytes).toString('base64')}\n`);
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return parseMasterKey(await readFile(path, 'utf8'), path);
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
