import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { createPostgresRunner } from '../../../src/store/postgres/postgres-runner.ts';
import { change, type Program } from '../../../src/store/sql/program.ts';
import { createRealClock } from '../../../src/system/real-clock.ts';
import { random } from '../../builders/chance.ts';
import { createTestDatabase } from '../../support/postgres/test-database.ts';

const programs = 3000;
const atOnce = 6;

/** Its first statement changes something, its second one always fails. */
function* halfDone(number: number): Program<void> {
  yield* change({ sql: 'INSERT INTO halves VALUES (?)', parameters: [number] });
  yield* change({ sql: 'SELECT 1 / 0', parameters: [] });
}

/** Whatever statement is under way, the one that begins a transaction too, until told to end. */
async function cancelAll(url: string, isOver: () => boolean): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const cancel = `SELECT pg_cancel_backend(pid) FROM pg_stat_activity
    WHERE application_name = 'muster' AND datname = current_database()`;
  while (!isOver()) await client.query(cancel);
  await client.end();
}

it('A program that fails leaves nothing, whatever statement of it is cancelled', async () => {
  const { url, drop } = await createTestDatabase();
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query('CREATE TABLE halves (number INTEGER)');
  const parts = { url, poolMax: atOnce, waitMs: 5000, answerMs: 20_000, migrations: undefined };
  const runner = createPostgresRunner({ ...parts, clock: createRealClock(), random });
  await runner.start();
  onTestFinished(async () => {
    await runner.stop();
    await admin.end();
    await drop();
  });
  let next = 0;
  let isOver = false;
  const cancelling = cancelAll(url, () => isOver);
  const worker = async (): Promise<void> => {
    while (next < programs) {
      next += 1;
      await expect(runner.write(() => halfDone(next))).rejects.toThrow();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  isOver = true;
  await cancelling;
  expect((await admin.query('SELECT number FROM halves')).rows).toEqual([]);
});
