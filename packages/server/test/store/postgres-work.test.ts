import { makePostgresStore } from '../support/postgres/make-store.ts';
import { describeStore, work } from './conformance/describe-store.ts';

// The other half (postgres-inventory.test.ts).
describeStore('PostgreSQL', makePostgresStore, work);
