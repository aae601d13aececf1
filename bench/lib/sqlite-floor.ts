import { DatabaseSync } from 'node:sqlite';
import { type FloorWork, floorChunkRows, type SqlFloor } from './bench-database.ts';

/** The floor on a SQLite file: same log, durability and page cache as Muster's own connection. */
export function openSqliteFloor(path: string): SqlFloor {
  const db = new DatabaseSync(path);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536');
  return {
    settle: async (work) => settle(db, work),
    insertSubtasks: async (taskNo, targets) => {
      db.exec('BEGIN IMMEDIATE');
      db.prepare(insertSql).run(taskNo, 0, JSON.stringify(targets));
      db.exec('COMMIT');
    },
    [Symbol.asyncDispose]: async () => db.close(),
  };
}

const insertSql = `INSERT INTO subtasks (task_no, seq, target, state) SELECT ?, ? + key, value, 'Waitting' FROM json_each(?)`;

function settle(db: DatabaseSync, { deviceIds, frozen }: FloorWork): void {
  const taskNo = insertTask(db);
  const insert = db.prepare(insertSql);
  const update = db.prepare(
    `UPDATE devices SET frozen = ? WHERE device_id IN (SELECT target FROM subtasks WHERE task_no = ? AND seq BETWEEN ? AND ?)`,
  );
  const mark = db.prepare(
    `UPDATE subtasks SET state = 'Success', output = '{"device_id":"","app_id":""}' WHERE task_no = ? AND seq BETWEEN ? AND ?`,
  );
  const count = db.prepare('UPDATE tasks SET total = total + ?, success = success + ? WHERE task_no = ?');
  for (let from = 0; from < deviceIds.length; from += floorChunkRows) {
    const chunk = deviceIds.slice(from, from + floorChunkRows);
    const last = from + chunk.length - 1;
    db.exec('BEGIN IMMEDIATE');
    insert.run(taskNo, from, JSON.stringify(chunk));
    update.run(frozen, taskNo, from, last);
    mark.run(taskNo, from, last);
    count.run(chunk.length, chunk.length, taskNo);
    db.exec('COMMIT');
  }
  db.exec(`UPDATE tasks SET status = 'Success' WHERE task_no = ${taskNo}`);
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
