import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { Store } from '../../src/ports/store/store.ts';
import { createSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { createRealClock } from '../../src/system/real-clock.ts';
import { box, random } from '../builders/chance.ts';
import { describeStore } from './conformance/describe-store.ts';

/** 'full' adds nothing but the disk's time: no test here cuts the power. */
const storeAt = (path: string): Store =>
  createSqliteStore({ path, durability: 'normal', box, random, clock: createRealClock() });

/** With the tables and nothing in them: making them for every test anew takes longer than the test. */
let empty = '';

beforeAll(async () => {
  empty = await mkdtemp(join(tmpdir(), 'muster-store-'));
  const store = storeAt(join(empty, 'muster.db'));
  await store.start();
  await store.stop();
});

afterAll(() => rm(empty, { recursive: true }));

describeStore('SQLite file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-store-'));
  const path = join(folder, 'muster.db');
  await copyFile(join(empty, 'muster.db'), path);
  return { store: storeAt(path), dispose: () => rm(folder, { recursive: true }) };
});
