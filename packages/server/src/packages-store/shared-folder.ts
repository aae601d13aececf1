import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** No id of a file begins with a dot. */
const markerName = '.muster-installation';

/**
 * Makes sure that a folder holds the packages of this installation: on every node it must have the same marker, which is also in the
 * database. A node that was pointed at another folder would answer "no such package" for all that came in on the others.
 */
export async function proveSharedFolder(
  folder: string,
  claim: (id: string) => Promise<string>,
  newId: string,
): Promise<void> {
  const path = join(folder, markerName);
  const found = await readMarker(path);
  const agreed = await claim(found ?? newId);
  if (found === agreed) return;
  if (found !== undefined || agreed !== newId) throw notShared(folder);
  const files = (await readdir(folder)).filter((name) => !name.startsWith('.'));
  if (files.length > 0) throw notShared(folder);
  await writeFile(path, agreed, { mode: 0o600 });
}

async function readMarker(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const notShared = (folder: string): Error =>
  new Error(
    `${folder} is not the folder in which this installation keeps its packages: set MUSTER_PACKAGE_STORE to one that all nodes share.`,
  );
