/**
 * Asynchronous commands. `due_at`: when the command is looked at again, whatever else happens; null: it has ended. `strategy` and
 * `command_name` repeat what the request says, for the queue and for filters.
 */
const columnsOf = (text: string, int: string): string => `
  command_id ${text} PRIMARY KEY, device_id ${text} NOT NULL REFERENCES devices (device_id) ON DELETE CASCADE, record_id ${text} NOT NULL,
  request ${text} NOT NULL, command_name ${text}, strategy ${text} NOT NULL CHECK (strategy IN ('delay', 'immediately')),
  status ${text} NOT NULL CHECK (status IN ('PENDING', 'SENT', 'DELIVERED', 'EXPIRED', 'SUCCESSFUL', 'FAILED', 'TIMEOUT')),
  result ${text}, created_at ${int} NOT NULL, expires_at ${int} NOT NULL, due_at ${int}, sent_at ${int}, delivered_at ${int},
  responded_at ${int}, finished_at ${int}, task_no ${int}, seq ${int}, attempt ${int},
  CHECK ((status IN ('PENDING', 'SENT', 'DELIVERED')) = (due_at IS NOT NULL)), CHECK ((due_at IS NULL) = (finished_at IS NOT NULL))`;

const indexes = `
CREATE INDEX commands_page ON commands (device_id, record_id);
CREATE INDEX commands_queue ON commands (device_id, status, record_id) WHERE due_at IS NOT NULL;
CREATE INDEX commands_due ON commands (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX commands_finished ON commands (finished_at) WHERE finished_at IS NOT NULL;
`;

export const asyncCommands = `
CREATE TABLE commands (${columnsOf('TEXT', 'INTEGER')}
);${indexes}`;

export const asyncCommandsOfPostgres = `
CREATE TABLE commands (${columnsOf('TEXT COLLATE "C"', 'BIGINT')}
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);${indexes}`;
