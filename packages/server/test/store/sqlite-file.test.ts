import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { box, random } from '../builders/chance.ts';
import { describeStore } from './conformance/describe-store.ts';

describeStore('SQLite file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-store-'));
  return {
    store: createSqliteStore({ path: join(folder, 'muster.db'), durability: 'full', box, random }),
    dispose: () => rm(folder, { recursive: true }),
  };
});
