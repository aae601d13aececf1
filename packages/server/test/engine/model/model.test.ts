import fc from 'fast-check';
import { describe, it } from 'vitest';
import { isFinalTask } from '../../../src/domain/task-state.ts';
import { createInvariants } from './invariants.ts';
import { type ModelWorld, openModelWorld } from './model-world.ts';
import { type Operation, openings, operations, perform } from './operations.ts';

/** Far more than any history needs: a task that turns for ever is found instead of hanging the test. */
const stepsMax = 3000;

const upgradeOfOne = { type: 'firmwareUpgrade', source: [2], needConfirm: false, startIn: undefined, ttl: 0 } as const;
const steps = { kind: 'step', pick: 0, times: 4 } as const;

/** Histories that have found something. */
const examples: Operation[][] = [
  // A retry that queued behind another upgrade asked for the lane every minute, through three times 25 hours.
  [
    { kind: 'create', ...upgradeOfOne, retries: 2, queue: true },
    { kind: 'create', ...upgradeOfOne, retries: 2, queue: true },
    steps,
    { kind: 'progress', device: 2, resultCode: 42, progress: 0, version: '' },
    { kind: 'time', ms: 60_000 },
  ],
  // What a stop had left as Fail refused every dispatch after its retry.
  [
    { kind: 'connect', device: 1 },
    { kind: 'create', ...upgradeOfOne, type: 'createCommands', source: [1], retries: 0, queue: false },
    steps,
    { kind: 'stop', task: 0, targets: undefined },
    steps,
    { kind: 'reply', run: 0, from: 0, resultCode: 1 },
    { kind: 'retry', task: 0, targets: undefined },
  ],
  // A retry that fell due was started although a stop was on its way to it.
  [
    { kind: 'connect', device: 1 },
    { kind: 'create', ...upgradeOfOne, type: 'createCommands', source: [1, 2, 3, 6], retries: 1, queue: false },
    steps,
    { kind: 'stop', task: 0, targets: undefined },
    { kind: 'time', ms: 60_000 },
    { kind: 'step', pick: 1, times: 1 },
  ],
];

/** The programs are the same; each step of a history takes ten times as long where it has to go to a server. */
const runsOf: Readonly<Record<string, number>> = { sqlite: 30, postgres: 12 };

describe('batch tasks, whatever happens in whatever order', () => {
  it('keep their invariants after every committed step, and end when devices stay silent', async () => {
    const property = fc.asyncProperty(openings, operations, (opening, rest) => play([...opening, ...rest]));
    // Histories are long and open a database each: the first failure is told instead of a shorter one searched for minutes.
    const numRuns = runsOf[process.env['MUSTER_TEST_STORE'] ?? 'sqlite'] ?? 30;
    await fc.assert(property, { numRuns, endOnFailure: true, examples: examples.map((history) => [[], history]) });
  }, 240_000);
});

async function play(history: readonly Operation[]): Promise<void> {
  const world = await openModelWorld();
  try {
    const invariants = createInvariants(world);
    for (const operation of history) {
      await perform(world, operation, invariants.check);
    }
    await finish(world, invariants.check);
    await invariants.checkAllEnded();
  } finally {
    await world.close();
  }
}

/** Confirms what waits for it, then lets time pass: whatever waits must have a deadline that ends it. */
async function finish(world: ModelWorld, check: (step: string) => Promise<void>): Promise<void> {
  for (let steps = 0; steps < stepsMax; steps++) {
    if (await world.step(0)) {
      await check('step');
      continue;
    }
    if (await confirmOne(world)) continue;
    const next = await world.store().subtasks.nextWake(world.clock.now());
    if (next === undefined) return;
    await world.clock.advanceTo(next);
  }
  throw new Error(`Not at rest after ${stepsMax} steps.`);
}

async function confirmOne(world: ModelWorld): Promise<boolean> {
  for (const { taskNo } of world.tasks) {
    const task = await world.store().tasks.findByNo(taskNo);
    if (task === undefined || !task.needConfirm || isFinalTask(task.status) || !task.expanded) continue;
    if (task.counters.total === 0 || task.status === 'Stopping') continue;
    const { affected } = await world.engine().commandTask({ kind: 'confirm', taskNo, targets: undefined });
    if (affected > 0) return true;
  }
  return false;
}
