import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { createRealClock } from '../../src/system/real-clock.ts';
import { box, random } from '../builders/chance.ts';
import { describeStore } from './conformance/describe-store.ts';

describeStore('SQLite file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-store-'));
  return {
    store: createSqliteStore({
      path: join(folder, 'muster.db'),
      durability: 'full',
      box,
      random,
      clock: createRealClock(),
    }),
    dispose: () => rm(folder, { recursive: true }),
  };
});
