import type { DeviceId } from '../../../domain/ids.ts';
import type { SessionRef } from '../../../domain/run.ts';
import type { SessionStore } from '../../../ports/store/device-store.ts';
import { checked } from '../checked.ts';
import { publishStatuses } from '../events/device-events.ts';
import { freeRows } from '../locks.ts';
import { all, change, first, type Program } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import { attachSession } from './attach-session.ts';
import { detachSome, lastEpoch } from './detach-node.ts';
import { findLogin, findReach } from './session-queries.ts';

/** A node may hold tens of thousands of sessions; one statement for all would hold the event loop too long. */
const detachStep = 1000;

export function createSessionStore({ read, write }: Runner, ctx: SqlContext): SessionStore {
  return {
    findLogin: (deviceId) => read(() => findLogin(ctx, deviceId)),
    adoptFingerprint: (deviceId, fingerprint) => write(() => adoptFingerprint(deviceId, fingerprint)),
    attach: (session) => write(() => attachSession(ctx, session)),
    activate: (deviceId, at) => write(() => activate(ctx, deviceId, at)),
    detach: (deviceId, session, at) => write(() => detach(deviceId, session, at)),
    detachNode: async (node, at) => {
      // Connections that the node accepts meanwhile have a newer epoch and are spared.
      const epochMax = await read(() => lastEpoch(ctx));
      let detached: number;
      do {
        detached = await write(() => detachSome(ctx, { node, at, epochMax, limit: detachStep }));
      } while (detached === detachStep);
    },
    settleOffline: (endedBefore, limit) => write(() => settleOffline(ctx, endedBefore, limit)),
    earliestEnded: () => read(earliestEnded),
    findReach: (projectId, deviceId) => read(() => findReach(ctx, projectId, deviceId)),
  };
}

/** One statement: of two first connections with different certificates, on whatever nodes, one is the first. */
function* adoptFingerprint(deviceId: DeviceId, fingerprint: string): Program<boolean> {
  const adopted = yield* change({
    sql: `UPDATE devices SET fingerprint = ? WHERE device_id = ? AND fingerprint IS NULL AND secondary_fingerprint IS NULL
      AND auth_type = 'CERTIFICATES'`,
    parameters: [fingerprint, deviceId],
  });
  return adopted > 0;
}

function* activate(ctx: SqlContext, deviceId: DeviceId, at: number): Program<void> {
  const activated = yield* all<{ project_id: string; frozen: number }>({
    sql: `UPDATE devices SET connectivity = 'OFFLINE', active_at = ?, status_at = ?
      WHERE device_id = ? AND connectivity = 'INACTIVE' RETURNING project_id, frozen`,
    parameters: [at, at, deviceId],
  });
  for (const { project_id: projectId, frozen } of activated) {
    if (frozen === 0) yield* publishStatuses(ctx, [projectId], [deviceId]);
  }
}

function* detach(deviceId: DeviceId, session: SessionRef, at: number): Program<void> {
  yield* change({
    sql: 'UPDATE sessions SET ended_at = ? WHERE device_id = ? AND node = ? AND epoch = ? AND ended_at IS NULL',
    parameters: [at, deviceId, session.node, session.epoch],
  });
}

/** device 5: OFFLINE after the delay; the time of the change is when the connection ended. */
function* settleOffline(ctx: SqlContext, endedBefore: number, limit: number): Program<number> {
  // Done with: what stays in the table is connected or waits for its delay.
  const ended = yield* all<{ device_id: string; ended_at: number }>({
    sql: `DELETE FROM sessions WHERE device_id IN (SELECT device_id FROM sessions WHERE ended_at IS NOT NULL AND ended_at <= ?
      ORDER BY ended_at, device_id LIMIT ? ${freeRows(ctx, 'sessions')}) RETURNING device_id, ended_at`,
    parameters: [endedBefore, limit],
  });
  if (ended.length === 0) return 0;
  const set = ctx.dialect.rows(
    { id: 'text', at: 'int' },
    ended.map((row) => [row.device_id, row.ended_at]),
  );
  const offline = yield* all<{ device_id: string; project_id: string; frozen: number }>({
    sql: `UPDATE devices SET connectivity = 'OFFLINE', status_at = r.at
      FROM ${set.from} WHERE devices.device_id = r.id AND ${checked('devices.connectivity')} = 'ONLINE'
      RETURNING devices.device_id, devices.project_id, devices.frozen`,
    parameters: set.parameters,
  });
  // What is frozen is shown as before.
  const shown = offline.filter(({ frozen }) => frozen === 0);
  const projectIds = new Set(shown.map((row) => row.project_id));
  yield* publishStatuses(
    ctx,
    [...projectIds],
    shown.map((row) => row.device_id),
  );
  return ended.length;
}

function* earliestEnded(): Program<number | undefined> {
  const row = yield* first<{ at: number | null }>({
    sql: 'SELECT min(ended_at) AS at FROM sessions WHERE ended_at IS NOT NULL',
    parameters: [],
  });
  return row?.at ?? undefined;
}
