import type { PackageFile } from '../../domain/package.ts';

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

/** Everything else is below 700 bytes, and C parses only the first 2 KiB. */
const plainNameMax = 255;
const encodedNameMax = 1000;

/**
 * C takes the value after `filename=` literally up to `;` or the end of the line: no quotes, nothing outside `[A-Za-z0-9._-]`. The true
 * name follows where it differs.
 */
function contentDisposition(fileName: string): string {
  const plain = fileName.replace(/[^A-Za-z0-9._-]/gu, '_').slice(0, plainNameMax);
  const simple = `attachment; filename=${plain}`;
  if (plain === fileName) return simple;
  const encoded = encodeName(fileName);
  return encoded.length > encodedNameMax ? simple : `${simple}; filename*=UTF-8''${encoded}`;
}

function encodeName(fileName: string): string {
  return encodeURIComponent(fileName.toWellFormed()).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
