import fc from 'fast-check';
import { expect, it } from 'vitest';
import { judgeProgress } from '../../src/domain/upgrade/judge-progress.ts';

const version = fc.constantFrom('1.0', '2.0', '3.0', '', undefined);

/** Device 7.4 as one expression; the table's rows are shown one by one in test/task-types/upgrade. */
it('judges every report by the first row that matches', () => {
  const report = fc.record({
    resultCode: fc.integer({ min: -1, max: 256 }),
    progress: fc.option(fc.integer({ min: -2, max: 102 }), { nil: undefined }),
    version,
  });
  const codes = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255]);
  fc.assert(
    fc.property(report, version, (given, reported) => {
      const { resultCode, progress = 100 } = given;
      const expected = codes.has(resultCode)
        ? '014594'
        : resultCode !== 0
          ? '005009'
          : progress < 0 || progress > 100
            ? '005008'
            : progress < 100
              ? 'going-on'
              : given.version === '2.0'
                ? 'succeeded'
                : given.version !== undefined && given.version === reported
                  ? 'suspicious'
                  : '014595';
      const { version: own, progress: shown, ...rest } = given;
      const judgement = judgeProgress(
        {
          ...rest,
          ...(own === undefined ? {} : { version: own }),
          ...(shown === undefined ? {} : { progress: shown }),
        },
        { subject: 'firmware', target: '2.0', reported },
      );
      expect(judgement.kind === 'failed' ? judgement.cause.code : judgement.kind).toBe(expected);
    }),
    { numRuns: 3000 },
  );
});

it.each([
  [5, 'Not enough storage for the new software package (result_code 5)'],
  [7, 'Integrity check failure for new downloaded package (result_code 7)'],
  [10, 'Software update failed (result_code 10)'],
])('code %i of a software upgrade speaks of software', (resultCode, message) => {
  const upgrade = { subject: 'software', target: '2.0', reported: undefined } as const;
  expect(judgeProgress({ resultCode }, upgrade)).toEqual({ kind: 'failed', cause: { code: '014594', message } });
});
