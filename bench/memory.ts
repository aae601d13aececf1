import { type Bench, note, rounded } from './lib/bench.ts';
import { openBenchDatabase } from './lib/open-bench-database.ts';
import { startBenchServer } from './lib/bench-server.ts';
import { createGroupTask, flagTaskOf, warmUp, waitForSuccess } from './lib/group-run.ts';
import { collectableSettings, mebibyte, readMemory, resetPeak, settleAtRest } from './lib/process-memory.ts';
import { seedFleet } from './lib/seed-fleet.ts';

const devicesDefault = 1_000_000;
const growthMaxMebibytes = 200;

/** The server's peak memory over a task of a million subtasks, over the same server at rest. */
export const memory: Bench = {
  name: 'memory',
  about: "the server's peak memory over a million-subtask task, over what the warmed server holds at rest",
  rounds: 1,
  async run({ count = devicesDefault, rounds, store }) {
    await using database = await openBenchDatabase(store);
    const fleet = await seedFleet(database, count);
    await using server = await startBenchServer(database, collectableSettings);
    await warmUp(server, fleet);
    const rest = await settleAtRest(server.pid);
    note(`at rest ${Math.round(rest / mebibyte)} MiB`);
    let peak = 0;
    for (let round = 0; round < rounds; round += 1) {
      await resetPeak(server.pid);
      const taskId = await createGroupTask(server, flagTaskOf(round), fleet.groupIds);
      await waitForSuccess(server, taskId);
      const { peakBytes } = await readMemory(server.pid);
      note(`peak ${Math.round(peakBytes / mebibyte)} MiB`);
      peak = Math.max(peak, peakBytes);
    }
    const grown = (peak - rest) / mebibyte;
    return {
      bench: 'memory',
      store,
      value: Math.round(grown),
      unit: 'MiB above rest at the peak',
      yardsticks: { restMebibytes: Math.round(rest / mebibyte) },
      ratios: { rest: rounded(peak / rest) },
      details: { peakMebibytes: Math.round(peak / mebibyte) },
      bar: `at most ${growthMaxMebibytes} MiB above the warmed, collected server at rest`,
      pass: grown <= growthMaxMebibytes,
    };
  },
};
