import type { Decoded } from '@muster/contract';
import type { CreateExportTaskRequest, ListExportTasksQuery } from '@muster/contract/v5';
import type { ExportFilter } from '../../../domain/export-task.ts';
import { type AppId, asId, type ProjectId, type TaskId } from '../../../domain/ids.ts';
import { isJsonObject } from '../../../domain/json.ts';
import { invalid } from '../../../domain/problem.ts';
import type { CreateExport } from '../../../services/exports/export-service.ts';
import { given, givenId } from '../given.ts';

/** `xls` is the official word for a workbook. */
const formats = { xls: 'xlsx', csv: 'csv' } as const;

export function decodeCreateExport(
  body: Decoded<typeof CreateExportTaskRequest>,
  maySeeSecrets: boolean,
): CreateExport {
  return {
    taskId: asId<TaskId>(body.resource_condition.task_id),
    appType: body.app_type,
    appId: givenId<AppId>(body.app_id),
    format: formats[body.export_format],
    maySeeSecrets,
  };
}

export function decodeExportFilter(projectId: ProjectId, query: Decoded<typeof ListExportTasksQuery>): ExportFilter {
  return {
    projectId,
    taskId: decodeCondition(given(query.resource_condition)),
    appType: query.app_type,
    appId: givenId<AppId>(query.app_id),
  };
}

const field = 'resource_condition';

/** v5 14: JSON text in the query. */
function decodeCondition(text: string | undefined): TaskId | undefined {
  if (text === undefined) return undefined;
  const condition = parsed(text);
  if (!isJsonObject(condition)) throw invalid(field, 'must be the text of a JSON object');
  const { task_id: taskId } = condition;
  if (taskId === undefined || taskId === null) return undefined;
  if (typeof taskId !== 'string') throw invalid(`${field}.task_id`, 'must be a string');
  return asId<TaskId>(taskId.replaceAll('\0', '\ufffd'));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(field, 'must be the text of a JSON object');
  }
}
