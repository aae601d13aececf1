import { setTimeout as pause } from 'node:timers/promises';
import { type Bench, type BenchOptions, median, note, p99, rounded } from './lib/bench.ts';
import { openBenchDatabase } from './lib/open-bench-database.ts';
import { startBenchServer } from './lib/bench-server.ts';
import { createGroupTask, flagTaskOf, warmUp, waitForSuccess } from './lib/group-run.ts';
import { type Latencies, probe } from './lib/probes.ts';
import { seedFleet } from './lib/seed-fleet.ts';

const devicesDefault = 1_000_000;
const idleMs = 20_000;
const barMs = 50;

/** How long single calls take while a task of a million subtasks runs, beside the same calls on the idle server. */
export const responsive: Bench = {
  name: 'responsive',
  about: 'p99 of GET task and of device calls while a million-subtask task runs, beside the idle p99',
  rounds: 1,
  async run(options) {
    const { idle, busy } = await measure(options);
    const worst = Math.max(p99(busy.getTask), p99(busy.deviceCalls));
    const worstIdle = Math.max(p99(idle.getTask), p99(idle.deviceCalls));
    return {
      bench: 'responsive',
      store: options.store,
      value: rounded(worst, 1),
      unit: 'ms, the higher p99',
      yardsticks: { idle: rounded(worstIdle, 1) },
      ratios: { idle: rounded(worst / worstIdle, 1) },
      details: {
        getTaskP99Ms: rounded(p99(busy.getTask), 1),
        deviceCallsP99Ms: rounded(p99(busy.deviceCalls), 1),
        getTaskMedianMs: rounded(median(busy.getTask), 1),
        deviceCallsMedianMs: rounded(median(busy.deviceCalls), 1),
        idleGetTaskP99Ms: rounded(p99(idle.getTask), 1),
        idleDeviceCallsP99Ms: rounded(p99(idle.deviceCalls), 1),
      },
      bar: `below ${barMs} ms`,
      pass: worst < barMs,
    };
  },
};

/** The calls come from this process, the server is another one. All rounds' calls together. */
async function measure({ count = devicesDefault, rounds, store }: BenchOptions) {
  await using database = await openBenchDatabase(store);
  const fleet = await seedFleet(database, count);
  await using server = await startBenchServer(database);
  const finished = await warmUp(server, fleet);
  await probe(server, finished, pause(idleMs / 10));
  const idle = await probe(server, finished, pause(idleMs));
  describe('idle', idle);
  const busy: { getTask: number[]; deviceCalls: number[] } = { getTask: [], deviceCalls: [] };
  for (let round = 0; round < rounds; round += 1) {
    const type = flagTaskOf(round);
    const taskId = await createGroupTask(server, type, fleet.groupIds);
    const found = await probe(server, taskId, waitForSuccess(server, taskId));
    describe('busy', found);
    busy.getTask.push(...found.getTask);
    busy.deviceCalls.push(...found.deviceCalls);
  }
  return { idle, busy };
}

function describe(what: string, { getTask, deviceCalls }: Latencies): void {
  const words = (values: readonly number[]): string =>
    `p50 ${rounded(median(values), 1)}, p99 ${rounded(p99(values), 1)}, max ${rounded(Math.max(...values), 1)} ms of ${values.length}`;
  note(`${what}: GET task ${words(getTask)}; device calls ${words(deviceCalls)}`);
}
