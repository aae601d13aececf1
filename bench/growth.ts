import { type Bench, median, note, rounded, timed } from './lib/bench.ts';
import { createBenchEngine, runToEnd } from './lib/bench-engine.ts';
import { deviceIdAt, groupTask, openSeededStore } from './lib/seeded-store.ts';
import { runFloor } from './lib/sql-floor.ts';

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
  stores: ['sqlite'],
  async run({ count = largeDefault, rounds, store }) {
    const small = await measure(count / smallShare, rounds);
    const large = await measure(count, rounds);
    const grown = large.perRow / small.perRow;
    const floorGrown = large.floorPerRow / small.floorPerRow;
    return {
      bench: 'growth',
      store,
      value: rounded(grown),
      unit: `time per subtask at ${count} over that at ${count / smallShare}`,
      yardsticks: { floor: rounded(floorGrown) },
      ratios: { floor: rounded(grown / floorGrown) },
      bar: "within 1.3 of the floor's growth",
      pass: grown / floorGrown <= 1.3,
    };
  },
};

/** Microseconds per subtask, medians over the rounds. */
async function measure(count: number, rounds: number): Promise<Times> {
  note(`seeding ${count} devices`);
  const seeded = await openSeededStore(count);
  const devices = Array.from({ length: count }, (_, index) => deviceIdAt(index));
  const engine = createBenchEngine(seeded);
  engine.start();
  const own: number[] = [];
  const floor: number[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const frozen = round % 2 === 0 ? 1 : 0;
      const task = groupTask(seeded, frozen === 1 ? 'freezeDevices' : 'unfreezeDevices');
      own.push(((await timed(() => runToEnd(seeded, engine, task))) / count) * 1000);
      floor.push(((await timed(() => runFloor(seeded.path, { devices, frozen }))) / count) * 1000);
      note(`${count}: ${rounded(own.at(-1) ?? 0)} µs, floor ${rounded(floor.at(-1) ?? 0)} µs`);
    }
  } finally {
    await engine.stop();
    await seeded.remove();
  }
  return { perRow: median(own), floorPerRow: median(floor) };
}
