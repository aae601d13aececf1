import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/domain/json.ts';
import { Problem } from '../../../src/domain/problem.ts';
import { evaluate, isTrueOf, select } from '../../../src/domain/rule-sql/evaluate.ts';
import type { Expression } from '../../../src/domain/rule-sql/expression.ts';
import { parseCondition, parseSelect } from '../../../src/domain/rule-sql/parse-rule-sql.ts';
import { Steps } from '../../../src/domain/rule-sql/steps.ts';
import { expressionArbitrary, printExpression } from './expression-arbitrary.ts';

const event: JsonObject = {
  resource: 'device.property',
  event: 'report',
  nothing: null,
  'odd-name': { 'a "b"': 1 },
  notify_data: {
    header: {
      device_id: 'press-7',
      node_id: '100%_real',
      tags: [
        { tag_key: 'site', tag_value: 'west' },
        { tag_key: 'line', tag_value: '3' },
      ],
    },
    body: {
      on: true,
      services: [
        { service_id: 'Battery', properties: { level: 40, text: '40', unit: null }, event_time: '20260301T081500Z' },
        { service_id: 'BatterySpare', properties: { level: 7 } },
      ],
    },
  },
};

const around = (of: JsonObject, steps = 1e6) => ({ event: of, steps: new Steps(steps) });

const body = 'notify_data.body';
const device = 'notify_data.header.device_id';
const level = "GET_SERVICE_PROPERTY('Battery', 'level')";

