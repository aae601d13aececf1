import { describe, expect, it } from 'vitest';
import { noCounters } from '../../src/domain/counters.ts';
import { statusDescOf } from '../../src/domain/status-desc.ts';
import type { Task } from '../../src/domain/task.ts';
import { type TaskStatus, taskStatuses } from '../../src/domain/task-state.ts';
import { aRunningTask } from '../builders/task-builders.ts';

const task = (status: TaskStatus, over: Partial<Task> = {}): Task =>
  aRunningTask({ projectId: 'p' as Task['projectId'], appId: 'a' as Task['appId'], status, ...over });

const policy = { retryCount: 0, retryIntervalMinutes: 0, onConflict: 'fail' } as const;
const commonestCause = { code: '014000', message: 'The device does not exist.' };

describe('status_desc (v5 13.7)', () => {
  it('is empty while a task is on its way, and for Success', () => {
    for (const status of ['Initializing', 'Waitting', 'Processing', 'Stopping', 'Success'] as const) {
      expect(statusDescOf(task(status))).toBe('');
    }
  });

  it('says what a Waitting task waits for', () => {
    const startAt = Date.UTC(2026, 2, 1, 8, 15);
    expect(statusDescOf(task('Waitting', { policy: { ...policy, startAt } }))).toBe('scheduled at 20260301T081500Z');
    expect(statusDescOf(task('Waitting', { needConfirm: true, confirmed: false }))).toBe('waiting for confirmation');
    const confirmed = { needConfirm: true, confirmed: true, policy: { ...policy, startAt } };
    expect(statusDescOf(task('Waitting', confirmed))).toBe('scheduled at 20260301T081500Z');
  });

  it('is the reason alone where set-up failed', () => {
    expect(statusDescOf(task('Fail', { setupFailure: 'no device matches' }))).toBe('no device matches');
  });

  it('counts the ends and names the commonest cause', () => {
    const counters = { ...noCounters, total: 10, success: 4, fail: 3, stopped: 2, removed: 1 };
    expect(statusDescOf(task('PartialSuccess', { counters, commonestCause }))).toBe(
      '4 succeeded, 3 failed, 2 stopped, 1 removed; most frequent: IOTDA.014000 The device does not exist.',
    );
    expect(statusDescOf(task('Stopped', { counters: { ...counters, fail: 0 } }))).toBe(
      '4 succeeded, 0 failed, 2 stopped, 1 removed',
    );
  });

  it('has at most 512 characters in every state', () => {
    const counters = { ...noCounters, total: 1, fail: 1 };
    for (const status of taskStatuses) {
      const text = statusDescOf(
        task(status, { counters, commonestCause: { code: '014594', message: 'x'.repeat(2000) } }),
      );
      expect(text.length).toBeLessThanOrEqual(512);
    }
  });
});
