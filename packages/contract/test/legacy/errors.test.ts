import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { legacyErrorCodes, legacySubtaskErrors } from '../../src/legacy/index.ts';

const page = readFileSync(new URL('../../../../docs/contract/legacy.md', import.meta.url), 'utf8');
const [, catalogue = ''] = page.split('## 12. Error catalogue');

/** The rows of the catalogue: `400` -> its codes. */
function catalogued(): ReadonlySet<string> {
  const rows = catalogue.split('\n').filter((line) => /^\| \d{3} \|/.test(line));
  const pairs = rows.flatMap((row) => {
    const [, status = '', codes = ''] = row.split('|').map((cell) => cell.trim());
    return [...codes.matchAll(/\d{5,7}/g)].map(([code]) => `${status} ${code}`);
  });
  // In words, and in a row of their own.
  return new Set([...pairs, '405 101001', '409 100227', '413 100022', '413 120015', '500 50252']);
}

describe('the legacy error codes', () => {
  it('are those of the catalogue, with its statuses', () => {
    const known = legacyErrorCodes.flatMap(({ code, statuses }) => statuses.map((status) => `${status} ${code}`));
    expect(known.toSorted()).toEqual([...catalogued()].toSorted());
    expect(new Set(legacyErrorCodes.map(({ code }) => code)).size).toBe(legacyErrorCodes.length);
  });

  it('have the sentences of the page', () => {
    const all = [
      ...legacyErrorCodes,
      ...Object.entries(legacySubtaskErrors).map(([code, sentence]) => ({ code, sentence })),
    ];
    for (const { code, sentence } of all) {
      // Beside the code, in one line: in words, in a row, or with those of both families.
      const lines = page.split('\n').filter((line) => line.includes(code) && line.includes(`\`${sentence}\``));
      expect([code, lines.length > 0]).toEqual([code, true]);
    }
  });
});
