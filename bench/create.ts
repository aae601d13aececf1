import { setTimeout as pause } from 'node:timers/promises';
import { type Bench, median, note, rounded, timed } from './lib/bench.ts';
import { openBenchDatabase } from './lib/open-bench-database.ts';
import { type BenchServer, startBenchServer } from './lib/bench-server.ts';
import { seedFleet } from './lib/seed-fleet.ts';

const targetsDefault = 30_000;

/** POST of a task with 30,000 targets until its subtasks stand, beside parsing that body and one bulk insert. */
export const create: Bench = {
  name: 'create',
  about: 'POST of a task with 30,000 targets until its subtasks stand, beside parsing the body + one bulk insert',
  // Short ones: twice as many as elsewhere cost little and steady the median.
  rounds: 6,
  async run({ count = targetsDefault, rounds, store }) {
    const body = bodyOf(count);
    const text = JSON.stringify(body);
    await using database = await openBenchDatabase(store);
    await using floorDatabase = await openBenchDatabase(store);
    await seedFleet(database, 0);
    await seedFleet(floorDatabase, 0);
    await using server = await startBenchServer(database);
    await using floor = await floorDatabase.openFloor();
    const own: number[] = [];
    const yardstick: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const ms = await timed(() => createUntilItStands(server, body));
      const floorMs = await timed(() => floor.insertSubtasks(round + 1, targetsIn(text)));
      // The first round warms both up.
      if (round === 0) continue;
      own.push(ms);
      yardstick.push(floorMs);
      note(`${Math.round(ms)} ms, parse + insert ${Math.round(floorMs)} ms`);
    }
    const ratio = median(own) / median(yardstick);
    return {
      bench: 'create',
      store,
      value: Math.round(median(own)),
      unit: 'ms',
      yardsticks: { parseAndInsert: Math.round(median(yardstick)) },
      ratios: { parseAndInsert: rounded(ratio) },
      bar: 'at most 3 times parsing the body + one bulk insert',
      pass: ratio <= 3,
    };
  },
};

function bodyOf(count: number) {
  return {
    task_name: 'bench',
    task_type: 'freezeDevices',
    targets: Array.from({ length: count }, (_, index) => `bench_${String(index).padStart(8, '0')}`),
    // Scheduled, so that setting up is all that happens.
    task_policy: { schedule_time: new Date(Date.now() + 3_600_000).toISOString().replace(/[-:]|\.\d+/g, '') },
  } as const;
}

async function createUntilItStands({ client }: BenchServer, body: ReturnType<typeof bodyOf>): Promise<void> {
  const { task_id } = await client.batchTasks.create(body);
  while ((await client.batchTasks.show(task_id, { limit: 1 })).batchtask.status !== 'Waitting') await pause(2);
}

const targetsIn = (text: string): readonly string[] => (JSON.parse(text) as { targets: readonly string[] }).targets;
