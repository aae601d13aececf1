/**
 * Exports of batch tasks and their files (v5 14). `due_at`: until then whoever claimed one has it; null: it has ended. `run` tells the
 * chunks of one try from those of another. Chunks are sealed: there may be secrets in them.
 */
const tables = (text: string, int: string): string => `
CREATE TABLE exports (
  export_id ${text} PRIMARY KEY, record_id ${text} NOT NULL UNIQUE, project_id ${text} NOT NULL, task_no ${int} NOT NULL, task_id ${text} NOT NULL,
  name ${text} NOT NULL, app_type ${text} NOT NULL CHECK (app_type IN ('GLOBAL', 'APP')), app_id ${text},
  format ${text} NOT NULL CHECK (format IN ('xlsx', 'csv')), shows_secrets ${int} NOT NULL CHECK (shows_secrets IN (0, 1)),
  state ${text} NOT NULL CHECK (state IN ('Processing', 'Success', 'Failed', 'gone')), run ${int} NOT NULL DEFAULT 0, holder ${text}, due_at ${int},
  export_count ${int} NOT NULL DEFAULT 0, progress ${int} NOT NULL DEFAULT 1, has_secrets ${int} NOT NULL DEFAULT 0 CHECK (has_secrets IN (0, 1)),
  size ${int} NOT NULL DEFAULT 0, created_at ${int} NOT NULL, ended_at ${int}, expires_at ${int} NOT NULL,
  CHECK ((state = 'Processing') = (due_at IS NOT NULL))
);
CREATE INDEX exports_page ON exports (project_id, record_id) WHERE state <> 'gone';
CREATE INDEX exports_due ON exports (due_at) WHERE state = 'Processing';
CREATE INDEX exports_expiry ON exports (expires_at);
CREATE TABLE export_chunks (
  export_id ${text} NOT NULL, run ${int} NOT NULL, part ${int} NOT NULL, bytes ${text} NOT NULL, PRIMARY KEY (export_id, run, part)
)`;

export const exports = `${tables('TEXT', 'INTEGER')};
`;

/** What is sealed does not get smaller: nothing tries. */
export const exportsOfPostgres = `${tables('TEXT COLLATE "C"', 'BIGINT')};
ALTER TABLE export_chunks ALTER COLUMN bytes SET STORAGE EXTERNAL;
`;
