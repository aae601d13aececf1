import { afterEach } from 'vitest';
import { migrations } from '../../../src/store/migrations/migrations.ts';
import { Connection } from '../../../src/store/sqlite/connection.ts';
import { migrate } from '../../../src/store/sqlite/migrate.ts';

/** Databases in memory, closed after the test that opened them. */
export function useConnections(): { empty(): Connection; migrated(): Connection } {
  const opened: Connection[] = [];
  afterEach(() => {
    for (const connection of opened.splice(0)) connection.close();
  });
  const empty = () => {
    const connection = new Connection(':memory:', { durability: 'normal' });
    opened.push(connection);
    return connection;
  };
  return {
    empty,
    migrated: () => {
      const connection = empty();
      migrate(connection, migrations);
      return connection;
    },
  };
}

export const rowsOf = (connection: Connection, sql: string, ...parameters: unknown[]) =>
  connection.execute({ sql, parameters }).rows;
