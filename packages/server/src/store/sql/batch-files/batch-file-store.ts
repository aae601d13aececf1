import type { Selectable } from 'kysely';
import { type BatchFile, batchFilesMax, type TableRow } from '../../../domain/batch-file.ts';
import { type AppId, asId, type BatchFileId, type ProjectId, type RecordId } from '../../../domain/ids.ts';
import { Problem } from '../../../domain/problem.ts';
import type { BatchFileScope, BatchFileStore, NewBatchFile } from '../../../ports/store/batch-file-store.ts';
import { insertRows } from '../insert-rows.ts';
import { freeRows, lockProject } from '../locks.ts';
import { all, change, first, type Program } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import type { BatchFilesTable } from '../tables.ts';
import { boxSeqOf, openRows, sealRows } from './sealed-rows.ts';

export function createBatchFileStore({ read, write }: Runner, ctx: SqlContext): BatchFileStore {
  return {
    begin: (file) => write(() => beginFile(ctx, file)),
    addRows: (fileId, firstSeq, rows) => write(() => addRows(ctx, { fileId, firstSeq, rows })),
    finish: (file, now) => write(() => finishFile(ctx, file, now)),
    checkRoom: (file, now) => read(() => checkRoom(ctx, file, now)),
    find: (projectId, fileId, now) => read(() => findFile(ctx, { projectId, fileId, now })),
    list: (scope, now) => read(() => listFiles(ctx, scope, now)),
    listRows: (fileId, firstSeq, limit) => read(() => listFileRows(ctx, { fileId, firstSeq, limit })),
    delete: (scope, fileId, now) => write(() => deleteFile(ctx, scope, { fileId, now })),
    discard: (fileId) => write(() => discardFile(ctx, fileId)),
    discardBegunBefore: (time) => write(() => discardBegunBefore(ctx, time)),
    purge: (now, limit) => write(() => purgeFiles(ctx, now, limit)),
  };
}

interface FileKey {
  readonly projectId: ProjectId;
  readonly fileId: BatchFileId;
  readonly now: number;
}

function* beginFile(ctx: SqlContext, file: NewBatchFile): Program<void> {
  yield* change(
    ctx.db.insertInto('batch_files').values({
      file_id: file.fileId,
      record_id: file.recordId,
      project_id: file.projectId,
      app_id: file.appId ?? null,
      file_name: file.fileName,
      columns: '[]',
      state: 'loading',
      uploaded_at: file.uploadedAt,
      expires_at: file.expiresAt,
    }),
  );
}

const rowColumns = { file_id: 'text', seq: 'int', row_no: 'int', cells: 'text' } as const;

function* addRows(
  ctx: SqlContext,
  { fileId, firstSeq, rows }: { fileId: BatchFileId; firstSeq: number; rows: readonly TableRow[] },
): Program<void> {
  const sealed = sealRows(
    ctx.box,
    firstSeq,
    rows.map(({ cells }) => cells),
  );
  const values = rows.map(({ rowNo }, index) => [fileId, firstSeq + index, rowNo, sealed[index] ?? '']);
  yield* insertRows(ctx, { into: 'batch_file_rows', columns: rowColumns, rows: values });
}

/** What may be seen of a project's files. */
const presentFiles = (ctx: SqlContext, projectId: ProjectId, now: number) =>
  ctx.db
    .selectFrom('batch_files')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('state', '=', 'present')
    .where('expires_at', '>', now);

function* checkRoom(
  ctx: SqlContext,
  { projectId, appId, fileName }: Pick<BatchFile, 'projectId' | 'appId' | 'fileName'>,
  now: number,
): Program<void> {
  const files = presentFiles(ctx, projectId, now);
  const present = yield* all(
    appId === undefined ? files.where('app_id', 'is', null) : files.where('app_id', '=', appId),
  );
  if (present.some((row) => row.file_name === fileName)) throw new Problem('batchFileNameTaken', { field: 'file' });
  if (present.length >= batchFilesMax) throw new Problem('batchFileLimit');
}

function* finishFile(ctx: SqlContext, file: BatchFile, now: number): Program<void> {
  // Neither the limit nor the name may be looked at by two at once.
  yield* lockProject(ctx, file.projectId);
  yield* checkRoom(ctx, file, now);
  const finished = yield* change(
    ctx.db
      .updateTable('batch_files')
      .set({ state: 'present', columns: JSON.stringify(file.columns) })
      .where('file_id', '=', file.fileId)
      .where('state', '=', 'loading'),
  );
  if (finished === 0) throw new Problem('batchFileNotFound');
}

