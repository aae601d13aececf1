import { BatchTaskEvent } from '@muster/contract/v5';
import { createSseDecoder } from '@muster/sdk';
import { formOf, type Given, type Json, waitFor } from './given.ts';
import type { Act, Scenario, Scenarios } from './scenario.ts';
import { shapeFault } from './shape.ts';

const tomorrow = (): string =>
  new Date(Date.now() + 86_400_000)
    .toISOString()
    .replace(/\.\d{3}/, '')
    .replace(/[-:]/g, '');

/** What ends well at once, on a device that is there. */
const freezing = async (given: Given): Promise<Json> => ({
  task_name: 'conformance',
  task_type: 'freezeDevices',
  targets: [await given.device()],
});

const finished: Scenario = async (given) => ({
  params: { task_id: await given.task(await freezing(given), ['Success']) },
});

/** v5 11. */
const batchScenarios: Scenarios = {
  'POST {P}/batchtasks': async (given) => ({
    json: { ...(await freezing(given)), task_policy: { retry_count: 2, retry_interval: 5 } },
    headers: { 'Idempotency-Key': given.word('key') },
  }),
  'GET {P}/batchtasks': async (given) => {
    await given.failedTask();
    return { query: { task_type: 'freezeDevices', limit: 50 } };
  },
  'GET {P}/batchtasks/{task_id}': async (given) => ({
    params: { task_id: await given.failedTask() },
    query: { task_detail_status: 'Fail' },
  }),
  'POST {P}/batchtasks/{task_id}/retry': async (given) => ({ params: { task_id: await given.failedTask() } }),
  'POST {P}/batchtasks/{task_id}/stop': async (given) => {
    const json = { ...(await freezing(given)), task_policy: { schedule_time: tomorrow() } };
    return { params: { task_id: await given.task(json, ['Waitting']) }, json: {} };
  },
  'POST {P}/batchtasks/{task_id}/confirm': async (given) => {
    const target = await given.device();
    const document = { package_id: await given.otaPackage() };
    const json = { task_type: 'firmwareUpgrade', targets: [target], document, need_confirm: true };
    return { params: { task_id: await given.task(json, ['Waitting']) }, json: { targets: [target] } };
  },
  'DELETE {P}/batchtasks/{task_id}': finished,
  'GET {P}/batchtasks/{task_id}/events': async (given) => ({ ...(await finished(given)), judge: judgeEvents }),
};

/** The stream of a finished task: its snapshot, then the end (v5 11.6). */
async function judgeEvents(answer: Response): Promise<string | undefined> {
  const type = answer.headers.get('content-type') ?? 'none';
  if (!type.startsWith('text/event-stream')) return `the content type is ${type}`;
  const frames = createSseDecoder().push(await answer.text());
  if (frames.at(-1)?.event !== 'end') return 'the stream does not close with the event end';
  return frames.map(({ data }) => shapeFault(BatchTaskEvent, JSON.parse(data))).find((fault) => fault !== undefined);
}

const zipStart = 'PK';

/** A workbook or an archive: the bytes of a zip file. */
function zipOf(type: string): NonNullable<Act['judge']> {
  return async (answer) => {
    const given = answer.headers.get('content-type') ?? 'none';
    if (!given.startsWith(type)) return `the content type is ${given}`;
    const bytes = Buffer.from(await answer.arrayBuffer());
    return bytes.toString('latin1', 0, 2) === zipStart ? undefined : 'the body is no zip file';
  };
}

const exportBody = async (given: Given): Promise<Json> => ({
  resource_type: 'BatchTask',
  resource_condition: { task_id: await given.failedTask() },
});

const exported = async (given: Given) => given.id('export_task_id', '{P}/export-tasks', await exportBody(given));

/** v5 12 and 14. */
const fileScenarios: Scenarios = {
  'POST {P}/batchtask-files': (given) => ({
    form: formOf(`node_id,product_id\nrow,${given.productId}\n`, `${given.word('rows')}.csv`),
  }),
  'GET {P}/batchtask-files': () => ({}),
  'DELETE {P}/batchtask-files/{file_id}': async (given) => ({ params: { file_id: await given.batchFile() } }),
  'GET {P}/batchtasks/{task_id}/failed-rows': async (given) => ({
    params: { task_id: await given.failedFileTask() },
    query: { format: 'xlsx' },
    judge: zipOf('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'),
  }),
  'GET {P}/batchtask-files/templates/{task_type}': () => ({
    params: { task_type: 'createDevices' },
    query: { format: 'xlsx' },
    judge: zipOf('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'),
  }),

  'POST {P}/export-tasks': async (given) => ({ json: await exportBody(given) }),
  'GET {P}/export-tasks': async (given) => {
    await exported(given);
    return { query: { resource_type: 'BatchTask', limit: 50 } };
  },
  'GET {P}/export-tasks/{export_task_id}': async (given) => ({ params: { export_task_id: await exported(given) } }),
  'GET {P}/export-tasks/{export_task_id}/file': async (given) => {
    const id = await exported(given);
    await waitFor('the export to succeed', async () => {
      const query = { resource_type: 'BatchTask', limit: 50 };
      const { export_tasks } = await given.ask('GET', '{P}/export-tasks', { query });
      return (export_tasks as Json[]).some((task) => task['export_task_id'] === id && task['status'] === 'Success');
    });
    return { params: { export_task_id: id }, judge: zipOf('application/zip') };
  },
  'DELETE {P}/export-tasks/{export_task_id}': async (given) => ({ params: { export_task_id: await exported(given) } }),
};

export const taskScenarios: Scenarios = { ...batchScenarios, ...fileScenarios };
