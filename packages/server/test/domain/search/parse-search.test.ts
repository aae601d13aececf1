import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../../src/domain/problem.ts';
import { parseSearch, parseWhere } from '../../../src/domain/search/parse-search.ts';
import { printSearch, printWhere, searchArbitrary, whereArbitrary } from './search-arbitraries.ts';

function problemOf(work: () => unknown): Problem {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

const all = { select: 'devices', where: undefined, order: 'desc', limit: 10, offset: 0 };
const is = (field: string, ...values: string[]) => ({ kind: 'equal', field, negated: false, values });

describe('the search language', () => {
  it.each([
    ['select * from device', all],
    ['SELECT * FROM device ORDER BY marker', { ...all, order: 'asc' }],
    ['select * from device order by marker asc', { ...all, order: 'asc' }],
    ['select * from device order by marker desc limit 50', { ...all, limit: 50 }],
    ['select * from device limit 500,1', { ...all, offset: 500, limit: 1 }],
    ['select count(*) from device', { ...all, select: 'count' }],
    ['Select\tCount ( 1 )\r\nfrom device', { ...all, select: 'count' }],
    ["select * from device where status='ONLINE'", { ...all, where: [[is('status', 'ONLINE')]] }],
    ["select * from device where Node_Id in ('a','b')", { ...all, where: [[is('node_id', 'a', 'b')]] }],
    [
      "select * from device where node_id not in ('It''s', '') Or app_id != 'and' and sw_version='or'",
      {
        ...all,
        where: [
          [{ kind: 'equal', field: 'node_id', negated: true, values: ["It's", ''] }],
          [{ kind: 'equal', field: 'app_id', negated: true, values: ['and'] }, is('sw_version', 'or')],
        ],
      },
    ],
    [
      "select * from device where create_time > '2026-01-01T00:00:00.000Z' and marker < 'ff' and node_id like 'ab_d%'",
      {
        ...all,
        where: [
          [
            { kind: 'range', field: 'create_time', side: '>', value: '2026-01-01T00:00:00.000Z' },
            { kind: 'range', field: 'marker', side: '<', value: 'ff' },
            { kind: 'prefix', field: 'node_id', prefix: 'ab_d' },
          ],
        ],
      },
    ],
  ])('reads %s', (sql, expected) => {
    expect(parseSearch(sql)).toEqual(expected);
  });

  it('binds and tighter than or, and counts to five conditions [v5 63]', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((value) => is('node_id', value));
    expect(parseWhere("node_id='a' or node_id='b' and node_id='c'")).toEqual([[a], [b, c]]);
    const of = (count: number) => Array.from({ length: count }, (_, no) => `node_id = '${no}'`);
    expect(parseWhere(of(5).join(' or ')).flat()).toHaveLength(5);
    for (const word of [' or ', ' and ']) {
      const { code, status, message } = problemOf(() => parseWhere(of(6).join(word)));
      expect({ code, status }).toEqual({ code: '015530', status: 400 });
      expect(message).toContain(`more than 5 conditions`);
    }
  });

  it.each([
    ['', 1, "'select' is expected"],
    ['select', 7, "'count' is expected"],
    ['select name from device', 8, "'count' is expected"],
    ['select count(2) from device', 15, "'*' or 1"],
    ['select * from devices', 15, "'device' is expected"],
    ['select * from device;', 21, 'no word'],
    ['select * from device where', 27, 'name of a field'],
    ['select * from device where secret = 1', 28, 'name of a field'],
    ["select * from device where 'node_id' = 'a'", 28, 'name of a field'],
    ['select * from device where node_id = a', 38, 'single quotes'],
    ['select * from device where node_id = 7', 38, 'single quotes'],
    ['select * from device where node_id = "a"', 38, 'no word'],
    ["select * from device where node_id = 'a", 38, 'does not end'],
    ["select * from device where node_id = '😀' x", 42, 'the end is expected'],
    ["select * from device where node_id > 'a'", 28, "'node_id' cannot be compared with >"],
    ["select * from device where app_id like 'abcd%'", 28, 'cannot be compared with like'],
    ["select * from device where tag_key in ('a')", 28, 'cannot be compared with a list'],
    ["select * from device where node_id <> 'a'", 28, 'cannot be compared with <'],
    ["select * from device where node_id not like 'abcd%'", 40, "'in' is expected"],
    ['select * from device where node_id in ()', 40, 'single quotes'],
    ["select * from device where node_id in 'a'", 39, "'(' is expected"],
    ["select * from device where node_id like 'abc%'", 41, 'at least 4'],
    ["select * from device where node_id like 'abcd'", 41, "one '%'"],
    ["select * from device where node_id like '%abcd%'", 41, "one '%'"],
    ["select * from device where create_time = 'now'", 42, 'yyyy-MM-dd'],
    ["select * from device where (node_id = 'a')", 28, 'name of a field'],
    ["select * from device where node_id = 'a' and", 45, 'name of a field'],
    ['select * from device order by node_id', 31, "'marker' is expected"],
    ['select * from device limit 0', 28, '1 to 50'],
    ['select * from device limit 51', 28, '1 to 50'],
    ['select * from device limit 501,1', 28, 'at most 500'],
    ['select * from device limit 99999999999999999999', 28, '1 to 50'],
    ['select * from device limit -1', 28, 'no word'],
    ["select * from device limit 1 where node_id = 'a'", 30, 'the end'],
    ['select * from device -- where', 22, 'no word'],
    ["select * from device where node_id = 'a'; drop table devices", 41, 'no word'],
    ["select * from device where node_id = 'a' union select * from device", 42, 'the end'],
  ])('refuses %s and says where', (sql, position, says) => {
    const { code, status, message } = problemOf(() => parseSearch(sql));
    expect({ code, status }).toEqual({ code: '015530', status: 400 });
    expect(message).toContain(`At character ${position}: `);
    expect(message).toContain(says);
  });

  it('reads what it wrote', () => {
    const ofSearches = fc.property(searchArbitrary, (search) => {
      expect(parseSearch(printSearch(search))).toEqual(search);
    });
    const ofRules = fc.property(whereArbitrary(), (where) => {
      expect(parseWhere(printWhere(where))).toEqual(where);
    });
    fc.assert(ofSearches);
    fc.assert(ofRules);
  });

  it('answers any text with a search or with the problem, and with nothing else', () => {
    const pieces = fc.constantFrom(
      ...['select', ' ', '*', 'from', 'device', 'where', 'count', '(', ')', '1', 'node_id', '=', '!=', '<', '>', "'"],
      ...[
        "'a'",
        "''",
        'and',
        'or',
        'not',
        'in',
        'like',
        "'abcd%'",
        ',',
        'order',
        'by',
        'marker',
        'desc',
        'limit',
        '\\',
      ],
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.array(pieces, { maxLength: 40 }).map((words) => words.join('')),
      fc.array(pieces, { maxLength: 40 }).map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(texts, (sql) => {
        try {
          expect(parseSearch(sql).limit).toBeLessThanOrEqual(50);
        } catch (error) {
          expect(error).toMatchObject({ problem: 'invalidSql' });
        }
      }),
      { numRuns: 2000 },
    );
  });
});
