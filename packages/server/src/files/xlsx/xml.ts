import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { contentProblem } from '../content-problem.ts';

export interface XmlHandlers {
  /** Names without their prefix, those of attributes too. */
  onOpen(name: string, attributes: Readonly<Record<string, string>>): void;
  onText?(text: string): void;
  onClose?(name: string): void;
}

/** The parser gathers a tag, a text or a comment whole; the longest that is honest is a cell's text in entities alone. */
const tokenCharsMax = 1024 * 1024;
/** A workbook's documents are about ten deep. */
const depthMax = 100;
/** What is read between two looks at those limits, and before rows are handed on. */
const pieceChars = 8 * 1024;

/**
 * Walks a document; yields once per piece of it, so that whoever gathers can hand on what there is. Declared entities are not replaced:
 * one that is not of XML's own is an error.
 */
export async function* walkXml(source: AsyncIterable<Buffer>, handlers: XmlHandlers): AsyncGenerator<void> {
  const parser = createParser(handlers);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of source) {
    const text = decoder.decode(chunk, { stream: true });
    for (let at = 0; at < text.length; at += pieceChars) {
      parser.write(text.slice(at, at + pieceChars));
      yield;
    }
  }
  decoder.decode();
  parser.close();
  yield;
}

/** To its end, for what is gathered whole. */
export async function readXml(source: AsyncIterable<Buffer>, handlers: XmlHandlers): Promise<void> {
  for await (const _ of walkXml(source, handlers));
}

function createParser({ onOpen, onText, onClose }: XmlHandlers): Pick<SaxesParser, 'write' | 'close'> {
  const parser = new SaxesParser();
  let depth = 0;
  let tokenEnd = 0;
  const ends = (): void => {
    tokenEnd = parser.position;
  };
  const onTextToken = (text: string): void => {
    ends();
    onText?.(text);
  };
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    throw contentProblem('Its XML has a document type.');
  });
  parser.on('opentag', (tag: SaxesTagPlain) => {
    ends();
    depth += 1;
    if (depth > depthMax) throw contentProblem(`Its XML is more than ${depthMax} elements deep.`);
    onOpen(local(tag.name), localAttributes(tag.attributes));
  });
  parser.on('closetag', (tag: SaxesTagPlain) => {
    ends();
    depth -= 1;
    onClose?.(local(tag.name));
  });
  parser.on('text', onTextToken);
  parser.on('cdata', onTextToken);
  parser.on('comment', ends);
  parser.on('processinginstruction', ends);
  return {
    write(piece) {
      parser.write(piece);
      if (parser.position - tokenEnd > tokenCharsMax) throw contentProblem('Its XML has a piece that is too long.');
      return parser;
    },
    close: () => parser.close(),
  };
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1);

function localAttributes(attributes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  let own: Record<string, string> | undefined;
  for (const name in attributes) {
    if (!name.includes(':')) continue;
    own ??= { ...attributes };
    own[local(name)] ??= attributes[name] ?? '';
  }
  return own ?? attributes;
}
