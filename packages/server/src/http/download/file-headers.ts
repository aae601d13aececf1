import type { PackageFile } from '../../domain/package.ts';
import { contentDisposition } from '../content-disposition.ts';

/** Names and values in turn, in the order and spelling in which they go out. */
export type HeaderLines = readonly string[];

export interface FileTags {
  readonly etag: string;
  readonly lastModified: string;
}

export function tagsOf({ sha256, uploadedAt }: PackageFile): FileTags {
  return { etag: `"${sha256}"`, lastModified: new Date(uploadedAt).toUTCString() };
}

/** Device 8.3: `length` bytes of the file; `contentRange` for a part of it. */
export function fileHeaders(file: PackageFile, length: number, contentRange?: string): HeaderLines {
  const { etag, lastModified } = tagsOf(file);
  return [
    // First, and spelled exactly so: the C SDK looks for these letters and one blank.
    ...['Content-Length', String(length)],
    ...['Content-Type', 'application/octet-stream'],
    ...(contentRange === undefined ? [] : ['Content-Range', contentRange]),
    ...['Accept-Ranges', 'bytes'],
    ...['ETag', etag],
    ...['Last-Modified', lastModified],
    ...['Content-Disposition', contentDisposition(file.fileName)],
    ...['Cache-Control', 'private'],
  ];
}
