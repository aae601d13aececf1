import { expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/domain/json.ts';
import { startFileApi } from './file-api.ts';

test('a task that was not made of a file has no failed rows, and says why (014555)', async () => {
  const api = await startFileApi();
  const refusal = async (task: JsonObject): Promise<unknown> => {
    const created = await api.ofProject('POST', '/batchtasks', { task_name: 't', targets: ['nobody'], ...task });
    const { task_id: taskId } = created.json as { task_id: string };
    await api.ended(taskId);
    const { status, json } = await api.ofProject('GET', `/batchtasks/${taskId}/failed-rows?format=csv`);
    expect(status).toBe(400);
    return json;
  };
  expect(await refusal({ task_type: 'deleteDevices' })).toEqual({
    error_code: 'IOTDA.014555',
    error_msg: expect.stringMatching(/'task_id' .* This task was not made of a file, so it has no rows\.$/),
  });
  expect(await refusal({ task_type: 'createCommands', document: { paras: {} } })).toEqual({
    error_code: 'IOTDA.014555',
    error_msg: expect.stringMatching(
      /'task_id' .* Such tasks take no file, so there are no rows that could have failed\.$/,
    ),
  });
});
