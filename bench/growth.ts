import { type Bench, median, note, rounded, type StoreName, timed } from './lib/bench.ts';
import { openBenchDatabase } from './lib/open-bench-database.ts';
import { startBenchEngine } from './lib/bench-engine.ts';
import { groupTask, seedFleet } from './lib/seed-fleet.ts';

const largeDefault = 1_000_000;
const smallShare = 10;

interface Times {
  readonly perRow: number;
  readonly floorPerRow: number;
}

/** Time per subtask at ten times the targets, beside how much the floor itself grows. */
export const growth: Bench = {
  name: 'growth',
  about: 'time per subtask at 100,000 and 1,000,000 targets, beside the growth of the bare SQL floor',
  // A million of everything, twice: one round says it.
  rounds: 1,
  async run({ count = largeDefault, rounds, store }) {
    const small = await measure(store, count / smallShare, rounds);
    const large = await measure(store, count, rounds);
    const grown = large.perRow / small.perRow;
    const floorGrown = large.floorPerRow / small.floorPerRow;
    return {
      bench: 'growth',
      store,
      value: rounded(grown),
      unit: `times as long for one of ${count} subtasks as for one of ${count / smallShare}`,
      yardsticks: { floor: rounded(floorGrown) },
      ratios: { floor: rounded(grown / floorGrown) },
      details: {
        smallMicroseconds: rounded(small.perRow, 1),
        largeMicroseconds: rounded(large.perRow, 1),
        floorSmallMicroseconds: rounded(small.floorPerRow, 1),
        floorLargeMicroseconds: rounded(large.floorPerRow, 1),
      },
      bar: "within 1.3 of the floor's growth",
      pass: grown / floorGrown <= 1.3,
    };
  },
};

/** Microseconds per subtask, medians over the rounds. */
async function measure(store: StoreName, count: number, rounds: number): Promise<Times> {
  await using database = await openBenchDatabase(store);
  const { deviceIds, groupIds } = await seedFleet(database, count);
  await using engine = await startBenchEngine(database);
  await using floor = await database.openFloor();
  const own: number[] = [];
  const floors: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const frozen = round % 2 === 0 ? 1 : 0;
    const task = groupTask(groupIds, frozen === 1 ? 'freezeDevices' : 'unfreezeDevices');
    own.push(((await timed(() => engine.runToEnd(task))) / count) * 1000);
    floors.push(((await timed(() => floor.settle({ deviceIds, frozen }))) / count) * 1000);
    note(`${count}: ${rounded(own.at(-1) ?? 0)} µs, floor ${rounded(floors.at(-1) ?? 0)} µs`);
  }
  return { perRow: median(own), floorPerRow: median(floors) };
}
