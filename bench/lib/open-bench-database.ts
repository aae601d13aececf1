import type { StoreName } from './bench.ts';
import type { BenchDatabase } from './bench-database.ts';
import { createPostgresDatabase } from './postgres-database.ts';
import { createSqliteDatabase } from './sqlite-database.ts';

export function openBenchDatabase(store: StoreName): Promise<BenchDatabase> {
  switch (store) {
    case 'sqlite':
      return createSqliteDatabase();
    case 'postgres':
      return createPostgresDatabase();
  }
}
