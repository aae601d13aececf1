import { link, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HomeProof } from './package-home.ts';

/** No id of a file begins with a dot. */
export const markerName = '.muster-installation';

/** Makes sure that a folder holds the packages of this installation: on every node it must have the same marker, which is also in the database. */
export async function proveSharedFolder(folder: string, { newId, claim }: HomeProof): Promise<void> {
  const path = join(folder, markerName);
  const isMarked = await mark(folder, newId);
  const found = await readFile(path, 'utf8');
  if ((await claim(found)) === found) return;
  if (isMarked) await rm(path);
  throw new Error(
    `${folder} is not the folder in which this installation keeps its packages: set MUSTER_PACKAGE_STORE to one that all nodes share.`,
  );
}

/** Gives a folder its marker, whole at once, where it has none; false: it had one, perhaps since a moment ago. */
async function mark(folder: string, id: string): Promise<boolean> {
  if ((await readdir(folder)).includes(markerName)) return false;
  const draft = join(folder, `${markerName}-${id}`);
  await writeFile(draft, id, { mode: 0o600 });
  try {
    await link(draft, join(folder, markerName));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft);
  }
}
