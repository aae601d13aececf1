import { Type } from 'typebox';
import type { Static } from 'typebox';
import { defaulted } from '../schema.ts';
import { oneOf, shown } from './primitives.ts';

/** v5 12. */
export const BatchTaskFile = Type.Object({
  file_id: shown('Id of the file; `document_source` of a batch task.'),
  file_name: shown('Name as it was uploaded.'),
  upload_time: shown('When it was uploaded, yyyyMMddTHHmmssZ.'),
});
export type BatchTaskFile = Static<typeof BatchTaskFile>;

export const ListBatchTaskFilesResponse = Type.Object({
  files: Type.Array(BatchTaskFile, { description: 'Present files, newest first.' }),
});
export type ListBatchTaskFilesResponse = Static<typeof ListBatchTaskFilesResponse>;

export const BatchFileTemplateQuery = Type.Object({
  format: defaulted(oneOf(['xlsx', 'csv'], 'Kind of file.'), 'xlsx'),
});
export type BatchFileTemplateQuery = Static<typeof BatchFileTemplateQuery>;
