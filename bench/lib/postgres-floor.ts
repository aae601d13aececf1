import pg from 'pg';
import { type FloorWork, floorChunkRows, type SqlFloor } from './bench-database.ts';

/** The floor on PostgreSQL: one connection, prepared statements, a whole chunk in one array. */
export async function openPostgresFloor(url: string): Promise<SqlFloor> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    settle: (work) => settle(client, work),
    insertSubtasks: async (taskNo, targets) => {
      await client.query(insertChunk([taskNo, 0, targets]));
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}

/** One parse and one plan for all chunks. */
const prepared = (name: string, text: string) => (values: readonly unknown[]) => ({ name, text, values: [...values] });

const insertChunk = prepared(
  'floor_insert',
  `INSERT INTO subtasks (task_no, seq, target, state)
   SELECT $1::bigint, $2::bigint + number - 1, target, 'Waitting' FROM unnest($3::text[]) WITH ORDINALITY AS given (target, number)`,
);
const updateChunk = prepared(
  'floor_update',
  'UPDATE devices SET frozen = $1 FROM unnest($2::text[]) AS given (id) WHERE device_id = given.id',
);
const markChunk = prepared(
  'floor_mark',
  `UPDATE subtasks SET state = 'Success', output = '{"device_id":"","app_id":""}' WHERE task_no = $1 AND seq BETWEEN $2 AND $3`,
);
const countChunk = prepared(
  'floor_count',
  'UPDATE tasks SET total = total + $1, success = success + $1 WHERE task_no = $2',
);

async function settle(client: pg.Client, { deviceIds, frozen }: FloorWork): Promise<void> {
  const taskNo = await insertTask(client);
  for (let from = 0; from < deviceIds.length; from += floorChunkRows) {
    const chunk = deviceIds.slice(from, from + floorChunkRows);
    await client.query('BEGIN');
    await client.query(insertChunk([taskNo, from, chunk]));
    await client.query(updateChunk([frozen, chunk]));
    await client.query(markChunk([taskNo, from, from + chunk.length - 1]));
    await client.query(countChunk([chunk.length, taskNo]));
    await client.query('COMMIT');
  }
  await client.query(`UPDATE tasks SET status = 'Success' WHERE task_no = $1`, [taskNo]);
}

async function insertTask(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ task_no: string }>(
    `INSERT INTO tasks (task_id, project_id, app_id, name, type, echo, gateway_mode, need_confirm, on_conflict, retry_count,
       retry_interval_minutes, source_kind, source, status, confirmed, created_at)
     VALUES (gen_random_uuid()::text, 'floor', 'floor', 'floor', 'freezeDevices', '{}', 0, 0, 'fail', 0, 0, 'groups', '[]', 'Processing', 1, 0)
     RETURNING task_no`,
  );
  return Number(rows[0]?.task_no);
}
