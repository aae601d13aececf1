import { createPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { createRealClock } from '../../../src/system/real-clock.ts';
import { box, random } from '../../builders/chance.ts';
import type { OpenStore } from '../../store/conformance/store-fixture.ts';
import { createTestDatabase } from './test-database.ts';

/** On an empty database of its own; not started. */
export async function makePostgresStore(): Promise<OpenStore> {
  const database = await createTestDatabase();
  const store = createPostgresStore({
    url: database.url,
    poolMax: 5,
    waitMs: 5000,
    box,
    random,
    clock: createRealClock(),
  });
  return { store, dispose: () => database.drop() };
}
