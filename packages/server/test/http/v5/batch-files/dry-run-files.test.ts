import type { DryRunResponse } from '@muster/contract/v5';
import { expect, test } from 'vitest';
import { csvOf, startFileApi } from './file-api.ts';

type FileApi = Awaited<ReturnType<typeof startFileApi>>;

const dryRun = async (
  api: FileApi,
  taskType: string,
  rows: readonly (readonly string[])[],
): Promise<DryRunResponse> => {
  const { file_id: fileId } = (await api.upload('dry.csv', csvOf(rows))).json as { file_id: string };
  const task = { task_name: 'dry', task_type: taskType, document_source: fileId };
  const answered = await api.ofProject('POST', '/batchtasks?dry_run=true', task);
  expect(answered.status).toBe(200);
  return answered.json as DryRunResponse;
};

/** Samples by code. */
const brief = ({ reasons }: DryRunResponse): Record<string, string[]> => {
  const samples: Record<string, string[]> = {};
  for (const { error_code: named = 'IOTDA.other', samples: some } of reasons) {
    const code = named.slice('IOTDA.'.length);
    samples[code] = [...(samples[code] ?? []), ...some];
  }
  return samples;
};

test('[v5 57] rows that could not be made now are invalid: product, application, gateway, node and id', async () => {
  const api = await startFileApi();
  const { productId } = api.product;
  const there = await api.given.device(api.scope, { product: api.product });
  const report = await dryRun(api, 'createDevices', [
    ['node_id', 'product_id', 'device_id', 'gateway_id', 'app_id'],
    ['n1', 'unknown', 'no-product', '', ''],
    ['n2', productId, 'no-gateway', 'nobody', ''],
    ['n3', productId, 'no-app', '', 'unknown'],
    [there.nodeId, productId, 'same-node', '', ''],
    ['n4', productId, there.deviceId, '', ''],
    ['n5', productId, 'child', there.deviceId, ''],
    ['n6', productId, 'good', '', ''],
  ]);
  expect(report).toMatchObject({ total: 7, valid: 2, invalid: 5 });
  expect(brief(report)).toEqual({
    '013000': ['no-product'],
    '014042': ['no-gateway'],
    '001000': ['no-app'],
    '014031': ['same-node'],
    '014115': [there.deviceId],
  });
});

test('a gateway may be another good row, however far away; a circle, a bad row and what is too deep may not', async () => {
  const api = await startFileApi();
  const { productId } = api.product;
  const filler = Array.from({ length: 1100 }, (_, n) => [`f${n}`, productId, `filler${n}`, '']);
  const report = await dryRun(api, 'createDevices', [
    ['node_id', 'product_id', 'device_id', 'gateway_id'],
    ['n1', productId, 'deep', 'grandchild'],
    ['n2', productId, 'grandchild', 'child'],
    ['n3', productId, 'child', 'gateway'],
    ['n4', productId, 'left', 'right'],
    ['n5', productId, 'right', 'left'],
    ['n6', productId, 'orphan', 'bad'],
    ...filler,
    ['n7', productId, 'gateway', ''],
    ['n8', 'unknown', 'bad', ''],
    ['n7', productId, 'same-node-as-far-above', ''],
    ['f3', productId, 'node-of-another-chunk', ''],
  ]);
  expect(report).toMatchObject({ total: 1110, invalid: 7 });
  const found = brief(report);
  expect(found['014042']?.toSorted()).toEqual(['deep', 'left', 'orphan', 'right']);
  expect(found).toMatchObject({ '013000': ['bad'], '014031': ['same-node-as-far-above', 'node-of-another-chunk'] });
});

test('a gateway whose children do not all go with it cannot be deleted', async () => {
  const api = await startFileApi();
  const [whole, part] = [await api.given.device(api.scope), await api.given.device(api.scope)];
  const middle = await api.given.device(api.scope, { parent: whole });
  const leaf = await api.given.device(api.scope, { parent: middle });
  const one = await api.given.device(api.scope, { parent: part });
  await api.given.device(api.scope, { parent: part });
  const ids = [whole, part, middle, leaf, one].map(({ deviceId }) => deviceId as string);
  const filler = await api.given.devices(api.scope, 1100);
  const all = [...ids.slice(0, 3), ...filler, ...ids.slice(3)];
  const byFile = await dryRun(api, 'deleteDevices', [['device_id'], ...all.map((id) => [id])]);
  expect(byFile).toMatchObject({ total: 1105, valid: 1104 });
  expect(brief(byFile)).toEqual({ '014041': [part.deviceId] });
  const task = { task_name: 'dry', task_type: 'deleteDevices', targets: [whole.deviceId, middle.deviceId] };
  const byTargets = await api.ofProject('POST', '/batchtasks?dry_run=true', task);
  expect(byTargets.json).toMatchObject({ valid: 0, reasons: [{ count: 2, error_code: 'IOTDA.014041' }] });
});

test('rows that break one rule in one column are one reason, and its samples name them', async () => {
  const api = await startFileApi();
  const { productId } = api.product;
  const bad = Array.from({ length: 150 }, (_, n) => [`n ${n}`, productId, '']);
  const report = await dryRun(api, 'createDevices', [
    ['node_id', 'product_id', 'timeout'],
    ...bad,
    ['n1', productId, 'soon'],
    ['n2', productId, ''],
    ['n2', productId, ''],
  ]);
  expect(report).toMatchObject({ total: 153, valid: 1, invalid: 152 });
  expect(report.reasons).toEqual([
    {
      severity: 'error',
      error_code: 'IOTDA.014653',
      error_msg: "Column 'node_id': must consist of letters, digits, _ and -",
      count: 150,
      samples: Array.from({ length: 10 }, (_, n) => `row ${n + 2}`),
    },
    {
      severity: 'error',
      error_code: 'IOTDA.014653',
      error_msg: expect.stringMatching(/^Column 'timeout': must be a whole number/),
      count: 1,
      samples: ['row 152'],
    },
    {
      severity: 'error',
      error_code: 'IOTDA.014654',
      error_msg: 'The row repeats the target of an earlier row.',
      count: 1,
      samples: ['row 154'],
    },
  ]);
});
