import type { DeviceId } from '../../../domain/ids.ts';
import type { SessionRef } from '../../../domain/run.ts';
import type { SessionStore } from '../../../ports/store/device-store.ts';
import { change, first, type Program } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import { attachSession } from './attach-session.ts';
import { findLogin, findReach } from './session-queries.ts';

/** A node may hold tens of thousands of sessions; one statement for all would hold the event loop too long. */
const detachStep = 1000;

export function createSessionStore({ read, write }: Runner, ctx: SqlContext): SessionStore {
  return {
    findLogin: (deviceId) => read(() => findLogin(ctx, deviceId)),
    attach: (session) => write(() => attachSession(session)),
    detach: (deviceId, session, at) => write(() => detach(deviceId, session, at)),
    detachNode: async (node, at) => {
      // Connections that the node accepts meanwhile have a newer epoch and are spared.
      const epochMax = await read(lastEpoch);
      let detached: number;
      do {
        detached = await write(() => detachSome({ node, at, epochMax }));
      } while (detached === detachStep);
    },
    settleOffline: (endedBefore, limit) => write(() => settleOffline(endedBefore, limit)),
    earliestEnded: () => read(earliestEnded),
    findReach: (projectId, deviceId) => read(() => findReach(ctx, projectId, deviceId)),
  };
}

function* detach(deviceId: DeviceId, session: SessionRef, at: number): Program<void> {
  yield* change({
    sql: 'UPDATE sessions SET ended_at = ? WHERE device_id = ? AND node = ? AND epoch = ? AND ended_at IS NULL',
    parameters: [at, deviceId, session.node, session.epoch],
  });
}

function* lastEpoch(): Program<number> {
  const row = yield* first<{ last: number }>({ sql: 'SELECT last FROM session_epoch', parameters: [] });
  return row?.last ?? 0;
}

function* detachSome(of: { node: string; at: number; epochMax: number }): Program<number> {
  return yield* change({
    sql: `UPDATE sessions SET ended_at = ? WHERE device_id IN
      (SELECT device_id FROM sessions WHERE node = ? AND ended_at IS NULL AND epoch <= ? LIMIT ?)`,
    parameters: [of.at, of.node, of.epochMax, detachStep],
  });
}

const endedFirst = `SELECT device_id FROM sessions WHERE ended_at IS NOT NULL AND ended_at <= ?
  ORDER BY ended_at, device_id LIMIT ?`;

/** device 5: OFFLINE after the delay; the time of the change is when the connection ended. */
function* settleOffline(endedBefore: number, limit: number): Program<number> {
  yield* change({
    sql: `UPDATE devices SET connectivity = 'OFFLINE',
      status_at = (SELECT ended_at FROM sessions WHERE sessions.device_id = devices.device_id)
      WHERE connectivity = 'ONLINE' AND device_id IN (${endedFirst})`,
    parameters: [endedBefore, limit],
  });
  // Done with: what stays in the table is connected or waits for its delay.
  return yield* change({
    sql: `DELETE FROM sessions WHERE device_id IN (${endedFirst})`,
    parameters: [endedBefore, limit],
  });
}

function* earliestEnded(): Program<number | undefined> {
  const row = yield* first<{ at: number | null }>({
    sql: 'SELECT min(ended_at) AS at FROM sessions WHERE ended_at IS NOT NULL',
    parameters: [],
  });
  return row?.at ?? undefined;
}
