import { asId, type DeviceId, type ProjectId } from '../../../domain/ids.ts';
import type { JsonObject } from '../../../domain/json.ts';
import type { RunRef } from '../../../domain/request-id.ts';
import type { SubtaskStore } from '../../../ports/store/subtask-store.ts';
import { all, change, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { offlineStep } from './outcome.ts';

interface HolderRow {
  readonly target: string;
  readonly task_no: number;
  readonly seq: number;
  readonly attempt: number;
}

type Holder = RunRef & { readonly deviceId: DeviceId };

const holderOf = (row: HolderRow): Holder => ({
  deviceId: asId<DeviceId>(row.target),
  taskNo: row.task_no,
  seq: row.seq,
  attempt: row.attempt,
});

export function* findLaneHolders({ dialect }: SqlContext, deviceIds: readonly DeviceId[]): Program<readonly Holder[]> {
  const asked = dialect.rows(
    { id: 'text' },
    deviceIds.map((deviceId) => [deviceId]),
  );
  const rows = yield* all<HolderRow>({
    sql: `SELECT s.target, s.task_no, s.seq, s.attempt FROM ${asked.from}
      ${dialect.orderedJoin} subtasks s ON s.target = r.id AND s.lane IS NOT NULL`,
    parameters: asked.parameters,
  });
  return rows.map(holderOf);
}

export function* listChildLaneHolders(
  { dialect }: SqlContext,
  gatewayId: DeviceId,
  { after, limit }: { readonly after: string; readonly limit: number },
): Program<readonly Holder[]> {
  const rows = yield* all<HolderRow>({
    sql: `SELECT s.target, s.task_no, s.seq, s.attempt FROM devices d
      ${dialect.orderedJoin} subtasks s ON s.target = d.device_id AND s.lane IS NOT NULL
      WHERE d.root_id = ? AND d.parent_id IS NOT NULL AND d.connectivity = 'ONLINE' AND d.device_id > ?
      ORDER BY d.device_id LIMIT ?`,
    parameters: [gatewayId, after, limit],
  });
  return rows.map(holderOf);
}

const releasedSets = `step = NULL, hold = NULL, due_at = CASE state WHEN 'FailWaitRetry' THEN CAST(? AS BIGINT) END`;
/** Word for word as the index `subtasks_offline` says it: SQLite proves by words. */
const waitsForDevice = `subtasks.step = '${offlineStep}' AND subtasks.state IN ('Waitting', 'FailWaitRetry')`;

/** What waits until its device can be reached has its turn, now that it can. True: there was some. */
export function* releaseOffline(
  { dialect }: SqlContext,
  deviceIds: readonly DeviceId[],
  now: number,
): Program<boolean> {
  const asked = dialect.rows(
    { id: 'text' },
    deviceIds.map((deviceId) => [deviceId]),
  );
  const released = yield* change({
    sql: `UPDATE subtasks ${dialect.indexedBy('subtasks_offline')} SET ${releasedSets} FROM ${asked.from} WHERE subtasks.target = r.id AND ${waitsForDevice}`,
    parameters: [now, ...asked.parameters],
  });
  return released > 0;
}

/** The same of a gateway's children that are ONLINE (device 7.5). */
export function* releaseOfflineChildren({ dialect }: SqlContext, gatewayId: DeviceId, now: number): Program<boolean> {
  const released = yield* change({
    sql: `UPDATE subtasks ${dialect.indexedBy('subtasks_offline')} SET ${releasedSets} FROM devices d
      WHERE d.root_id = ? AND d.parent_id IS NOT NULL AND d.connectivity = 'ONLINE' AND subtasks.target = d.device_id AND ${waitsForDevice}`,
    parameters: [now, gatewayId],
  });
  return released > 0;
}

export function* findLatestUpgrade(deviceId: DeviceId): Program<{ taskNo: number; seq: number } | undefined> {
  const row = yield* first<{ task_no: number; seq: number }>({
    sql: `SELECT s.task_no, s.seq FROM subtasks s JOIN tasks t ON t.task_no = s.task_no
      WHERE s.target = ? AND t.package_id IS NOT NULL ORDER BY s.task_no DESC, s.seq DESC LIMIT 1`,
    parameters: [deviceId],
  });
  return row === undefined ? undefined : { taskNo: row.task_no, seq: row.seq };
}

export function* listHistory(
  taskNo: number,
  seq: number,
): Program<readonly { at: number; kind: string; body: JsonObject }[]> {
  const rows = yield* all<{ at: number; kind: string; body: string }>({
    sql: 'SELECT at, kind, body FROM subtask_history WHERE task_no = ? AND seq = ? ORDER BY no',
    parameters: [taskNo, seq],
  });
  return rows.map((row) => ({ at: row.at, kind: row.kind, body: JSON.parse(row.body) as JsonObject }));
}

/** Good while its run is Processing in the same attempt: whatever ends the run revokes the token (device 8.2). */
export function* findGrant(tokenHash: string, now: number): Program<Awaited<ReturnType<SubtaskStore['findGrant']>>> {
  const row = yield* first<HolderRow & { device_id: string; package_id: string; project_id: string }>({
    sql: `SELECT g.device_id, g.package_id, t.project_id, g.device_id AS target, g.task_no, g.seq, g.attempt
      FROM download_grants g
      JOIN subtasks s ON s.task_no = g.task_no AND s.seq = g.seq AND s.attempt = g.attempt AND s.state = 'Processing'
      JOIN tasks t ON t.task_no = g.task_no
      WHERE g.token_hash = ? AND g.expires_at > ?`,
    parameters: [tokenHash, now],
  });
  if (row === undefined) return undefined;
  const { task_no: taskNo, seq, attempt } = row;
  return {
    deviceId: asId<DeviceId>(row.device_id),
    packageId: row.package_id,
    projectId: asId<ProjectId>(row.project_id),
    run: { taskNo, seq, attempt },
  };
}
