interface Words {
  readonly text: string;
  readonly int: string;
  /** Ends a table that is found by its key alone. */
  readonly byKey: string;
}

const tables = ({ text, int, byKey }: Words): string => `
CREATE TABLE batch_files (
  file_id ${text} PRIMARY KEY, record_id ${text} NOT NULL UNIQUE, project_id ${text} NOT NULL, file_name ${text} NOT NULL,
  columns ${text} NOT NULL, state ${text} NOT NULL CHECK (state IN ('loading', 'present', 'gone')), uploaded_at ${int} NOT NULL,
  expires_at ${int} NOT NULL
);
CREATE INDEX batch_files_page ON batch_files (project_id, record_id) WHERE state = 'present';
CREATE INDEX batch_files_expiry ON batch_files (expires_at);
CREATE TABLE batch_file_rows (
  file_id ${text} NOT NULL, seq ${int} NOT NULL, row_no ${int} NOT NULL, cells ${text} NOT NULL, PRIMARY KEY (file_id, seq)
)${byKey};
CREATE TABLE task_rows (
  task_no ${int} NOT NULL, seq ${int} NOT NULL, row_no ${int} NOT NULL, parent ${text}, cells ${text} NOT NULL,
  error_code ${text}, error_message ${text}, PRIMARY KEY (task_no, seq)
)${byKey};
CREATE INDEX tasks_file ON tasks (source) WHERE source_kind = 'file' AND expanded = 0;
`;

/**
 * Files of targets, parsed into rows when they come, so that every node has them; what a task has of its rows (and why it cannot
 * work with one) stays as long as the task. Cells are sealed: there may be secrets among them. `parent`: the target that must have had its turn before.
 */
export const batchFiles = tables({ text: 'TEXT', int: 'INTEGER', byKey: ' WITHOUT ROWID' });
export const batchFilesOfPostgres = tables({ text: 'TEXT COLLATE "C"', int: 'BIGINT', byKey: '' });
