import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tagsOf } from '../../src/domain/device-cells.ts';
import { taskTypes } from '../../src/task-types/index.ts';

const cell = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('', 'n1', 'true', '60', 'k=v;k=w', '{"a":1}', '[1]', '{"__proto__":{}}', 'SECRET'),
  },
  fc.constantFrom(
    '=',
    ';',
    '=;=',
    '999999999999',
    '-1',
    '1e3',
    '[',
    '['.repeat(5000),
    '"\\ud800"',
    '\ud83d',
    '中',
    '\0',
  ),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.json(),
);

it('every row of every type is good or bad, and what a good one says can be kept', () => {
  for (const { file } of Object.values(taskTypes)) {
    if (file === undefined) continue;
    const names = file.columns.map(({ name }) => name);
    const cells = fc.array(cell, { minLength: names.length, maxLength: names.length });
    fc.assert(
      fc.property(cells, (texts) => {
        const reading = file.readRow(new Map(names.map((name, index) => [name, texts[index] ?? ''])));
        if (reading.kind === 'bad') {
          expect(names).toContain(reading.column);
          expect((reading.target ?? '').length).toBeLessThanOrEqual(600);
          return;
        }
        expect(JSON.parse(JSON.stringify(reading.fields))).toEqual(reading.fields);
        expect(reading.target).toMatch(/^[A-Za-z0-9_-]+$/);
        for (const { key } of tagsOf(reading.fields['tags']) ?? []) expect(key).not.toBe('');
      }),
      { numRuns: 1500 },
    );
  }
});
