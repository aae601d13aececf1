import { createHash } from 'node:crypto';

export interface StatementText {
  /** With `$1`, `$2`, … */
  readonly text: string;
  /** The same for the same text, on every node and in every version: whoever meets it prepared on a shared connection gets this text. */
  readonly name: string;
}

/** Texts that vary (lists of filters) must not fill the server with prepared statements. */
const textsMax = 400;

/** Statements as the programs write them, made ready for PostgreSQL once each. */
export class StatementTexts {
  readonly #known = new Map<string, StatementText>();

  /** `name` undefined: better not prepared. */
  of(sql: string): StatementText | { readonly text: string; readonly name: undefined } {
    const known = this.#known.get(sql);
    if (known !== undefined) return known;
    const text = numbered(sql);
    if (this.#known.size >= textsMax) return { text, name: undefined };
    const made = { text, name: `muster_${createHash('sha256').update(text).digest('base64url').slice(0, 24)}` };
    this.#known.set(sql, made);
    return made;
  }
}

/** No text of ours has a question mark but as the place of a parameter. */
export function numbered(sql: string): string {
  let count = 0;
  return sql.replace(/\?/g, () => {
    count += 1;
    return `$${count}`;
  });
}
