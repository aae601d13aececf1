import { type Bench, median, note, rounded, timed } from './lib/bench.ts';
import { createBenchEngine, runToEnd } from './lib/bench-engine.ts';
import { deviceIdAt, groupTask, openSeededStore } from './lib/seeded-store.ts';
import { runFloor } from './lib/sql-floor.ts';

const devicesDefault = 100_000;

/** freezeDevices on 100,000 devices beside the bare SQL floor on the same database file. */
export const settle: Bench = {
  name: 'settle',
  about: 'freezeDevices on 100,000 devices, beside the bare SQL floor',
  stores: ['sqlite'],
  async run({ count = devicesDefault, rounds, store }) {
    note(`seeding ${count} devices`);
    const seeded = await openSeededStore(count);
    const devices = Array.from({ length: count }, (_, index) => deviceIdAt(index));
    const engine = createBenchEngine(seeded);
    engine.start();
    const ratios: number[] = [];
    const rates: number[] = [];
    const floors: number[] = [];
    try {
      for (let round = 0; round < rounds; round += 1) {
        const frozen = round % 2 === 0 ? 1 : 0;
        const type = frozen === 1 ? 'freezeDevices' : 'unfreezeDevices';
        const ms = await timed(() => runToEnd(seeded, engine, groupTask(seeded, type)));
        // The floor sets the same flags again: the same pages are written.
        const floorMs = await timed(() => runFloor(seeded.path, { devices, frozen }));
        rates.push((count / ms) * 1000);
        floors.push((count / floorMs) * 1000);
        ratios.push(floorMs / ms);
        note(`${type}: ${Math.round(ms)} ms, floor ${Math.round(floorMs)} ms, ratio ${rounded(floorMs / ms)}`);
      }
    } finally {
      await engine.stop();
      await seeded.remove();
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
