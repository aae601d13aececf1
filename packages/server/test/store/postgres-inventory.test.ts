import { makePostgresStore } from '../support/postgres/make-store.ts';
import { describeStore, inventory } from './conformance/describe-store.ts';

// One half: two processes share the conformance of the slowest store.
describeStore('PostgreSQL', makePostgresStore, inventory);
