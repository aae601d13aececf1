import { expect, test } from 'vitest';
import { ReportBuilder } from '../../../src/services/batch-tasks/dry-run-report.ts';

test('reasons beyond a hundred are told as others, and none is told as what it is not', () => {
  const builder = new ReportBuilder();
  for (let n = 0; n < 130; n++) {
    builder.add(`t${n}`, { severity: 'error', cause: { code: '014555', message: `Reason ${n}.` } });
  }
  builder.add('again', { severity: 'error', cause: { code: '014555', message: 'Reason 7.' } });
  const { invalid, reasons } = builder.report('freezeDevices');
  expect(invalid).toBe(131);
  expect(reasons).toHaveLength(101);
  expect(reasons[7]).toMatchObject({ message: 'Reason 7.', count: 2, samples: ['t7', 'again'] });
  expect(reasons[100]).toMatchObject({ code: undefined, message: expect.stringMatching(/^Other reasons/), count: 30 });
});
