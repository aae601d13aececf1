import fc from 'fast-check';
import { type Counters, noCounters } from '../../../src/domain/counters.ts';
import { type AppId, asId, type ProjectId } from '../../../src/domain/ids.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { type ProblemName, problemCatalogue } from '../../../src/domain/problem-catalogue.ts';
import { causeOf } from '../../../src/domain/problem.ts';
import { subtaskRecordId } from '../../../src/domain/subtask-record.ts';
import { subtaskStates } from '../../../src/domain/subtask-state.ts';
import { taskStatuses } from '../../../src/domain/task-state.ts';
import type { Task, TaskTypeName } from '../../../src/domain/task.ts';
import { noTimeFailures, type TimeFailures } from '../../../src/domain/time-cause.ts';
import type { SubtaskView } from '../../../src/services/legacy-tasks/legacy-batch-service.ts';
import { aRunningTask } from '../../builders/task-builders.ts';

export const word = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
export const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
export const moment = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2099, 11, 31) });

/** Small numbers meet each other, and large ones come as well. */
const count = fc.oneof(fc.nat(3), fc.nat(30_000));

const counters: fc.Arbitrary<Counters> = fc
  .record({
    ...{ waitting: count, processing: count, failWaitRetry: count, success: count, fail: count, stopped: count },
    removed: count,
  })
  .map((parts) => ({ ...parts, total: Object.values(parts).reduce((sum, part) => sum + part, 0) }));

const counted: fc.Arbitrary<{ readonly counters: Counters; readonly timeFailures: TimeFailures }> = counters.chain(
  (all) =>
    fc.tuple(fc.nat(all.fail), fc.nat(all.fail)).map(([one, other]) => {
      const [timedOut, both] = [Math.min(one, other), Math.max(one, other)];
      return { counters: all, timeFailures: { timedOut, expired: both - timedOut } };
    }),
);

const nothing = { counters: noCounters, timeFailures: noTimeFailures };

const policy: fc.Arbitrary<Task['policy']> = fc
  .record({
    startAt: maybe(moment),
    retryCount: fc.nat(5),
    retryIntervalMinutes: fc.nat(1440),
    onConflict: fc.constantFrom('fail' as const, 'queue' as const),
    end: maybe(fc.record({ at: moment, rest: fc.constantFrom('fail' as const, 'stop' as const) })),
  })
  .map(({ startAt, end, ...rest }) => ({
    ...rest,
    ...(startAt === undefined ? {} : { startAt }),
    ...(end === undefined ? {} : { end }),
  }));

/** A time around `end`, where it matters. */
const around = (end: number | undefined) =>
  end === undefined ? moment : fc.oneof(moment, fc.constantFrom(end - 1, end, end + 1));

/** Any task that could stand in the store, made through v5 unless `origin` says otherwise. */
export function storedTask(
  types: readonly TaskTypeName[],
  origin: fc.Arbitrary<Partial<Task>> = fc.constant({}),
): fc.Arbitrary<Task> {
  const parts = fc.record({
    ...{
      type: fc.constantFrom(...types),
      status: fc.constantFrom(...taskStatuses),
      counted: fc.oneof({ weight: 9, arbitrary: counted }, fc.constant(nothing)),
      policy,
      origin,
    },
    ...{ expanded: fc.boolean(), createdAt: moment, startedAt: maybe(moment), name: word, confirmed: fc.boolean() },
    ...{ setupFailure: maybe(word), commonestCause: maybe(word.map((message) => causeOf('invalidInput', message))) },
  });
  return parts.chain(({ counted: counts, origin: own, policy: asked, ...rest }) =>
    maybe(around(asked.end?.at)).map((finishedAt) =>
      aRunningTask({
        ...{ projectId: asId<ProjectId>('project'), appId: asId<AppId>('app'), finishedAt, policy: asked },
        ...rest,
        ...counts,
        // Nothing has run while it is set up.
        ...(rest.expanded ? {} : { timeFailures: noTimeFailures }),
        ...own,
      }),
    ),
  );
}

const jsonValue = fc.oneof(word, fc.integer(), fc.boolean());
export const free: fc.Arbitrary<JsonObject> = fc.dictionary(word, jsonValue, { maxKeys: 3 });
const output: fc.Arbitrary<JsonObject> = fc
  .record({ device_id: word, version: word, progress: fc.nat(100), paras: free }, { requiredKeys: [] })
  .map((members) => ({ ...members }));

/** Those of time as often as all others. */
const problem = fc.oneof(
  fc.constantFrom(...(Object.keys(problemCatalogue) as ProblemName[])),
  fc.constantFrom<ProblemName>('commandTimeout', 'upgradeResultTimeout', 'notDelivered', 'taskTimeOver'),
);

/** Any sub-task that could stand in the store. */
export const storedSubtask = (task: Task): fc.Arbitrary<SubtaskView> =>
  fc
    .record({
      ...{ target: word, state: fc.constantFrom(...subtaskStates), output: maybe(output), secrets: maybe(free) },
      cause: maybe(problem.map((name) => causeOf(name, 'why'))),
      ...{ seq: fc.nat(30_000), attempt: fc.nat(6), isCached: fc.boolean() },
      step: maybe(fc.constantFrom('wait_online', 'version_query', 'upgrade')),
      ...{ startedAt: maybe(moment), endedAt: maybe(moment), nodeId: maybe(word) },
      cells: maybe(fc.dictionary(fc.constantFrom('node_id', 'device_id', 'product_id'), word)),
    })
    .map(({ cells, ...rest }) => ({
      ...rest,
      recordId: subtaskRecordId(task.taskId, rest.seq),
      cells: cells === undefined ? undefined : new Map(Object.entries(cells)),
    }));
