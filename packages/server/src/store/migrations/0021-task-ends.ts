/**
 * What the legacy API asks of tasks (legacy 3, 4): an end of their time and what becomes of the rest then, targets that wait until they can
 * be reached, who asked, and what is shown as it was sent. When tasks and subtasks started, and how many failures were failures of time.
 */
const failuresBy = (codes: string): string =>
  `(SELECT coalesce(sum(c.count), 0) FROM task_causes c WHERE c.task_no = tasks.task_no AND c.code IN (${codes}))`;

const columnsOf = (text: string, int: string): string => `
ALTER TABLE tasks ADD COLUMN started_at ${int};
ALTER TABLE tasks ADD COLUMN ends_at ${int};
ALTER TABLE tasks ADD COLUMN at_end ${text} CHECK (at_end IN ('fail', 'stop'));
ALTER TABLE tasks ADD COLUMN online_by ${int};
ALTER TABLE tasks ADD COLUMN timed_out ${int} NOT NULL DEFAULT 0 CHECK (timed_out >= 0);
ALTER TABLE tasks ADD COLUMN expired ${int} NOT NULL DEFAULT 0 CHECK (expired >= 0);
ALTER TABLE tasks ADD COLUMN operator ${text};
ALTER TABLE tasks ADD COLUMN legacy_type ${text};
ALTER TABLE tasks ADD COLUMN legacy ${text};
CREATE INDEX tasks_name ON tasks (app_id, name);
ALTER TABLE subtasks ADD COLUMN started_at ${int};
ALTER TABLE subtasks ADD COLUMN ended_at ${int};
CREATE INDEX subtasks_offline ON subtasks (target) WHERE step = 'wait_online' AND state IN ('Waitting', 'FailWaitRetry');
CREATE INDEX commands_cached ON commands (task_no, seq) WHERE status = 'PENDING' AND task_no IS NOT NULL;
UPDATE tasks SET timed_out = ${failuresBy("'014111', '014592', '014593'")}, expired = ${failuresBy("'014136', '014591'")} WHERE fail > 0;
`;

export const taskEnds = columnsOf('TEXT', 'INTEGER');

export const taskEndsOfPostgres = columnsOf('TEXT COLLATE "C"', 'BIGINT');
