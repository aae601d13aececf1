import type { Selectable } from 'kysely';
import type { App } from '../../../domain/app.ts';
import { type AppId, asId, type ProjectId, type RecordId } from '../../../domain/ids.ts';
import { flagOf } from '../columns.ts';
import type { AppsTable } from '../tables.ts';

export function appOf(row: Selectable<AppsTable>): App {
  return {
    recordId: asId<RecordId>(row.record_id),
    appId: asId<AppId>(row.app_id),
    projectId: asId<ProjectId>(row.project_id),
    name: row.name,
    isDefault: row.is_default === 1,
    createdAt: row.created_at,
  };
}

export function rowOfApp(app: App): Selectable<AppsTable> {
  return {
    record_id: app.recordId,
    app_id: app.appId,
    project_id: app.projectId,
    name: app.name,
    is_default: flagOf(app.isDefault),
    created_at: app.createdAt,
  };
}
