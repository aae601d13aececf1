import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrations } from '../../../src/store/migrations/migrations.ts';
import type { Program } from '../../../src/store/sql/program.ts';
import { seekWindow, type Window } from '../../../src/store/sql/subtasks/seek-window.ts';
import { seqsOf, setsOf } from '../../../src/store/sql/subtasks/state-seqs.ts';
import { Connection } from '../../../src/store/sqlite/connection.ts';
import { migrate } from '../../../src/store/sqlite/migrate.ts';
import { sqliteDialect } from '../../../src/store/sqlite/sqlite-dialect.ts';

const total = 60_000;

/** How the subtasks that are looked for lie among the others. */
const spreads: Readonly<Record<string, string>> = {
  evenly: 'i % 5 < 3',
  'at the start': 'i < 20000',
  'at the end': 'i >= 40000',
  'in the middle': 'i >= 25000 AND i < 35000',
  'in lumps': 'i / 7000 % 2 = 1',
  'as good as all of them': 'i % 997 > 0',
  'hardly any': 'i % 997 = 0',
  'none at all': 'false',
};

/** Failures that are not the time's, and what was stopped: one set less a part of it, and another. */
const sets = setsOf(sqliteDialect, [{ state: 'Fail', byTime: false }, { state: 'Stopped' }]);

describe('a page of several sets of subtasks', () => {
  let connection: Connection;
  const seqs = new Map<number, readonly number[]>();

  beforeAll(() => {
    connection = new Connection(':memory:', { durability: 'normal' });
    migrate(connection, migrations);
    connection.exec('PRAGMA foreign_keys = OFF');
    for (const [taskNo, isMeant] of Object.values(spreads).entries()) {
      connection.exec(`WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${total})
        INSERT INTO subtasks (task_no, seq, target, state, error_code) SELECT ${taskNo}, i, 'device-' || i,
          CASE WHEN (${isMeant}) AND i % 2 = 0 THEN 'Stopped' ELSE 'Fail' END,
          CASE WHEN (${isMeant}) THEN CASE WHEN i % 2 = 1 THEN '014594' END ELSE '014591' END FROM n`);
      const { rows } = connection.execute({
        sql: "SELECT seq FROM subtasks WHERE task_no = ? AND coalesce(error_code, '') <> '014591' ORDER BY seq",
        parameters: [taskNo],
      });
      seqs.set(
        taskNo,
        rows.map(({ seq }) => Number(seq)),
      );
    }
  });
  afterAll(() => connection.close());

  /** What a program comes to, and in how many statements. */
  function run<Value>(program: Program<Value>): { readonly value: Value; readonly statements: number } {
    let statements = 0;
    const value = connection.run(
      (function* (): Program<Value> {
        let turn = program.next();
        while (turn.done !== true) {
          statements += 1;
          turn = program.next(yield turn.value);
        }
        return turn.value;
      })(),
    );
    return { value, statements };
  }

  it.each([...Object.keys(spreads).entries()])('is found wherever it is, %s %s', (taskNo) => {
    const all = seqs.get(taskNo) ?? [];
    const asked = fc.record({
      limit: fc.integer({ min: 1, max: 300 }),
      offset: fc.oneof(fc.integer({ min: 0, max: all.length + 10 }), fc.constant(Math.max(0, all.length - 1))),
      from: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: total })),
    });
    fc.assert(
      fc.property(asked, ({ limit, offset, from }) => {
        const page = { taskNo, sets, limit };
        const { value: window, statements } = run<Window>(
          seekWindow({ ...page, total, count: all.length, from, offset }),
        );
        const { rows } = connection.execute(
          seqsOf(sqliteDialect, { ...page, ...window, order: 'ASC', count: undefined }),
        );
        const wanted = all.filter((seq) => seq >= from).slice(offset, offset + limit);
        expect(rows.map(({ seq }) => seq).toSorted((a, b) => Number(a) - Number(b))).toEqual(wanted);
        // What is walked over is bounded, and so are the counts.
        if (wanted.length > 0) expect(window.offset).toBeLessThanOrEqual(5000);
        expect(statements).toBeLessThanOrEqual(20);
      }),
      { numRuns: 60 },
    );
  });
});
