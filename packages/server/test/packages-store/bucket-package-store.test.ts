import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createBucketPackageStore } from '../../src/packages-store/s3/bucket-package-store.ts';
import { createLog } from '../../src/system/log.ts';
import { random } from '../builders/chance.ts';
import { startS3Server, testBucket } from '../support/s3-server.ts';

const log = createLog({ level: 'silent', format: 'json' });
const fileId = '7b0a7f6e-7c1e-4b38-9a51-2f8f3f4f0d11';
const marker = '.muster-installation';

async function open(bucket = testBucket) {
  const s3 = await startS3Server([testBucket, 'another']);
  const draftFolder = await mkdtemp(join(tmpdir(), 'muster-drafts-'));
  onTestFinished(() => rm(draftFolder, { recursive: true, force: true }));
  const store = createBucketPackageStore({ client: s3.client, region: 'here', bucket }, { draftFolder, random, log });
  await store.start();
  return { s3, store, draftFolder };
}

const problem = (name: string): unknown => expect.objectContaining({ problem: name });

describe('package files in a bucket', () => {
  it('are stored with size and SHA-256, read whole and in part, and deleted', async () => {
    const { store, draftFolder } = await open();
    const bytes = randomBytes(3_000_000);
    const written = await store.put(fileId, Readable.from([bytes.subarray(0, 7), bytes.subarray(7)]), 4_000_000);
    expect(written).toEqual({ size: 3_000_000, sha256: createHash('sha256').update(bytes).digest('hex') });
    expect(await readdir(draftFolder)).toEqual([]);
    expect(await store.has(fileId)).toBe(true);
    const read = async (range?: { start: number; end: number }): Promise<Buffer> =>
      buffer((await store.read(fileId, range)) ?? Readable.from([]));
    expect((await read()).equals(bytes)).toBe(true);
    expect((await read({ start: 10, end: 19 })).equals(bytes.subarray(10, 20))).toBe(true);
    await store.delete(fileId);
    expect([await store.has(fileId), await store.read(fileId)]).toEqual([false, undefined]);
    await store.delete(fileId);
  });

  it('are not there at all when they are too big or end early, and nothing stays on the disk', async () => {
    const { s3, store, draftFolder } = await open();
    await expect(store.put(fileId, Readable.from([Buffer.alloc(11)]), 10)).rejects.toEqual(
      problem('packageFileUnusable'),
    );
    const broken = new Readable({ read: () => undefined });
    broken.push('half');
    const putting = store.put(fileId, broken, 10);
    broken.destroy(new Error('gone'));
    await expect(putting).rejects.toThrow('gone');
    expect(s3.seen).toEqual([]);
    expect(await readdir(draftFolder)).toEqual([]);
  });

  it('answer notReady while the store is away or refuses, and leave nothing on the disk', async () => {
    const { s3, store, draftFolder } = await open('nobodys');
    const body = () => Readable.from([Buffer.from('firmware')]);
    await expect(store.put(fileId, body(), 10)).rejects.toEqual(problem('notReady'));
    await s3.stop();
    await expect(store.put(fileId, body(), 10)).rejects.toEqual(problem('notReady'));
    await expect(store.has(fileId)).rejects.toEqual(problem('notReady'));
    await expect(store.read(fileId)).rejects.toEqual(problem('notReady'));
    await expect(store.delete(fileId)).rejects.toEqual(problem('notReady'));
    expect(await readdir(draftFolder)).toEqual([]);
  });

  it('are not taken from a store that sends the whole where a part was asked for', async () => {
    const { s3, store } = await open();
    s3.answerWith((_request, response) => response.writeHead(200, { 'content-length': '8' }).end('firmware'));
    await expect(store.read(fileId, { start: 4, end: 7 })).rejects.toEqual(problem('notReady'));
  });

  it('lose the drafts that a crash has left, at the next start', async () => {
    const { store, draftFolder } = await open();
    await writeFile(join(draftFolder, 'left'), 'half a file');
    await store.start();
    expect(await readdir(draftFolder)).toEqual([]);
  });
});

describe('the bucket of an installation', () => {
  /** What the database remembers: the first claim. */
  function claims(first?: string) {
    let claimed = first;
    const claim = (id: string): Promise<string> => {
      claimed ??= id;
      return Promise.resolve(claimed);
    };
    return { newId: 'new', claim };
  }

  it('gets a marker at the first start and is known by it afterwards, on every node', async () => {
    const { s3, store } = await open();
    const proof = claims();
    await store.prove(proof);
    const stored = await s3.client.get(testBucket, marker);
    expect((await buffer(stored ?? Readable.from([]))).toString()).toBe('here/packages#new');
    await store.prove({ ...proof, newId: 'another' });
  });

  it('is refused where the others have another one, or a folder', async () => {
    const { store } = await open();
    for (const claimed of ['here/another#id', 'a-folder']) {
      await expect(store.prove(claims(claimed))).rejects.toThrow('is not where this installation keeps its packages');
    }
  });

  it('is taken when everything was copied there from a folder', async () => {
    const { s3, store } = await open();
    await s3.put(marker, 'a-folder');
    await store.prove(claims('a-folder'));
    await expect(store.prove(claims('another-folder'))).rejects.toThrow('MUSTER_PACKAGE_STORE');
  });

  it('stops the start where it does not exist, and not where its store is away', async () => {
    const { s3, store } = await open('nobodys');
    await expect(store.prove(claims())).rejects.toThrow(
      'here/nobodys cannot be used: The object store answers 404 NoSuchBucket.',
    );
    await s3.stop();
    await store.prove(claims());
  });
});
