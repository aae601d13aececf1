import { asyncCommandDownlink } from '../../../domain/async-command.ts';
import type { Connectivity } from '../../../domain/device.ts';
import type { Downlink } from '../../../domain/downlink.ts';
import { asId, type CommandId, type DeviceId, type ProjectId } from '../../../domain/ids.ts';
import { isReachable } from '../../../domain/run.ts';
import type { ClaimOptions } from '../../../ports/store/command-store.ts';
import type { SentDownlink } from '../../../ports/store/message-store.ts';
import { checked } from '../checked.ts';
import { type ChangedCommand, publishCommandStatuses } from '../events/command-events.ts';
import { lockedRows } from '../locks.ts';
import { all, change, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { requestOf } from './command-codec.ts';

/** Where commands of a device leave. */
interface QueuePlace {
  readonly appId: string;
  readonly rootId: DeviceId;
  /** That has the session; undefined: the device cannot be reached. */
  readonly node: string | undefined;
}

export type QueuePlaces = ReadonlyMap<DeviceId, QueuePlace>;

interface PlaceRow {
  readonly device_id: string;
  readonly app_id: string;
  readonly root_id: string;
  readonly frozen: number;
  readonly connectivity: Connectivity;
  readonly node: string | null;
  readonly epoch: number;
}

/**
 * Whoever adds to the queue of a device, or takes from it, holds the device's row until its end: so no two commands of one device leave
 * together, and none is counted twice. Devices of another project, and those that are gone, are left out.
 */
export function* holdQueues(
  ctx: SqlContext,
  deviceIds: readonly DeviceId[],
  projectId?: ProjectId,
): Program<QueuePlaces> {
  if (deviceIds.length === 0) return new Map();
  const asked = ctx.dialect.rows(
    { id: 'text' },
    [...new Set(deviceIds)].map((id) => [id]),
  );
  const rows = yield* all<PlaceRow>({
    sql: `SELECT d.device_id, d.app_id, d.root_id, d.frozen, d.connectivity, e.node, e.epoch FROM ${asked.from}
      ${ctx.dialect.orderedJoin} devices d ON d.device_id = r.id
      LEFT JOIN sessions e ON e.device_id = d.root_id AND e.ended_at IS NULL
      ${projectId === undefined ? '' : `WHERE ${checked('d.project_id')} = ?`} ORDER BY d.device_id ${lockedRows(ctx, 'd')}`,
    parameters: [...asked.parameters, ...(projectId === undefined ? [] : [projectId])],
  });
  return new Map(rows.map((row) => [asId<DeviceId>(row.device_id), placeOf(row)]));
}

function placeOf(row: PlaceRow): QueuePlace {
  const rootId = asId<DeviceId>(row.root_id);
  const session = row.node === null ? undefined : { node: row.node, epoch: row.epoch };
  const { connectivity } = row;
  const device = { deviceId: asId<DeviceId>(row.device_id), rootId, frozen: row.frozen === 1, connectivity, session };
  return { appId: row.app_id, rootId, node: isReachable(device) ? session?.node : undefined };
}

interface Head extends ChangedCommand {
  readonly request: string;
}

/** device 6.2: first in, first out, one in flight. `immediately` ones are not in the queue. */
export function* moveQueues(
  ctx: SqlContext,
  places: QueuePlaces,
  { now, answerMs }: ClaimOptions,
): Program<readonly SentDownlink[]> {
  const reachable = [...places].filter(([, { node }]) => node !== undefined);
  if (reachable.length === 0) return [];
  const { dialect } = ctx;
  const asked = dialect.rows(
    { device_id: 'text' },
    reachable.map(([deviceId]) => [deviceId]),
  );
  const heads = yield* all<Head>({
    sql: `SELECT c.command_id, c.device_id, c.calls_back, c.request FROM ${asked.from}
      ${dialect.orderedJoin} commands c ON c.command_id = (SELECT p.command_id FROM commands p WHERE p.device_id = r.device_id
        AND p.status = 'PENDING' AND p.due_at IS NOT NULL AND p.expires_at > ? ORDER BY p.record_id LIMIT 1)
      WHERE NOT EXISTS (SELECT 1 FROM commands o WHERE o.device_id = r.device_id AND o.status IN ('SENT', 'DELIVERED')
        AND o.due_at IS NOT NULL AND o.strategy = 'delay')`,
    parameters: [...asked.parameters, now],
  });
  if (heads.length === 0) return [];
  const set = dialect.rows(
    { command_id: 'text' },
    heads.map((head) => [head.command_id]),
  );
  yield* change({
    sql: `UPDATE commands SET status = 'SENT', sent_at = ?, due_at = ?, issued = commands.issued + 1 FROM ${set.from} WHERE commands.command_id = r.command_id`,
    parameters: [now, now + answerMs, ...set.parameters],
  });
  yield* publishCommandStatuses(ctx, heads);
  return heads.flatMap((head) => leaving(places, head));
}

/**
 * The time for an answer is over, and the device is asked once more, under the same id. Where it cannot be reached now, that was the
 * attempt: waiting for it would take longer than its sender wanted.
 */
export function* retransmit(
  ctx: SqlContext,
  commandIds: readonly CommandId[],
  { now, answerMs }: ClaimOptions,
): Program<readonly Downlink[]> {
  const set = ctx.dialect.rows(
    { command_id: 'text' },
    commandIds.map((id) => [id]),
  );
  const devices = yield* all<{ device_id: string }>({
    sql: `SELECT c.device_id FROM ${set.from} ${ctx.dialect.orderedJoin} commands c ON c.command_id = r.command_id`,
    parameters: set.parameters,
  });
  const places = yield* holdQueues(
    ctx,
    devices.map((row) => asId<DeviceId>(row.device_id)),
  );
  const again = yield* all<Head>({
    sql: `UPDATE commands SET issued = commands.issued + 1, due_at = ? FROM ${set.from} WHERE commands.command_id = r.command_id
      AND commands.status IN ('SENT', 'DELIVERED') AND commands.due_at <= ? AND commands.issued <= commands.retransmits
      RETURNING commands.command_id, commands.device_id, commands.calls_back, commands.request`,
    parameters: [now + answerMs, ...set.parameters, now],
  });
  return again.flatMap((head) => leaving(places, head)).map(({ downlink }) => downlink);
}

/** Undefined node: nobody to send it to. */
function leaving(
  places: QueuePlaces,
  head: Pick<Head, 'command_id' | 'device_id' | 'request'>,
): readonly SentDownlink[] {
  const deviceId = asId<DeviceId>(head.device_id);
  const { node, rootId } = places.get(deviceId) ?? {};
  if (node === undefined || rootId === undefined) return [];
  const command = { deviceId, commandId: asId<CommandId>(head.command_id), request: requestOf(head) };
  return [{ node, downlink: asyncCommandDownlink(command, rootId) }];
}