describe('the WHERE part of a rule', () => {
  it.each([
    `${device} = 'press-7'`,
    `${device} <> 'press-8' AND event = 'report'`,
    `"notify_data".header."device_id" = 'press-7'`,
    `"odd-name"."a ""b""" = 1`,
    `${body}.on`,
    `${body}.on = true aNd NOT_THERE is null`,
    'nothing IS NULL and notify_data is not null',
    `${body}.services[1].service_id = 'BatterySpare'`,
    `${level} > 39.5 and ${level} >= 40 and ${level} <= 40 and ${level} < 41`,
    `${level} = '40' and GET_SERVICE_PROPERTY('Battery','text') > 39`,
    `${level} + 2 * 3 - 1 = 45 and (${level} + 2) * 3 = 126 and ${level} / 8 - 5 = 0`,
    `-${level} = -40 and - 40 + ${level} = 0`,
    `${level} in (1, 2, 40) and ${device} not in ('a', 'b')`,
    `event = 'x' or event = 'report' and resource = 'device.property'`,
    `(event = 'x' or event = 'report') and resource = 'device.property'`,
    `${device} || '/' || event = 'press-7/report'`,
    `${device} like 'press%' and ${device} like 'p____-7' and ${device} like '%s%-%' and ${device} like '%'`,
    "notify_data.header.node_id like '100%real' and 'a%b' like 'a%b'",
    "GET_TAG('site') = 'west' and CONTAINS_TAG('line') and GET_TAG('x') is null",
    "CONTAINS_SERVICES('Battery') and CONTAINS_SERVICES('Spare', true)",
    "STARTS_WITH(event, 're') and ends_with(event, 'port')",
    `CONCAT(event, 's') = 'reports' and REPLACE('a.b.c', '.', '$&') = 'a$&b$&c' and REPLACE('ab', '', 'x') = 'ab'`,
    `SUBSTRING('😀bcd', 1, 3) = 'bc' and SUBSTRING('abc', 1) = 'bc' and SUBSTRING('abc', 5) = ''`,
    "LOWER('ÄB') = 'äb' and UPPER('äb') = 'ÄB'",
    "'it''s' = CONCAT('it', '''s')",
    "'b' > 'a' and '10' < '9'",
  ])('is true: %s', (sql) => {
    expect(evaluate(parseCondition(sql), around(event))).toBe(true);
  });

  it.each([
    `${device} = 'PRESS-7'`,
    `${device} like 'press' or ${device} like '%8' or ${device} like '_' or ${device} like '%x%7'`,
    "'ab' like 'ab%b' or 'aba' like '%ab'",
    `${level} not in (40)`,
    "CONTAINS_TAG('west')",
    "CONTAINS_SERVICES('Spare') or CONTAINS_SERVICES('Spare', false)",
    `${body}.on <> true`,
  ])('is false: %s', (sql) => {
    expect(evaluate(parseCondition(sql), around(event))).toBe(false);
  });

  it.each([
    "missing = 'x'",
    "missing <> 'x'",
    'missing in (1)',
    'missing not in (1)',
    "event not in ('a', missing)",
    "missing like '%'",
    `${device} > 5`,
    `${body}.on > 1`,
    `${body}.on = 'true'`,
    'event and true',
    "missing = 'x' or event = 'y'",
    `${level} / 0 = 1`,
    `${level} + event = 1`,
    `${body}.services > 1`,
    `${body}.services.length = 2`,
    `${body}.services[0].properties = GET_SERVICE_PROPERTIES('Battery')`,
    `${body}.services[2].service_id = 'x'`,
    'constructor.name = 1',
    "SUBSTRING('abc', 0 - 1) = 'a'",
    `${body} || 'a' = 'a'`,
  ])('is unknown, and so not true: %s', (sql) => {
    expect(evaluate(parseCondition(sql), around(event))).toBeUndefined();
  });

  it.each([
    ['', 1, 'a path, a value or a function is expected'],
    ["event = 'a", 9, 'the quoted value does not end'],
    ['event = "a', 9, 'the quoted value does not end'],
    ['event == 1', 8, 'a path, a value or a function is expected'],
    ["event != 'a'", 7, 'no word of the language begins here'],
    ["event = 'a';", 12, 'no word of the language begins here'],
    ["'😀' = 'a' x", 11, 'the end is expected'],
    ["event = 'a' and", 16, 'a path, a value or a function is expected'],
    ['event in ()', 11, 'a path, a value or a function is expected'],
    ['event not 1', 11, "'in' is expected"],
    ['event is 1', 10, "'null' is expected"],
    ['a.', 3, 'the name of a member is expected'],
    ['a[1.5] = 1', 3, 'a place in a list is a whole number'],
    ['a[-1] = 1', 3, 'a number is expected'],
    ["(event, 'a') = 1", 14, 'a list stands behind IN only'],
    ["SLEEP(10) = 'a'", 1, 'there is no function SLEEP'],
    ["LOWER() = 'a'", 7, 'a path, a value or a function is expected'],
    ["LOWER('a', 'b') = 'a'", 1, 'LOWER takes 1 argument'],
    ["SUBSTRING('a') = 'a'", 1, 'SUBSTRING takes 2 to 3 arguments'],
    ["UPPER('a')", 1, 'a condition is expected'],
    ['1', 1, 'a condition is expected'],
    ['event + 1', 1, 'a condition is expected'],
    [`${'('.repeat(33)}event = 1${')'.repeat(33)}`, 33, 'more than 32 parentheses within each other'],
  ])('is refused: %s', (sql, position, reason) => {
    expect(refusalOf(() => parseCondition(sql))).toEqual([
      'where',
      `Invalid input. The SQL statement is invalid. where: at character ${position}: ${reason}.`,
    ]);
  });

  it('reads back whatever it can say', () => {
    fc.assert(
      fc.property(expressionArbitrary, (expression) => {
        const condition: Expression = { kind: 'null', operand: expression, negated: false };
        expect(parseCondition(printExpression(condition))).toEqual(condition);
      }),
    );
  });

  it('answers any text with a condition that can be tried, or with the problem', () => {
    const words = [
      'event',
      "'a'",
      '1',
      '(',
      ')',
      ',',
      '.',
      '[',
      ']',
      '-',
      '=',
      '<>',
      'and',
      'or',
      'not',
      'in',
      'is',
      'null',
    ];
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc
        .array(fc.constantFrom(...words, 'like', '||', 'LOWER', 'GET_TAG', '"a b"', '*'), { maxLength: 25 })
        .map((all) => all.join(' ')),
    );
    fc.assert(
      fc.property(text, (sql) => {
        const condition = parsedOr(() => parseCondition(sql));
        if (condition !== undefined)
          expect([true, false, undefined]).toContainEqual(asBoolean(evaluate(condition, around(event))));
      }),
    );
  });

  it.each([
    ["text LIKE '%aaaaaaaaaaaaaaaaaaaaaaab%'", { text: 'a'.repeat(100_000) }],
    [
      "REPLACE(REPLACE(REPLACE('aaaaaaaa', 'a', 'aaaaaaaaaaaaaaaaaaaa'), 'a', 'aaaaaaaaaaaaaaaaaaaa'), 'a', 'aaaaaaaaaaaaa') LIKE '%aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab%'",
      {},
    ],
    ["text || text || text || text || text || text LIKE '%' AND missing IS NULL", { text: 'a'.repeat(50_000) }],
    [
      `${Array.from({ length: 100 }, () => "UPPER(text) = 'x'").join(' OR ')} OR missing IS NULL`,
      { text: 'a'.repeat(50_000) },
    ],
  ])('is not true where it takes more steps than it may: %s', (sql, of) => {
    const steps = new Steps(1e6);
    const condition = parseCondition(sql);
    expect(isTrueOf(condition, { event: of, steps })).toBe(false);
    expect(steps.areUsedUp).toBe(true);
    expect(isTrueOf(parseCondition('missing IS NULL'), { event: of, steps })).toBe(false);
  });

  it('takes few steps where it is short', () => {
    const steps = new Steps(300);
    expect(
      isTrueOf(parseCondition(`${device} LIKE 'press%' AND ${level} > 39 AND GET_TAG('site') = 'west'`), {
        event,
        steps,
      }),
    ).toBe(true);
  });

  it('makes no text beyond a megabyte', () => {
    const big = { text: 'a'.repeat(400_000) };
    expect(evaluate(parseCondition("REPLACE(text, 'a', 'bbb') is null"), around(big, 1e8))).toBe(true);
    expect(evaluate(parseCondition('text || text || text is null'), around(big, 1e8))).toBe(true);
    expect(evaluate(parseCondition("REPLACE(text, 'a', 'bb') is null"), around(big, 1e8))).toBe(false);
  });
});

