/**
 * What legacy applications want to hear of (legacy 8), and posts to URLs that no action of a rule stands for (legacy 9): those have their
 * project and URL in the outbox itself, and the subscription that they come by, if they come by one. Their `key` begins with a hash of
 * project and URL, so that order is kept per device and URL by the index that keeps it per action and key.
 */
const subscriptionsOf = (text: string): string => `
CREATE TABLE legacy_subscriptions (
  subscription_id ${text} PRIMARY KEY, record_id ${text} NOT NULL UNIQUE, project_id ${text} NOT NULL,
  app_id ${text} NOT NULL REFERENCES apps ON DELETE CASCADE, notify_type ${text} NOT NULL, url ${text} NOT NULL,
  kind ${text} NOT NULL CHECK (kind IN ('business', 'management', 'oldest')),
  CONSTRAINT legacy_subscriptions_app_id_notify_type_key UNIQUE (app_id, notify_type)
);
CREATE INDEX legacy_subscriptions_page ON legacy_subscriptions (app_id, record_id);
CREATE INDEX legacy_subscriptions_wanted ON legacy_subscriptions (project_id, notify_type);
`;

const indexes = `
CREATE INDEX outbox_posts ON outbox (project_id, created_at, no, bytes, action_id) WHERE action_id IS NULL;
CREATE INDEX outbox_subscribed ON outbox (subscription_id) WHERE subscription_id IS NOT NULL;
`;

/** SQLite cannot take NOT NULL back; the numbers go on where they were. */
export const legacyPushes = `${subscriptionsOf('TEXT')}
ALTER TABLE outbox RENAME TO outbox_of_actions;
CREATE TABLE outbox (
  no INTEGER PRIMARY KEY AUTOINCREMENT, action_id TEXT REFERENCES rule_actions ON DELETE CASCADE, key TEXT NOT NULL,
  payload TEXT NOT NULL, bytes INTEGER NOT NULL, created_at INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER, error TEXT, hold TEXT CHECK (hold IN ('lease', 'flow')), project_id TEXT, url TEXT,
  subscription_id TEXT REFERENCES legacy_subscriptions ON DELETE CASCADE,
  CHECK (CASE WHEN action_id IS NULL THEN project_id IS NOT NULL AND url IS NOT NULL ELSE url IS NULL END)
);
INSERT INTO sqlite_sequence (name, seq) SELECT 'outbox', seq FROM sqlite_sequence WHERE name = 'outbox_of_actions';
INSERT INTO outbox (no, action_id, key, payload, bytes, created_at, attempts, next_at, error, hold)
  SELECT no, action_id, key, payload, bytes, created_at, attempts, next_at, error, hold FROM outbox_of_actions;
DROP TABLE outbox_of_actions;
CREATE INDEX outbox_age ON outbox (created_at, no, action_id, bytes);
CREATE INDEX outbox_due ON outbox (next_at, no) WHERE next_at IS NOT NULL;
CREATE INDEX outbox_held ON outbox (action_id, no) WHERE hold = 'flow';
CREATE INDEX outbox_order ON outbox (action_id, key, no);
${indexes}`;

const text = 'TEXT COLLATE "C"';

/** A node of the version before looks at such posts as often as it can, sends none of them, and leaves them to the new ones. */
export const legacyPushesOfPostgres = `${subscriptionsOf(text)}
ALTER TABLE outbox ALTER COLUMN action_id DROP NOT NULL;
ALTER TABLE outbox ADD COLUMN project_id ${text};
ALTER TABLE outbox ADD COLUMN url ${text};
ALTER TABLE outbox ADD COLUMN subscription_id ${text} REFERENCES legacy_subscriptions ON DELETE CASCADE;
ALTER TABLE outbox ADD CHECK (CASE WHEN action_id IS NULL THEN project_id IS NOT NULL AND url IS NOT NULL ELSE url IS NULL END);
${indexes}`;
