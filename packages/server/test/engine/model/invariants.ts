import { expect } from 'vitest';
import { type Counters, counterOf } from '../../../src/domain/counters.ts';
import { isFinalSubtask, type SubtaskState } from '../../../src/domain/subtask-state.ts';
import { isFinalTask, isPushed, outcomeOf, type TaskStatus, taskTransitions } from '../../../src/domain/task-state.ts';
import type { ModelWorld } from './model-world.ts';

interface TaskRow extends Record<string, number | string | null> {
  readonly task_no: number;
  readonly task_id: string;
  readonly status: TaskStatus;
  readonly total: number;
  readonly expanded: number;
  readonly need_confirm: number;
  readonly start_at: number | null;
  readonly stop_accepted: number;
  readonly sweep: string | null;
  readonly setup_failure: string | null;
}

interface SubtaskRow extends Record<string, number | string | null> {
  readonly task_no: number;
  readonly seq: number;
  readonly target: string;
  readonly state: SubtaskState;
  readonly hold: string | null;
  readonly due_at: number | null;
  readonly lane: number | null;
  readonly attempt: number;
}

interface Snapshot {
  readonly tasks: readonly TaskRow[];
  readonly subtasks: ReadonlyMap<string, SubtaskRow>;
}

const keyOf = (row: SubtaskRow): string => `${row.task_no}/${row.seq}`;

/** Design 4, looked at in the database after every committed step. `check` compares with what the last call saw. */
export function createInvariants(world: ModelWorld): {
  check(step: string): Promise<void>;
  checkAllEnded(): Promise<void>;
} {
  let last: Snapshot = { tasks: [], subtasks: new Map() };
  const told: Told = { statuses: new Map(), upTo: 0 };

  const check = async (step: string): Promise<void> => {
    const now = await takeSnapshot(world);
    for (const task of now.tasks) {
      const own = [...now.subtasks.values()].filter((row) => row.task_no === task.task_no);
      checkCounters(task, own, step);
      checkStatus(task, own, step);
      for (const row of own) checkReleasable(world, { task, row, all: now.subtasks }, step);
    }
    checkEnded(last, now, step);
    checkAttempts(last, now, step);
    await checkOutbox(world, now, { told, step });
    await checkMessages(world, step);
    last = now;
  };

  return {
    check,
    checkAllEnded: async () => {
      for (const task of (await takeSnapshot(world)).tasks) {
        expect(isFinalTask(task.status), `task ${task.task_no} is left ${task.status}`).toBe(true);
      }
    },
  };
}

async function takeSnapshot({ rows }: ModelWorld): Promise<Snapshot> {
  const subtasks = await rows<SubtaskRow>('SELECT s.* FROM subtasks s JOIN tasks t ON t.task_no = s.task_no');
  return {
    tasks: await rows<TaskRow>('SELECT * FROM tasks ORDER BY task_no'),
    subtasks: new Map(subtasks.map((row) => [keyOf(row), row])),
  };
}

const countersOf = (own: readonly SubtaskRow[]): Counters => {
  const counters = {
    total: own.length,
    waitting: 0,
    processing: 0,
    failWaitRetry: 0,
    success: 0,
    fail: 0,
    stopped: 0,
    removed: 0,
  };
  for (const row of own) counters[counterOf[row.state]] += 1;
  return counters;
};

/** Invariant 1. */
function checkCounters(task: TaskRow, own: readonly SubtaskRow[], step: string): void {
  const { failWaitRetry: fail_wait_retry, ...others } = countersOf(own);
  expect(task, `counters after ${step}`).toMatchObject({ ...others, fail_wait_retry });
}

/** v5 13.1 and 13.2: a task has ended exactly when nothing of it is left to do, and as its counters say. */
function checkStatus(task: TaskRow, own: readonly SubtaskRow[], step: string): void {
  const isOver = task.expanded === 1 && task.sweep === null && own.every((row) => isFinalSubtask(row.state));
  const where = `task ${task.task_no}, ${task.status}, after ${step}`;
  if (task.setup_failure !== null) {
    expect(task.status, where).toBe('Fail');
    return;
  }
  expect(isFinalTask(task.status), where).toBe(isOver);
  if (!isOver) return;
  expect([outcomeOf(countersOf(own), false), outcomeOf(countersOf(own), true)], where).toContain(task.status);
}

