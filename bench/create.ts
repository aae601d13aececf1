import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import { type Bench, median, note, rounded, timed } from './lib/bench.ts';
import { startBenchServer } from './lib/bench-server.ts';
import { openSeededStore } from './lib/seeded-store.ts';

const targetsDefault = 30_000;

/** POST of a task with 30,000 targets until its subtasks stand, beside parsing that body and one bulk insert. */
export const create: Bench = {
  name: 'create',
  about: 'POST of a task with 30,000 targets until its subtasks stand, beside parsing the body + one bulk insert',
  stores: ['sqlite'],
  async run({ count = targetsDefault, rounds, store }) {
    const targets = Array.from({ length: count }, (_, index) => `bench_${String(index).padStart(8, '0')}`);
    // Scheduled, so that setting up is all that happens.
    const schedule_time = new Date(Date.now() + 3_600_000).toISOString().replace(/[-:]|\.\d+/g, '');
    const body = { task_name: 'bench', task_type: 'freezeDevices', targets, task_policy: { schedule_time } };
    const own: number[] = [];
    const yardstick: number[] = [];
    const server = await startBenchServer();
    const floor = await openSeededStore(1);
    try {
      for (let round = 0; round < rounds * 2 + 1; round += 1) {
        const ms = await timed(async () => {
          const { task_id } = await server.client.batchTasks.create(body);
          while ((await server.client.batchTasks.show(task_id, { limit: 1 })).batchtask.status !== 'Waitting')
            await pause(2);
        });
        const floorMs = await timed(() => parseAndInsert(floor.path, JSON.stringify(body), round + 1000));
        // The first round warms both up.
        if (round === 0) continue;
        own.push(ms);
        yardstick.push(floorMs);
        note(`${Math.round(ms)} ms, parse + insert ${Math.round(floorMs)} ms`);
      }
    } finally {
      await server.stop();
      await floor.remove();
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

function parseAndInsert(path: string, text: string, taskNo: number): void {
  const { targets } = JSON.parse(text) as { targets: readonly string[] };
  const db = new DatabaseSync(path);
  try {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536');
    db.exec('BEGIN IMMEDIATE');
    db.prepare(
      `INSERT INTO subtasks (task_no, seq, target, state) SELECT ?, key, value, 'Waitting' FROM json_each(?)`,
    ).run(taskNo, JSON.stringify(targets));
    db.exec('COMMIT');
  } finally {
    db.close();
  }
}
