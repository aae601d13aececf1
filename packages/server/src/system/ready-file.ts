import { rename, rm, writeFile } from 'node:fs/promises';

/** The file that says where a ready process listens (operations page, Observing). */
export interface ReadyFile {
  /** Removes what a killed process has left: it would pass for this one's. Call it once the data folder is this process's own. */
  take(): Promise<void>;
  write(addresses: object): Promise<void>;
  /** Does nothing before `take`: the file is another process's, then. */
  remove(): Promise<void>;
}

/** Undefined: nobody asked for a file. */
export function createReadyFile(path: string | undefined): ReadyFile {
  let taken = false;
  return {
    async take() {
      taken = true;
      if (path !== undefined) await rm(path, { force: true });
    },
    async write(addresses) {
      if (path === undefined) return;
      // Whoever waits for the file must never read half of it.
      await writeFile(`${path}.new`, `${JSON.stringify(addresses)}\n`);
      await rename(`${path}.new`, path);
    },
    async remove() {
      if (taken && path !== undefined) await rm(path, { force: true });
    },
  };
}
