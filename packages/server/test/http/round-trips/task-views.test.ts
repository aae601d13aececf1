import {
  legacyErrorCodes,
  legacySubtaskErrors,
  LegacyBatchTask,
  LegacySubtask,
  OperationInfo,
  SubOperationInfo,
} from '@muster/contract/legacy';
import { BatchTask, BatchTaskEvent, ShowBatchTaskResponse } from '@muster/contract/v5';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shapeFault } from '../../../../../scripts/conformance/shape.ts';
import { type AppId, asId, type ProductId, type ProjectId } from '../../../src/domain/ids.ts';
import { traitsOf } from '../../../src/domain/product.ts';
import type { Task, TaskTypeName } from '../../../src/domain/task.ts';
import { parseBasicTime } from '../../../src/domain/time.ts';
import { encodeBatch, encodeSubtask } from '../../../src/http/legacy/batch-tasks/encode.ts';
import { encodeOperation, encodeSubOperation } from '../../../src/http/legacy/operations/encode.ts';
import { encodeEvent, encodeShown, encodeTask } from '../../../src/http/v5/batch-tasks/encode-task.ts';
import type { PackageBrief } from '../../../src/ports/store/target-store.ts';
import { viewOf } from '../../../src/services/batch-tasks/task-view.ts';
import { batchTypeOf, batchTypes } from '../../../src/services/legacy-tasks/legacy-batch.ts';
import { aPackage, aPackageFile, aProduct } from '../../builders/catalogue-builders.ts';
import { storedSubtask, storedTask, word } from './stored-tasks.ts';

const runs = { numRuns: 500 };
const upgrades: readonly TaskTypeName[] = ['firmwareUpgrade', 'softwareUpgrade'];
const some = fc.array(word, { maxLength: 3 });

const batchOrigin: fc.Arbitrary<Partial<Task>> = fc.oneof(
  fc.constant({}),
  fc
    .record({
      timeout: fc.integer({ min: 10, max: 2880 }),
      type: fc.constantFrom('DeviceList', 'Broadcast'),
      operator: word,
    })
    .map(({ timeout, type, operator }) => ({ operator, legacy: { shown: { timeout, param: { type } } } })),
);

const operationOrigin: fc.Arbitrary<Partial<Task>> = fc.oneof(
  fc.constant({}),
  fc.constant({ legacy: { shown: { targets: { devices: ['one'] } } } }),
  fc.constant({
    legacy: {
      shown: {
        targets: { deviceGroups: ['upper'], deviceType: 'press', model: 'P1', manufacturerName: 'Acme' },
        policy: { executeType: 'now', startTime: null, endTime: null, retryType: false, retryTimes: 0 },
      },
    },
  }),
);

const batchView = fc.tuple(storedTask(batchTypes, batchOrigin), some).map(([task, targets]) => {
  const batchType = batchTypeOf(task);
  if (batchType === undefined) throw new Error('It has a name.');
  return { task, batchType, targets };
});

const project = { projectId: asId<ProjectId>('project'), appId: asId<AppId>('app') };
const pkg: PackageBrief = {
  ...aPackage({
    ...project,
    productId: asId<ProductId>('product'),
    location: { kind: 'file', file: aPackageFile(project) },
  }),
  traits: traitsOf(aProduct(project)),
};

const operationView = fc
  .record({
    task: storedTask(upgrades, operationOrigin),
    pkg: fc.constantFrom(pkg, undefined),
    ...{ deviceIds: some, groupNames: some },
  })
  // Of a legacy one they stand in what was sent.
  .map((view) => (view.task.legacy === undefined ? view : { ...view, deviceIds: [], groupNames: [] }));

/** As it comes out of the client's parser. */
const onTheWire = <T>(answer: T): T => JSON.parse(JSON.stringify(answer)) as T;

type Schema = Parameters<typeof shapeFault>[0];

function expectShape(schema: Schema, answer: unknown): void {
  expect(shapeFault(schema, onTheWire(answer)), JSON.stringify(answer)).toBeUndefined();
}

/** The times of an answer that are there. */
function expectTimes(...times: readonly (readonly [shown: string | null | undefined, at: number | undefined])[]): void {
  for (const [shown, at] of times) {
    expect(shown === null || shown === undefined ? undefined : parseBasicTime(shown)).toBe(
      at === undefined ? undefined : at - (at % 1000),
    );
  }
}

/** `permille` is `part` of `whole` in permille, rounded down. */
function expectPermille(permille: number, part: number, whole: number): void {
  expect(permille * whole).toBeLessThanOrEqual(1000 * part);
  expect((permille + 1) * whole).toBeGreaterThan(1000 * part);
}

