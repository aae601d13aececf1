import { expect, test } from 'vitest';
import { csvOf, startFileApi } from './file-api.ts';

test('a file for updateDevices that changes nothing is refused when its task is created (014652)', async () => {
  const api = await startFileApi();
  const { file_id: fileId } = (await api.upload('a.csv', csvOf([['device_id'], ['d1']]))).json as { file_id: string };
  const task = { task_name: 't', task_type: 'updateDevices', document_source: fileId };
  for (const path of ['/batchtasks', '/batchtasks?dry_run=true']) {
    const refused = await api.ofProject('POST', path, task);
    expect(refused).toMatchObject({ status: 400, json: { error_code: 'IOTDA.014652' } });
    expect(refused.text).toContain(
      "'device_name', 'description', 'secure_access', 'timeout', 'tags', 'extension_info'",
    );
  }
});

test('a row with a cell too many says that a text with a comma wants quotes', async () => {
  const api = await startFileApi();
  const device = await api.given.device(api.scope);
  const { deviceId } = device;
  const rows = [
    ['device_id', 'description'],
    [deviceId, 'hall 3', ' left'],
  ];
  const { details } = await api.ended((await api.run('updateDevices', csvOf(rows))).task_id);
  expect(details).toMatchObject([
    {
      target: 'row 2',
      status: 'Fail',
      error: {
        error_code: 'IOTDA.014653',
        error_msg: "Row 2, column '3': stands behind the last column of the header; a text with a comma wants quotes",
      },
    },
  ]);
});
