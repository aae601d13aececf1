import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileStore } from '../support/sqlite-stores.ts';
import { describeStore } from './conformance/describe-store.ts';

describeStore('SQLite file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-store-'));
  return { store: createFileStore(join(folder, 'muster.db')), dispose: () => rm(folder, { recursive: true }) };
});
