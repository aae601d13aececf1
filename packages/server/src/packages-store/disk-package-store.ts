import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FileHandle } from 'node:fs/promises';
import { createFileMeter } from './file-meter.ts';
import type { PackageHome } from './package-home.ts';
import { proveSharedFolder } from './shared-folder.ts';

/** Ids are UUIDs of ours; whatever else comes here must never become a path. */
const fileIdShape = /^[0-9a-z][0-9a-z-]{0,63}$/;

/** Package files in `folder`, one each, under their id; `node`: the one of several that share the folder. A file is whole or not there: it is written beside and renamed. */
export function createDiskPackageStore(folder: string, node?: string): PackageHome {
  // No id begins with a dot. What other nodes are about to write in a shared folder is theirs.
  const incoming = join(folder, node === undefined ? '.incoming' : `.incoming-${node}`);
  const pathOf = (fileId: string): string => join(folder, checkedId(fileId));
  return {
    async prove(proof) {
      // A folder of one process is its own.
      if (node === undefined) return;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await proveSharedFolder(folder, proof);
    },
    async start() {
      await mkdir(incoming, { recursive: true, mode: 0o700 });
      for (const name of await readdir(incoming)) await rm(join(incoming, name), { recursive: true, force: true });
    },
    async put(fileId, body, maxBytes) {
      const draft = join(incoming, checkedId(fileId));
      // Exclusive: two uploads under one id would mix their bytes. Who comes second must not remove what the first one writes.
      const file = await open(draft, 'wx', 0o600);
      try {
        const written = await writeDraft(file, body, maxBytes);
        await rename(draft, pathOf(fileId));
        await syncFolder(folder);
        return written;
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
    read: (fileId, range) => readRange(pathOf(fileId), range),
    async has(fileId) {
      return (await statOrNothing(pathOf(fileId))) !== undefined;
    },
    async delete(fileId) {
      await rm(pathOf(fileId), { force: true });
      await syncFolder(folder);
    },
  };
}

function checkedId(fileId: string): string {
  if (!fileIdShape.test(fileId)) throw new Error(`Not the id of a package file: ${JSON.stringify(fileId)}.`);
  return fileId;
}

async function writeDraft(
  file: FileHandle,
  body: Readable,
  maxBytes: number,
): Promise<{ size: number; sha256: string }> {
  try {
    const meter = createFileMeter(maxBytes);
    await pipeline(body, meter.stream, writerOf(file));
    // On the disk before the name says that it is there, or a power cut would leave a name without its bytes.
    await file.sync();
    return meter.result();
  } finally {
    await file.close();
  }
}

/** Leaves the file open at the end, for the sync. */
function writerOf(file: FileHandle): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      writeWhole(file, chunk).then(() => done(), done);
    },
  });
}

async function writeWhole(file: FileHandle, chunk: Buffer): Promise<void> {
  let offset = 0;
  while (offset < chunk.length) {
    const { bytesWritten } = await file.write(chunk, offset, chunk.length - offset);
    offset += bytesWritten;
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readRange(path: string, range?: { start: number; end: number }): Promise<Readable | undefined> {
  const file = await openOrNothing(path);
  // Opened before anybody is answered: what is gone shows here, not in the middle of an answer.
  return file?.createReadStream({ autoClose: true, ...range });
}

const openOrNothing = (path: string): Promise<FileHandle | undefined> => presentOr(open(path, 'r'));

const statOrNothing = (path: string) => presentOr(stat(path));

async function presentOr<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
