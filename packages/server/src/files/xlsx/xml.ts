import type { Readable } from 'node:stream';
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { contentProblem } from '../content-problem.ts';

export interface XmlHandlers {
  /** Names without their prefix. */
  onOpen(name: string, attributes: Readonly<Record<string, string>>): void;
  onText?(text: string): void;
  onClose?(name: string): void;
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1);

/**
 * Walks a document; yields once per piece of it, so that whoever gathers can hand on what there is. Declared entities are not replaced:
 * one that is not of XML's own is an error.
 */
export async function* walkXml(source: Readable, { onOpen, onText, onClose }: XmlHandlers): AsyncGenerator<void> {
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    throw contentProblem('Its XML has a document type.');
  });
  parser.on('opentag', (tag: SaxesTagPlain) => onOpen(local(tag.name), tag.attributes));
  parser.on('text', (text) => onText?.(text));
  parser.on('cdata', (text) => onText?.(text));
  parser.on('closetag', (tag: SaxesTagPlain) => onClose?.(local(tag.name)));
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of source as AsyncIterable<Buffer>) {
    parser.write(decoder.decode(chunk, { stream: true }));
    yield;
  }
  parser.write(decoder.decode());
  parser.close();
  yield;
}

/** To its end, for what is gathered whole. */
export async function readXml(source: Readable, handlers: XmlHandlers): Promise<void> {
  for await (const _ of walkXml(source, handlers));
}
