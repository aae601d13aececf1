import { createPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { createRealClock } from '../../src/system/real-clock.ts';
import { box, random } from '../builders/chance.ts';
import { createTestDatabase } from '../support/postgres/test-database.ts';
import { describeStore } from './conformance/describe-store.ts';

describeStore('PostgreSQL', async () => {
  const database = await createTestDatabase();
  return {
    store: createPostgresStore({ url: database.url, poolMax: 5, waitMs: 5000, box, random, clock: createRealClock() }),
    dispose: () => database.drop(),
  };
});