describe('the SELECT part of a rule', () => {
  it.each([
    ['*', event],
    [device, { [device]: 'press-7' }],
    [`${device} AS id, event as "the-event"`, { id: 'press-7', 'the-event': 'report' }],
    ['missing, nothing as n', { missing: null, n: null }],
    [`${body}.services[1].properties`, { [`${body}.services[1].properties`]: { level: 7 } }],
    [
      "'x' as text, 12 as number, -1 as less, UPPER(event) as loud",
      { text: 'x', number: 12, less: -1, loud: 'REPORT' },
    ],
    ['*, event as resource', { ...event, resource: 'report' }],
    [
      "GET_SERVICE('Battery') as one",
      {
        one: {
          service_id: 'Battery',
          properties: { level: 40, text: '40', unit: null },
          event_time: '20260301T081500Z',
        },
      },
    ],
    ["GET_SERVICES('Spare', true) as some", { some: [{ service_id: 'BatterySpare', properties: { level: 7 } }] }],
  ])('takes %s', (sql, expected) => {
    expect(select(parseSelect(sql), around(event))).toEqual(expected);
  });

  it.each([
    ['', 1, 'a path, a value or a function is expected'],
    ["'x'", 4, "'as' behind what is not a path is expected"],
    ['event as', 9, 'a name is expected'],
    ['event as select', 10, 'a name is expected'],
    [`event as ${'a'.repeat(33)}`, 10, 'a name behind AS has at most 32 characters'],
    ['event, event', 8, "'event' is selected twice"],
    [Array.from({ length: 11 }, (_, n) => `event as e${n}`).join(','), 121, 'more than 10 AS'],
    ['event from device', 7, 'the end is expected'],
  ])('is refused: %s', (sql, position, reason) => {
    expect(refusalOf(() => parseSelect(sql))).toEqual([
      'select',
      `Invalid input. The SQL statement is invalid. select: at character ${position}: ${reason}.`,
    ]);
  });
});

const asBoolean = (value: unknown): unknown => (typeof value === 'boolean' ? value : undefined);

function parsedOr<Parsed>(parse: () => Parsed): Parsed | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

function refusalOf(parse: () => unknown): readonly [field: string | undefined, message: string] {
  try {
    parse();
  } catch (error) {
    if (error instanceof Problem && error.problem === 'invalidSql') return [error.field, error.message];
    throw error;
  }
  throw new Error('Nothing was refused.');
}
