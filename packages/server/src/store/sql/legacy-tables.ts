/** What the legacy generation alone knows, as in tables.ts. */

/** Kept by triggers (migration 16). */
export interface ProductTraitsTable {
  app_id: string;
  product_id: string;
  /** The product's. */
  record_id: string;
  device_type: string;
  model: string;
  manufacturer_name: string | null;
  manufacturer_id: string | null;
  protocol_type: string;
}

/** Deleted packages that a task still names. Kept by triggers (migration 26). */
export interface FormerPackagesTable {
  package_id: string;
  project_id: string;
  app_id: string;
  product_id: string;
  type: string;
  version: string;
  device_type: string;
  model: string;
  manufacturer_name: string | null;
  manufacturer_id: string | null;
  protocol_type: string;
}

export interface LegacySecretsTable {
  app_id: string;
  secret_hash: string;
  frozen: 0 | 1;
}

export interface LegacyTokensTable {
  token_hash: string;
  record_id: string;
  app_id: string;
  kind: 'access' | 'refresh';
  expires_at: number;
}

export interface LegacyGrantsTable {
  owner_id: string;
  caller_id: string;
}

export interface LegacySubscriptionsTable {
  subscription_id: string;
  record_id: string;
  project_id: string;
  app_id: string;
  notify_type: string;
  url: string;
  kind: 'business' | 'management' | 'oldest';
}
