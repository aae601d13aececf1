import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { change, first, type Program } from '../../../src/store/sql/program.ts';
import { createSqliteRunner, type SqliteRunner } from '../../../src/store/sqlite/sqlite-runner.ts';

const numbers = [
  {
    number: 1,
    name: 'numbers',
    sql: { sqlite: 'CREATE TABLE numbers (n INTEGER PRIMARY KEY)', postgres: '' },
    worksWith: 1,
  },
];

function* insert(n: number): Program<void> {
  yield* change({ sql: 'INSERT INTO numbers VALUES (?)', parameters: [n] });
}
function* count(): Program<number | undefined> {
  return (yield* first<{ count: number }>({ sql: 'SELECT count(*) AS count FROM numbers', parameters: [] }))?.count;
}

describe('group commit', () => {
  let folder: string;
  let runner: SqliteRunner;
  const reopen = async () => {
    await runner.stop();
    runner = createSqliteRunner({ path: join(folder, 'n.db'), durability: 'full', migrations: numbers });
    await runner.start();
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'muster-commit-'));
    runner = createSqliteRunner({ path: join(folder, 'n.db'), durability: 'full', migrations: numbers });
    await runner.start();
  });
  afterEach(async () => {
    await runner.stop();
    await rm(folder, { recursive: true });
  });

  it('takes back a job that fails midway, and nothing of the others in its group', async () => {
    const work = Array.from({ length: 100 }, (_, n) =>
      runner.write(function* () {
        yield* insert(n);
        yield* insert(1000 + n);
        if (n % 2 === 1) throw new Error(`job ${n}`);
        return n;
      }),
    );
    const results = await Promise.allSettled(work);
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value : String(result.reason)))).toEqual(
      Array.from({ length: 100 }, (_, n) => (n % 2 === 1 ? `Error: job ${n}` : n)),
    );
    expect(await runner.read(count)).toBe(100);
    await reopen();
    expect(await runner.read(count)).toBe(100);
  });

  it('goes on with a job that caught its statement’s failure', async () => {
    await runner.write(() => insert(1));
    const work = runner.write(function* () {
      yield* insert(2);
      try {
        yield* insert(1);
      } catch {
        yield* insert(3);
      }
    });
    await work;
    expect(await runner.read(count)).toBe(3);
  });

  it('answers only what can be read by others', async () => {
    for (let n = 0; n < 20; n++) {
      await runner.write(() => insert(n));
      expect(await runner.read(count)).toBe(n + 1);
    }
  });

  it('shows nothing of a job to readers before it has committed', async () => {
    const before = runner.write(() => insert(1));
    expect(await runner.read(count)).toBe(0);
    await before;
    expect(await runner.read(count)).toBe(1);
  });

  it('lets no read change anything', async () => {
    await expect(runner.read(() => insert(1))).rejects.toThrow('readonly');
    expect(await runner.read(count)).toBe(0);
  });

  it('answers in the order of asking', async () => {
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 100 }, async (_, n) => {
        await runner.write(() => insert(n));
        order.push(n);
      }),
    );
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  it('gives readers one snapshot for all their statements', async () => {
    const [before, after] = await runner.read(function* () {
      const one = yield* count();
      return [one, yield* count()];
    });
    expect(after).toBe(before);
  });
});
