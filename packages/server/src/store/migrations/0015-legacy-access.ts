/** Legacy applications (legacy 2): secrets, tokens of both kinds by their hashes, and who lets whom. */
const tablesOf = (text: string, int: string): string => `
CREATE TABLE legacy_secrets (
  app_id ${text} PRIMARY KEY REFERENCES apps ON DELETE CASCADE, secret_hash ${text} NOT NULL,
  frozen ${int} NOT NULL CHECK (frozen IN (0, 1))
);
CREATE TABLE legacy_tokens (
  token_hash ${text} PRIMARY KEY, record_id ${text} NOT NULL, app_id ${text} NOT NULL REFERENCES apps ON DELETE CASCADE,
  kind ${text} NOT NULL CHECK (kind IN ('access', 'refresh')), expires_at ${int} NOT NULL
);
CREATE INDEX legacy_tokens_app ON legacy_tokens (app_id, kind, record_id);
CREATE INDEX legacy_tokens_expiry ON legacy_tokens (expires_at);
CREATE TABLE legacy_grants (
  owner_id ${text} NOT NULL REFERENCES apps ON DELETE CASCADE, caller_id ${text} NOT NULL REFERENCES apps ON DELETE CASCADE,
  PRIMARY KEY (owner_id, caller_id)
);
CREATE INDEX legacy_grants_caller ON legacy_grants (caller_id);
`;

export const legacyAccess = tablesOf('TEXT', 'INTEGER');

export const legacyAccessOfPostgres = tablesOf('TEXT COLLATE "C"', 'BIGINT');
