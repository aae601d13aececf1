import type { NewExport } from '../../src/domain/export-task.ts';
import { asId, type ExportId } from '../../src/domain/ids.ts';
import { builtAt, recordId } from './chance.ts';

export const builtExportLifeMs = 7 * 24 * 3_600_000;

/** A workbook without secrets. */
export function anExport(over: Partial<NewExport> & Pick<NewExport, 'projectId' | 'taskId'>): NewExport {
  const id = recordId();
  return {
    ...{ exportId: asId<ExportId>(id), recordId: id, appType: 'GLOBAL', format: 'xlsx', showsSecrets: false },
    ...{ createdAt: builtAt, expiresAt: builtAt + builtExportLifeMs },
    ...over,
  };
}
