import { errorCodes } from '@muster/contract/v5';
import { describe, expect, it } from 'vitest';
import { commonErrors } from './common-errors.ts';
import { deviceErrors } from './device-errors.ts';
import { inventoryErrors } from './inventory-errors.ts';
import { type Provocation, setErrorScene } from './provocation.ts';
import { ruleErrors } from './rule-errors.ts';
import { taskErrors } from './task-errors.ts';

const provocations: readonly Provocation[] = [
  ...commonErrors,
  ...inventoryErrors,
  ...deviceErrors,
  ...taskErrors,
  ...ruleErrors,
];

/** What needs another server, a device that is connected or more than a call, and where it is come by. */
const elsewhere: Readonly<Record<string, string>> = {
  '500 000020': 'test/http/http-server.test.ts',
  '503 000023': 'test/http/http-server.test.ts',
  '403 013004': 'test/http/v5/products.test.ts',
  '403 014043': 'test/store/sqlite/full-gateway.test.ts',
  '403 014111': 'test/mqtt/messages/commands.test.ts',
  '403 014114': 'test/mqtt/messages/async-commands.test.ts',
  '403 014552': 'test/http/v5/batch-tasks/create.test.ts',
  '409 014558': 'test/http/v5/batch-tasks/idempotency.test.ts',
  '403 014682': 'test/http/v5/exports/exports.test.ts',
  '400 014603': 'test/http/v5/batch-files/batch-files.test.ts',
  '403 021101': 'test/http/device/device-routes.test.ts',
};

/** The calls that answer these do not exist yet. */
const unbuilt = /^(?:404 0146[68]\d|403 014681|400 014550)$/;

/** The sentence of the contract, in the pieces between what each case fills in. */
const sentenceOf = (code: string): readonly string[] =>
  (errorCodes.find((each) => each.code === code)?.message ?? '').split('…').map((piece) => piece.trim());

describe('every error of the contract', () => {
  it('that a call can answer is provoked here or elsewhere', () => {
    const answered = errorCodes.flatMap(({ code, statuses }) => statuses.map((status) => `${status} ${code}`));
    const shown = new Set([...provocations.map(({ error }) => error), ...Object.keys(elsewhere)]);
    expect(answered.filter((error) => !shown.has(error) && !unbuilt.test(error))).toEqual([]);
    expect([...shown].filter((error) => !answered.includes(error))).toEqual([]);
  });

  it.each(provocations)('comes with its status and its sentence: $error', async ({ error, of }) => {
    const scene = await setErrorScene();
    const answer = await of(scene);
    const [, code = ''] = error.split(' ');
    const body = answer.json as { error_code: string; error_msg: string };
    expect(`${answer.status} ${body.error_code}`).toBe(error.replace(' ', ' IOTDA.'));
    for (const piece of sentenceOf(code)) expect(body.error_msg).toContain(piece);
    expect(Object.keys(body)).toEqual(['error_code', 'error_msg']);
    expect(scene.api.errors).toEqual([]);
  });
});
