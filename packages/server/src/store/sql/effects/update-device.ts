import type { DeviceChanges } from '../../../domain/device.ts';
import type { EffectOf } from '../../../domain/effect.ts';
import type { ProjectId } from '../../../domain/ids.ts';
import { Problem } from '../../../domain/problem.ts';
import { type Tag, tagsPerDeviceMax } from '../../../domain/tag.ts';
import { checked } from '../checked.ts';
import { flagOf, orNull } from '../columns.ts';
import { publishDevices } from '../events/device-events.ts';
import { lockedRows } from '../locks.ts';
import { all, change, type Program, type SqlValue, type Statement } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { writeTags } from '../tags/tag-store.ts';
import type { EffectProgram } from './apply-effects.ts';

const columns = {
  id: 'text',
  name: 'text',
  description: 'text',
  extension_info: 'text',
  secure_access: 'int',
  timeout_seconds: 'int',
} as const;

const kept = (column: string): string => `${column} = coalesce(r.${column}, devices.${column})`;
const changed = Object.keys(columns).filter((column) => column !== 'id');

/**
 * What is absent stays as it is. Conflicts: no such device; more tags than it may have, and then nothing of it changes. Two changes of one
 * device in one set: which one wins is open.
 */
export const updateDevices: EffectProgram<'updateDevice'> = function* (ctx, projectId, effects) {
  const devices = yield* holdDevices(ctx, projectId, effects);
  const problems = new Map<number, Problem>();
  effects.forEach(({ deviceId, changes: { tags = [] } }, index) => {
    const device = devices.get(deviceId);
    if (device === undefined) problems.set(index, new Problem('deviceNotFound'));
    else if (countWith(device, tags) > tagsPerDeviceMax) problems.set(index, new Problem('tagLimit'));
  });
  const good = effects.filter((_effect, index) => !problems.has(index));
  yield* change(writeChanges(ctx, good));
  yield* writeTags(
    ctx,
    good.map(({ deviceId, changes: { tags = [] } }) => {
      return { deviceId, recordId: devices.get(deviceId)?.recordId ?? '', projectId, tags };
    }),
  );
  yield* publishDevices(
    ctx,
    { subject: 'device:update', projectIds: [projectId] },
    good.map(({ deviceId }) => deviceId),
  );
  return { conflicts: [...problems.keys()], problems };
};

interface HeldDevice {
  readonly recordId: string;
  readonly keys: ReadonlySet<string>;
}

/** With their tags, where tags are to be added; held, so that nobody else adds some meanwhile. */
function* holdDevices(
  ctx: SqlContext,
  projectId: ProjectId,
  effects: readonly EffectOf<'updateDevice'>[],
): Program<ReadonlyMap<string, HeldDevice>> {
  const asked = ctx.dialect.rows(
    { id: 'text' },
    [...new Set(effects.map(({ deviceId }) => deviceId))].map((deviceId) => [deviceId]),
  );
  const rows = yield* all<{ device_id: string; record_id: string }>({
    sql: `SELECT d.device_id, d.record_id FROM ${asked.from} ${ctx.dialect.orderedJoin} devices d
      ON d.device_id = r.id AND ${checked('d.project_id')} = ? ORDER BY d.device_id ${lockedRows(ctx, 'd')}`,
    parameters: [...asked.parameters, projectId],
  });
  const keys = new Map<string, Set<string>>(rows.map((row) => [row.device_id, new Set()]));
  if (effects.some(({ changes: { tags = [] } }) => tags.length > 0)) {
    const tags = yield* all<{ device_id: string; tag_key: string }>({
      sql: `SELECT t.device_id, t.tag_key FROM ${asked.from} ${ctx.dialect.orderedJoin} device_tags t ON t.device_id = r.id`,
      parameters: asked.parameters,
    });
    for (const tag of tags) keys.get(tag.device_id)?.add(tag.tag_key);
  }
  return new Map(
    rows.map((row) => [row.device_id, { recordId: row.record_id, keys: keys.get(row.device_id) ?? new Set() }]),
  );
}

const countWith = ({ keys }: HeldDevice, tags: readonly Tag[]): number =>
  new Set([...keys, ...tags.map(({ key }) => key)]).size;

function writeChanges({ dialect }: SqlContext, effects: readonly EffectOf<'updateDevice'>[]): Statement {
  const set = dialect.rows(
    columns,
    effects.map(({ deviceId, changes }) => [deviceId, ...valuesOf(changes)]),
  );
  return {
    sql: `UPDATE devices SET ${changed.map(kept).join(', ')} FROM ${set.from} WHERE devices.device_id = r.id`,
    parameters: set.parameters,
  };
}

function valuesOf({ name, description, extensionInfo, secureAccess, timeoutSeconds }: DeviceChanges): SqlValue[] {
  return [
    orNull(name),
    orNull(description),
    extensionInfo === undefined ? null : JSON.stringify(extensionInfo),
    secureAccess === undefined ? null : flagOf(secureAccess),
    orNull(timeoutSeconds),
  ];
}
