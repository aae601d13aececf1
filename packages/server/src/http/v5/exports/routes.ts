import { CreateExportTaskRequest, ListExportTasksQuery } from '@muster/contract/v5';
import { asId, type ExportId } from '../../../domain/ids.ts';
import type { ExportService } from '../../../services/exports/export-service.ts';
import { contentDisposition } from '../../content-disposition.ts';
import { maySeeDeviceSecrets } from '../device-secrets.ts';
import { withFieldNames } from '../field-names.ts';
import { decodePage, encodePage } from '../page.ts';
import { Answer, type V5Call, v5Route, type V5Route } from '../route.ts';
import { decodeCreateExport, decodeExportFilter } from './decode.ts';
import { encodeExport } from './encode.ts';

const idOf = ({ param }: Pick<V5Call, 'param'>): ExportId => asId<ExportId>(param('export_task_id'));

/** v5 14. */
export function createExportRoutes(exports: ExportService): V5Route[] {
  return withFieldNames({}, [
    v5Route('CreateExportTask', {
      body: CreateExportTaskRequest,
      handle: async (call) => {
        const wish = decodeCreateExport(call.body, maySeeDeviceSecrets(call));
        return encodeExport(await exports.create(call.projectId, wish));
      },
    }),
    v5Route('ListExportTasks', {
      query: ListExportTasksQuery,
      handle: async ({ projectId, query }) => {
        const page = await exports.list(decodeExportFilter(projectId, query), decodePage(query));
        return { export_tasks: page.items.map(encodeExport), page: encodePage(page) };
      },
    }),
    v5Route('ShowExportTask', {
      handle: async (call) => encodeExport(await exports.get(call.projectId, idOf(call))),
    }),
    v5Route('DownloadExportTask', {
      handle: async (call) => {
        const { name, size, body } = await exports.open(call.projectId, idOf(call), maySeeDeviceSecrets(call));
        return new Answer({
          headers: {
            'content-type': 'application/zip',
            'content-length': String(size),
            'content-disposition': contentDisposition(`${name}.zip`),
          },
          body,
        });
      },
    }),
    v5Route('DeleteExportTask', { handle: (call) => exports.delete(call.projectId, idOf(call)) }),
  ]);
}