export function* findFile(ctx: SqlContext, { projectId, fileId, now }: FileKey): Program<BatchFile | undefined> {
  const row = yield* first(presentFiles(ctx, projectId, now).where('file_id', '=', fileId));
  return row && fileOf(row);
}

function* listFiles(ctx: SqlContext, { projectId, appId }: BatchFileScope, now: number): Program<readonly BatchFile[]> {
  const files = presentFiles(ctx, projectId, now).orderBy('record_id', 'desc');
  return (yield* all(appId === undefined ? files : files.where('app_id', '=', appId))).map(fileOf);
}

function* deleteFile(
  ctx: SqlContext,
  { projectId, appId }: BatchFileScope,
  { fileId, now }: Omit<FileKey, 'projectId'>,
): Program<void> {
  const file = ctx.db
    .updateTable('batch_files')
    .set({ state: 'gone' })
    .where('file_id', '=', fileId)
    .where('project_id', '=', projectId)
    .where('state', '=', 'present')
    .where('expires_at', '>', now);
  const deleted = yield* change(appId === undefined ? file : file.where('app_id', '=', appId));
  if (deleted === 0) throw new Problem('batchFileNotFound');
}

const discarded = (ctx: SqlContext) =>
  ctx.db.updateTable('batch_files').set({ state: 'gone', expires_at: 0 }).where('state', '=', 'loading');

function* discardFile(ctx: SqlContext, fileId: BatchFileId): Program<void> {
  yield* change(discarded(ctx).where('file_id', '=', fileId));
}

function* discardBegunBefore(ctx: SqlContext, time: number): Program<boolean> {
  return (yield* change(discarded(ctx).where('uploaded_at', '<', time))) > 0;
}

/** The rows from `firstSeq` on, in their order. */
export function* listFileRows(
  { box }: SqlContext,
  { fileId, firstSeq, limit }: { readonly fileId: string; readonly firstSeq: number; readonly limit: number },
): Program<readonly TableRow[]> {
  const from = boxSeqOf(firstSeq);
  const rows = yield* all<{ seq: number; row_no: number; cells: string }>({
    sql: 'SELECT seq, row_no, cells FROM batch_file_rows WHERE file_id = ? AND seq >= ? ORDER BY seq LIMIT ?',
    parameters: [fileId, from, limit + firstSeq - from],
  });
  const opened = openRows(box, rows);
  return rows
    .filter(({ seq }) => seq >= firstSeq)
    .map(({ seq, row_no: rowNo }) => ({ rowNo, cells: opened.get(seq) as readonly string[] }));
}

/** One file a call, a step of its rows; the file itself when it has none left. */
function* purgeFiles(ctx: SqlContext, now: number, limit: number): Program<boolean> {
  const file = yield* first<{ file_id: string }>({
    sql: `SELECT f.file_id FROM batch_files f WHERE (f.state = 'gone' OR f.expires_at <= ?)
        AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.source = f.file_id AND t.source_kind = 'file' AND t.expanded = 0)
      ORDER BY f.expires_at LIMIT 1 ${freeRows(ctx, 'f')}`,
    parameters: [now],
  });
  if (file === undefined) return false;
  // Nobody can make a task of it any more.
  yield* change(ctx.db.updateTable('batch_files').set({ state: 'gone' }).where('file_id', '=', file.file_id));
  const lowest = yield* first(
    ctx.db.selectFrom('batch_file_rows').select('seq').where('file_id', '=', file.file_id).orderBy('seq').limit(1),
  );
  const rows = ctx.db.deleteFrom('batch_file_rows').where('file_id', '=', file.file_id);
  if (lowest === undefined) yield* change(ctx.db.deleteFrom('batch_files').where('file_id', '=', file.file_id));
  else yield* change(rows.where('seq', '<', lowest.seq + limit));
  return true;
}

function fileOf(row: Selectable<BatchFilesTable>): BatchFile {
  return {
    fileId: asId<BatchFileId>(row.file_id),
    recordId: asId<RecordId>(row.record_id),
    projectId: asId<ProjectId>(row.project_id),
    ...(row.app_id === null ? {} : { appId: asId<AppId>(row.app_id) }),
    fileName: row.file_name,
    columns: JSON.parse(row.columns) as readonly string[],
    uploadedAt: row.uploaded_at,
    expiresAt: row.expires_at,
  };
}
