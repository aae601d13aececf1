/** File systems take 255 bytes, and an extension follows. */
const bytesMax = 200;
/** Windows takes these for devices, whatever their extension. */
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;

/** A name for a file that every system can unpack: letters, digits, `_` and `-`, neither too long nor a device. */
export function entryName(name: string, extension: string): string {
  let stem = '';
  for (const char of name.replace(/[^\p{L}\p{N}_-]/gu, '_')) {
    if (Buffer.byteLength(stem + char) > bytesMax) break;
    stem += char;
  }
  return `${stem === '' || reserved.test(stem) ? '_' : ''}${stem}.${extension}`;
}
