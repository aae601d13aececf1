import { type Bench, type BenchOptions, median, note, p99, rounded, timed } from './lib/bench.ts';
import { startBenchServer } from './lib/bench-server.ts';
import { type ListCase, listCases } from './lib/list-cases.ts';
import { openBenchDatabase } from './lib/open-bench-database.ts';
import { seedLists } from './lib/seed-lists.ts';

const devicesDefault = 1_000_000;
const callsPerRound = 15;
const bareCalls = 3;
const barsMs = { page: 20, count: 500 } as const;

/** Of one case; milliseconds. */
interface Measured extends Pick<ListCase, 'name' | 'about'> {
  readonly medianMs: number;
  readonly p99Ms: number;
  /** Of the bare SQL. */
  readonly bareMs: number | undefined;
}

/** Pages and counts of everything that can be long, over HTTP, beside the same page and count in bare SQL on the same database. */
export const lists: Bench = {
  name: 'lists',
  about: 'pages and counts of lists and searches at 1,000,000 devices and subtasks, beside the same in bare SQL',
  rounds: 1,
  async run(options) {
    const measured = await measure(options);
    const worst = (about: ListCase['about']): number =>
      Math.max(...measured.filter((one) => one.about === about).map(({ medianMs }) => medianMs));
    const over = measured.filter(({ about, medianMs }) => medianMs >= barsMs[about]);
    const beside = measured.flatMap(({ medianMs, bareMs }) => (bareMs === undefined ? [] : [{ medianMs, bareMs }]));
    return {
      bench: 'lists',
      store: options.store,
      value: rounded(worst('page'), 1),
      unit: 'ms, the median of the slowest page',
      yardsticks: { bareMedianMs: rounded(median(beside.map(({ bareMs }) => bareMs)), 1) },
      ratios: { bare: rounded(median(beside.map(({ medianMs, bareMs }) => medianMs / bareMs))) },
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
  const measured: Measured[] = [];
  note(`| case | median ms | p99 ms | bare SQL ms |  |\n| --- | --- | --- | --- | --- |`);
  for (const one of listCases(seeded)) {
    await one.call(server);
    const times: number[] = [];
    for (let call = 0; call < callsPerRound * rounds; call += 1)
      times.push(
        await timed(async () => {
          await one.call(server);
        }),
      );
    const bareMs = await timeBare(one, (text) => sql.run(text));
    const result = { name: one.name, about: one.about, medianMs: median(times), p99Ms: p99(times), bareMs };
    measured.push(result);
    note(rowOf(result));
  }
  return measured;
}

async function timeBare({ bare }: ListCase, run: (sql: string) => Promise<void>): Promise<number | undefined> {
  if (bare === undefined) return undefined;
  const times: number[] = [];
  for (let call = 0; call < bareCalls; call += 1)
    times.push(
      await timed(async () => {
        for (const text of bare) await run(text);
      }),
    );
  return median(times);
}

function rowOf({ name, about, medianMs, p99Ms, bareMs }: Measured): string {
  const bare = bareMs === undefined ? '' : rounded(bareMs, 1);
  return `| ${name} | ${rounded(medianMs, 1)} | ${rounded(p99Ms, 1)} | ${bare} | ${medianMs < barsMs[about] ? '' : '**over**'} |`;
}
