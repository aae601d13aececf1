import type { Readable } from 'node:stream';
import type { Template } from '../../../services/batch-files.ts';
import { Answer } from '../route.ts';

const mediaTypes = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
} as const;

/** A table as a file to keep. */
export const tableAnswer = ({ fileName, format, body }: Template & { readonly body: Readable }): Answer =>
  new Answer({
    headers: { 'content-type': mediaTypes[format], 'content-disposition': `attachment; filename="${fileName}"` },
    body,
  });
