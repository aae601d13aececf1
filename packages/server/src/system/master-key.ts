import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readOrMake } from './kept-file.ts';

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

export const masterKeyPath = (dataDir: string): string => join(dataDir, fileName);

/** Reads the data folder's master key; makes it (mode 0600) where there is none yet. */
export async function loadMasterKey(dataDir: string): Promise<Uint8Array> {
  const path = masterKeyPath(dataDir);
  const text = await readOrMake(path, () => `${randomBytes(keyBytes).toString('base64')}\n`);
  return parseMasterKey(text, path);
}
