import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDiskPackageStore } from '../../src/packages-store/disk-package-store.ts';
import type { PackageHome } from '../../src/packages-store/package-home.ts';

const fileId = '7b0a7f6e-7c1e-4b38-9a51-2f8f3f4f0d11';
let folder: string;
let store: PackageHome;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-packages-'));
  store = createDiskPackageStore(folder);
  await store.start();
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const filesIn = async (name: string) => (await readdir(name)).filter((entry) => entry !== '.incoming');

describe('package files on the disk', () => {
  test('a file is stored with its size and SHA-256 and read back whole', async () => {
    const bytes = randomBytes(300_000);
    const written = await store.put(fileId, Readable.from([bytes.subarray(0, 7), bytes.subarray(7)]), 1_000_000);
    expect(written).toEqual({ size: 300_000, sha256: createHash('sha256').update(bytes).digest('hex') });
    expect(await store.has(fileId)).toBe(true);
    expect(await buffer((await store.read(fileId)) ?? Readable.from([]))).toEqual(bytes);
    expect(await readdir(join(folder, '.incoming'))).toEqual([]);
  });

  test('a range is read with both ends included', async () => {
    await store.put(fileId, Readable.from([Buffer.from('0123456789')]), 10);
    const read = await store.read(fileId, { start: 2, end: 5 });
    expect((await buffer(read ?? Readable.from([]))).toString()).toBe('2345');
  });

  test('a file of exactly the limit passes, one byte more is refused while it streams and leaves nothing', async () => {
    await store.put(fileId, Readable.from([Buffer.alloc(100)]), 100);
    let given = 0;
    const endless = Readable.from(
      (function* () {
        for (;;) {
          given += 10;
          yield Buffer.alloc(10);
        }
      })(),
      { highWaterMark: 1 },
    );
    await expect(store.put('another-file', endless, 100)).rejects.toMatchObject({ problem: 'packageFileUnusable' });
    expect(given).toBeLessThan(1000);
    expect(endless.destroyed).toBe(true);
    expect(await readdir(join(folder, '.incoming'))).toEqual([]);
    expect(await filesIn(folder)).toEqual([fileId]);
  });

  test('a source that breaks leaves nothing', async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('half');
        await Promise.resolve();
        throw new Error('the client went away');
      })(),
    );
    await expect(store.put(fileId, broken, 100)).rejects.toThrow('the client went away');
    expect(await store.has(fileId)).toBe(false);
    expect(await readdir(join(folder, '.incoming'))).toEqual([]);
  });

  test.each(['', '.', '..', '../secret', '.incoming', 'a/b', 'a\\b', 'a\0b', '/etc/passwd', 'A'.repeat(65), '-x'])(
    'the id %j is refused by every operation',
    async (hostile) => {
      await expect(store.put(hostile, Readable.from([]), 1)).rejects.toThrow('Not the id');
      expect(() => store.read(hostile)).toThrow('Not the id');
      await expect(store.has(hostile)).rejects.toThrow('Not the id');
      await expect(store.delete(hostile)).rejects.toThrow('Not the id');
    },
  );

  test('a deleted file is gone, whoever reads it already reads on, and deleting twice is harmless', async () => {
    await store.put(fileId, Readable.from([Buffer.from('firmware')]), 100);
    const underWay = await store.read(fileId);
    await store.delete(fileId);
    await store.delete(fileId);
    expect(await store.has(fileId)).toBe(false);
    expect(await store.read(fileId)).toBeUndefined();
    expect((await buffer(underWay ?? Readable.from([]))).toString()).toBe('firmware');
  });

  test('what a crashed upload left is removed at the start, whole files stay', async () => {
    await store.put(fileId, Readable.from([Buffer.from('whole')]), 100);
    await writeFile(join(folder, '.incoming', 'half-a-file'), 'half');
    await symlink(join(folder, fileId), join(folder, '.incoming', 'link'));
    const next = createDiskPackageStore(folder);
    await next.start();
    expect(await readdir(join(folder, '.incoming'))).toEqual([]);
    expect(await next.has(fileId)).toBe(true);
  });

  test('two uploads under one id do not mix', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = Readable.from(
      (async function* () {
        yield Buffer.from('first ');
        await held;
        yield Buffer.from('upload');
      })(),
    );
    const first = store.put(fileId, slow, 100);
    const second = store.put(fileId, Readable.from([Buffer.from('second')]), 100);
    const results = await Promise.allSettled([second.finally(() => release()), first]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});
