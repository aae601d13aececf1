/** The same bytes in pieces of `size`; the last one may be shorter. */
export async function* inChunks(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer> {
  let pieces: Uint8Array[] = [];
  let gathered = 0;
  for await (const piece of source) {
    pieces.push(piece);
    gathered += piece.length;
    if (gathered < size) continue;
    const all = Buffer.concat(pieces, gathered);
    const whole = gathered - (gathered % size);
    for (let at = 0; at < whole; at += size) yield all.subarray(at, at + size);
    pieces = whole === gathered ? [] : [all.subarray(whole)];
    gathered -= whole;
  }
  if (gathered > 0) yield Buffer.concat(pieces, gathered);
}
