import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** What a task's rows hold while no server runs: the state that a crash has left. */
export interface DatabaseSnapshot {
  /** The task's own counters by state. */
  readonly counters: Readonly<Record<string, number>>;
  /** Rows counted by state. */
  readonly counted: Readonly<Record<string, number>>;
  readonly total: number;
  /** Finished subtasks by target: everything that is stored of them, as text. */
  readonly finished: ReadonlyMap<string, FinishedSubtask>;
}

export interface FinishedSubtask {
  readonly row: string;
  readonly attempt: number;
  /** In the order written; later reports of the device may follow, nothing before them may change. */
  readonly history: readonly string[];
}

const stateColumns = {
  Waitting: 'waitting',
  Processing: 'processing',
  FailWaitRetry: 'fail_wait_retry',
  Success: 'success',
  Fail: 'fail',
  Stopped: 'stopped',
  Removed: 'removed',
} as const;

/** Reads a copy, so that the server finds its files as the crash has left them. Undefined: the task is not stored. */
export async function readDatabase(dataDir: string, taskId?: string): Promise<DatabaseSnapshot | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-look-'));
  try {
    for (const name of ['muster.db', 'muster.db-wal']) {
      if (existsSync(join(dataDir, name))) await copyFile(join(dataDir, name), join(folder, name));
    }
    const database = new DatabaseSync(join(folder, 'muster.db'));
    try {
      return readTask(database, taskId);
    } finally {
      database.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The given task or the newest. */
function readTask(database: DatabaseSync, taskId: string | undefined): DatabaseSnapshot | undefined {
  const task = database
    .prepare('SELECT * FROM tasks WHERE task_id = coalesce(?, task_id) ORDER BY task_no DESC LIMIT 1')
    .get(taskId ?? null);
  if (task === undefined) return undefined;
  const taskNo = Number(task.task_no);
  const rows = database
    .prepare('SELECT state, count(*) AS n FROM subtasks WHERE task_no = ? GROUP BY state')
    .all(taskNo);
  const counted = new Map(rows.map((row) => [String(row.state), Number(row.n)]));
  const states = Object.entries(stateColumns);
  return {
    total: Number(task.total),
    counters: Object.fromEntries(states.map(([state, column]) => [state, Number(task[column])])),
    counted: Object.fromEntries(states.map(([state]) => [state, counted.get(state) ?? 0])),
    finished: readFinished(database, taskNo),
  };
}

function readFinished(database: DatabaseSync, taskNo: number): ReadonlyMap<string, FinishedSubtask> {
  const histories = new Map<number, string[]>();
  const entries = database.prepare(
    'SELECT seq, no, at, kind, body FROM subtask_history WHERE task_no = ? ORDER BY seq, no',
  );
  for (const { seq, ...entry } of entries.iterate(taskNo)) {
    const history = histories.get(Number(seq)) ?? [];
    history.push(JSON.stringify(entry));
    histories.set(Number(seq), history);
  }
  const finished = database
    .prepare("SELECT * FROM subtasks WHERE task_no = ? AND state IN ('Success', 'Fail')")
    .all(taskNo);
  return new Map(
    finished.map((row) => [
      String(row.target),
      { row: JSON.stringify(row), attempt: Number(row.attempt), history: histories.get(Number(row.seq)) ?? [] },
    ]),
  );
}
