import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Counters, isSettled, noCounters } from '../../src/domain/counters.ts';
import {
  isFinalTask,
  isPushed,
  mayFollow,
  outcomeOf,
  statusesAfter,
  taskStatuses,
  type TaskProgress,
  type TaskStatus,
} from '../../src/domain/task-state.ts';

/** v5 13.1, T2 to T11, as the page has them. */
const contract: readonly (readonly [string, TaskStatus, TaskStatus])[] = [
  ['T2', 'Initializing', 'Waitting'],
  ['T3', 'Initializing', 'Fail'],
  ['T4', 'Waitting', 'Processing'],
  ['T5', 'Waitting', 'Fail'],
  ['T6', 'Processing', 'Success'],
  ['T6', 'Processing', 'PartialSuccess'],
  ['T6', 'Processing', 'Fail'],
  ['T7', 'Initializing', 'Stopping'],
  ['T7', 'Waitting', 'Stopping'],
  ['T7', 'Processing', 'Stopping'],
  ['T8', 'Stopping', 'Stopped'],
  ['T9', 'Stopping', 'Success'],
  ['T9', 'Stopping', 'PartialSuccess'],
  ['T9', 'Stopping', 'Fail'],
  ['T10', 'Waitting', 'Stopped'],
  ['T10', 'Processing', 'Stopped'],
  ['T11', 'Fail', 'Processing'],
  ['T11', 'PartialSuccess', 'Processing'],
];

const count = fc.nat(3);
const counters: fc.Arbitrary<Counters> = fc
  .record({
    waitting: count,
    processing: count,
    failWaitRetry: count,
    success: count,
    fail: count,
    stopped: count,
    removed: count,
  })
  .map((parts) => ({ ...parts, total: Object.values(parts).reduce((sum, part) => sum + part, 0) }));

const progress: fc.Arbitrary<TaskProgress> = fc.record({
  status: fc.constantFrom(...taskStatuses),
  counters,
  expanded: fc.boolean(),
  dispatched: fc.boolean(),
  sweeping: fc.boolean(),
});

describe('task transitions', () => {
  it('are those of the contract and no others', () => {
    const allowed = new Set(contract.map(([, from, to]) => `${from} ${to}`));
    for (const from of taskStatuses) {
      for (const to of taskStatuses) expect(mayFollow(from, to), `${from} -> ${to}`).toBe(allowed.has(`${from} ${to}`));
    }
  });

  it('tell the world of everything but Initializing and Stopping', () => {
    expect(taskStatuses.filter((status) => !isPushed(status))).toEqual(['Initializing', 'Stopping']);
  });

  it('are drawn from counters only along the table', () => {
    fc.assert(
      fc.property(progress, (given) => {
        let from = given.status;
        for (const to of statusesAfter(given)) {
          expect(mayFollow(from, to), `${from} -> ${to}`).toBe(true);
          from = to;
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('end a task exactly when its subtasks have ended and no command is on its way', () => {
    fc.assert(
      fc.property(progress, (given) => {
        const last = statusesAfter(given).at(-1) ?? given.status;
        if (isFinalTask(given.status) || given.status === 'Initializing' || !given.expanded) return;
        const isOver = isSettled(given.counters) && !given.sweeping;
        const isEmpty = given.counters.total === 0 && given.status !== 'Stopping';
        expect(isFinalTask(last)).toBe(isOver && !isEmpty);
      }),
      { numRuns: 2000 },
    );
  });

  it('leave a finished task alone', () => {
    fc.assert(
      fc.property(progress, (given) => {
        if (isFinalTask(given.status)) expect(statusesAfter(given)).toEqual([]);
      }),
    );
  });
});

describe('the outcome (v5 13.2, first match)', () => {
  const cases: readonly (readonly [Partial<Counters>, boolean, TaskStatus])[] = [
    [{}, true, 'Stopped'],
    [{ success: 2, stopped: 1 }, true, 'Stopped'],
    [{ success: 3 }, true, 'Success'],
    [{ success: 3 }, false, 'Success'],
    [{ success: 1, stopped: 2 }, false, 'PartialSuccess'],
    [{ success: 1, fail: 2 }, true, 'PartialSuccess'],
    [{ success: 1, removed: 1 }, false, 'PartialSuccess'],
    [{ stopped: 2, removed: 1 }, false, 'Stopped'],
    [{ stopped: 2, fail: 1 }, false, 'Fail'],
    [{ stopped: 2, fail: 1 }, true, 'Stopped'],
    [{ fail: 2 }, true, 'Fail'],
    [{ removed: 2 }, false, 'Fail'],
  ];

  it.each(cases)('%o, stopped as a whole: %s, is %s', (parts, stoppedAsAWhole, outcome) => {
    const total = Object.values(parts).reduce((sum, part) => sum + part, 0);
    expect(outcomeOf({ ...noCounters, ...parts, total }, stoppedAsAWhole)).toBe(outcome);
  });
});
