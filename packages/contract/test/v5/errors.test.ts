import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../src/v5/errors.ts';
import type { ErrorCode } from '../../src/v5/errors.ts';

const page = readFileSync(new URL('../../../../docs/contract/v5.md', import.meta.url), 'utf8');
const section = page.slice(page.indexOf('## 3. Errors'), page.indexOf('## 4. '));
const blocks = [...section.matchAll(/```\n(.*?)```/gs)].map(([, block]) => (block ?? '').trim().split('\n'));

/** A line of the page: codes, statuses, text without its last note. */
function parseLine(line: string) {
  const match = /^([\d, .]*\d{6}) ([\d,/-]+) (.*)$/.exec(line);
  if (match === null) throw new Error(`not a line of the error list: ${line}`);
  const [, codes = '', statuses = '', sentence = ''] = match;
  return {
    codes: codes.split(', '),
    statuses: statuses === '-' ? [] : statuses.split(/[,/]/).map(Number),
    sentence: sentence.replace(/ \([^()]*\)$/, ''),
  };
}

const known = blocks[0]?.map(parseLine) ?? [];
const ours = (blocks[1] ?? []).filter((line) => !line.includes('..')).map(parseLine);
const byCode = new Map<string, ErrorCode>(errorCodes.map((entry) => [entry.code, entry]));

describe('the table of error codes', () => {
  it('has every code of the contract with its statuses, and no code twice', () => {
    const listed = [...known, ...ours].flatMap(({ codes, statuses }) => codes.map((code) => [code, statuses] as const));
    for (const [code, statuses] of listed) expect([code, byCode.get(code)?.statuses]).toEqual([code, statuses]);
    const causes = ['014590', '014591', '014592', '014593', '014594', '014595', '014596'];
    expect(errorCodes.map(({ code }) => code).sort()).toEqual([...listed.map(([code]) => code), ...causes].sort());
  });

  it('says the known codes as the contract does', () => {
    for (const { codes, sentence } of known) {
      const [code = ''] = codes;
      expect([code, byCode.get(code)?.message]).toEqual([code, sentence]);
    }
  });

  it('puts the prefix of their status in front of our own codes', () => {
    const prefixes = new Map([
      ['400', 'Invalid input. '],
      ['403', 'Operation not allowed. '],
    ]);
    for (const { codes, statuses, sentence } of ours) {
      const [code = ''] = codes;
      expect([code, byCode.get(code)?.message]).toEqual([code, (prefixes.get(statuses.join()) ?? '') + sentence]);
    }
  });

  it('says the upgrade causes as section 13.6 does', () => {
    for (const { code, message } of errorCodes.filter((entry) => /^01459[0-6]$/.test(entry.code))) {
      expect(page).toContain(message);
      expect(page).toContain(code);
    }
  });
});
