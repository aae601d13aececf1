import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Condition, SearchField, Where } from '../../../domain/search/where.ts';
import { first, type Program } from '../program.ts';
import { allOf, checkWhere, type SearchScope } from './conditions.ts';
import { varying } from './varying.ts';

/** What device_counts knows of every kind of devices. */
const talliedFields: ReadonlySet<SearchField> = new Set([
  'app_id',
  'product_id',
  'fw_version',
  'sw_version',
  'status',
  'node_type',
]);

export const isTallied = (condition: Condition): boolean => talliedFields.has(condition.field);

const counts = [
  { connectivity: 'INACTIVE', frozen: 0, devices: 'inactive' },
  { connectivity: 'ONLINE', frozen: 0, devices: 'online' },
  { connectivity: 'OFFLINE', frozen: 0, devices: 'offline' },
  { connectivity: 'ABNORMAL', frozen: 0, devices: 'abnormal' },
  // Whatever their connection.
  { connectivity: '', frozen: 1, devices: 'frozen' },
] as const;

/** Each kind like a row of `devices` in one status, with the number of those that are like it. */
const kindsOf = ({ connectivity, frozen, devices }: (typeof counts)[number]) =>
  sql.raw(`(select project_id, app_id, product_id, case child when 1 then '' end as parent_id, nullif(fw_version, '') as fw_version,
    nullif(sw_version, '') as sw_version, '${connectivity}' as connectivity, ${frozen} as frozen, ${devices} as devices from device_counts)`);

/** How many devices match: a sum over some dozens of rows, however many devices there are. Of tallied conditions only. */
export function tally(where: Where | undefined, scope: SearchScope): RawBuilder<number> {
  const inProject = sql<SqlBool>`d.project_id = ${scope.projectId}`;
  const conditions = allOf(where === undefined ? [inProject] : [inProject, checkWhere(where, scope)]);
  const sums = counts.map(
    (count) => sql`(select coalesce(sum(d.devices), 0) from ${kindsOf(count)} d where ${conditions})`,
  );
  return sql<number>`(${sql.join(sums, sql` + `)})`;
}

/** Is there no device that meets even what is tallied of any list? */
export function* isTalliedNone({
  where,
  scope,
}: {
  readonly where: Where | undefined;
  readonly scope: SearchScope;
}): Program<boolean> {
  const lists = where?.map((conditions) => conditions.filter(isTallied)) ?? [];
  if (lists.length === 0 || lists.some((conditions) => conditions.length === 0)) return false;
  const row = yield* first<{ count: number }>(varying(sql`select ${tally(lists, scope)} as count`));
  return row?.count === 0;
}
