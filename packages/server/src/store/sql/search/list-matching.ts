import type { Selectable } from 'kysely';
import type { GroupMember } from '../../../domain/group.ts';
import { asId, type DeviceId, type ProductId, type RecordId } from '../../../domain/ids.ts';
import type { EitherEnd, Page, PageRequest } from '../../../domain/paging.ts';
import { orUndefined } from '../columns.ts';
import { all, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import type { DevicesTable } from '../device-tables.ts';
import { countMatching } from './count-matching.ts';
import { type Matching, selectMatching } from './select-matching.ts';

/** One page of matches from either end (v5 1, Paging): the devices' own record ids, and the count of all. */
export function* pageOfMatching(
  ctx: SqlContext,
  matching: Matching,
  page: EitherEnd,
): Program<{ readonly recordIds: readonly string[]; readonly count: number }> {
  const { limit, offset, marker } = page;
  const ends =
    'order' in page ? ({ order: 'asc', above: marker } as const) : ({ order: 'desc', below: marker } as const);
  return {
    recordIds: yield* selectMatching(ctx, matching, { ...ends, limit, offset }),
    count: yield* countMatching(ctx, matching),
  };
}

export function* listMatching(ctx: SqlContext, matching: Matching, page: PageRequest): Program<Page<GroupMember>> {
  const { recordIds, count } = yield* pageOfMatching(ctx, matching, page);
  const rows = yield* all(
    ctx.db
      .selectFrom('devices')
      .select([...memberColumns, 'record_id'])
      .where('project_id', '=', matching.scope.projectId)
      .where(ctx.dialect.isOneOf('record_id', recordIds)),
  );
  const byId = new Map(rows.map((row) => [row.record_id, memberOf(row)]));
  return {
    items: recordIds.flatMap((recordId) => byId.get(recordId) ?? []),
    count,
    marker: asId<RecordId>(recordIds.at(-1) ?? '') || null,
  };
}

export const memberColumns = ['device_id', 'node_id', 'name', 'product_id'] as const;

type MemberRow = Pick<Selectable<DevicesTable>, (typeof memberColumns)[number] | 'record_id'>;

export function memberOf(row: MemberRow): GroupMember {
  return {
    recordId: asId<RecordId>(row.record_id),
    deviceId: asId<DeviceId>(row.device_id),
    nodeId: row.node_id,
    deviceName: orUndefined(row.name),
    productId: asId<ProductId>(row.product_id),
  };
}
