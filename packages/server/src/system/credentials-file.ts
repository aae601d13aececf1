import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivateFile } from './private-file.ts';

/** `credentials.json` of the data folder (mode 0600), staged beside it. Serves services' CredentialsFile. */
export function createCredentialsFile(dataDir: string) {
  const path = join(dataDir, 'credentials.json');
  const aside = `${path}.new`;
  return {
    path,
    staged: async (): Promise<string | undefined> => {
      try {
        return await readFile(aside, 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    stage: async (text: string): Promise<void> => {
      await mkdir(dataDir, { recursive: true, mode: 0o700 });
      await writePrivateFile(aside, text);
    },
    commit: (): Promise<void> => rename(aside, path),
    discard: (): Promise<void> => rm(aside, { force: true }),
  };
}
