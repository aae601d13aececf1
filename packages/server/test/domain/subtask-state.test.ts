import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDelta, type CounterDelta, countMove, isSettled, noCounters } from '../../src/domain/counters.ts';
import {
  isFinalSubtask,
  maySettle,
  nextSubtaskState,
  retryableSubtaskStates,
  type SubtaskMove,
  subtaskStates,
  type SubtaskState,
} from '../../src/domain/subtask-state.ts';

/** v5 13.2, S3 to S11, as the page has them. */
const contract: readonly (readonly [string, SubtaskState, SubtaskMove, SubtaskState])[] = [
  ['S3', 'Waitting', 'dispatch', 'Processing'],
  ['S4', 'Waitting', 'remove', 'Removed'],
  ['S5', 'Processing', 'succeed', 'Success'],
  ['S6', 'Processing', 'fail-and-wait', 'FailWaitRetry'],
  ['S7', 'Processing', 'fail', 'Fail'],
  ['S8', 'FailWaitRetry', 'start-retry', 'Processing'],
  ['S9', 'FailWaitRetry', 'retry', 'Waitting'],
  ['S9', 'Fail', 'retry', 'Waitting'],
  ['S9', 'Stopped', 'retry', 'Waitting'],
  ['S10', 'Waitting', 'stop', 'Stopped'],
  ['S10', 'FailWaitRetry', 'stop', 'Stopped'],
  ['S11', 'Processing', 'stop', 'Stopped'],
];

const moves = [...new Set(contract.map(([, , move]) => move))];

describe('subtask transitions', () => {
  it('are those of the contract and no others', () => {
    for (const from of subtaskStates) {
      for (const move of moves) {
        const row = contract.find(([, known, by]) => known === from && by === move);
        expect(nextSubtaskState(from, move), `${from}, ${move}`).toBe(row?.[3]);
      }
    }
  });

  it('settle in one move, or in two with Processing between', () => {
    const direct = (from: SubtaskState): readonly SubtaskState[] =>
      contract.filter(([, known]) => known === from).map(([, , , to]) => to);
    for (const from of subtaskStates) {
      const starts = from === 'Waitting' || from === 'FailWaitRetry';
      const reachable = new Set([...direct(from), ...(starts ? direct('Processing') : [])]);
      for (const to of subtaskStates) expect(maySettle(from, to), `${from} -> ${to}`).toBe(reachable.has(to));
    }
  });

  it('end in four states, of which a retry may leave two', () => {
    expect(subtaskStates.filter(isFinalSubtask)).toEqual(['Success', 'Fail', 'Stopped', 'Removed']);
    expect(retryableSubtaskStates).toEqual(
      subtaskStates
        .filter((state) => nextSubtaskState(state, 'retry') !== undefined)
        .toSorted((a, b) => retryableSubtaskStates.indexOf(a as never) - retryableSubtaskStates.indexOf(b as never)),
    );
  });
});

describe('counters', () => {
  it('sum to their total whatever moves there were, and count what is there', () => {
    const state = fc.constantFrom(...subtaskStates);
    fc.assert(
      fc.property(fc.array(fc.array(state, { minLength: 1, maxLength: 6 })), (histories) => {
        const delta: CounterDelta = {};
        for (const history of histories) {
          for (const [index, to] of history.entries()) countMove(delta, history[index - 1], to);
        }
        const sum = addDelta(noCounters, delta);
        const { total, ...parts } = sum;
        expect(total).toBe(histories.length);
        expect(Object.values(parts).reduce((all, part) => all + part, 0)).toBe(total);
        expect(Math.min(...Object.values(parts))).toBeGreaterThanOrEqual(0);
        expect(isSettled(sum)).toBe(histories.every((history) => isFinalSubtask(history.at(-1) ?? 'Waitting')));
      }),
    );
  });
});
