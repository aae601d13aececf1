import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Checklist, parseChecklist, readChecklists, tagsIn } from '../scripts/lib/checklists.ts';
import { reportCoverage } from '../scripts/lib/coverage-report.ts';
import type { NamedResult } from '../scripts/lib/test-results.ts';

// Tags are put together here, so that the scan of this file's text finds none.
const tag = (page: string, number: number): string => `[${page} ${number}]`;
const checklist: Checklist = {
  page: 'v5',
  file: 'docs/contract/v5.md',
  lines: [1, 2, 3, 4].map((number) => ({ number, text: `line ${number}` })),
};
const passed = (name: string): NamedResult => ({ name, state: 'passed' });
const failed = (name: string): NamedResult => ({ name, state: 'failed' });

describe('the checklists', () => {
  it('are found on the contract pages with every line in order', () => {
    const pages = readChecklists(resolve(import.meta.dirname, '..'));
    expect(pages.map(({ page }) => page)).toEqual(['v5', 'device', 'legacy']);
    for (const { lines } of pages) {
      expect(lines.length).toBeGreaterThan(40);
      expect(lines.map(({ number }) => number)).toEqual(lines.map((_line, index) => index + 1));
    }
  });

  it('end where the next section begins', () => {
    const page =
      '## 1. Rules\n\n1. no\n\n## 2. Acceptance checklist\n\nWords.\n\n1. yes\n2. too\n\n## 3. More\n\n3. no\n';
    expect(parseChecklist(page)).toEqual([
      { number: 1, text: 'yes' },
      { number: 2, text: 'too' },
    ]);
  });
});

describe('the report', () => {
  it('takes several tags of one name', () => {
    expect(tagsIn(`works ${tag('v5', 14)} ${tag('device', 40)} [other 3]`)).toEqual([
      { page: 'v5', number: 14 },
      { page: 'device', number: 40 },
    ]);
  });

  it('tells passing, failing, unrun and missing lines apart', () => {
    const results = [
      passed(`a ${tag('v5', 1)} ${tag('v5', 2)}`),
      failed(`b ${tag('v5', 2)}`),
      { name: `c ${tag('v5', 3)}`, state: 'skipped' as const },
    ];
    const { pages, unknownTags } = reportCoverage([checklist], { results, unrunTags: [] });
    expect(pages[0]?.lines.map((line) => line.state)).toEqual(['passing', 'failing', 'unrun', 'none']);
    expect(pages[0]?.summary).toEqual({ passing: 1, failing: 1, unrun: 1, none: 1 });
    expect(unknownTags).toEqual([]);
  });

  it('counts a tag in a file that did not run as unrun', () => {
    const { pages } = reportCoverage([checklist], { results: [], unrunTags: [{ page: 'v5', number: 4 }] });
    expect(pages[0]?.lines[3]?.state).toBe('unrun');
  });

  it('names tags of lines that do not exist', () => {
    const { unknownTags } = reportCoverage([checklist], { results: [passed(tag('v5', 5))], unrunTags: [] });
    expect(unknownTags).toEqual([tag('v5', 5)]);
  });
});
