/** A process that stores projects until it is killed, and prints the id of each once it was told that it is stored. */
import { createSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { createRealClock } from '../../../src/system/real-clock.ts';
import { box, random } from '../../builders/chance.ts';
import { createGiven } from '../../builders/given.ts';

const [, , path = ''] = process.argv;
const store = createSqliteStore({ path, durability: 'full', box, random, clock: createRealClock() });
await store.start();
const given = createGiven(store);
for (;;) {
  const { projectId } = await given.scope();
  process.stdout.write(`${projectId}\n`);
}
