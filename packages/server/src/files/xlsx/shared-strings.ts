import type { Readable } from 'node:stream';
import type { TableLimits } from '../../ports/table-files.ts';
import { contentProblem } from '../content-problem.ts';
import { unescapeText } from './escaped-text.ts';
import { walkXml } from './xml.ts';

/** Characters of all of them: they stay in memory while the sheet is read. */
const charsMax = 64 * 1024 * 1024;
const stringsMax = 2_000_000;

/** The texts that cells name by number. Pieces of one text with formats of their own are joined; phonetic hints are no text. */
export async function readSharedStrings(
  source: Readable | undefined,
  { cellCharsMax }: TableLimits,
): Promise<readonly string[]> {
  const strings: string[] = [];
  if (source === undefined) return strings;
  let text = '';
  let isText = false;
  let hints = 0;
  let chars = 0;
  const walk = walkXml(source, {
    onOpen(name) {
      if (name === 'si') text = '';
      if (name === 'rPh') hints += 1;
      isText = name === 't' && hints === 0;
    },
    onText(piece) {
      if (isText) text += piece;
    },
    onClose(name) {
      isText = false;
      if (name === 'rPh') hints -= 1;
      if (name !== 'si') return;
      chars += text.length;
      strings.push(unescapeText(text));
    },
  });
  for await (const _ of walk) {
    if (chars > charsMax || strings.length > stringsMax) throw contentProblem('It has too much text.');
    if (text.length > cellCharsMax) throw contentProblem(`It has a cell of more than ${cellCharsMax} characters.`);
  }
  return strings;
}
