import { Type } from 'typebox';
import type { Static } from 'typebox';
import { defaulted } from '../schema.ts';
import { PageInfo, appIdField, oneOf, pagingQuery, shown, string } from './primitives.ts';

const resourceTypes = ['BatchTask'] as const;
const appTypes = ['GLOBAL', 'APP'] as const;

/** v5 14. */
export const CreateExportTaskRequest = Type.Object({
  resource_type: oneOf(resourceTypes, 'What is exported.'),
  resource_condition: Type.Object(
    { task_id: string(128, 'The batch task whose subtasks are exported.', 1) },
    { description: 'Which one of them.' },
  ),
  export_format: defaulted(oneOf(['xls', 'csv'], 'A workbook (.xlsx), or Extension: a text (.csv).'), 'xls'),
  app_type: defaulted(
    oneOf(appTypes, 'Whether the batch task may be of any application, or is of that in `app_id`.'),
    'GLOBAL',
  ),
  app_id: Type.Optional(appIdField('Application; required with the app_type APP.')),
});
export type CreateExportTaskRequest = Static<typeof CreateExportTaskRequest>;

export const ListExportTasksQuery = Type.Object({
  resource_type: oneOf(resourceTypes, 'What was exported.'),
  resource_condition: Type.Optional(string(512, 'JSON text `{"task_id":"…"}`: only exports of this batch task.')),
  app_type: Type.Optional(oneOf(appTypes, 'Only exports of this app_type.')),
  app_id: Type.Optional(appIdField('Only exports of this application.')),
  ...pagingQuery,
});
export type ListExportTasksQuery = Static<typeof ListExportTasksQuery>;

export const ExportTask = Type.Object({
  export_task_id: shown('Id of the export task, 24 hex.'),
  resource_type: oneOf(resourceTypes, 'What is exported.'),
  resource_condition: Type.Object(
    { task_id: shown('The batch task whose subtasks are exported.') },
    { description: 'Which one of them.' },
  ),
  export_format: oneOf(['xls', 'csv'], 'Kind of the file in the archive.'),
  app_type: oneOf(appTypes, 'As it was given.'),
  app_id: Type.Optional(shown('As it was given.')),
  status: oneOf(['Processing', 'Success', 'Failed'], 'How far it is; with Success there is a file.'),
  export_count: Type.Integer({ description: 'Subtasks written so far.' }),
  progress: Type.Integer({ description: 'Percent, 1 to 100.' }),
  create_time: shown('When it was asked for, yyyy-MM-ddTHH:mm:ss.SSSZ.'),
  end_time: Type.Optional(shown('When it ended, the same form.')),
});
export type ExportTask = Static<typeof ExportTask>;

export const ListExportTasksResponse = Type.Object({
  export_tasks: Type.Array(ExportTask, { description: 'This page.' }),
  page: PageInfo,
});
export type ListExportTasksResponse = Static<typeof ListExportTasksResponse>;