/** Invariant 4: a deadline, or an event that somebody is going to cause. */
function checkReleasable(
  world: ModelWorld,
  { task, row, all }: { readonly task: TaskRow; readonly row: SubtaskRow; readonly all: Snapshot['subtasks'] },
  step: string,
): void {
  const where = `subtask ${keyOf(row)}, ${row.state}, hold ${String(row.hold)}, after ${step}`;
  if (isFinalSubtask(row.state)) return;
  if (row.state !== 'Waitting') {
    expect(row.due_at, where).not.toBeNull();
    return;
  }
  if (row.hold === 'confirm') expect(task.need_confirm, where).toBe(1);
  if (row.hold === 'lane') {
    const holder = [...all.values()].find((other) => other.target === row.target && other.lane !== null);
    expect(holder, where).toBeDefined();
  }
  // A task that is being stopped dispatches nothing: then a sweep is on its way to this subtask.
  if (task.stop_accepted === 1) expect(task.sweep, where).toBe('stop');
  expect(world.clock.now(), where).toBeGreaterThan(0);
}

/** Invariant 2: what has ended stays as it is, but for a retry. */
function checkEnded(before: Snapshot, now: Snapshot, step: string): void {
  for (const [key, old] of before.subtasks) {
    const row = now.subtasks.get(key);
    if (row === undefined || !isFinalSubtask(old.state)) continue;
    const retryable = old.state === 'Fail' || old.state === 'Stopped';
    const isRetried = step.startsWith('retry') || step.startsWith('step');
    if (retryable && isRetried && row.state === 'Waitting' && row.attempt === old.attempt) continue;
    expect(row, `subtask ${key} after ${step}`).toEqual(old);
  }
}

/** Nothing starts while a stop is on its way (v5 13.2), and a task is Processing once something of it has started (T4). */
function checkAttempts(before: Snapshot, now: Snapshot, step: string): void {
  for (const task of now.tasks) {
    const own = [...now.subtasks.values()].filter((row) => row.task_no === task.task_no);
    const hasStarted = own.some((row) => row.attempt > 0);
    const where = `task ${task.task_no}, ${task.status}, after ${step}`;
    if (task.status === 'Waitting') expect(hasStarted, where).toBe(false);
    if (task.status === 'Processing') expect(hasStarted, where).toBe(true);
    const wasStopping = before.tasks.find((old) => old.task_no === task.task_no)?.status === 'Stopping';
    if (!wasStopping || task.status !== 'Stopping') continue;
    for (const row of own) expect(row.attempt, where).toBe(before.subtasks.get(keyOf(row))?.attempt);
  }
}

interface Told {
  readonly statuses: Map<string, TaskStatus[]>;
  /** Rows up to this number have been looked at. */
  upTo: number;
}

/** Invariant 5: of every task, the pushed statuses follow each other by the table and end with its own. */
async function checkOutbox(
  { rows }: ModelWorld,
  now: Snapshot,
  { told, step }: { told: Told; step: string },
): Promise<void> {
  const fresh = await rows('SELECT no, key, payload FROM outbox WHERE no > ? ORDER BY no', told.upTo);
  for (const { no, key, payload } of fresh) {
    told.upTo = Number(no);
    const known = told.statuses.get(String(key)) ?? [];
    const to = statusIn(String(payload));
    const from = known.at(-1) ?? 'Initializing';
    expect(reachableSilently(from).has(to), `${from} -> ${to} was told after ${step}`).toBe(true);
    told.statuses.set(String(key), [...known, to]);
  }
  for (const task of now.tasks) {
    const where = `the last that was told of task ${task.task_no} after ${step}`;
    if (isPushed(task.status)) expect(told.statuses.get(task.task_id)?.at(-1), where).toBe(task.status);
  }
}

const statusIn = (payload: string): TaskStatus =>
  (JSON.parse(payload) as { notify_data: { body: { status: TaskStatus } } }).notify_data.body.status;

/** One pushed step, with unpushed ones before it. */
function reachableSilently(from: TaskStatus): ReadonlySet<TaskStatus> {
  const direct: readonly TaskStatus[] = taskTransitions[from];
  return new Set(direct.flatMap((to): readonly TaskStatus[] => (isPushed(to) ? [to] : [...reachableSilently(to)])));
}

/** A cached message of a run waits exactly as long as the run (v5 13.7). */
async function checkMessages({ rows }: ModelWorld, step: string): Promise<void> {
  const orphans = await rows(
    `SELECT m.device_id, m.message_id FROM messages m LEFT JOIN subtasks s
      ON s.task_no = m.task_no AND s.seq = m.seq AND s.attempt = m.attempt AND s.state = 'Processing'
     WHERE m.status = 'PENDING' AND m.task_no IS NOT NULL AND s.seq IS NULL`,
  );
  expect(orphans, `messages without their run after ${step}`).toEqual([]);
}
