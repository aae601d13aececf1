import type { Insertable, Selectable } from 'kysely';
import type { ExportTask, NewExport } from '../../../domain/export-task.ts';
import { type AppId, asId, type ExportId, type ProjectId, type RecordId, type TaskId } from '../../../domain/ids.ts';
import { flagOf, orNull, orUndefined } from '../columns.ts';
import type { ExportsTable } from '../tables.ts';

export type ExportRow = Selectable<ExportsTable>;

export function exportOf(row: ExportRow): ExportTask {
  const { state } = row;
  if (state === 'gone') throw new Error('An export that is gone was read.');
  return {
    exportId: asId<ExportId>(row.export_id),
    recordId: asId<RecordId>(row.record_id),
    projectId: asId<ProjectId>(row.project_id),
    taskId: asId<TaskId>(row.task_id),
    name: row.name,
    appType: row.app_type,
    appId: row.app_id === null ? undefined : asId<AppId>(row.app_id),
    format: row.format,
    showsSecrets: row.shows_secrets === 1,
    hasSecrets: row.has_secrets === 1,
    status: state,
    rows: row.export_count,
    progress: row.progress,
    size: row.size,
    createdAt: row.created_at,
    endedAt: orUndefined(row.ended_at),
    expiresAt: row.expires_at,
  };
}

export function rowOfExport(
  fresh: NewExport,
  { taskNo, name }: { readonly taskNo: number; readonly name: string },
): Insertable<ExportsTable> {
  return {
    export_id: fresh.exportId,
    record_id: fresh.recordId,
    project_id: fresh.projectId,
    task_no: taskNo,
    task_id: fresh.taskId,
    name,
    app_type: fresh.appType,
    app_id: orNull(fresh.appId),
    format: fresh.format,
    shows_secrets: flagOf(fresh.showsSecrets),
    state: 'Processing',
    due_at: fresh.createdAt,
    created_at: fresh.createdAt,
    expires_at: fresh.expiresAt,
  };
}
