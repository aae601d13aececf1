import { describe, expect, it } from 'vitest';
import type { ServiceCapability } from '../../../src/domain/product.ts';
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

  it('send what the models of the devices have, if the operator has switched it off for v5, too', async () => {
    const stack = await startLegacyStack({ timers: { asyncCommands: false } });
    const { given, scope } = stack;
    const of = async (...capabilities: ServiceCapability[]) =>
      given.device(scope, { product: await given.product(scope, { capabilities }) });
    const motor = { service_id: 'Motor', service_type: 'Motor' };
    const devices = [
      await of({ ...motor, commands: [{ command_name: 'start' }] }),
      await of(),
      await of({ ...motor, commands: [{ command_name: 'halt' }] }),
      await of({ ...motor, service_id: 'Pump' }),
    ];
    const taskId = await createBatch(stack, commandTo(devices));
    await stack.taskIs(taskId, 'Running');
    const rows = await stack.details(taskId);
    const error = JSON.stringify({ error_code: '100431', error_desc: 'The serviceType is not exist.' });
    const outcomes = rows.map(({ param, ...row }) => ({
      ...row,
      sent: (param as { commandId: unknown }).commandId !== null,
    }));
    const waits = { status: 'Pending', output: null, error: null, sent: true };
    const fails = { status: 'Fail', output: null, error, sent: false };
    expect(outcomes).toEqual([waits, waits, fails, fails]);
    expect(await stack.task(taskId)).toMatchObject({ totalCnt: 4, failCnt: 2 });
  });

  it('name each device once, however often it was sent', async () => {
    const stack = await startLegacyStack();
    const [one, two] = [await stack.newDevice(), await stack.newDevice()];
    const taskId = await createBatch(stack, commandTo([one, two, one]));
    const { param } = commandTo([one, two]);
    expect(await stack.taskIs(taskId, 'Running')).toMatchObject({ totalCnt: 2, param });
  });
});
