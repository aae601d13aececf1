import { sql } from 'kysely';
import {
  type ExportFilter,
  type ExportTask,
  exportsKeptMax,
  exportsUnfinishedMax,
  type NewExport,
} from '../../../domain/export-task.ts';
import type { Page, PageRequest } from '../../../domain/paging.ts';
import { Problem } from '../../../domain/problem.ts';
import type { ExportKey, ExportStore } from '../../../ports/store/export-store.ts';
import { lockProject } from '../locks.ts';
import { selectPage } from '../page.ts';
import { change, first, type Program } from '../program.ts';
import type { Runner, SqlContext } from '../sql-context.ts';
import { exportOf, rowOfExport } from './export-codec.ts';
import { purgeExports } from './purge-exports.ts';
import {
  addChunk,
  claimExport,
  discardEarlier,
  endExport,
  findFree,
  readChunk,
  releaseExport,
  reportExport,
} from './runs.ts';

export function createExportStore({ read, write }: Runner, ctx: SqlContext): ExportStore {
  return {
    insert: (fresh) => write(() => insertExport(ctx, fresh)),
    list: (filter, page, now) => read(() => listExports(ctx, filter, { page, now })),
    find: (key) => read(() => findExport(ctx, key)),
    delete: (key) => write(() => deleteExport(ctx, key)),
    readChunk: (run, part) => read(() => readChunk(ctx, run, part)),
    // Most looks find nothing, and a look costs no transaction.
    claim: async (claim) =>
      (await read(() => findFree(ctx, claim))) === undefined ? undefined : write(() => claimExport(ctx, claim)),
    discardEarlier: (run, limit) => write(() => discardEarlier(ctx, run, limit)),
    report: (run, report) => write(() => reportExport(ctx, run, report)),
    addChunk: (run, chunk) => write(() => addChunk(ctx, run, chunk)),
    succeed: (run, end) => write(() => endExport(ctx, run, { state: 'Success', ...end })),
    fail: (run, end) => write(() => endExport(ctx, run, { state: 'Failed', ...end })),
    release: (run, at) => write(() => releaseExport(ctx, run, at)),
    purge: (now, limit) => write(() => purgeExports(ctx, now, limit)),
  };
}

// Literally in the text: only so a database can prove that a partial index has every row.
const gone = sql<'gone'>`'gone'`;
const processing = sql<'Processing'>`'Processing'`;

/** What may be seen of a project's exports. */
const present = (ctx: SqlContext, projectId: string, now: number) =>
  ctx.db
    .selectFrom('exports')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('state', '<>', gone)
    .where('expires_at', '>', now);

function* insertExport(ctx: SqlContext, fresh: NewExport): Program<ExportTask> {
  const { projectId, taskId, appType, appId, createdAt } = fresh;
  yield* lockProject(ctx, projectId);
  let query = ctx.db
    .selectFrom('tasks')
    .select(['task_no', 'name'])
    .where('task_id', '=', taskId)
    .where('project_id', '=', projectId);
  if (appType === 'APP' && appId !== undefined) query = query.where('app_id', '=', appId);
  const task = yield* first(query);
  if (task === undefined) throw new Problem('taskNotFound', { field: 'taskId' });
  const counted = present(ctx, projectId, createdAt).clearSelect();
  const kept = yield* first(counted.select((eb) => eb.fn.countAll<number>().as('count')));
  const unfinished = yield* first(
    counted.where('state', '=', processing).select((eb) => eb.fn.countAll<number>().as('count')),
  );
  if ((kept?.count ?? 0) >= exportsKeptMax || (unfinished?.count ?? 0) >= exportsUnfinishedMax) {
    throw new Problem('exportLimit');
  }
  const { name, task_no: taskNo } = task;
  yield* change(ctx.db.insertInto('exports').values(rowOfExport(fresh, { taskNo, name })));
  const started = { status: 'Processing', rows: 0, progress: 1, hasSecrets: false, size: 0 } as const;
  return { ...fresh, name, ...started, endedAt: undefined };
}

function* listExports(
  ctx: SqlContext,
  { projectId, taskId, appType, appId }: ExportFilter,
  { page, now }: { readonly page: PageRequest; readonly now: number },
): Program<Page<ExportTask>> {
  let base = present(ctx, projectId, now);
  if (taskId !== undefined) base = base.where('task_id', '=', taskId);
  if (appType !== undefined) base = base.where('app_type', '=', appType);
  if (appId !== undefined) base = base.where('app_id', '=', appId);
  return yield* selectPage(base, { key: 'exports.record_id', page, decode: exportOf });
}

function* findExport(ctx: SqlContext, { projectId, exportId, now }: ExportKey) {
  const row = yield* first(present(ctx, projectId, now).where('export_id', '=', exportId));
  return row && { task: exportOf(row), run: row.run };
}

/** Whoever is writing it finds out with the next report. */
function* deleteExport(ctx: SqlContext, { projectId, exportId, now }: ExportKey): Program<void> {
  const deleted = yield* change(
    ctx.db
      .updateTable('exports')
      .set({ state: 'gone', due_at: null, expires_at: 0 })
      .where('export_id', '=', exportId)
      .where('project_id', '=', projectId)
      .where('state', '<>', 'gone')
      .where('expires_at', '>', now),
  );
  if (deleted === 0) throw new Problem('exportNotFound');
}
