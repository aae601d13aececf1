/**
 * SQLite kept messages ordered by device, so that a chunk of them wrote a page for each one, when they came and when they ended. In the
 * order of their coming they share pages, and what their indexes repeat of them is a number. In PostgreSQL it has always been so.
 */
export const messagesInOrder = `
ALTER TABLE messages RENAME TO messages_by_device;
CREATE TABLE messages (
  device_id TEXT NOT NULL REFERENCES devices (device_id) ON DELETE CASCADE, message_id TEXT NOT NULL, record_id TEXT NOT NULL,
  request TEXT NOT NULL, status TEXT NOT NULL CHECK (status IN ('PENDING', 'DELIVERED', 'FAILED', 'TIMEOUT')),
  error_code TEXT, error_message TEXT, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, finished_at INTEGER,
  task_no INTEGER, seq INTEGER, attempt INTEGER,
  PRIMARY KEY (device_id, message_id), CHECK ((status = 'PENDING') = (finished_at IS NULL))
);
INSERT INTO messages SELECT * FROM messages_by_device ORDER BY record_id;
DROP TABLE messages_by_device;
CREATE INDEX messages_pending ON messages (device_id, record_id) WHERE status = 'PENDING';
CREATE INDEX messages_ended ON messages (device_id, record_id) WHERE finished_at IS NOT NULL;
CREATE INDEX messages_expiry ON messages (expires_at) WHERE status = 'PENDING' AND task_no IS NULL;
CREATE INDEX messages_finished ON messages (finished_at) WHERE finished_at IS NOT NULL;
`;
