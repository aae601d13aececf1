import { asId, type ExportId } from '../../../domain/ids.ts';
import type { ClaimExport, ExportEnd, ExportJob, ExportReport, ExportRun } from '../../../ports/store/export-store.ts';
import { flagOf } from '../columns.ts';
import { freeRows } from '../locks.ts';
import { change, first, type Program } from '../program.ts';
import type { SqlContext } from '../sql-context.ts';
import { exportOf, type ExportRow } from './export-codec.ts';

/** One that nobody has, or whose holder was not heard of in its time: a killed node's goes on elsewhere. */
export function* findFree(
  ctx: SqlContext,
  { now, holder }: Omit<ClaimExport, 'leaseUntil'>,
  lock = '',
): Program<ExportRow | undefined> {
  // One writer only: whoever else held one is dead, because its process had to end before this one could begin.
  const isAlone = ctx.dialect.locks === undefined;
  const isFree = isAlone ? '(e.due_at <= ? OR e.holder <> ?)' : 'e.due_at <= ?';
  return yield* first<ExportRow>({
    sql: `SELECT e.* FROM exports e ${ctx.dialect.indexedBy('exports_due')}
      WHERE e.state = 'Processing' AND ${isFree} AND e.expires_at > ?
      ORDER BY (SELECT count(*) FROM exports o WHERE o.state = 'Processing' AND o.due_at > ? AND o.project_id = e.project_id), e.record_id
      LIMIT 1 ${lock}`,
    parameters: [now, ...(isAlone ? [holder] : []), now, now],
  });
}

export function* claimExport(ctx: SqlContext, claim: ClaimExport): Program<ExportJob | undefined> {
  const row = yield* findFree(ctx, claim, freeRows(ctx, 'e'));
  if (row === undefined) return undefined;
  const run = row.run + 1;
  const begun = { run, holder: claim.holder, due_at: claim.leaseUntil, export_count: 0, progress: 1, size: 0 };
  yield* change(ctx.db.updateTable('exports').set(begun).where('export_id', '=', row.export_id));
  const exportId = asId<ExportId>(row.export_id);
  return { exportId, run, taskNo: row.task_no, task: exportOf({ ...row, ...begun }) };
}

/** Of this run alone: nothing of it may change once somebody else has it. */
const ofRun = (ctx: SqlContext, { exportId, run }: ExportRun) =>
  ctx.db
    .updateTable('exports')
    .where('export_id', '=', exportId)
    .where('run', '=', run)
    .where('state', '=', 'Processing');

export function* reportExport(ctx: SqlContext, run: ExportRun, report: ExportReport): Program<boolean> {
  const { rows, progress, leaseUntil } = report;
  return (yield* change(ofRun(ctx, run).set({ export_count: rows, progress, due_at: leaseUntil }))) > 0;
}

export function* addChunk(
  ctx: SqlContext,
  run: ExportRun,
  { part, bytes }: { readonly part: number; readonly bytes: Uint8Array },
): Program<boolean> {
  // The row is held until the chunk stands, so that a deletion sees it.
  const mine = yield* change(ofRun(ctx, run).set((eb) => ({ size: eb('size', '+', bytes.length) })));
  if (mine === 0) return false;
  const chunk = { export_id: run.exportId, run: run.run, part, bytes: ctx.box.sealBytes(bytes) };
  yield* change(ctx.db.insertInto('export_chunks').values(chunk));
  return true;
}

export function* readChunk(
  ctx: SqlContext,
  { exportId, run }: ExportRun,
  part: number,
): Program<Uint8Array | undefined> {
  const row = yield* first(
    ctx.db
      .selectFrom('export_chunks')
      .select('bytes')
      .where('export_id', '=', exportId)
      .where('run', '=', run)
      .where('part', '=', part),
  );
  return row && ctx.box.openBytes(row.bytes);
}

type End = Pick<ExportEnd, 'endedAt' | 'expiresAt'> & Partial<ExportEnd> & { readonly state: 'Success' | 'Failed' };

export function* endExport(ctx: SqlContext, run: ExportRun, end: End): Program<boolean> {
  const { state, endedAt, expiresAt, rows, hasSecrets } = end;
  const ended = yield* change(
    ofRun(ctx, run).set({
      ...{ state, due_at: null, holder: null, ended_at: endedAt, expires_at: expiresAt },
      ...(rows === undefined ? {} : { export_count: rows, progress: 100 }),
      ...(hasSecrets === undefined ? {} : { has_secrets: flagOf(hasSecrets) }),
    }),
  );
  return ended > 0;
}

export function* releaseExport(ctx: SqlContext, run: ExportRun, at: number): Program<boolean> {
  return (yield* change(ofRun(ctx, run).set({ holder: null, due_at: at }))) > 0;
}

export function* discardEarlier(ctx: SqlContext, { exportId, run }: ExportRun, limit: number): Program<boolean> {
  return (yield* deleteChunks(ctx, { exportId, before: run, limit })) > 0;
}

/** At most `limit` chunks of one run that came before `before`. */
export function* deleteChunks(
  ctx: SqlContext,
  { exportId, before, limit }: { readonly exportId: string; readonly before: number; readonly limit: number },
): Program<number> {
  const lowest = yield* first(
    ctx.db
      .selectFrom('export_chunks')
      .select(['run', 'part'])
      .where('export_id', '=', exportId)
      .where('run', '<', before)
      .orderBy('run')
      .orderBy('part')
      .limit(1),
  );
  if (lowest === undefined) return 0;
  return yield* change(
    ctx.db
      .deleteFrom('export_chunks')
      .where('export_id', '=', exportId)
      .where('run', '=', lowest.run)
      .where('part', '<', lowest.part + limit),
  );
}
