import { type Bench, type BenchResult, median, note, rounded, type StoreName, timed } from './lib/bench.ts';
import type { BenchDatabase, FloorWork, SqlFloor } from './lib/bench-database.ts';
import { type BenchEngine, startBenchEngine } from './lib/bench-engine.ts';
import { type JobsManner, timeJobs } from './lib/graphile-jobs.ts';
import { flagTaskOf } from './lib/group-run.ts';
import { openBenchDatabase } from './lib/open-bench-database.ts';
import { groupTask, seedFleet, type SeededFleet } from './lib/seed-fleet.ts';

const devicesDefault = 100_000;
const floorMin = 0.5;
const jobsMin = 6;

/** Devices per second. */
interface Rates {
  readonly own: number;
  readonly floor: number;
  /** One job per device; undefined: its queue needs a PostgreSQL. */
  readonly jobs: Readonly<Record<JobsManner, number>> | undefined;
}

/** freezeDevices on 100,000 devices beside the bare SQL floor, and on PostgreSQL beside a job queue, on the same database. */
export const settle: Bench = {
  name: 'settle',
  about: 'freezeDevices on 100,000 devices, beside the bare SQL floor and, on PostgreSQL, one graphile-worker job each',
  rounds: 3,
  async run({ count = devicesDefault, rounds, store }) {
    await using database = await openBenchDatabase(store);
    const fleet = await seedFleet(database, count);
    await using engine = await startBenchEngine(database);
    await using floor = await database.openFloor();
    const measured: Rates[] = [];
    for (let round = 0; round < rounds; round += 1)
      measured.push(await measureRound({ database, engine, floor }, fleet, round));
    return resultOf(store, measured);
  },
};

interface Contestants {
  readonly database: BenchDatabase;
  readonly engine: BenchEngine;
  readonly floor: SqlFloor;
}

async function measureRound(
  { database, engine, floor }: Contestants,
  { deviceIds, groupIds }: SeededFleet,
  round: number,
): Promise<Rates> {
  const type = flagTaskOf(round);
  // The yardsticks set the same flags again: the same rows are written.
  const work: FloorWork = { deviceIds, frozen: type === 'freezeDevices' ? 1 : 0 };
  const rateOf = (ms: number): number => (deviceIds.length / ms) * 1000;
  const own = rateOf(await timed(() => engine.runToEnd(groupTask(groupIds, type))));
  await database.rest();
  const floorRate = rateOf(await timed(() => floor.settle(work)));
  await database.rest();
  const jobs = await measureJobs(database, async (url, manner) => rateOf(await timeJobs(url, work, manner)));
  const words =
    jobs === undefined ? '' : `, one job each ${Math.round(jobs.single)}, batched ${Math.round(jobs.batched)}`;
  note(`${type}: ${Math.round(own)} devices/s, floor ${Math.round(floorRate)}${words}`);
  return { own, floor: floorRate, jobs };
}

async function measureJobs(
  database: BenchDatabase,
  rate: (url: string, manner: JobsManner) => Promise<number>,
): Promise<Rates['jobs']> {
  const { url } = database;
  if (url === undefined) return undefined;
  const single = await rate(url, 'single');
  await database.rest();
  const batched = await rate(url, 'batched');
  await database.rest();
  return { single, batched };
}

function resultOf(store: StoreName, measured: readonly Rates[]): BenchResult {
  const of = (pick: (rates: Rates) => number): number => median(measured.map(pick));
  const floorRatio = of(({ own, floor }) => own / floor);
  const jobs = jobsResultOf(measured);
  return {
    bench: 'settle',
    store,
    value: Math.round(of(({ own }) => own)),
    unit: 'devices/s',
    yardsticks: { floor: Math.round(of(({ floor }) => floor)), ...jobs?.rates },
    ratios: { floor: rounded(floorRatio), ...jobs?.ratios },
    bar: `at least ${floorMin} of the floor's rate${jobs === undefined ? '' : `, ${jobsMin} times graphile-worker's`}`,
    pass: floorRatio >= floorMin && (jobs === undefined || jobs.isFastEnough),
  };
}

/** The bar is held against the faster manner. */
function jobsResultOf(measured: readonly Rates[]) {
  const own = measured.flatMap(({ own: rate, jobs }) => (jobs === undefined ? [] : [{ rate, jobs }]));
  if (own.length === 0) return undefined;
  const rateOf = (manner: JobsManner): number => Math.round(median(own.map(({ jobs }) => jobs[manner])));
  const ratioOf = (manner: JobsManner): number => rounded(median(own.map(({ rate, jobs }) => rate / jobs[manner])));
  const ratios = { graphileWorker: ratioOf('single'), graphileWorkerBatched: ratioOf('batched') };
  return {
    rates: { graphileWorker: rateOf('single'), graphileWorkerBatched: rateOf('batched') },
    ratios,
    isFastEnough: Math.min(...Object.values(ratios)) >= jobsMin,
  };
}
