import { Problem } from '../problem.ts';

export interface Token {
  readonly kind: 'word' | 'text' | 'number' | 'sign' | 'end';
  /** Words in lower case; of a quoted text what is between the quotes. */
  readonly value: string;
  /** Of its first character, from 1. */
  readonly position: number;
}

/** 015530: says where. */
export const invalidSql = (position: number, reason: string): Problem =>
  new Problem('invalidSql', { args: [`At character ${position}: ${reason}.`] });

/** One token at a time, at the place where the last one ended; the first that fits. */
const shapes: readonly (readonly [kind: Token['kind'] | 'space', RegExp])[] = [
  ['space', /[ \t\r\n]+/y],
  ['word', /[A-Za-z_][A-Za-z0-9_]*/y],
  ['number', /[0-9]+/y],
  // A quote within is written twice.
  ['text', /'(?:[^']|'')*'/y],
  ['sign', /!=|[=<>(),*]/y],
];

/** The words of the language; ends with a token `end`. Problems: invalidSql. */
export function tokensOf(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < sql.length) {
    const [kind, raw] = nextOf(sql, at);
    if (kind !== 'space') tokens.push({ kind, value: textOf(kind, raw), position: positionOf(sql, at) });
    at += raw.length;
  }
  return [...tokens, { kind: 'end', value: '', position: positionOf(sql, at) }];
}

function nextOf(sql: string, at: number): readonly [kind: Token['kind'] | 'space', raw: string] {
  for (const [kind, shape] of shapes) {
    shape.lastIndex = at;
    const raw = shape.exec(sql)?.[0];
    if (raw !== undefined) return [kind, raw];
  }
  const reason = sql[at] === "'" ? 'the quoted value does not end' : 'no word of the language begins here';
  throw invalidSql(positionOf(sql, at), reason);
}

function textOf(kind: Token['kind'], raw: string): string {
  if (kind === 'text') return raw.slice(1, -1).replaceAll("''", "'");
  return kind === 'word' ? raw.toLowerCase() : raw;
}

/** People count characters, not the halves of one. */
const positionOf = (sql: string, at: number): number => [...sql.slice(0, at)].length + 1;
