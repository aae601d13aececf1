import type { Problem } from '../problem.ts';
import { invalidSql, type Lexicon, type Token, tokensOf } from './tokens.ts';

/** The tokens one after the other: what is expected, or a problem (invalidSql) that says where it is not. Words have no case. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  readonly #field: string | undefined;
  #at = 0;

  /** `field`: the name of the text where a request has several. */
  constructor(sql: string, lexicon: Lexicon, field?: string) {
    this.#tokens = tokensOf(sql, lexicon, field);
    this.#field = field;
  }

  get next(): Token {
    const token = this.#tokens[this.#at] ?? this.#tokens.at(-1);
    if (token === undefined) throw new Error('There is always an end.');
    return token;
  }

  /** Whether the next token is this word. */
  isWord(word: string): boolean {
    return this.next.kind === 'word' && this.next.value.toLowerCase() === word;
  }

  takesWord(word: string): boolean {
    return this.#takesIf(this.isWord(word));
  }

  takesSign(sign: string): boolean {
    return this.#takesIf(this.next.kind === 'sign' && this.next.value === sign);
  }

  word(word: string): void {
    if (!this.takesWord(word)) throw this.wrong(`'${word}'`);
  }

  sign(sign: string): void {
    if (!this.takesSign(sign)) throw this.wrong(`'${sign}'`);
  }

  text(): string {
    return this.take('text', 'a value in single quotes');
  }

  number(): number {
    return Number(this.take('number', 'a number'));
  }

  end(): void {
    if (this.next.kind !== 'end') throw this.wrong('the end');
  }

  take(kind: Token['kind'], expected: string): string {
    const { next } = this;
    if (next.kind !== kind) throw this.wrong(expected);
    this.#at += 1;
    return next.value;
  }

  /** The next token is not what stands here. */
  wrong(expected: string): Problem {
    return this.refused(`${expected} is expected`);
  }

  refused(reason: string): Problem {
    return this.refusedAt(this.next.position, reason);
  }

  refusedAt(position: number, reason: string): Problem {
    return invalidSql(position, reason, this.#field);
  }

  #takesIf(fits: boolean): boolean {
    if (fits) this.#at += 1;
    return fits;
  }
}
