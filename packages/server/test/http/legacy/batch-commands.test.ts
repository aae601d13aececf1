import { describe, expect, it } from 'vitest';
import { answerCommand, commandTo, createBatch, startLegacyStack } from './legacy-stack.ts';

const success = { response_name: 'started', paras: { rpm: 7 } };
const failure = { result_code: 4, paras: { reason: 'jammed' } };

describe('Legacy batch tasks of commands', () => {
  it('[legacy 18] [legacy 19] show what each device answered, an error too, whichever generation made them', async () => {
    const stack = await startLegacyStack();
    const devices = [await stack.newDevice(), await stack.newDevice()] as const;
    const [one, two] = [await stack.connect(devices[0]), await stack.connect(devices[1])];
    const source = { kind: 'devices', deviceIds: devices.map(({ deviceId }) => deviceId) } as const;
    const document = { service_id: 'Motor', command_name: 'start', paras: {} };
    const ofV5 = async (type: 'createAsyncCommands' | 'createCommands') => {
      const { taskId } = await stack.given.task(stack.scope, { type, document, source });
      stack.engine.nudge();
      return taskId;
    };
    for (const create of [
      () => createBatch(stack, commandTo(devices)),
      () => ofV5('createAsyncCommands'),
      () => ofV5('createCommands'),
    ]) {
      const taskId = await create();
      await Promise.all([answerCommand(one, success), answerCommand(two, failure)]);
      await stack.taskIs(taskId, 'Complete');
      const rows = await stack.details(taskId);
      expect(rows.map(({ status, output }) => [status, output])).toEqual([
        ['Success', JSON.stringify(success)],
        ['Fail', JSON.stringify(failure)],
      ]);
      // v5 13.7: on success only.
      const { task_details } = (await stack.askV5('GET', `/batchtasks/${taskId}`)).json as {
        readonly task_details: readonly { readonly output?: string }[];
      };
      expect(task_details.map(({ output }) => typeof output)).toEqual(['undefined', 'string']);
    }
  });
});
