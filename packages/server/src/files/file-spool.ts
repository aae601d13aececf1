import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Problem } from '../domain/problem.ts';
import type { Random } from '../ports/random.ts';
import type { FileSpool } from '../ports/table-files.ts';

export interface FolderSpool extends FileSpool {
  /** Makes the folder and removes what a crash has left in it; idempotent. */
  start(): Promise<void>;
}

/** In a folder of this process alone. */
export function createFileSpool(folder: string, random: Pick<Random, 'uuid'>): FolderSpool {
  return {
    async start() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
    },
    async put(body, bytesMax) {
      const path = join(folder, random.uuid());
      const remove = () => rm(path, { force: true });
      const meter = createMeter(bytesMax);
      try {
        await pipeline(body, meter.stream, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
      } catch (error) {
        await remove();
        throw error;
      }
      return { path, size: meter.size(), remove };
    },
  };
}

function createMeter(bytesMax: number): { readonly stream: Transform; size(): number } {
  let size = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > bytesMax) done(new Problem('batchFileTooLarge', { field: 'file' }));
      else done(null, chunk);
    },
  });
  return { stream, size: () => size };
}
