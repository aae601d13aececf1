import { createSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { createRealClock } from '../../src/system/real-clock.ts';
import { box, random } from '../builders/chance.ts';
import { describeStore } from './conformance/describe-store.ts';

describeStore('SQLite in memory', async () => ({
  store: createSqliteStore({ path: ':memory:', durability: 'full', box, random, clock: createRealClock() }),
  dispose: async () => {},
}));
