import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Problem } from '../../domain/problem.ts';
import type { Log } from '../../ports/log.ts';
import type { Random } from '../../ports/random.ts';
import { createFileMeter } from '../file-meter.ts';
import type { PackageHome } from '../package-home.ts';
import { type ObjectClient, ObjectStoreFailure } from './object-client.ts';
import { proveBucket } from './proved-bucket.ts';

export interface Bucket {
  readonly client: ObjectClient;
  readonly region: string;
  readonly bucket: string;
}

export interface BucketStoreParts {
  /** Of this process alone: an upload lies there until its size and hash are known, which the store wants to hear first. */
  readonly draftFolder: string;
  readonly random: Pick<Random, 'uuid'>;
  readonly log: Log;
}

/** Package files in a bucket, one object each, under their id. Problems, of every call: notReady (the store does not do its part). */
export function createBucketPackageStore(place: Bucket, { draftFolder, random, log }: BucketStoreParts): PackageHome {
  const { client, bucket } = place;
  const done = async <T>(asked: Promise<T>): Promise<T> => {
    try {
      return await asked;
    } catch (error) {
      if (!(error instanceof ObjectStoreFailure)) throw error;
      log.warn({ err: error, bucket }, 'the object store of the packages fails');
      throw new Problem('notReady');
    }
  };
  return {
    prove: (proof) => proveBucket(place, { ...proof, log }),
    async start() {
      await mkdir(draftFolder, { recursive: true, mode: 0o700 });
      for (const name of await readdir(draftFolder))
        await rm(join(draftFolder, name), { recursive: true, force: true });
    },
    async put(fileId, body, maxBytes) {
      const draft = join(draftFolder, random.uuid());
      try {
        const measured = await writeDraft(draft, body, maxBytes);
        await done(client.put(bucket, fileId, { stream: createReadStream(draft), ...measured }));
        return measured;
      } finally {
        await rm(draft, { force: true });
      }
    },
    read: (fileId, range) => done(client.get(bucket, fileId, range)),
    has: async (fileId) => (await done(client.head(bucket, fileId))) !== undefined,
    delete: (fileId) => done(client.delete(bucket, fileId)),
  };
}

async function writeDraft(path: string, body: Readable, maxBytes: number): Promise<{ size: number; sha256: string }> {
  const meter = createFileMeter(maxBytes);
  await pipeline(body, meter.stream, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  return meter.result();
}
