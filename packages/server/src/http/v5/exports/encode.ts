import type { ExportTask as WireExport } from '@muster/contract/v5';
import type { ExportTask } from '../../../domain/export-task.ts';
import { present } from '../../../domain/present.ts';
import { toMillisTime } from '../../../domain/time.ts';

const formats = { xlsx: 'xls', csv: 'csv' } as const;

/** v5 14, Export. */
export function encodeExport(task: ExportTask): WireExport {
  return {
    export_task_id: task.exportId,
    resource_type: 'BatchTask',
    resource_condition: { task_id: task.taskId },
    export_format: formats[task.format],
    app_type: task.appType,
    ...present({ app_id: task.appId }),
    status: task.status,
    export_count: task.rows,
    progress: task.progress,
    create_time: toMillisTime(task.createdAt),
    ...present({ end_time: task.endedAt === undefined ? undefined : toMillisTime(task.endedAt) }),
  };
}
