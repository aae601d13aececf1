import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../../src/domain/json.ts';
import { toBasicTime } from '../../../../src/domain/time.ts';
import { canonicalJson } from '../../../../src/services/batch-tasks/idempotency.ts';
import { startTaskApi } from './task-api.ts';

const freeze = { task_name: 'freeze', task_type: 'freezeDevices', targets: ['a', 'b'] } as const;
const key = (value: string) => ({ 'Idempotency-Key': value });

test('[v5 56] one key ten times in parallel makes one task, and another body under it answers 409 014558', async () => {
  const api = await startTaskApi({ engine: 'still' });
  const client = await api.client();
  const answers = await Promise.all(Array.from({ length: 10 }, () => client.create(freeze, key('k'))));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  expect(new Set(answers.map(({ body }) => body.task_id)).size).toBe(1);
  expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')).toHaveLength(9);
  expect((await client.list()).page.count).toBe(1);
  expect(await client.create({ ...freeze, task_name: 'other' }, key('k'))).toMatchObject({
    status: 409,
    body: { error_code: 'IOTDA.014558' },
  });
});

test('[v5 56] a replay shows the task as it is now, whatever the order of the keys and whatever time has passed', async () => {
  const api = await startTaskApi();
  const client = await api.client();
  const task_policy = { schedule_time: toBasicTime(api.clock.now() + 5000) };
  const first = await client.create({ ...freeze, task_policy }, key('k'));
  const ended = client.untilFinal(first.body.task_id);
  await api.clock.advance(60_000);
  await ended;
  const { targets, task_type, task_name } = freeze;
  const replayed = await client.create({ task_policy, targets, task_type, task_name }, key('k'));
  expect(replayed.status).toBe(201);
  expect(replayed.headers.get('idempotent-replayed')).toBe('true');
  expect(replayed.body).toEqual((await client.show(first.body.task_id)).batchtask);
  expect(replayed.body.status).toBe('Fail');
});

test('a key belongs to a project, is forgotten with its task and after a day, and remembers no errors', async () => {
  const api = await startTaskApi();
  const [client, stranger] = [await api.client(), await api.client()];
  const first = await client.create(freeze, key('k'));
  expect((await stranger.create(freeze, key('k'))).headers.get('idempotent-replayed')).toBeNull();

  await client.untilFinal(first.body.task_id);
  await client.call('DELETE', `/${first.body.task_id}`);
  const second = await client.create({ ...freeze, task_name: 'second' }, key('k'));
  expect(second.status).toBe(201);
  await api.clock.advance(24 * 3_600_000);
  expect(await client.create({ ...freeze, task_name: 'third' }, key('k'))).toMatchObject({ status: 201 });

  const wrong = { ...freeze, task_policy: { retry_count: 3 } };
  expect(await client.create(wrong, key('e'))).toMatchObject({ status: 400 });
  expect(await client.create(freeze, key('e'))).toMatchObject({ status: 201 });
});

test('what is not understood belongs to the request, too', async () => {
  const api = await startTaskApi({ engine: 'still' });
  const client = await api.client();
  await client.create(freeze, key('k'));
  expect(await client.create({ ...freeze, unknown: 1 }, key('k'))).toMatchObject({ status: 409 });
});

test('a dry run neither uses nor takes a key', async () => {
  const api = await startTaskApi({ engine: 'still' });
  const client = await api.client();
  expect(await client.call('POST', '?dry_run=true', freeze, key('k'))).toMatchObject({ status: 200 });
  expect(await client.create({ ...freeze, task_name: 'other' }, key('k'))).toMatchObject({ status: 201 });
});

describe('canonical JSON', () => {
  const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;

  test('says the same value, and the same text again', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text) as Json)).toBe(text);
      }),
    );
  });

  test('does not depend on the order of members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), (object) => {
        const turned = Object.fromEntries(Object.entries(object).toReversed());
        expect(canonicalJson(turned as Json)).toBe(canonicalJson(object as Json));
      }),
    );
  });
});
