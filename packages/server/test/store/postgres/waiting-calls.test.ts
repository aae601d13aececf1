import pg from 'pg';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { createRealClock } from '../../../src/system/real-clock.ts';
import { aUser } from '../../builders/account-builders.ts';
import { box, random } from '../../builders/chance.ts';

import { createTestDatabase } from '../../support/postgres/test-database.ts';
import { expectProblem } from '../conformance/store-fixture.ts';

/** Whoever has the table to himself until his transaction ends. */
async function lockTable(url: string, table: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`BEGIN; LOCK TABLE ${table}`);
  return {
    async isWaitedFor() {
      const waiting = `SELECT 1 FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
      while ((await client.query(waiting)).rowCount === 0);
    },
    async leave() {
      await client.query('COMMIT');
      await client.end();
    },
  };
}

/** A store with one connection whose calls run into a lock, and time that is moved by hand. */
async function behindALock() {
  const { url, drop } = await createTestDatabase();
  const store = createPostgresStore({ url, poolMax: 1, waitMs: 1000, box, random, clock: createRealClock() });
  await store.start();
  onTestFinished(async () => {
    vi.useRealTimers();
    await store.stop();
    await drop();
  });
  const lock = await lockTable(url, 'users');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  return { store, lock };
}

it('A call waits for its turn behind others longer than a connection may take', async () => {
  const { store, lock } = await behindALock();
  const first = store.accounts.insertUser(aUser());
  const second = store.outbox.size();
  await lock.isWaitedFor();
  vi.advanceTimersByTime(15_000);
  await lock.leave();

  await first;
  expect(await second).toBe(0);
});

it('A statement that is not answered for 20 s gives up its connection, and the next call gets another one', async () => {
  const { store, lock } = await behindALock();
  const first = store.accounts.insertUser(aUser());
  const refused = expectProblem(first, 'notReady');
  const second = store.outbox.size();
  await lock.isWaitedFor();
  vi.advanceTimersByTime(20_000);
  await refused;
  expect(await second).toBe(0);
  await lock.leave();
});

it('A node can say that it lives while all its calls wait for a lock', async () => {
  const { store, lock } = await behindALock();
  const node = { name: 'one', instance: 'first' };
  await store.nodes.register(node);
  const waiting = store.accounts.insertUser(aUser());
  await lock.isWaitedFor();
  expect(await store.nodes.beat(node)).toMatchObject({ isOurs: true });
  await lock.leave();
  await waiting;
});
