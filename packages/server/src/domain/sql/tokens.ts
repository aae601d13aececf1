import { Problem } from '../problem.ts';

export interface Token {
  readonly kind: 'word' | 'name' | 'text' | 'number' | 'sign' | 'end';
  /** As it is written; of what is quoted what is between the quotes. */
  readonly value: string;
  /** Of its first character, from 1. */
  readonly position: number;
}

/** What a language is made of: sticky expressions, the first that fits at a place makes the token there. */
export type Lexicon = readonly (readonly [kind: Token['kind'] | 'space', shape: RegExp])[];

export const shapes = {
  space: ['space', /[ \t\r\n]+/y],
  word: ['word', /[A-Za-z_][A-Za-z0-9_]*/y],
  integer: ['number', /[0-9]+/y],
  decimal: ['number', /[0-9]+(?:\.[0-9]+)?/y],
  // A quote within is written twice.
  text: ['text', /'(?:[^']|'')*'/y],
  name: ['name', /"(?:[^"]|"")+"/y],
} as const satisfies Readonly<Record<string, Lexicon[number]>>;

/** 015530: says where; `field` names the one of several texts. */
export function invalidSql(position: number, reason: string, field?: string): Problem {
  if (field === undefined) return new Problem('invalidSql', { args: [`At character ${position}: ${reason}.`] });
  return new Problem('invalidSql', { field, args: [`${field}: at character ${position}: ${reason}.`] });
}

/** Ends with a token `end`. Problems: invalidSql. */
export function tokensOf(sql: string, lexicon: Lexicon, field?: string): readonly Token[] {
  const tokens: Token[] = [];
  let position = 1;
  for (let at = 0; at < sql.length; ) {
    const next = nextOf(sql, at, lexicon);
    if (next === undefined) {
      const unclosed = sql[at] === "'" || (sql[at] === '"' && lexicon.some(([kind]) => kind === 'name'));
      const reason = unclosed ? 'the quoted value does not end' : 'no word of the language begins here';
      throw invalidSql(position, reason, field);
    }
    const [kind, raw] = next;
    if (kind !== 'space') tokens.push({ kind, value: valueIn(kind, raw), position });
    at += raw.length;
    // People count characters, not the halves of one.
    position += [...raw].length;
  }
  return [...tokens, { kind: 'end', value: '', position }];
}

function nextOf(
  sql: string,
  at: number,
  lexicon: Lexicon,
): readonly [kind: Token['kind'] | 'space', raw: string] | undefined {
  for (const [kind, shape] of lexicon) {
    shape.lastIndex = at;
    const raw = shape.exec(sql)?.[0];
    if (raw !== undefined) return [kind, raw];
  }
  return undefined;
}

function valueIn(kind: Token['kind'], raw: string): string {
  if (kind === 'text') return raw.slice(1, -1).replaceAll("''", "'");
  return kind === 'name' ? raw.slice(1, -1).replaceAll('""', '"') : raw;
}
