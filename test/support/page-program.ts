import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** The program of a page of the repository that stands under the comment `<!-- name -->`. */
export function programOf(page: string, name: string): string {
  const text = readFileSync(join(root, page), 'utf8');
  const [, program] = new RegExp(`<!-- ${name} -->\\n\`\`\`\\w+\\n(.*?)\`\`\``, 's').exec(text) ?? [];
  if (program === undefined) throw new Error(`${page} has no program under ${name}.`);
  return program;
}
