import type { Tag } from '../../../domain/tag.ts';
import { tagsPerDeviceMax } from '../../../domain/tag.ts';
import { Problem } from '../../../domain/problem.ts';
import type { TaggedDevice, TagStore } from '../../../ports/store/tag-store.ts';
import { orNull } from '../columns.ts';
import { insertRows } from '../insert-rows.ts';
import { locked } from '../locks.ts';
import { change, first, type Program } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';

export function createTagStore({ write }: Runner, ctx: SqlContext): TagStore {
  return {
    bind: (device, tags) => write(() => bindTags(ctx, device, tags)),
    unbind: (device, keys) => write(() => unbindTags(ctx, device, keys)),
  };
}

/** Tags of devices that are there; a known key gets the new value. Nobody has looked at the limit. */
export function* writeTags(ctx: SqlContext, bindings: readonly TagBinding[]): Program<void> {
  yield* insertRows(ctx, {
    into: 'device_tags',
    columns: tagColumns,
    rows: bindings.flatMap(({ deviceId, recordId, projectId, tags }) =>
      tags.map(({ key, value }) => [deviceId, recordId, projectId, key, orNull(value)]),
    ),
    tail: 'ON CONFLICT (device_id, tag_key) DO UPDATE SET tag_value = excluded.tag_value',
  });
}

export interface TagBinding {
  readonly deviceId: string;
  readonly recordId: string;
  readonly projectId: string;
  readonly tags: readonly Tag[];
}

const tagColumns = {
  device_id: 'text',
  record_id: 'text',
  project_id: 'text',
  tag_key: 'text',
  tag_value: 'text',
} as const;

function* bindTags(ctx: SqlContext, device: TaggedDevice, tags: readonly Tag[]): Program<void> {
  const { deviceId, projectId } = device;
  const recordId = yield* lockDevice(ctx, device);
  yield* writeTags(ctx, [{ deviceId, recordId, projectId, tags }]);
  const row = yield* first<{ count: number }>({
    sql: 'SELECT count(*) AS count FROM device_tags WHERE device_id = ?',
    parameters: [deviceId],
  });
  if ((row?.count ?? 0) > tagsPerDeviceMax) throw new Problem('tagLimit');
}

function* unbindTags(ctx: SqlContext, device: TaggedDevice, keys: readonly string[]): Program<void> {
  yield* lockDevice(ctx, device);
  const unbound = yield* change(
    ctx.db
      .deleteFrom('device_tags')
      .where('device_id', '=', device.deviceId)
      .where(ctx.dialect.isOneOf('tag_key', keys)),
  );
  if (unbound < keys.length) throw new Problem('tagNotBound');
}

/** What is counted must not be counted by two at once. Returns the record id. */
function* lockDevice(ctx: SqlContext, { deviceId, projectId }: TaggedDevice): Program<string> {
  const found = ctx.db
    .selectFrom('devices')
    .select('record_id')
    .where('device_id', '=', deviceId)
    .where('project_id', '=', projectId);
  const row = yield* first(locked(ctx, found));
  if (row === undefined) throw new Problem('deviceNotFound', { field: 'deviceId' });
  return row.record_id;
}
