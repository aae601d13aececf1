import {
  BatchFileTemplateQuery,
  BatchTaskTargetsRequest,
  CreateBatchTaskQuery,
  ListBatchTasksQuery,
  ShowBatchTaskQuery,
} from '@muster/contract/v5';
import { Type } from 'typebox';
import type { BatchTaskService } from '../../../services/batch-tasks/batch-task-service.ts';
import { requestKeyOf } from '../../../services/batch-tasks/idempotency.ts';
import { tableAnswer } from '../batch-files/table-answer.ts';
import { maySeeDeviceSecrets } from '../device-secrets.ts';
import { decodePage, encodePage } from '../page.ts';
import { Answer, type V5Call, type V5Route, v5Route } from '../route.ts';
import { decodeCreateTask } from './decode-create-task.ts';
import { encodeDryRun, encodeResults, encodeShown, encodeTask } from './encode-task.ts';
import { answerEvents, decodeLastEventId } from './event-stream.ts';

/** As it was sent: an idempotency key stands for the whole parsed JSON, not for what of it is understood (v5 11.6). */
const SentBody = Type.Unknown();

/** v5 11. */
export function createBatchTaskRoutes(tasks: BatchTaskService): V5Route[] {
  return [
    v5Route('CreateBatchTask', {
      query: CreateBatchTaskQuery,
      body: SentBody,
      handle: (call) => create(tasks, call),
    }),
    v5Route('ListBatchTasks', {
      query: ListBatchTasksQuery,
      handle: async ({ projectId, query }) => {
        const { task_type: type, app_id: appId, status } = query;
        const page = await tasks.list({ projectId, type, appId, status }, decodePage(query));
        return { batchtasks: page.items.map(encodeTask), page: encodePage(page) };
      },
    }),
    v5Route('ShowBatchTask', { query: ShowBatchTaskQuery, handle: (call) => show(tasks, call) }),
    v5Route('DownloadFailedRows', {
      query: BatchFileTemplateQuery,
      handle: async (call) => {
        const { format } = call.query;
        const maySeeSecrets = maySeeDeviceSecrets(call);
        const body = await tasks.failedRows(refOf(call), { format, maySeeSecrets });
        return tableAnswer({ fileName: `failed-rows.${format}`, format, body });
      },
    }),
    v5Route('DeleteBatchTask', { handle: (call) => tasks.delete(refOf(call)) }),
    commandRoute(tasks, 'RetryBatchTask', 'retry'),
    commandRoute(tasks, 'StopBatchTask', 'stop'),
    commandRoute(tasks, 'ConfirmBatchTask', 'confirm'),
    v5Route('WatchBatchTask', { handle: (call) => watch(tasks, call) }),
  ];
}

const refOf = ({ projectId, param }: Pick<V5Call, 'projectId' | 'param'>) => ({ projectId, taskId: param('task_id') });

async function create(
  tasks: BatchTaskService,
  { projectId, caller, query, body, header }: V5Call<typeof CreateBatchTaskQuery, typeof SentBody>,
): Promise<unknown> {
  const command = decodeCreateTask({ projectId, operator: caller.userName }, body);
  const givenKey = header('idempotency-key');
  const key = givenKey === undefined ? undefined : requestKeyOf(givenKey, body);
  if (query.dry_run) return new Answer({ status: 200, body: encodeDryRun(await tasks.dryRun(command)) });
  const { view, replayed } = await tasks.create(command, key);
  return new Answer({
    headers: replayed ? { 'idempotent-replayed': 'true' } : {},
    body: encodeTask(view),
  });
}

async function show(tasks: BatchTaskService, call: V5Call<typeof ShowBatchTaskQuery>): Promise<unknown> {
  const { task_detail_status: state, target } = call.query;
  const filter = {
    ...(state === undefined ? {} : { state }),
    ...(target === undefined || target === '' ? {} : { target }),
  };
  // v5 1, Paging: this call alone takes any offset, because Terraform walks the subtasks by offset.
  const shown = await tasks.show(refOf(call), filter, decodePage(call.query, Number.POSITIVE_INFINITY));
  return encodeShown(shown, maySeeDeviceSecrets(call));
}

function commandRoute(tasks: BatchTaskService, operationId: string, kind: 'stop' | 'retry' | 'confirm'): V5Route {
  return v5Route(operationId, {
    body: BatchTaskTargetsRequest,
    handle: async (call) => encodeResults(await tasks.command(refOf(call), { kind, targets: call.body.targets })),
  });
}

async function watch(tasks: BatchTaskService, call: V5Call): Promise<unknown> {
  const lastRevision = decodeLastEventId(call.header('last-event-id'));
  const signals = await tasks.watch(refOf(call), { lastRevision, signal: call.signal });
  return signals === undefined ? new Answer({ status: 204 }) : answerEvents(signals);
}
