import {
  type DialectAdapter,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { DatabaseIntrospector } from 'kysely';
import type { Tables } from './tables.ts';

/** Builds statements, runs none: programs yield what it compiles (docs/adr/0002). */
export type QueryBuilder = Kysely<Tables>;

interface Words {
  createAdapter(): DialectAdapter;
  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector;
  createQueryCompiler(): QueryCompiler;
}

const builder = (words: Words): QueryBuilder =>
  new Kysely<Tables>({ dialect: { ...words, createDriver: () => new DummyDriver() } });

export const createSqliteQueryBuilder = (): QueryBuilder =>
  builder({
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  });

export const createPostgresQueryBuilder = (): QueryBuilder =>
  builder({
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  });
