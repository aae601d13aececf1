import { open } from 'node:fs/promises';

/** Creates a file that only its owner reads (mode 0600) and waits until it is on the disk. Fails where the file exists. */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text, 'utf8');
    await file.sync();
  } finally {
    await file.close();
  }
}
