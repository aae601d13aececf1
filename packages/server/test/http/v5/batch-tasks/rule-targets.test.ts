import { expect, it } from 'vitest';
import type { HttpAnswer } from '../../../support/http-client.ts';
import { startWholeApi } from '../../../support/whole-api.ts';

const codeOf = ({ status, json }: HttpAnswer): string =>
  `${status} ${String((json as { error_code?: string }).error_code ?? '')}`.trim();

it('The rule of a search names targets beside groups, each device once; a bad one is refused', async () => {
  const { given, scope, ofProject } = await startWholeApi();
  const product = await given.product(scope);
  const [a, b, c] = [
    await given.device(scope, { product, name: 'Press-1' }),
    await given.device(scope, { product, name: 'Press-2' }),
    await given.device(scope),
  ];
  await given.device(scope);
  const group = await given.group(scope, { members: [b.deviceId, c.deviceId] });
  const create = (targets_filter: object, query = '') =>
    ofProject('POST', `/batchtasks${query}`, { task_name: 't', task_type: 'freezeDevices', targets_filter });
  const rule = `product_id = '${product.productId}'`;
  const filter = { group_ids: [group.groupId], rule };
  expect((await create(filter, '?dry_run=true')).json).toMatchObject({ total: 3 });
  const made = await create(filter);
  expect([made.status, (made.json as { targets_filter: unknown }).targets_filter]).toEqual([201, filter]);
  const { task_id: taskId } = made.json as { task_id: string };
  const targets = await until(async () => {
    const { json } = await ofProject('GET', `/batchtasks/${taskId}`);
    const shown = json as { batchtask: { status: string }; task_details: { target: string }[] };
    return shown.batchtask.status === 'Success' && shown.task_details.map(({ target }) => target);
  });
  expect(targets.toSorted()).toEqual([a.deviceId, b.deviceId, c.deviceId].toSorted());
  expect(codeOf(await create({ rule: 'colour = 1' }))).toBe('400 IOTDA.015530');
  expect(codeOf(await create({ rule: 7 }))).toBe('400 IOTDA.014555');
  expect(codeOf(await create({ rule: `device_name = '${'x'.repeat(400)}'` }))).toBe('400 IOTDA.014555');
  expect(codeOf(await create({ rule, colour: 'red' }))).toBe('400 IOTDA.014555');
});

async function until<T>(look: () => Promise<T | false>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== false) return found;
  }
}
