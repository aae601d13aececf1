import { createMemoryStore } from '../support/sqlite-stores.ts';
import { describeStore } from './conformance/describe-store.ts';

describeStore('SQLite in memory', async () => ({ store: createMemoryStore(), dispose: async () => {} }));
