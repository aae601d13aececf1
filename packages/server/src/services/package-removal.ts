import type { PackageFileId } from '../domain/ids.ts';
import type { Log } from '../ports/log.ts';
import type { PackageStore } from '../ports/package-store.ts';
import type { PackageMetaStore } from '../ports/store/catalogue-stores.ts';

export interface PackageRemovalParts {
  readonly store: { readonly packages: Pick<PackageMetaStore, 'forgetFiles'> };
  readonly files: Pick<PackageStore, 'delete'>;
  readonly log: Log;
}

/**
 * Removes the bytes of dropped files, then their rows; returns how many. What cannot be removed now keeps its row, and with it its turn:
 * the sweeper tries again.
 */
export async function removeDropped(
  { store, files, log }: PackageRemovalParts,
  dropped: readonly PackageFileId[],
): Promise<number> {
  const removed: PackageFileId[] = [];
  for (const fileId of dropped) {
    try {
      await files.delete(fileId);
      removed.push(fileId);
    } catch (error) {
      log.warn({ err: error, fileId }, 'a package file could not be removed and is tried again');
    }
  }
  await store.packages.forgetFiles(removed);
  return removed.length;
}
