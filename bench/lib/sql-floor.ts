import { DatabaseSync } from 'node:sqlite';

/** What the same work costs in bare SQL, in chunks of this many. */
const chunkRows = 1000;

/**
 * The floor of `settle`: on Muster's own migrated tables and at its durability, insert the subtask rows, update the devices, mark the
 * rows, count; one transaction a chunk, every step one set statement, nothing checked and nobody told.
 */
export function runFloor(path: string, options: { readonly devices: readonly string[]; readonly frozen: 0 | 1 }): void {
  const db = new DatabaseSync(path);
  try {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536');
    const taskNo = insertTask(db);
    const insert = db.prepare(
      `INSERT INTO subtasks (task_no, seq, target, state) SELECT ?, ? + key, value, 'Waitting' FROM json_each(?)`,
    );
    const update = db.prepare(
      `UPDATE devices SET frozen = ? WHERE device_id IN (SELECT target FROM subtasks WHERE task_no = ? AND seq BETWEEN ? AND ?)`,
    );
    const mark = db.prepare(
      `UPDATE subtasks SET state = 'Success', output = '{"device_id":"","app_id":""}' WHERE task_no = ? AND seq BETWEEN ? AND ?`,
    );
    const count = db.prepare('UPDATE tasks SET total = total + ?, success = success + ? WHERE task_no = ?');
    for (let from = 0; from < options.devices.length; from += chunkRows) {
      const chunk = options.devices.slice(from, from + chunkRows);
      const last = from + chunk.length - 1;
      db.exec('BEGIN IMMEDIATE');
      insert.run(taskNo, from, JSON.stringify(chunk));
      update.run(options.frozen, taskNo, from, last);
      mark.run(taskNo, from, last);
      count.run(chunk.length, chunk.length, taskNo);
      db.exec('COMMIT');
    }
    db.exec(`UPDATE tasks SET status = 'Success' WHERE task_no = ${taskNo}`);
  } finally {
    db.close();
  }
}

function insertTask(db: DatabaseSync): number {
  const row = db
    .prepare(
      `INSERT INTO tasks (task_id, project_id, app_id, name, type, echo, gateway_mode, need_confirm, on_conflict, retry_count,
         retry_interval_minutes, source_kind, source, status, confirmed, created_at)
       VALUES (hex(randomblob(12)), 'floor', 'floor', 'floor', 'freezeDevices', '{}', 0, 0, 'fail', 0, 0, 'groups', '[]', 'Processing', 1, 0)
       RETURNING task_no`,
    )
    .get();
  return Number(row?.['task_no']);
}
