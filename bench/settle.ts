import { type Bench, median, note, rounded, timed } from './lib/bench.ts';
import { openBenchDatabase } from './lib/open-bench-database.ts';
import { startBenchEngine } from './lib/bench-engine.ts';
import { groupTask, seedFleet } from './lib/seed-fleet.ts';

const devicesDefault = 100_000;

/** freezeDevices on 100,000 devices beside the bare SQL floor on the same database. */
export const settle: Bench = {
  name: 'settle',
  about: 'freezeDevices on 100,000 devices, beside the bare SQL floor',
  rounds: 3,
  async run({ count = devicesDefault, rounds, store }) {
    await using database = await openBenchDatabase(store);
    const fleet = await seedFleet(database, count);
    await using engine = await startBenchEngine(database);
    await using floor = await database.openFloor();
    const ratios: number[] = [];
    const rates: number[] = [];
    const floors: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const frozen = round % 2 === 0 ? 1 : 0;
      const type = frozen === 1 ? 'freezeDevices' : 'unfreezeDevices';
      const ms = await timed(() => engine.runToEnd(groupTask(fleet.groupIds, type)));
      // The floor sets the same flags again: the same pages are written.
      const floorMs = await timed(() => floor.settle({ deviceIds: fleet.deviceIds, frozen }));
      rates.push((count / ms) * 1000);
      floors.push((count / floorMs) * 1000);
      ratios.push(floorMs / ms);
      note(`${type}: ${Math.round(ms)} ms, floor ${Math.round(floorMs)} ms, ratio ${rounded(floorMs / ms)}`);
    }
    const ratio = median(ratios);
    return {
      bench: 'settle',
      store,
      value: Math.round(median(rates)),
      unit: 'devices/s',
      yardsticks: { floor: Math.round(median(floors)) },
      ratios: { floor: rounded(ratio) },
      bar: "at least 0.5 of the floor's rate",
      pass: ratio >= 0.5,
    };
  },
};
