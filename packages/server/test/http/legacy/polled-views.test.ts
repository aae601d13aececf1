import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/domain/device-event.ts';
import { asId, type TaskId } from '../../../src/domain/ids.ts';
import { reportUpgrade, startGeneration, takeOffer } from './generations.ts';
import { commandTo, createBatch, type LegacyStack, startLegacyStack } from './legacy-stack.ts';

type Counts<Name extends string> = Readonly<Record<Name, number>>;
type Progress = Counts<'total' | 'waitting' | 'processing' | 'success' | 'fail' | 'fail_wait_retry'> &
  Counts<'stopped' | 'removed'>;
type Batch = { readonly status: string } & Counts<'totalCnt' | 'successCnt' | 'failCnt' | 'timeoutCnt' | 'expiredCnt'> &
  Counts<'completeCnt' | 'progress' | 'successRate'>;
type Result = Counts<'total' | 'wait' | 'processing' | 'success' | 'fail' | 'stop' | 'timeout'>;

const permille = (part: number, whole: number): number => Math.floor((1000 * part) / whole);

/** What v5 says of a task and what `show` says, of the same revision; undefined where it changed in between. */
async function seenTogether<T>(stack: LegacyStack, taskId: string, show: () => Promise<T>) {
  const revision = async () => (await stack.store.tasks.find(stack.scope.projectId, asId<TaskId>(taskId)))?.revision;
  const before = await revision();
  const shown = await show();
  const { json } = await stack.askV5('GET', `/batchtasks/${taskId}`);
  const { task_progress: progress } = (json as { batchtask: { task_progress: Progress } }).batchtask;
  return { shown, progress: before === (await revision()) ? progress : undefined };
}

/** Legacy 3.4 and 10.3. */
function expectBatch(shown: Batch, progress: Progress | undefined): void {
  const { totalCnt, successCnt, failCnt, timeoutCnt, expiredCnt, completeCnt } = shown;
  expect(completeCnt).toBe(successCnt + failCnt + timeoutCnt);
  const whole = shown.status === 'Complete' ? 1000 : 0;
  expect(shown.progress).toBe(totalCnt === 0 ? whole : permille(completeCnt, totalCnt));
  expect(shown.successRate).toBe(completeCnt === 0 ? 0 : permille(successCnt, completeCnt));
  if (progress === undefined) return;
  expect({ totalCnt, successCnt, otherwise: failCnt + timeoutCnt + expiredCnt }).toEqual({
    totalCnt: progress.total,
    successCnt: progress.success,
    otherwise: progress.fail + progress.stopped + progress.removed,
  });
}

/** Legacy 4.4 and 10.3. */
function expectOperation(result: Result, progress: Progress | undefined): void {
  const { total, wait, processing, success, fail, stop, timeout } = result;
  expect(wait + processing + success + fail + stop + timeout).toBe(total);
  if (progress === undefined) return;
  expect({ total, wait, processing, success, ended: fail + timeout, stop }).toEqual({
    ...{ total: progress.total, wait: progress.waitting + progress.fail_wait_retry, processing: progress.processing },
    ...{ success: progress.success, ended: progress.fail, stop: progress.stopped + progress.removed },
  });
}

/** Of three commands one succeeds, one fails, one is not answered in time. */
const ends: readonly RunEvent[] = [
  { kind: 'command-reply', reply: { resultCode: 0, body: {} } },
  { kind: 'command-reply', reply: { resultCode: 4, body: {} } },
  { kind: 'command-overdue', status: 'TIMEOUT' },
];

describe('Both windows on a task that runs', () => {
  it('say the same of its commands at every moment', async () => {
    const stack = await startLegacyStack();
    const devices = (await stack.given.devices(stack.scope, 30)).map((deviceId) => ({ deviceId }));
    const taskId = await createBatch(stack, commandTo(devices));
    let compared = 0;
    const look = async (): Promise<void> => {
      const { shown, progress } = await seenTogether(stack, taskId, () => stack.task(taskId));
      expectBatch(shown as unknown as Batch, progress);
      compared += progress === undefined ? 0 : 1;
    };
    await look();
    const task = await stack.eventually(async () => {
      const found = await stack.store.tasks.find(stack.scope.projectId, asId<TaskId>(taskId));
      await look();
      return found?.counters.processing === devices.length && found;
    });
    for (const seq of devices.keys()) {
      const event = ends[seq % ends.length];
      if (event === undefined) throw new Error('There is an end for each.');
      const collected = stack.engine.collect({ taskNo: task.taskNo, seq, attempt: 1 }, undefined, event);
      await look();
      await stack.clock.advance(10);
      await collected;
      await look();
    }
    expect(await stack.taskIs(taskId, 'Complete')).toMatchObject({
      ...{ totalCnt: 30, successCnt: 10, failCnt: 10, timeoutCnt: 10, expiredCnt: 0, completeCnt: 30 },
      ...{ progress: 1000, successRate: 333 },
    });
    expect(compared).toBeGreaterThan(30);
    expect([stack.errors, stack.stackErrors]).toEqual([[], []]);
  });

  it('say the same of its upgrades at every moment', async () => {
    const { client } = await startGeneration('legacy', 'firmware', 4);
    const { stack } = client;
    const connected = await client.connect();
    const taskId = await client.create();
    let compared = 0;
    const look = async (): Promise<void> => {
      const show = async () => (await stack.operation(taskId))['staResult'] as Result;
      const { shown, progress } = await seenTogether(stack, taskId, show);
      expectOperation(shown, progress);
      compared += progress === undefined ? 0 : 1;
    };
    for (const [index, device] of connected.entries()) {
      await look();
      await takeOffer(device);
      await look();
      await reportUpgrade(device, index % 2 === 0 ? 0 : 4);
      await look();
    }
    expect(await stack.operationIs(taskId, 'failed')).toMatchObject({
      staResult: { total: 4, wait: 0, processing: 0, success: 2, fail: 2, stop: 0, timeout: 0 },
    });
    expect(compared).toBeGreaterThan(4);
  });
});
