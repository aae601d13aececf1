import type { RuleSubject } from '../packages/server/src/domain/rule.ts';
import { type Bench, median, note, rounded, timed } from './lib/bench.ts';
import type { BenchDatabase } from './lib/bench-database.ts';
import { type BenchEngine, startBenchEngine } from './lib/bench-engine.ts';
import { flagTaskOf } from './lib/group-run.ts';
import { openBenchDatabase } from './lib/open-bench-database.ts';
import { addPushRule, removeRule } from './lib/push/push-rule.ts';
import { groupTask, seedFleet, type SeededFleet } from './lib/seed-fleet.ts';

const devicesDefault = 100_000;
const shareMin = 0.9;

/** What is written to the outbox; nobody takes it. */
const subjects = {
  /** A few for each task, in the transactions of its changes. */
  tasks: { resource: 'batchtask', event: 'update' },
  /** One for each device, in the transaction that freezes it. */
  devices: { resource: 'device.status', event: 'update' },
} as const satisfies Readonly<Record<string, RuleSubject>>;

/** What the outbox costs the work whose changes it tells of: the same tasks with and without rules for them. */
export const outbox: Bench = {
  name: 'outbox',
  about:
    'freezeDevices on 100,000 devices while a rule pushes what becomes of the task, beside the same without a rule',
  rounds: 4,
  async run({ count = devicesDefault, rounds, store: name }) {
    await using database = await openBenchDatabase(name);
    const fleet = await seedFleet(database, count);
    await using engine = await startBenchEngine(database);
    const run = createRuns({ database, engine }, fleet);
    await run(undefined);
    const measured: { none: number; tasks: number; devices: number }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      // Freezing and unfreezing take turns with whoever has which rule.
      const none = await run(undefined);
      const tasks = await run(subjects.tasks);
      const devices = await run(subjects.devices);
      note(
        `${Math.round(none)} devices/s, with a rule for tasks ${Math.round(tasks)}, for devices ${Math.round(devices)}`,
      );
      measured.push({ none, tasks, devices });
    }
    const ratio = median(measured.map(({ none, tasks }) => tasks / none));
    return {
      bench: 'outbox',
      store: name,
      value: Math.round(median(measured.map(({ tasks }) => tasks))),
      unit: 'devices/s with a rule for tasks',
      details: { withARulePerDeviceDevicesPerSecond: Math.round(median(measured.map(({ devices }) => devices))) },
      yardsticks: { withoutRule: Math.round(median(measured.map(({ none }) => none))) },
      ratios: { withoutRule: rounded(ratio) },
      bar: `at least ${shareMin} of the rate without a rule`,
      pass: ratio >= shareMin,
    };
  },
};

interface Parts {
  readonly database: BenchDatabase;
  readonly engine: BenchEngine;
}

/** Runs one task after the other; returns devices per second. */
function createRuns({ database, engine }: Parts, { deviceIds, groupIds }: SeededFleet) {
  let runs = 0;
  return async (subject: RuleSubject | undefined): Promise<number> => {
    const target = { channel: 'HTTP_FORWARDING', http: { url: 'http://127.0.0.1:1/' } } as const;
    const ruleId = subject && (await addPushRule(engine.store, subject, target));
    await database.rest();
    const ms = await timed(() => engine.runToEnd(groupTask(groupIds, flagTaskOf(runs))));
    runs += 1;
    if (ruleId !== undefined) await removeRule(engine.store, ruleId);
    return (deviceIds.length / ms) * 1000;
  };
}
