import type { Connectivity } from '../../../domain/device.ts';
import { type AppId, asId, type DeviceId, type ProductId, type ProjectId } from '../../../domain/ids.ts';
import type { AttachedSession } from '../../../ports/store/device-store.ts';
import { present } from '../columns.ts';
import { publishStatuses } from '../events/device-events.ts';
import { postLetters } from '../nodes/letters.ts';
import { lockedRows } from '../locks.ts';
import { change, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';

interface NewSession {
  readonly deviceId: DeviceId;
  readonly node: string;
  readonly address: string;
  readonly at: number;
}

interface Found {
  readonly project_id: string;
  readonly app_id: string;
  readonly product_id: string;
  readonly connectivity: Connectivity;
  readonly node: string | null;
  readonly epoch: number | null;
}

/** device 1.6: the session record is replaced atomically; the newer epoch is how everybody knows who won. */
export function* attachSession(ctx: SqlContext, session: NewSession): Program<AttachedSession | undefined> {
  const { deviceId, node } = session;
  yield* claimDevice(ctx, deviceId);
  const found = yield* first<Found>({
    sql: `SELECT project_id, app_id, product_id, connectivity, sessions.node, sessions.epoch FROM devices
      LEFT JOIN sessions ON sessions.device_id = devices.device_id AND sessions.ended_at IS NULL
      WHERE devices.device_id = ? AND frozen = 0 AND parent_id IS NULL`,
    parameters: [deviceId],
  });
  if (found === undefined) return undefined;
  const { epoch } = present(yield* first<{ epoch: number }>(ctx.dialect.nextEpoch));
  yield* change({
    sql: `INSERT INTO sessions (device_id, node, epoch, address, attached_at) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (device_id) DO UPDATE SET node = excluded.node, epoch = excluded.epoch, address = excluded.address,
        attached_at = excluded.attached_at, ended_at = NULL`,
    parameters: [deviceId, node, epoch, session.address, session.at],
  });
  yield* turnOnline(session);
  if (found.connectivity !== 'ONLINE') yield* publishStatuses(ctx, [found.project_id], [deviceId]);
  if (found.node !== null && found.node !== node) yield* endElsewhere(ctx, found.node, { deviceId, epoch });
  return {
    session: { node, epoch },
    replaced: found.node === null || found.epoch === null ? undefined : { node: found.node, epoch: found.epoch },
    projectId: asId<ProjectId>(found.project_id),
    appId: asId<AppId>(found.app_id),
    productId: asId<ProductId>(found.product_id),
  };
}

/** Of two connections of one device that begin at the same moment the one that comes second must get the higher epoch. */
function* claimDevice(ctx: SqlContext, deviceId: DeviceId): Program<void> {
  if (ctx.dialect.locks === undefined) return;
  yield* change({
    sql: `SELECT 1 FROM devices WHERE device_id = ? ${lockedRows(ctx, 'devices')}`,
    parameters: [deviceId],
  });
}

/** device 1.6: the node that held the older session closes it, however this one fares. */
function* endElsewhere(
  ctx: SqlContext,
  node: string,
  { deviceId, epoch }: { readonly deviceId: DeviceId; readonly epoch: number },
): Program<void> {
  const letter = { kind: 'close', deviceIds: [deviceId], reason: 'taken-over', olderThan: epoch } as const;
  yield* postLetters(ctx, [{ node, letter }]);
}

/** device 5: `status_at` moves with a change alone: a takeover or a return within the delay is none. */
function* turnOnline({ deviceId, address, at }: NewSession): Program<void> {
  yield* change({
    sql: `UPDATE devices SET status_at = CASE connectivity WHEN 'ONLINE' THEN status_at ELSE ? END, connectivity = 'ONLINE',
      active_at = coalesce(active_at, ?), last_address = ? WHERE device_id = ?`,
    parameters: [at, at, address, deviceId],
  });
}
