/**
 * What legacy clients ask of a command (legacy 7). `retransmits`: so often it leaves once more while nobody answers; `issued`: so often it
 * has left. `calls_back` 1: its request names a URL that is told of every status. `canceled` 1: EXPIRED because somebody said so. Commands
 * are listed by application, too: those of a node of the version before are in no such list.
 */
const columnsOf = (text: string, int: string): string => `
ALTER TABLE commands ADD COLUMN app_id ${text};
ALTER TABLE commands ADD COLUMN retransmits ${int} NOT NULL DEFAULT 0;
ALTER TABLE commands ADD COLUMN issued ${int} NOT NULL DEFAULT 0;
ALTER TABLE commands ADD COLUMN calls_back ${int} NOT NULL DEFAULT 0 CHECK (calls_back IN (0, 1));
ALTER TABLE commands ADD COLUMN canceled ${int} NOT NULL DEFAULT 0 CHECK (canceled IN (0, 1));
UPDATE commands SET app_id = (SELECT d.app_id FROM devices d WHERE d.device_id = commands.device_id),
  issued = CASE WHEN sent_at IS NULL THEN 0 ELSE 1 END;
CREATE INDEX commands_app ON commands (app_id, record_id, created_at);
CREATE TABLE command_cancellations (
  cancellation_id ${text} PRIMARY KEY, record_id ${text} NOT NULL UNIQUE, app_id ${text} NOT NULL,
  device_id ${text} NOT NULL REFERENCES devices (device_id) ON DELETE CASCADE, command_ids ${text} NOT NULL, created_at ${int} NOT NULL
);
CREATE INDEX command_cancellations_page ON command_cancellations (app_id, record_id);
CREATE INDEX command_cancellations_device ON command_cancellations (device_id, record_id);
CREATE INDEX command_cancellations_age ON command_cancellations (created_at);
`;

export const legacyCommands = columnsOf('TEXT', 'INTEGER');

export const legacyCommandsOfPostgres = columnsOf('TEXT COLLATE "C"', 'BIGINT');
