import type { NamedCells } from './batch-file.ts';
import { isJsonObject } from './json.ts';
import { type Tag, tagsPerDeviceMax } from './tag.ts';

/** A cell that says something else than it may; becomes a bad row (014653). */
export class BadCell extends Error {
  readonly column: string;
  readonly reason: string;

  constructor(column: string, reason: string) {
    super(`${column}: ${reason}`);
    this.column = column;
    this.reason = reason;
  }
}

/** The shapes of v5 (Marks): what a JSON body may say of the same member. */
const han = '\\p{Script=Han}';
const shapes = {
  id: { pattern: /^[A-Za-z0-9_-]+$/u, words: 'letters, digits, _ and -' },
  name: {
    pattern: new RegExp(`^[${han}A-Za-z0-9_?'#().,&%@!-]+$`, 'u'),
    words: "Chinese characters, letters, digits and _?'#().,&%@!-",
  },
  tag: { pattern: new RegExp(`^[${han}A-Za-z0-9_.-]+$`, 'u'), words: 'Chinese characters, letters, digits, _ . and -' },
} as const;

export interface TextRule {
  readonly shape: keyof typeof shapes;
  /** Code points. */
  readonly max: number;
  readonly min?: number;
}

/** What is in a cell, undefined where it is empty. */
export function cellOf(cells: NamedCells, column: string): string | undefined {
  const text = cells.get(column) ?? '';
  return text === '' ? undefined : text;
}

export function readText(cells: NamedCells, column: string, rule: TextRule): string | undefined {
  const text = cellOf(cells, column);
  return text === undefined ? undefined : checkText(text, column, rule);
}

export function readRequired(cells: NamedCells, column: string, rule: TextRule): string {
  const text = readText(cells, column, rule);
  if (text === undefined) throw new BadCell(column, 'is empty');
  return text;
}

/** Any text of at most `max` code points: what legacy clients say of devices (legacy 5). */
export function readFreeText(cells: NamedCells, column: string, max: number): string | undefined {
  const text = cellOf(cells, column);
  if (text !== undefined && [...text].length > max) throw new BadCell(column, `must have at most ${max} characters`);
  return text;
}

function checkText(text: string, column: string, { shape, max, min = 1 }: TextRule): string {
  const length = [...text].length;
  if (length > max || length < min) throw new BadCell(column, `must have ${min} to ${max} characters`);
  const { pattern, words } = shapes[shape];
  if (!pattern.test(text)) throw new BadCell(column, `must consist of ${words}`);
  return text;
}

export function readFingerprint(cells: NamedCells, column: string): string | undefined {
  const text = cellOf(cells, column);
  if (text !== undefined && !/^(?:[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})$/.test(text)) {
    throw new BadCell(column, 'must be 40 or 64 hex digits');
  }
  return text;
}

/** Spreadsheets show their own truth values in capitals. */
export function readFlag(cells: NamedCells, column: string): boolean | undefined {
  const text = cellOf(cells, column)?.toLowerCase();
  if (text === undefined) return undefined;
  if (text !== 'true' && text !== 'false') throw new BadCell(column, 'must be true or false');
  return text === 'true';
}

const secondsMax = 2_147_483_647;

export function readSeconds(cells: NamedCells, column: string): number | undefined {
  const text = cellOf(cells, column);
  if (text === undefined) return undefined;
  const seconds = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(seconds <= secondsMax)) throw new BadCell(column, `must be a whole number from 0 to ${secondsMax}`);
  return seconds;
}

export function readChoice<const Choice extends string>(
  cells: NamedCells,
  column: string,
  choices: readonly Choice[],
): Choice | undefined {
  const text = cellOf(cells, column);
  if (text === undefined) return undefined;
  const choice = choices.find((each) => each === text);
  if (choice === undefined) throw new BadCell(column, `must be one of ${choices.join(', ')}`);
  return choice;
}

/** v5 6, extension_info. */
export const extensionInfoBytesMax = 1024;

/** The compact JSON text of an object. */
export function readExtensionInfo(cells: NamedCells, column: string): string | undefined {
  const text = cellOf(cells, column);
  if (text === undefined) return undefined;
  const compact = JSON.stringify(parseObjectCell(text, column));
  if (Buffer.byteLength(compact) > extensionInfoBytesMax) {
    throw new BadCell(column, `must have at most ${extensionInfoBytesMax} bytes as JSON`);
  }
  return compact;
}

function parseObjectCell(text: string, column: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BadCell(column, 'must be a JSON object');
  }
  if (!isJsonObject(value)) throw new BadCell(column, 'must be a JSON object');
  return value;
}

/** What `readTags` has made of a cell. */
export function tagsOf(text: unknown): readonly Tag[] | undefined {
  if (typeof text !== 'string') return undefined;
  const tags = JSON.parse(text) as readonly (readonly [string, string])[];
  return tags.map(([key, value]) => ({ key, value: value === '' ? undefined : value }));
}

/** v5 12: `k=v;k=v`, `k` alone is a tag without a value. The JSON text of an array of [key, value]. */
export function readTags(cells: NamedCells, column: string): string | undefined {
  const text = cellOf(cells, column);
  if (text === undefined) return undefined;
  const tags = new Map<string, string>();
  for (const part of text.split(';')) {
    const tag = part.trim();
    if (tag === '') continue;
    const at = tag.indexOf('=');
    const key = (at === -1 ? tag : tag.slice(0, at)).trim();
    const value = at === -1 ? '' : tag.slice(at + 1).trim();
    checkText(key, column, { shape: 'tag', max: 64 });
    if (value !== '') checkText(value, column, { shape: 'tag', max: 128 });
    // Either value may be the one that was meant.
    if (tags.has(key)) throw new BadCell(column, `has the key '${key}' twice`);
    tags.set(key, value);
  }
  if (tags.size > tagsPerDeviceMax) throw new BadCell(column, `must have at most ${tagsPerDeviceMax} tags`);
  return JSON.stringify([...tags]);
}