describe('Any batch task that is stored', () => {
  it('has the shape of the contract in both generations', () => {
    const property = fc.property(batchView, fc.boolean(), (view, withTags) => {
      const { task, targets } = view;
      const shown = encodeBatch(view, { withTags });
      expectShape(LegacyBatchTask, shown);
      expect('tags' in shown).toBe(withTags);
      expectShape(BatchTask, encodeTask(viewOf(task, targets)));
      expectShape(BatchTaskEvent, encodeEvent(viewOf(task, targets)));
      expectTimes([shown.startTime, task.createdAt], [shown.endTime, task.finishedAt]);
      expectTimes([encodeTask(viewOf(task)).create_time, task.createdAt]);
    });
    fc.assert(property, runs);
  });

  it('has counters that agree with each other and with those of v5', () => {
    const property = fc.property(batchView, (view) => {
      const shown = encodeBatch(view, { withTags: false });
      const { totalCnt, successCnt, failCnt, timeoutCnt, expiredCnt, completeCnt, progress, successRate } = shown;
      const { total, success, ...others } = encodeTask(viewOf(view.task)).task_progress;
      expect(success + Object.values(others).reduce((sum, count) => sum + count, 0)).toBe(total);
      expect(completeCnt).toBe(successCnt + failCnt + timeoutCnt);
      expect(Math.min(successCnt, failCnt, timeoutCnt, expiredCnt)).toBeGreaterThanOrEqual(0);
      expect([totalCnt, successCnt]).toEqual([total, success]);
      expect(failCnt + timeoutCnt + expiredCnt).toBe(others.fail + others.stopped + others.removed);
      if (totalCnt > 0) expectPermille(progress, completeCnt, totalCnt);
      else expect(progress).toBe(shown.status === 'Complete' ? 1000 : 0);
      const ends = /(\d+) succeeded, (\d+) failed, (\d+) timed out, (\d+) expired/.exec(shown.statusDesc ?? '');
      if (ends !== null) {
        expect(ends.slice(1).map(Number)).toEqual([successCnt, failCnt, timeoutCnt, expiredCnt]);
      }
      expect(shown.statusDesc ?? '').not.toContain('IOTDA');
      if (completeCnt > 0) expectPermille(successRate, successCnt, completeCnt);
      else expect(successRate).toBe(0);
    });
    fc.assert(property, runs);
  });
});

describe('Any upgrade that is stored', () => {
  it('has the shape of the contract in both generations', () => {
    const property = fc.property(operationView, fc.boolean(), (view, upperCase) => {
      const { task } = view;
      const shown = encodeOperation(view, { upperCase });
      expectShape(OperationInfo, shown);
      expectShape(BatchTask, encodeTask(viewOf(task, view.deviceIds)));
      expect([shown.targets.deviceGroups, shown.targets.devices].filter((list) => list === null)).toHaveLength(1);
      expectTimes([shown.createTime, task.createdAt], [shown.startTime, task.startedAt]);
      expectTimes([shown.stopTime, task.finishedAt]);
    });
    fc.assert(property, runs);
  });

  it('has counters that agree with each other and with those of v5', () => {
    const property = fc.property(operationView, (view) => {
      const { staResult } = encodeOperation(view, { upperCase: false });
      const { total, wait, processing, success, fail, stop, timeout } = staResult;
      expect(wait + processing + success + fail + stop + timeout).toBe(total);
      expect(Math.min(...Object.values(staResult))).toBeGreaterThanOrEqual(0);
      const counters = encodeTask(viewOf(view.task)).task_progress;
      expect({ total, processing, success }).toEqual({
        ...{ total: counters.total, processing: counters.processing, success: counters.success },
      });
      expect({ wait, ended: fail + timeout, stop }).toEqual({
        wait: counters.waitting + counters.fail_wait_retry,
        ...{ ended: counters.fail, stop: counters.stopped + counters.removed },
      });
    });
    fc.assert(property, runs);
  });
});

describe('Any sub-task that is stored', () => {
  const listed = new Map<string, string>([
    ...legacyErrorCodes.map(({ code, sentence }) => [code, sentence] as const),
    ...Object.entries(legacySubtaskErrors),
  ]);
  const withSubtask = <View extends { readonly task: Task }>(views: fc.Arbitrary<View>) =>
    views.chain((view) => storedSubtask(view.task).map((subtask) => ({ view, subtask })));

  it('has the shape of the contract in both generations', () => {
    const property = fc.property(withSubtask(batchView), fc.boolean(), ({ view, subtask }, maySeeSecrets) => {
      const shown = encodeSubtask(view, subtask);
      expectShape(LegacySubtask, shown);
      const { status, output, error } = shown;
      const isEnded = subtask.state === 'Success' || subtask.state === 'Fail';
      expect(output !== null).toBe(isEnded && subtask.output !== undefined);
      const said = Object.keys(JSON.parse(output ?? '{}') as object);
      if (output !== null && view.batchType !== 'DeviceCmd') {
        expect(said).toEqual(
          view.batchType === 'DeviceReg' ? ['deviceId', 'nodeId', 'verifyCode', 'secret'] : ['deviceId'],
        );
      }
      if (error !== null) {
        expect(['Fail', 'Timeout']).toContain(status);
        const { error_code, error_desc, ...more } = JSON.parse(error) as Readonly<Record<string, string>>;
        expect(error_desc).toBe(listed.get(error_code ?? ''));
        expect([[], ['error_detail']]).toContainEqual(Object.keys(more));
      }
      const details = { items: [subtask], count: 1, marker: null };
      expectShape(ShowBatchTaskResponse, encodeShown({ view: viewOf(view.task), details }, maySeeSecrets));
    });
    fc.assert(property, runs);
  });

  it('has the shape of the contract as a sub-operation', () => {
    const property = fc.property(withSubtask(operationView), fc.boolean(), ({ view, subtask }, upperCase) => {
      const shown = encodeSubOperation(view, subtask, { upperCase });
      expectShape(SubOperationInfo, shown);
      expect(shown.detailInfo).not.toBe('');
      if (['Fail', 'FailWaitRetry'].includes(subtask.state)) {
        expect(shown.detailInfo).toContain(subtask.cause?.message ?? '');
      }
      expectTimes([shown.createTime, view.task.createdAt], [shown.startTime, subtask.startedAt]);
      expectTimes([shown.stopTime, subtask.endedAt]);
    });
    fc.assert(property, runs);
  });
});
