import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const pageNames = ['v5', 'device', 'legacy'] as const;
export type PageName = (typeof pageNames)[number];

export interface ChecklistLine {
  readonly number: number;
  readonly text: string;
}

export interface Checklist {
  readonly page: PageName;
  /** From the repository's root. */
  readonly file: string;
  readonly lines: readonly ChecklistLine[];
}

/** The numbered lines below the heading `Acceptance checklist`, up to the next heading of its rank. */
export function parseChecklist(markdown: string): ChecklistLine[] {
  const [, section = ''] = markdown.split(/^## \d+\. Acceptance checklist$/m);
  const [body = ''] = section.split(/^## /m);
  return [...body.matchAll(/^(\d+)\. (.+)$/gm)].map(([, number, text = '']) => ({ number: Number(number), text }));
}

/** The acceptance checklists of the contract pages that have one. A page whose heading was renamed must not pass as empty. */
export function readChecklists(root: string): Checklist[] {
  return pageNames
    .map((page) => ({ page, file: `docs/contract/${page}.md` }))
    .filter(({ file }) => existsSync(join(root, file)))
    .map(({ page, file }) => {
      const lines = parseChecklist(readFileSync(join(root, file), 'utf8'));
      if (lines.length === 0) throw new Error(`${file} has no section 'Acceptance checklist' with numbered lines.`);
      return { page, file, lines };
    });
}

export interface Tag {
  readonly page: string;
  readonly number: number;
}

/** `[v5 14]` and the like; a name may carry several. */
export function tagsIn(text: string): Tag[] {
  const tag = new RegExp(`\\[(${pageNames.join('|')}) (\\d+)\\]`, 'g');
  return [...text.matchAll(tag)].map(([, page = '', number]) => ({ page, number: Number(number) }));
}
