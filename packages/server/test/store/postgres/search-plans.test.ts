import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSearch, parseWhere } from '../../../src/domain/search/parse-search.ts';
import { postgresDialect } from '../../../src/store/postgres/postgres-dialect.ts';
import { numbered } from '../../../src/store/postgres/statement-texts.ts';
import type { Program, Row } from '../../../src/store/sql/program.ts';
import { countMatching } from '../../../src/store/sql/search/count-matching.ts';
import { selectMatching } from '../../../src/store/sql/search/select-matching.ts';
import type { SqlContext } from '../../../src/store/sql/sql-context.ts';
import { createUnknownDatabase, type TestDatabase } from '../../support/postgres/test-database.ts';

/** What statistics know is another project; what is searched has 20,000 devices that they know nothing of. */
const devices = (project: string, rows: number) => `
  INSERT INTO devices (device_id, record_id, project_id, app_id, product_id, node_id, root_id, auth_type, secure_access,
    timeout_seconds, connectivity, fw_version, created_at, location)
  SELECT '${project}-' || i, lpad(to_hex(i), 24, '0'), '${project}', 'app-${project}', CASE WHEN i % 1000 = 0 THEN 'few' ELSE 'many' END,
    'node-' || i, '${project}-' || i, 'SECRET', 0, 0, CASE WHEN i % 1000 = 1 THEN 'ABNORMAL' ELSE 'ONLINE' END, '1.' || i % 500, i,
    CASE WHEN i % 1000 = 2 THEN 'hall' END FROM generate_series(0, ${rows - 1}) i;
  INSERT INTO device_tags SELECT device_id, 'site', 'site-' || (created_at % 500), project_id, record_id FROM devices
    WHERE project_id = '${project}';`;

/** What the page is found by, and what counts it. */
const plans: readonly (readonly [rule: string, index: string, counted: string])[] = [
  ["device_id = 'project-7'", 'devices_device_id_key', 'devices_device_id_key'],
  ["product_id = 'few'", 'devices_by_product', 'device_counts'],
  ["status = 'ABNORMAL'", 'devices_by_status', 'device_counts'],
  ["node_id like 'node-1999%'", 'devices_by_node', 'devices_by_node'],
  ["tag_key = 'site' and tag_value = 'site-7'", 'device_tags_', 'device_tags_'],
  ["tag_value = 'site-7'", 'device_tags_value', 'device_tags_value'],
  ["group_id = 'group'", 'group_members', 'group_members'],
  ["fw_version = '1.7'", 'devices_by_fw', 'device_counts'],
  ["location = 'hall'", 'devices_by_location', 'devices_by_location'],
  ["create_time < '1970-01-01T00:00:00.050Z'", 'devices_by_creation', 'devices_by_creation'],
  ["product_id = 'many' and status = 'ABNORMAL'", 'devices_by_status', 'device_counts'],
  ["node_id like 'node%'", 'devices_page', 'devices_by_node'],
  ["product_id = 'few' or fw_version = '1.7'", 'devices_by_fw', 'device_counts'],
];

describe('searches on PostgreSQL', () => {
  let database: TestDatabase;
  let client: pg.Client;
  const ctx = { dialect: postgresDialect } as unknown as SqlContext;

  beforeAll(async () => {
    database = await createUnknownDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(`SET session_replication_role = replica; ALTER TABLE devices ENABLE ALWAYS TRIGGER devices_counted_in;
      ${devices('other', 20_000)} ANALYZE; ${devices('project', 20_000)}
      INSERT INTO group_members SELECT 'crowd-' || created_at % 9, device_id, record_id FROM devices;
      INSERT INTO group_members SELECT 'group', device_id, record_id FROM devices WHERE project_id = 'project' AND created_at < 9;`);
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  /** Runs a program and explains what it runs. */
  async function explain<Value>(program: Program<Value>): Promise<readonly string[]> {
    const lines: string[] = [];
    let turn = program.next();
    while (turn.done !== true) {
      const text = numbered(turn.value.sql);
      const values = [...turn.value.parameters];
      const plan = await client.query<Record<string, string>>(`EXPLAIN ${text}`, values);
      lines.push(...plan.rows.map((row) => row['QUERY PLAN'] ?? ''));
      const { rows } = await client.query<Row>(text, values);
      turn = program.next({ rows, changes: 0 });
    }
    return lines;
  }

  it.each(plans)('find %s by its index, whatever statistics know', async (rule, index, counted) => {
    const matching = { where: parseWhere(rule), scope: { projectId: 'project', rules: new Map() } };
    const { order, limit, offset } = parseSearch('select * from device');
    for (const analyze of ['SELECT 1', 'ANALYZE']) {
      await client.query(analyze);
      const page = await explain(selectMatching(ctx, matching, { order, limit, offset }));
      expect(page.join('\n')).toContain(index);
      // Of the counts there are a few pages.
      expect(page.filter((line) => line.includes('Seq Scan') && !line.includes('device_counts'))).toEqual([]);
      expect((await explain(countMatching(ctx, matching))).join('\n')).toContain(counted);
    }
  });
});
