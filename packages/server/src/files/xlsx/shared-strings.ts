import type { TableLimits } from '../../ports/table-files.ts';
import { contentProblem } from '../content-problem.ts';
import { createTextPool, type TextPool } from './text-pool.ts';
import { unescapeText } from './escaped-text.ts';
import { walkXml } from './xml.ts';

/** Of all of them: they stay in memory while the sheet is read. */
const bytesMax = 64 * 1024 * 1024;
const stringsMax = 2_000_000;

/** The texts that cells name by number. Pieces of one text with formats of their own are joined; phonetic hints are no text. */
export async function readSharedStrings(
  source: AsyncIterable<Buffer> | undefined,
  { cellCharsMax }: TableLimits,
): Promise<TextPool> {
  const strings = createTextPool(cellCharsMax);
  if (source === undefined) return strings;
  let text = '';
  let isText = false;
  let hints = 0;
  const walk = walkXml(source, {
    onOpen(name) {
      if (name === 'si') text = '';
      if (name === 'rPh') hints += 1;
      isText = name === 't' && hints === 0;
    },
    onText(piece) {
      if (!isText) return;
      text += piece;
      if (text.length > cellCharsMax) throw contentProblem(`It has a cell of more than ${cellCharsMax} characters.`);
    },
    onClose(name) {
      isText = false;
      if (name === 'rPh') hints -= 1;
      if (name === 'si') strings.add(unescapeText(text));
    },
  });
  for await (const _ of walk) {
    if (strings.bytes > bytesMax || strings.count > stringsMax) throw contentProblem('It has too much text.');
  }
  return strings;
}
