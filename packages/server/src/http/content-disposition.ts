/** Everything else of a download's headers is below 700 bytes, and the C SDK parses only the first 2 KiB. */
const plainNameMax = 255;
const encodedNameMax = 1000;

/**
 * C takes the value after `filename=` literally up to `;` or the end of the line: no quotes, nothing outside `[A-Za-z0-9._-]`. The true
 * name follows where it differs.
 */
export function contentDisposition(fileName: string): string {
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
