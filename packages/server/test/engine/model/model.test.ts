import fc from 'fast-check';
import { describe, it } from 'vitest';
import { isFinalTask } from '../../../src/domain/task-state.ts';
import { createInvariants } from './invariants.ts';
import { type ModelWorld, openModelWorld } from './model-world.ts';
import { type Operation, operations, perform } from './operations.ts';

/** Far more than any history needs: a task that turns for ever is found instead of hanging the test. */
const stepsMax = 3000;

describe('batch tasks, whatever happens in whatever order', () => {
  it('keep their invariants after every committed step, and end when devices stay silent', async () => {
    await fc.assert(fc.asyncProperty(operations, play), { numRuns: 150, endOnFailure: true });
  }, 120_000);
});

async function play(history: readonly Operation[]): Promise<void> {
  const world = await openModelWorld();
  try {
    const invariants = createInvariants(world);
    for (const operation of history) {
      await perform(world, operation, (step) => invariants.check(step));
    }
    await finish(world, (step) => invariants.check(step));
    invariants.checkAllEnded();
  } finally {
    await world.close();
  }
}

/** Confirms what waits for it, then lets time pass: whatever waits must have a deadline that ends it. */
async function finish(world: ModelWorld, check: (step: string) => void): Promise<void> {
  for (let steps = 0; steps < stepsMax; steps++) {
    if (await world.step(0)) {
      check('step');
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
