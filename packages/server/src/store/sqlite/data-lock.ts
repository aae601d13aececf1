import { DatabaseSync } from 'node:sqlite';

/** Extended codes keep the primary one in their low byte; 5 is SQLITE_BUSY. */
const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && Number(error.errcode) % 256 === 5;

/**
 * Makes sure that one process alone works on a database file. The lock is SQLite's own, held on an empty side database: the system drops
 * it with the process, however that ends, and it does not stand in the way of this process's reader. Returns what releases it.
 */
export function lockData(path: string): () => void {
  const holder = new DatabaseSync(`${path}.lock`, { timeout: 0 });
  try {
    // Nothing is ever written: no journal, nothing to recover.
    holder.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    holder.close();
    if (!isBusy(error)) throw error;
    throw new Error(`Another process works on ${path}: only one may. Stop it, or choose another MUSTER_DATA_DIR.`, {
      cause: error,
    });
  }
  return () => {
    holder.close();
  };
}
