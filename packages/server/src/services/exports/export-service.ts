import { Readable } from 'node:stream';
import type { ExportFilter, ExportTask } from '../../domain/export-task.ts';
import { type AppId, asId, type ExportId, type ProjectId, type RecordId, type TaskId } from '../../domain/ids.ts';
import type { Page, PageRequest } from '../../domain/paging.ts';
import { invalid, Problem } from '../../domain/problem.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { AppStore } from '../../ports/store/catalogue-stores.ts';
import type { ExportRun, ExportStore } from '../../ports/store/export-store.ts';
import { checkAppFilter } from '../app-scope.ts';

export interface CreateExport {
  readonly taskId: TaskId;
  readonly appType: 'GLOBAL' | 'APP';
  readonly appId: AppId | undefined;
  readonly format: 'xlsx' | 'csv';
  /** Whether who asks may see secrets, which are written then. */
  readonly maySeeSecrets: boolean;
}

export interface ExportFile {
  /** The task's name. */
  readonly name: string;
  readonly size: number;
  /** Exactly `size` bytes; fails where the export is deleted before the end. */
  readonly body: Readable;
}

/** Results of batch tasks as files (v5 14). */
export interface ExportService {
  /** Problems: invalidInput (`appId`), appNotFound, taskNotFound, exportLimit. */
  create(projectId: ProjectId, command: CreateExport): Promise<ExportTask>;
  /** Problems: appNotFound. */
  list(filter: ExportFilter, page: PageRequest): Promise<Page<ExportTask>>;
  /** Problems: exportNotFound. */
  get(projectId: ProjectId, exportId: ExportId): Promise<ExportTask>;
  /** Problems: exportNotFound, exportWithoutFile, permissionDenied (there are secrets in it, and the caller may not see them). */
  open(projectId: ProjectId, exportId: ExportId, maySeeSecrets: boolean): Promise<ExportFile>;
  /** With its file. Problems: exportNotFound. */
  delete(projectId: ProjectId, exportId: ExportId): Promise<void>;
}

export interface ExportServiceParts {
  readonly store: { readonly apps: AppStore; readonly exports: ExportStore };
  readonly clock: Clock;
  readonly random: Random;
  /** MUSTER_EXPORT_LIFE_SECONDS. */
  readonly lifeMs: number;
}

export function createExportService(parts: ExportServiceParts): ExportService {
  const { store, clock } = parts;
  const find = async (projectId: ProjectId, exportId: ExportId) => {
    const found = await store.exports.find({ projectId, exportId, now: clock.now() });
    if (found === undefined) throw new Problem('exportNotFound');
    return found;
  };
  return {
    create: (projectId, command) => create(parts, projectId, command),
    list: async (filter, page) => {
      await checkAppFilter(store.apps, filter.projectId, filter.appId);
      return store.exports.list(filter, page, clock.now());
    },
    get: async (projectId, exportId) => (await find(projectId, exportId)).task,
    open: async (projectId, exportId, maySeeSecrets) => {
      const { task, run } = await find(projectId, exportId);
      if (task.status !== 'Success') throw new Problem('exportWithoutFile');
      if (task.hasSecrets && !maySeeSecrets) throw new Problem('permissionDenied');
      const { name, size } = task;
      const chunks = chunksOf(store.exports, { exportId, run }, size);
      return { name, size, body: Readable.from(chunks, { objectMode: false }) };
    },
    delete: (projectId, exportId) => store.exports.delete({ projectId, exportId, now: clock.now() }),
  };
}

async function create(
  { store, clock, random, lifeMs }: ExportServiceParts,
  projectId: ProjectId,
  { maySeeSecrets: showsSecrets, ...wish }: CreateExport,
): Promise<ExportTask> {
  if (wish.appType === 'APP' && wish.appId === undefined) throw invalid('appId', 'is required with APP');
  await checkAppFilter(store.apps, projectId, wish.appId);
  const exportId = asId<ExportId>(random.orderedId());
  const createdAt = clock.now();
  return store.exports.insert({
    ...wish,
    ...{ exportId, recordId: asId<RecordId>(exportId), projectId, showsSecrets, createdAt },
    expiresAt: createdAt + lifeMs,
  });
}

/** Each when the one before was taken. */
async function* chunksOf(
  exports: Pick<ExportStore, 'readChunk'>,
  run: ExportRun,
  size: number,
): AsyncGenerator<Uint8Array> {
  let sent = 0;
  for (let part = 0; sent < size; part += 1) {
    const bytes = await exports.readChunk(run, part);
    if (bytes === undefined) throw new Error('The export was deleted while its file was downloaded.');
    sent += bytes.length;
    yield bytes;
  }
}
