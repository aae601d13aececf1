import { type Bench, type BenchOptions, rounded } from './lib/bench.ts';
import { startBenchServer } from './lib/bench-server.ts';
import { type ListCase, listCases } from './lib/list-cases.ts';
import { besideBare, isOver, type Measured, measureCases } from './lib/measure-cases.ts';
import { openBenchDatabase } from './lib/open-bench-database.ts';
import { seedLists } from './lib/seed-lists.ts';

const devicesDefault = 1_000_000;
const barsMs = { page: 20, count: 500 } as const;

/** Pages and counts of everything that can be long, over HTTP, beside the same page and count in bare SQL on the same database. */
export const lists: Bench = {
  name: 'lists',
  about: 'pages and counts of lists and searches at 1,000,000 devices and subtasks, beside the same in bare SQL',
  rounds: 1,
  async run(options) {
    const measured = await measure(options);
    const worst = (about: ListCase['about']): number =>
      Math.max(...measured.filter(({ barMs }) => barMs === barsMs[about]).map(({ medianMs }) => medianMs));
    const over = measured.filter(isOver);
    return {
      bench: 'lists',
      store: options.store,
      value: rounded(worst('page'), 1),
      unit: 'ms, the median of the slowest page',
      ...besideBare(measured),
      details: {
        slowestCountMedianMs: rounded(worst('count'), 1),
        cases: measured.length,
        casesOver: over.length,
      },
      bar: `pages below ${barsMs.page} ms, counts that are not kept below ${barsMs.count} ms`,
      pass: over.length === 0,
    };
  },
};

async function measure({ count = devicesDefault, rounds, store }: BenchOptions): Promise<readonly Measured[]> {
  await using database = await openBenchDatabase(store);
  const seeded = await seedLists(database, count);
  await using server = await startBenchServer(database);
  await using sql = await database.openSql();
  const cases = listCases(seeded).map(({ name, about, bare, call }) => ({
    ...{ name, bare, barMs: barsMs[about] },
    call: () => call(server),
  }));
  return await measureCases(cases, { rounds, run: (text) => sql.run(text) });
}
