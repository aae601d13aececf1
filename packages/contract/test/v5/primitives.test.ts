import fc from 'fast-check';
import type { TSchema } from 'typebox';
import { describe, expect, it } from 'vitest';
import { createDecoder } from '../../src/decode.ts';
import { id, name, names, string, tag, text, ver } from '../../src/v5/primitives.ts';

function accepts(schema: TSchema, value: string): boolean {
  return createDecoder(schema)(value).ok;
}

const kinds: readonly (readonly [string, (max: number) => TSchema, string])[] = [
  ['ID', (max) => id(max, 'x'), 'azAZ09_-'],
  ['NAME', (max) => name(max, 'x'), "中文azAZ09_?'#().,&%@!-"],
  ['NAMES', (max) => names(max, 'x'), "中文azAZ09_?'#().,&%@!- "],
  ['TEXT', (max) => text(max, 'x'), "中文azAZ09_?'#().,&%@!- \t\n;，、：；。/"],
  ['VER', (max) => ver(max, 'x'), 'azAZ09_.-'],
  ['TAG', (max) => tag(max, 'x'), '中文azAZ09_.-'],
];
const candidates = [...new Set(`${kinds.map(([, , chars]) => chars).join('')}*+<>[]{}|\\^$"~\`=\0é😀٣ａ:`)];

describe('the character sets of the contract', () => {
  it.each(kinds)('%s accepts its characters and no others', (_kind, build, chars) => {
    const schema = build(4);
    for (const char of candidates) expect([char, accepts(schema, char)]).toEqual([char, chars.includes(char)]);
  });

  it.each(kinds)('%s accepts any mixture up to its length, and nothing longer', (_kind, build, chars) => {
    const one = fc.constantFrom(...chars);
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 12 }), (picked) => {
        expect(accepts(build(8), picked.join(''))).toBe(picked.length <= 8);
      }),
    );
  });

  it.each([
    ['ID', id(4, 'x'), false],
    ['ID that may be empty', id(4, 'x', 0), true],
    ['VER', ver(4, 'x'), false],
    ['NAME', name(4, 'x'), true],
    ['NAME that is required', name(4, 'x', 1), false],
  ])('an empty %s is judged by its lower bound', (_kind, schema, expected) => {
    expect(accepts(schema, '')).toBe(expected);
  });

  it('lengths count code points, in patterns and in plain strings', () => {
    // U+20BB7 is a Han character outside the basic plane: one code point, two UTF-16 units.
    expect(accepts(name(128, 'x'), '𠮷'.repeat(128))).toBe(true);
    expect(accepts(name(128, 'x'), '𠮷'.repeat(129))).toBe(false);
    expect(accepts(string(4, 'x'), '😀'.repeat(4))).toBe(true);
    expect(accepts(string(4, 'x'), '😀'.repeat(5))).toBe(false);
  });

  it('a trailing line feed is not overlooked', () => {
    expect(accepts(id(8, 'x'), 'abc\n')).toBe(false);
    expect(accepts(name(8, 'x'), 'abc\n')).toBe(false);
  });
});
