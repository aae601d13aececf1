import { beforeEach, describe, expect, it } from 'vitest';
import type { Page } from '../../../src/domain/paging.ts';
import { asId, type DeviceId, type RecordId } from '../../../src/domain/ids.ts';
import { firstMarker, lastMarker } from '../../../src/domain/paging.ts';
import { causeOf } from '../../../src/domain/problem.ts';
import { subtaskStates } from '../../../src/domain/subtask-state.ts';
import type { Task } from '../../../src/domain/task.ts';
import type { Verdict } from '../../../src/domain/verdict.ts';
import type { Run } from '../../../src/domain/run.ts';
import type { SubtaskChoice } from '../../../src/ports/store/subtask-store.ts';
import { builtAt } from '../../builders/chance.ts';
import { aCommand } from '../../builders/device-builders.ts';
import { chunkOptions } from '../../builders/task-builders.ts';
import { type MakeStore, useStore } from './store-fixture.ts';

const targets = 70;
const dispatched = 60;

/** By seq: well, failed, failed by time, under way with a command that has not left, and with one that has. */
function verdictOf({ seq, taskNo, attempt, target }: Run): Verdict {
  const waiting = { kind: 'waiting', step: 'asked', until: builtAt + 1000 } as const;
  switch (seq % 5) {
    case 0:
      return { kind: 'done', output: {} };
    case 1:
      return { kind: 'failed', cause: causeOf('deviceOffline') };
    case 2:
      return { kind: 'failed', cause: causeOf('commandTimeout') };
    case 3: {
      const command = aCommand({ deviceId: asId<DeviceId>(target), run: { taskNo, seq, attempt } });
      return { ...waiting, effects: [{ kind: 'insertCommand', command, answerMs: 20_000 }] };
    }
    default:
      return waiting;
  }
}

const isChosen: Record<string, (seq: number) => boolean> = {
  done: (seq) => seq < dispatched && seq % 5 === 0,
  failed: (seq) => seq < dispatched && seq % 5 === 1,
  late: (seq) => seq < dispatched && seq % 5 === 2,
  cached: (seq) => seq < dispatched && seq % 5 === 3,
  left: (seq) => seq < dispatched && seq % 5 === 4,
  waiting: (seq) => seq >= dispatched,
};

/** What is asked for, and what of the above it is. */
const filters: readonly (readonly [choices: readonly SubtaskChoice[], kinds: readonly string[]])[] = [
  [[{ state: 'Success' }], ['done']],
  [[{ state: 'Fail' }], ['failed', 'late']],
  [[{ state: 'Processing' }], ['cached', 'left']],
  [[{ state: 'Waitting' }], ['waiting']],
  [[{ state: 'Fail', byTime: true }], ['late']],
  [[{ state: 'Fail', byTime: false }, { state: 'Stopped' }, { state: 'Removed' }], ['failed']],
  [
    [{ state: 'Waitting' }, { state: 'FailWaitRetry' }, { state: 'Processing', cached: true }],
    ['waiting', 'cached'],
  ],
  [[{ state: 'Processing', cached: false }], ['left']],
  [
    [{ state: 'Success' }, { state: 'Fail', byTime: false }, { state: 'Processing', cached: false }],
    ['done', 'failed', 'left'],
  ],
  [[{ state: 'Stopped' }], []],
];

export function describeSubtaskPages(makeStore: MakeStore): void {
  describe('pages of subtasks by state', () => {
    const fixture = useStore(makeStore);
    let task: Task;

    beforeEach(async () => {
      const { store, given, scope } = fixture();
      const deviceIds = await given.devices(scope, targets);
      const { taskNo } = await given.task(scope, { source: { kind: 'devices', deviceIds } });
      while (!(await store.subtasks.expand(taskNo, chunkOptions)).done);
      await store.subtasks.dispatch(
        taskNo,
        { ...chunkOptions, limit: dispatched },
        {
          start: (runs) => runs.map(verdictOf),
          onEvent: (runs) => runs.map(() => ({ kind: 'unchanged' })),
          abandon: (runs) => runs.map(() => []),
        },
      );
      const found = await store.tasks.findByNo(taskNo);
      if (found === undefined) throw new Error('The task is gone.');
      task = found;
    });

    const seqsOf = (kinds: readonly string[]): readonly number[] =>
      Array.from({ length: targets }, (_, seq) => seq).filter((seq) => kinds.some((kind) => isChosen[kind]?.(seq)));

    it.each(filters)('in input order, of %j: wherever a page begins, and from any row on', async (choices, kinds) => {
      const { store } = fixture();
      const wanted = seqsOf(kinds);
      const read = (offset: number, marker: RecordId) =>
        store.subtasks.listOrdered({
          ...{ task, filter: { choices }, page: { order: 'oldest-first', limit: 7, offset, marker } },
        });
      const ids = new Map((await readAll(task)).map(({ recordId, seq }) => [seq, recordId]));
      for (let offset = 0; offset <= wanted.length + 8; offset += 1) {
        const { items, count, marker } = await read(offset, firstMarker);
        const expected = wanted.slice(offset, offset + 7);
        expect({ offset, seqs: items.map(({ seq }) => seq), count }).toEqual({
          ...{ offset, seqs: expected, count: wanted.length },
        });
        expect(marker).toBe(ids.get(expected.at(-1) ?? -1) ?? null);
      }
      for (const seq of [0, 9, 33, targets - 1]) {
        const after = wanted.filter((one) => one > seq);
        const { items } = await read(2, ids.get(seq) as RecordId);
        expect(items.map((item) => item.seq)).toEqual(after.slice(2, 9));
      }
    });

    const readAll = async (of: Task) =>
      (
        await fixture().store.subtasks.listOrdered({
          ...{ task: of, filter: {}, page: { order: 'oldest-first', limit: targets, offset: 0, marker: firstMarker } },
        })
      ).items;

    it.each(subtaskStates)('last input first, of %s: wherever a page begins', async (state) => {
      const { store } = fixture();
      const all = (await readAll(task)).filter((item) => item.state === state).toReversed();
      for (let offset = 0; offset <= all.length + 8; offset += 1) {
        const page: Page<{ target: string }> = await store.subtasks.list(
          ...([task, { state }, { limit: 7, offset, marker: lastMarker }] as const),
        );
        expect({ offset, targets: page.items.map(({ target }) => target), count: page.count }).toEqual({
          ...{ offset, targets: all.slice(offset, offset + 7).map(({ target }) => target), count: all.length },
        });
      }
    });
  });
}
